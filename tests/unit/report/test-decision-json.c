/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decision-stage.h"

static struct json_object *document_of(size_t i)
{
    struct iow_ruling ruling;
    struct iow_decision_view view = stage_decision(i, &ruling);
    char *text = DRAWN(iow_decision_json(&view, out));

    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1); /* one line */
    return parsed(text);
}

static void a_refusal_has_its_reason(void **state)
{
    struct json_object *document = document_of(0), *before = get(document, "before");

    (void)state;
    has_text(document, "schema", "ioward.decision/1");
    has_text(document, "when", "2026-03-01T14:07:12Z");
    has_number(document, "monotonic_ns", 5);
    has_number(document, "took_ns", 7);
    has_text(get(document, "process"), "comm", "bad\x1b[2J\xef\xbf\xbd");
    has_number(get(document, "process"), "pid", 812);
    has_text(document, "operation", "claim the group");
    has_text(document, "function", "iommu_group_claim_dma_owner");
    has_text(document, "device", NULL);
    has_text(document, "driver", NULL);
    has_number(document, "group", 4);
    has_text(document, "asker", "00000abc");
    has_text(document, "wanted", NULL);
    has_text(document, "error", "EPERM");
    has_text(document, "reading", "reason");
    assert_int_equal(length(document, "reasons"), 1);
    has_text(item(document, "reasons", 0), "rule", "IOW-DMA-CLAIM-KERNEL");
    has_text(item(document, "reasons", 0), "title", "kernel drivers use it");
    has_bool(document, "changed", false);
    has_number(before, "count", 1);
    has_text(before, "domain", "default");
    has_text(before, "owner", NULL);
    has_text(before, "default_type", "DMA");
    has_number(before, "members", 2);
    has_bool(before, "pasids", false);
    json_object_put(document);
}

static void what_an_owner_has_is_told(void **state)
{
    struct json_object *document = document_of(1);

    (void)state;
    has_text(document, "device", "0000:01:00.0");
    has_text(document, "driver", "e1000e");
    has_text(document, "asker", NULL);
    has_text(document, "error", "EPROBE_DEFER");
    has_text(get(document, "after"), "owner", "0000beef");
    has_text(get(document, "after"), "default_type", NULL);
    has_bool(get(document, "after"), "pasids", true);
    json_object_put(document);
}

static void what_is_open_is_left_open(void **state)
{
    struct json_object *document = document_of(2);

    (void)state;
    has_text(document, "reading", "ambiguous");
    assert_int_equal(length(document, "reasons"), 2);
    has_bool(document, "perhaps_earlier", true);
    has_bool(document, "perhaps_done", false);
    json_object_put(document);
}

static void what_was_not_seen_is_null(void **state)
{
    struct json_object *document = document_of(5);

    (void)state;
    assert_null(get(document, "before"));
    assert_null(get(document, "took_ns"));
    json_object_put(document);
    document = document_of(6);
    assert_null(get(document, "group"));
    has_text(document, "operation", "reset");
    has_text(document, "error", "error 524");
    has_text(document, "reading", "beside");
    json_object_put(document);
}

static void a_text_ends_at_its_newline(void **state)
{
    struct json_object *document = document_of(3);

    (void)state;
    has_text(document, "wanted", "odd");
    has_text(document, "reading", "none");
    json_object_put(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_has_its_reason),
        cmocka_unit_test(what_an_owner_has_is_told),
        cmocka_unit_test(what_is_open_is_left_open),
        cmocka_unit_test(what_was_not_seen_is_null),
        cmocka_unit_test(a_text_ends_at_its_newline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
