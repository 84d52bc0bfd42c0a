/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/facts.h"
#include "report/report.h"

#include <json-c/json.h>

#define ALL_KNOWN (IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS)
#define LINKS .physical_function = IOW_NONE, .real_dma = IOW_NONE
#define READ .known = IOW_FUNCTION_PATH | IOW_FUNCTION_DRIVER

/* A port without ACS, a device below that a process holds, and a device without a group. */
static struct iow_function functions[] = {
    {READ, LINKS, .address = {0, 0, 1, 0}, .group = 3, .parent = IOW_NONE, .driver = "pcieport",
        .config = {.known = ALL_KNOWN,
            .header_type = 1,
            .vendor = 0x1b36,
            .device = 0xc,
            .class_code = 0x060400,
            .secondary = 1,
            .subordinate = 1,
            .pcie_type = IOW_PCIE_ROOT_PORT,
            .pcie_offset = 0x40}},
    {READ, LINKS, .address = {0, 0, 5, 0}, .group = IOW_NONE, .parent = IOW_NONE,
        .config = {.known = ALL_KNOWN,
            .vendor = 0x8086,
            .device = 0x100e,
            .class_code = 0x020000,
            .pcie_type = IOW_PCIE_NONE}},
    {READ, LINKS, .address = {0, 1, 0, 0}, .group = 3, .parent = 0, .driver = "vfio-pci",
        .config = {.known = ALL_KNOWN,
            .vendor = 0x10de,
            .device = 0x2204,
            .class_code = 0x030000,
            .pcie_type = IOW_PCIE_ENDPOINT,
            .pcie_offset = 0x40}},
};
static struct iow_group groups[] = {{.number = 3, .type = "DMA-FQ", .vfio_node = true, .n_members = 3}};
static struct iow_other_member others[] = {{.group = 3, .name = "ACPI\x07", .bus = "platform"}};
static const struct iow_held held[] = {{IOW_HELD_GROUP, 3, IOW_NONE},
    {IOW_HELD_CONTAINER, IOW_NONE, IOW_NONE}, {IOW_HELD_DEVICE, IOW_NONE, IOW_NONE}};
static struct iow_holder holders[] = {
    {.pid = 42, .uid = 1000, .command = "bad\x1b\xff", .n_held = 3, .held = held}};
static struct iow_missing missing[] = {{.rule = IOW_RULE_READ_ASLEEP,
    .subject = {.kind = IOW_SUBJECT_FUNCTION, .address = {0, 1, 0, 0}},
    .path = "sys/x"}};
static struct iow_facts facts = {
    .provenance = IOW_FROM_CAPTURE,
    .holders_read = true,
    .machine = {.kernel = "6.12.1",
        .release = 6 << 8 | 12,
        .pci = true,
        .groups = true,
        .holders_complete = true,
        .command_line = "root=/dev/secret intel_iommu=on password=x iommu=pt"},
    .n_functions = 3,
    .functions = functions,
    .n_groups = 1,
    .groups = groups,
    .n_other_members = 1,
    .other_members = others,
    .n_holders = 1,
    .holders = holders,
    .n_missing = 1,
    .missing = missing,
};

struct scene {
    struct iow_mem mem;
    struct iow_view *view;
};

static int set_up(void **state)
{
    static struct scene scene;
    struct iow_analysis *analysis;

    iow_mem_init_malloc(&scene.mem);
    assert_int_equal(iow_analyse(&facts, &scene.mem, &analysis, NULL), 0);
    assert_int_equal(iow_view_build(analysis, NULL, "some.tar", &scene.mem, &scene.view), 0);
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    iow_mem_done(&scene->mem);
    return 0;
}

static void groups_have_their_members(void **state)
{
    const struct iow_view *view = ((struct scene *)*state)->view;
    const struct iow_view_group *g = iow_view_group_of(view, 3);

    assert_non_null(g);
    assert_int_equal(g->n_members, 2);
    assert_string_equal(g->members[0]->address, "0000:00:01.0");
    assert_string_equal(g->members[1]->address, "0000:01:00.0");
    assert_int_equal(g->n_others, 1);
    assert_int_equal(view->n_ungrouped, 1);
    assert_string_equal(view->ungrouped[0]->address, "0000:00:05.0");
    assert_null(iow_view_group_of(view, 4));
    assert_null(iow_view_group_of(view, IOW_NONE));
}

static void without_a_name_file_ids_are_shown(void **state)
{
    const struct iow_view *view = ((struct scene *)*state)->view;

    assert_string_equal(view->functions[2].name, "device 10de:2204");
    assert_string_equal(view->functions[2].class_name, "class 0300");
    assert_true(view->functions[0].forwards);
    assert_false(view->functions[2].forwards);
    assert_int_equal(view->functions[0].predicted, view->functions[2].predicted);
    assert_int_equal(view->functions[1].predicted, IOW_NONE);
}

static char *draw_status(const struct iow_view *view, const struct iow_status_style *style)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(style ? iow_status_text(view, style, out) : iow_status_json(view, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void strangers_bytes_do_not_reach_the_terminal(void **state)
{
    static const struct iow_status_style styles[] = {{0}, {.list = true}, {.noheadings = true},
        {.columns = "holder,name,basis", .tree = true}, {.columns = "holder,address"}};
    const struct iow_view *view = ((struct scene *)*state)->view;

    for (size_t i = 0; i < COUNT(styles); i++) {
        char *text = draw_status(view, &styles[i]);

        assert_null(strchr(text, '\x1b'));
        assert_null(strchr(text, '\x07'));
        assert_null(strchr(text, '\xff'));
        assert_non_null(strstr(text, "bad\\x1b\\xff (process 42)"));
        free(text);
    }
}

static struct json_object *get(struct json_object *object, const char *key)
{
    struct json_object *value = NULL;

    assert_true(json_object_object_get_ex(object, key, &value));
    return value;
}

static void the_document_says_what_the_view_says(void **state)
{
    const struct iow_view *view = ((struct scene *)*state)->view;
    char *text = draw_status(view, NULL);
    struct json_object *document = json_tokener_parse(text), *group, *holder, *options;

    assert_non_null(document);
    assert_string_equal(json_object_get_string(get(document, "schema")), "ioward.status/1");
    assert_string_equal(json_object_get_string(get(get(document, "source"), "path")), "some.tar");
    group = json_object_array_get_idx(get(document, "groups"), 0);
    assert_string_equal(json_object_get_string(get(group, "owner")), "user");
    assert_string_equal(json_object_get_string(get(group, "basis")), "IOW-OWN-DEVICE-OPEN");
    holder = json_object_array_get_idx(get(group, "holders"), 0);
    assert_string_equal(json_object_get_string(get(holder, "command")), "bad\x1b\xef\xbf\xbd");
    assert_int_equal(json_object_array_length(get(holder, "files")), 3);
    options = get(get(document, "machine"), "options");
    assert_int_equal(json_object_array_length(options), 2);
    assert_string_equal(json_object_get_string(json_object_array_get_idx(options, 0)), "intel_iommu=on");
    assert_int_equal(json_object_array_length(get(document, "missing")), 1);
    json_object_put(document);
    free(text);
}

static void columns_are_checked_before_anything_is_read(void **state)
{
    const char *bad = NULL, *help;

    (void)state;
    assert_int_equal(iow_status_columns("group,Owner", &bad), 0);
    assert_int_equal(iow_status_columns("group,,owner", &bad), -IOW_EINVAL);
    assert_int_equal(iow_status_columns("group,colour,owner", &bad), -IOW_EINVAL);
    assert_string_equal(bad, "colour,owner");
    for (unsigned i = 0; iow_status_column_at(i, &help); i++)
        assert_int_equal(iow_status_columns(iow_status_column_at(i, &help), &bad), 0);
}

static void every_function_can_be_shown_and_explained(void **state)
{
    struct scene *scene = *state;
    FILE *out = fopen("/dev/null", "w");

    for (uint32_t a = 0; a < scene->view->n_functions; a++) {
        for (uint32_t b = 0; b < scene->view->n_functions; b++) {
            const uint32_t both[] = {a, b};
            struct iow_why *why;

            assert_int_equal(iow_why_build(scene->view, both, a == b ? 1 : 2, &scene->mem, &why), 0);
            assert_int_equal(iow_why_text(scene->view, why, out), 0);
            assert_int_equal(iow_why_json(scene->view, why, out), 0);
        }
        assert_int_equal(iow_show_text(scene->view, &a, 1, out), 0);
        assert_int_equal(iow_show_json(scene->view, &a, 1, out), 0);
    }
    (void)fclose(out);
}

/* An allocator that fails at the n-th request, for each n: the view is not built, and nothing else goes
 * wrong. */
struct rationed {
    unsigned left;
};

static void *grow(void *ctx, size_t size)
{
    struct rationed *r = ctx;

    if (!r->left)
        return NULL;
    r->left--;
    return malloc(size);
}

static void release(void *ctx, void *chunk)
{
    (void)ctx;
    free(chunk);
}

static void lack_of_memory_is_an_error(void **state)
{
    const struct iow_view *view = ((struct scene *)*state)->view;
    unsigned n = 0;
    int r;

    do {
        struct rationed ration = {.left = n++};
        struct iow_view *built;
        struct iow_mem mem;

        iow_mem_init(&mem, grow, release, &ration);
        r = iow_view_build(view->analysis, NULL, NULL, &mem, &built);
        iow_mem_done(&mem);
        assert_true(r == 0 || r == -IOW_ENOMEM);
    } while (r < 0 && n < 1000);
    assert_int_equal(r, 0);
    assert_true(n > 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(groups_have_their_members),
        TEST(without_a_name_file_ids_are_shown),
        TEST(strangers_bytes_do_not_reach_the_terminal),
        TEST(the_document_says_what_the_view_says),
        TEST(columns_are_checked_before_anything_is_read),
        TEST(every_function_can_be_shown_and_explained),
        TEST(lack_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
