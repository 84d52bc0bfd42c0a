/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine.h"

#include <unistd.h>

#include "base/limits.h"
#include "host/linux/capture-json.h"
#include "host/linux/capture-redact.h"
#include "host/linux/record.h"

/* A source whose operation number fail_at answers error; only opening, reading and listing count. */
struct faulty {
    struct iow_source source;
    struct iow_source *inner;
    int n, fail_at, error;
};

static bool fails(struct iow_source *source)
{
    struct faulty *faulty = (struct faulty *)source;

    return ++faulty->n == faulty->fail_at;
}

static struct iow_source *inner_of(struct iow_source *source)
{
    return ((struct faulty *)source)->inner;
}

static int faulty_open_folder(struct iow_source *s, int at, const char *path)
{
    int r = fails(s) ? -((struct faulty *)s)->error : inner_of(s)->ops->open_folder(inner_of(s), at, path);

    /* As on a running machine: a link, which the failure before kept from being read, is no folder. */
    return r == -IOW_EBADMSG && ((struct faulty *)s)->error != IOW_EBADMSG ? -IOW_ENOENT : r;
}

static int faulty_open_file(struct iow_source *s, int at, const char *path)
{
    return fails(s) ? -((struct faulty *)s)->error : inner_of(s)->ops->open_file(inner_of(s), at, path);
}

static void faulty_close(struct iow_source *s, int handle)
{
    inner_of(s)->ops->close(inner_of(s), handle);
}

static int faulty_read(struct iow_source *s, int file, uint64_t offset, void *buf, size_t len)
{
    return fails(s) ? -((struct faulty *)s)->error
                    : inner_of(s)->ops->read(inner_of(s), file, offset, buf, len);
}

static int faulty_read_link(struct iow_source *s, int at, const char *path, char *buf, size_t size)
{
    return fails(s) ? -((struct faulty *)s)->error
                    : inner_of(s)->ops->read_link(inner_of(s), at, path, buf, size);
}

static int faulty_list(struct iow_source *s, int folder, int (*entry)(void *ctx, const char *name), void *ctx)
{
    return fails(s) ? -((struct faulty *)s)->error : inner_of(s)->ops->list(inner_of(s), folder, entry, ctx);
}

static bool faulty_exists(struct iow_source *s, int at, const char *path)
{
    return inner_of(s)->ops->exists(inner_of(s), at, path);
}

static void faulty_free(struct iow_source *s)
{
    (void)s;
}

static const struct iow_source_ops faulty_ops = {
    .open_folder = faulty_open_folder,
    .open_file = faulty_open_file,
    .close = faulty_close,
    .read = faulty_read,
    .read_link = faulty_read_link,
    .list = faulty_list,
    .exists = faulty_exists,
    .free = faulty_free,
};

static struct faulty make_faulty(struct iow_source *inner, int fail_at, int error)
{
    return (struct faulty){.source = {.ops = &faulty_ops, .provenance = IOW_FROM_CAPTURE, .root_fd = -1},
        .inner = inner,
        .fail_at = fail_at,
        .error = error};
}

struct bytes {
    unsigned char *data;
    size_t len;
};

/* Writes a capture of the source; the error of doing so. */
static int capture(struct iow_source *source, unsigned flags, struct bytes *ret)
{
    FILE *file = tmpfile();
    struct iow_explain why = {.code = 0};
    int r;

    assert_non_null(file);
    r = iow_capture_write(source, fileno(file), flags, &why);
    assert_int_equal(why.code, r);
    ret->len = (size_t)lseek(fileno(file), 0, SEEK_END);
    ret->data = malloc(ret->len + 1);
    assert_non_null(ret->data);
    assert_int_equal(pread(fileno(file), ret->data, ret->len, 0), ret->len);
    fclose(file);
    return r;
}

static struct iow_source *captured(struct iow_source *source, unsigned flags)
{
    struct iow_source *replay;
    struct bytes bytes;

    assert_int_equal(capture(source, flags, &bytes), 0);
    assert_int_equal(iow_source_open_memory(bytes.data, bytes.len, &replay, NULL), 0);
    free(bytes.data);
    return replay;
}

static struct iow_facts *read_facts(struct iow_source *source)
{
    struct iow_facts *facts;

    assert_int_equal(iow_facts_read(source, IOW_READ_ALL, &facts, NULL), 0);
    return facts;
}

static void assert_same_text(const char *a, const char *b)
{
    assert_int_equal(!a, !b);
    if (a)
        assert_string_equal(a, b);
}

static void assert_same_functions(const struct iow_facts *a, const struct iow_facts *b)
{
    for (uint32_t i = 0;; i++) {
        const struct iow_function *x = iow_facts_function_at(a, i), *y = iow_facts_function_at(b, i);

        assert_int_equal(!x, !y);
        if (!x)
            break;
        assert_memory_equal(&x->config, &y->config, sizeof(x->config));
        assert_int_equal(iow_address_compare(&x->address, &y->address), 0);
        assert_int_equal(x->known, y->known);
        assert_int_equal(x->parent, y->parent);
        assert_int_equal(x->group, y->group);
        assert_int_equal(x->asleep, y->asleep);
        assert_int_equal(x->power_state, y->power_state);
        assert_int_equal(x->n_capabilities, y->n_capabilities);
        assert_same_text(x->driver, y->driver);
    }
}

/* Everything a reader tells but for what redaction renames. */
static void assert_same_facts(const struct iow_facts *a, const struct iow_facts *b)
{
    uint32_t i;

    assert_same_functions(a, b);
    for (i = 0; iow_facts_group_at(a, i) && iow_facts_group_at(b, i); i++) {
        assert_int_equal(iow_facts_group_at(a, i)->number, iow_facts_group_at(b, i)->number);
        assert_int_equal(iow_facts_group_at(a, i)->n_members, iow_facts_group_at(b, i)->n_members);
        assert_int_equal(iow_facts_group_at(a, i)->n_regions, iow_facts_group_at(b, i)->n_regions);
        assert_int_equal(iow_facts_group_at(a, i)->vfio_node, iow_facts_group_at(b, i)->vfio_node);
        assert_same_text(iow_facts_group_at(a, i)->type, iow_facts_group_at(b, i)->type);
    }
    assert_ptr_equal(iow_facts_group_at(a, i), iow_facts_group_at(b, i));
    for (i = 0; iow_facts_missing_at(a, i) && iow_facts_missing_at(b, i); i++) {
        assert_int_equal(iow_facts_missing_at(a, i)->rule, iow_facts_missing_at(b, i)->rule);
        assert_same_text(iow_facts_missing_at(a, i)->path, iow_facts_missing_at(b, i)->path);
    }
    assert_ptr_equal(iow_facts_missing_at(a, i), iow_facts_missing_at(b, i));
    for (i = 0; iow_facts_name_at(a, i) && iow_facts_name_at(b, i); i++)
        assert_int_equal(iow_facts_name_at(a, i)->function, iow_facts_name_at(b, i)->function);
    assert_ptr_equal(iow_facts_name_at(a, i), iow_facts_name_at(b, i));
    for (i = 0; iow_facts_holder_at(a, i) && iow_facts_holder_at(b, i); i++)
        assert_int_equal(iow_facts_holder_at(a, i)->n_held, iow_facts_holder_at(b, i)->n_held);
    assert_ptr_equal(iow_facts_holder_at(a, i), iow_facts_holder_at(b, i));
    assert_int_equal(iow_facts_machine(a)->dmar, iow_facts_machine(b)->dmar);
    assert_int_equal(iow_facts_machine(a)->holders_complete, iow_facts_machine(b)->holders_complete);
}

static void assert_replays(struct iow_source *source, unsigned flags)
{
    struct iow_source *replay = captured(source, flags);
    struct iow_facts *before = read_facts(source), *after = read_facts(replay);

    assert_int_equal(iow_facts_provenance(after), IOW_FROM_CAPTURE);
    assert_same_facts(before, after);
    iow_facts_free(before);
    iow_facts_free(after);
    iow_source_close(replay);
}

static void a_capture_answers_as_the_machine_did(void **state)
{
    struct iow_source *machine = machine_make();

    (void)state;
    assert_replays(machine, 0);
    assert_replays(machine, IOW_CAPTURE_KEEP_PRIVATE);
    iow_source_close(machine);
}

static void a_capture_of_a_capture_is_the_same(void **state)
{
    struct iow_source *machine = machine_make(), *replay = captured(machine, 0);
    struct bytes first, second;

    (void)state;
    assert_int_equal(capture(machine, 0, &first), 0);
    assert_int_equal(capture(replay, 0, &second), 0);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.data, second.data, first.len);
    free(first.data);
    free(second.data);
    iow_source_close(replay);
    iow_source_close(machine);
}

static void what_could_not_be_read_cannot_be_replayed_either(void **state)
{
    static const char *const denied[] = {MACHINE_CARD "/config", MACHINE_CARD, MACHINE_PORT "/power_state",
        "sys/kernel/iommu_groups/2", "sys/kernel/iommu_groups/2/devices", "sys/kernel/security/lockdown",
        "sys/class/net", "proc/cmdline", "sys/kernel/iommu_groups", "sys/bus/pci/devices",
        MACHINE_CARD "/driver"};
    static const int errors[] = {IOW_EACCES, IOW_EIO, IOW_ENODEV, IOW_ENOENT};

    (void)state;
    for (size_t i = 0; i < COUNT(denied); i++)
        for (size_t k = 0; k < COUNT(errors); k++) {
            struct iow_source *machine;

            if (errors[k] == IOW_ENOENT && !strcmp(denied[i], "sys/kernel/iommu_groups"))
                continue; /* what does not exist would hold something */
            machine = machine_make();
            assert_int_equal(iow_memory_add_error(machine, denied[i], errors[k]), 0);
            assert_replays(machine, 0);
            iow_source_close(machine);
        }
}

static int text_of(struct iow_source *source, const char *path, char *buf, size_t size)
{
    return iow_source_read_text(source, IOW_SOURCE_ROOT, path, buf, size);
}

static void a_capture_holds_what_was_asked_for_and_nothing_else(void **state)
{
    struct iow_source *machine = machine_make(), *replay = captured(machine, IOW_CAPTURE_KEEP_PRIVATE);
    char buf[64];

    (void)state;
    assert_int_equal(text_of(replay, MACHINE_CARD "/unasked", buf, sizeof(buf)), -IOW_ENOENT);
    assert_int_equal(text_of(replay, "proc/sys/kernel/hostname", buf, sizeof(buf)), -IOW_ENOENT);
    assert_int_equal(text_of(replay, "sys/firmware/acpi/tables/DMAR", buf, sizeof(buf)), 0);
    assert_int_equal(text_of(replay, MACHINE_CARD "/power_state", buf, sizeof(buf)), 2);
    iow_source_close(replay);
    iow_source_close(machine);
}

static void read_config(struct iow_source *source, unsigned char config[4096])
{
    int file = source->ops->open_file(source, IOW_SOURCE_ROOT, MACHINE_CARD "/config");

    assert_true(file > 0);
    assert_int_equal(source->ops->read(source, file, 0, config, 4096), 4096);
    source->ops->close(source, file);
}

static void private_things_stay_at_home(void **state)
{
    struct iow_source *machine = machine_make(), *replay = captured(machine, 0);
    unsigned char config[4096];
    char buf[512];

    (void)state;
    assert_true(text_of(replay, "capture.json", buf, sizeof(buf)) > 0);
    assert_non_null(strstr(buf, "\"redacted\":true"));
    assert_true(text_of(replay, "proc/cmdline", buf, sizeof(buf)) > 0);
    assert_string_equal(
        buf, "root=UUID=XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX resume=/dev/mapper/XXXX-swap intel_iommu=on");
    assert_true(text_of(replay, "probe/holders.json", buf, sizeof(buf)) > 0);
    assert_non_null(strstr(buf, "\"vm-XXXX\""));
    read_config(replay, config);
    for (int i = 0; i < 4; i++)
        assert_int_equal(config[0x64 + i], 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(config[0x104 + i], 0);
    assert_int_equal(config[0x63], 0x80);
    assert_false(replay->ops->exists(replay, IOW_SOURCE_ROOT, "sys/class/net/enx001122334455"));
    assert_true(replay->ops->read_link(
                    replay, IOW_SOURCE_ROOT, "sys/class/net/enxXXXXXXXX0000", buf, sizeof(buf)) > 0);
    assert_non_null(strstr(buf, "0000:01:00.0/net/enxXXXXXXXX0000"));
    assert_true(replay->ops->read_link(
                    replay, IOW_SOURCE_ROOT, "sys/class/net/enxXXXXXXXX0001", buf, sizeof(buf)) > 0);
    assert_non_null(strstr(buf, "0000:00:02.0/net/enxXXXXXXXX0001"));
    iow_source_close(replay);
    iow_source_close(machine);
}

static void private_things_are_kept_when_asked_for(void **state)
{
    struct iow_source *machine = machine_make(), *replay = captured(machine, IOW_CAPTURE_KEEP_PRIVATE);
    unsigned char config[4096];
    char buf[512];

    (void)state;
    assert_true(text_of(replay, "capture.json", buf, sizeof(buf)) > 0);
    assert_non_null(strstr(buf, "\"redacted\":false"));
    assert_true(text_of(replay, "proc/cmdline", buf, sizeof(buf)) > 0);
    assert_non_null(strstr(buf, MACHINE_UUID));
    assert_true(text_of(replay, "probe/holders.json", buf, sizeof(buf)) > 0);
    assert_string_equal(buf, MACHINE_HOLDERS);
    read_config(replay, config);
    assert_int_equal(config[0x64], 1);
    assert_int_equal(config[0x104], 8);
    assert_true(replay->ops->exists(replay, IOW_SOURCE_ROOT, "sys/class/net/enx001122334455"));
    iow_source_close(replay);
    iow_source_close(machine);
}

static void a_capture_cut_anywhere_is_refused(void **state)
{
    struct iow_source *machine = machine_make(), *replay;
    struct bytes bytes;

    (void)state;
    assert_int_equal(capture(machine, 0, &bytes), 0);
    for (size_t len = 0; len < bytes.len; len++) {
        struct iow_explain why;
        int r = iow_source_open_memory(bytes.data, len, &replay, &why);

        if (r == 0) {
            /* The tail may be a checksum of the compression that the end of the archive comes before. */
            assert_true(len + 16 > bytes.len);
            iow_source_close(replay);
            continue;
        }
        assert_true(r == -IOW_EBADMSG || (r == -IOW_EINVAL && len < 4));
        assert_true(why.rule == IOW_RULE_CAP_DAMAGED || why.rule == IOW_RULE_CAP_FOREIGN);
    }
    free(bytes.data);
    iow_source_close(machine);
}

static void every_failure_while_reading_is_told_or_replayed(void **state)
{
    static const int errors[] = {IOW_EACCES, IOW_EIO, IOW_ENODEV, IOW_ENOENT, IOW_ENOMEM, IOW_EBADMSG};
    struct iow_source *machine = machine_make(), *replay;

    (void)state;
    for (size_t k = 0; k < COUNT(errors); k++)
        for (int nth = 1;; nth++) {
            struct faulty faulty = make_faulty(machine, nth, errors[k]);
            struct bytes bytes;
            int r = capture(&faulty.source, 0, &bytes);

            if (r == 0) {
                struct iow_facts *facts;

                assert_int_equal(iow_source_open_memory(bytes.data, bytes.len, &replay, NULL), 0);
                facts = read_facts(replay);
                iow_facts_free(facts);
                iow_source_close(replay);
            } else {
                assert_int_equal(r, -errors[k]);
            }
            free(bytes.data);
            if (faulty.n < nth)
                break;
        }
    iow_source_close(machine);
}

static void a_full_disk_is_told(void **state)
{
    struct iow_source *machine = machine_make();
    struct iow_explain why;
    FILE *file = fopen("/dev/full", "w");

    (void)state;
    if (!file)
        skip();
    assert_int_equal(iow_capture_write(machine, fileno(file), 0, &why), -IOW_EIO);
    assert_int_equal(why.rule, IOW_RULE_CAP_WRITE);
    fclose(file);
    iow_source_close(machine);
}

static void the_running_machine_can_be_captured(void **state)
{
    struct iow_source *live, *replay;
    struct iow_facts *before, *after;

    (void)state;
    assert_int_equal(iow_source_open_live(&live, NULL), 0);
    replay = captured(live, IOW_CAPTURE_KEEP_PRIVATE);
    before = read_facts(live);
    after = read_facts(replay);
    assert_int_equal(iow_facts_provenance(before), IOW_FROM_LIVE);
    assert_same_functions(before, after);
    iow_facts_free(before);
    iow_facts_free(after);
    iow_source_close(replay);
    iow_source_close(live);
}

static void a_recording_reads_each_file_whole_and_once(void **state)
{
    struct iow_source *machine = machine_make(), *recording;
    struct faulty counting = make_faulty(machine, 0, 0);
    struct iow_tree_node *node;
    char byte, probe[32];
    int file, n;

    (void)state;
    assert_int_equal(iow_source_recording(&counting.source, &recording), 0);
    assert_int_equal(recording->root_fd, -1);
    file = recording->ops->open_file(recording, IOW_SOURCE_ROOT, MACHINE_CARD "/config");
    assert_true(file > 0);
    assert_int_equal(recording->ops->read(recording, file, 0x104, &byte, 1), 1);
    assert_int_equal(byte, 8);
    n = counting.n;
    assert_int_equal(recording->ops->read(recording, file, 0, &byte, 1), 1);
    assert_int_equal(recording->ops->read(recording, file, 4096, &byte, 1), 0);
    assert_int_equal(counting.n, n);
    recording->ops->close(recording, file);
    node =
        iow_tree_find(iow_record_tree(recording), iow_record_tree(recording)->root, MACHINE_CARD "/config");
    assert_non_null(node);
    assert_int_equal(node->len, 4096);
    assert_int_equal(recording->ops->record_probe(recording, "test", "{}", 2), 0);
    assert_int_equal(
        iow_tree_find(iow_record_tree(recording), iow_record_tree(recording)->root, "probe/test.json")->len,
        2);
    memset(probe, 'x', sizeof(probe));
    assert_int_equal(
        recording->ops->read_link(recording, IOW_SOURCE_ROOT, "sys/class/vfio/2", probe, 32), 28);
    assert_int_equal(iow_record_error(recording), 0);
    iow_source_close(recording);
    iow_source_close(machine);
}

static void a_label_survives_strange_paths(void **state)
{
    struct iow_tree tree, read;
    struct iow_tree_node *node;
    char *label;
    size_t len;

    (void)state;
    assert_int_equal(iow_tree_init(&tree), 0);
    assert_int_equal(iow_tree_add(&tree, tree.root, "sys/\"\\/\n\x01", IOW_TREE_ABSENT, &node), 0);
    node->error = IOW_ENODEV;
    assert_int_equal(iow_capture_make_label(&tree, true, false, &label, &len), 0);
    assert_int_equal(iow_tree_init(&read), 0);
    assert_int_equal(iow_capture_read_label(label, len, &read, read.root, NULL), 0);
    node = iow_tree_find(&read, read.root, "sys/\"\\/\n\x01");
    assert_non_null(node);
    assert_int_equal(node->error, IOW_ENODEV);
    for (size_t cut = 0; cut < len - 2; cut++)
        assert_int_equal(iow_capture_read_label(label, cut, &read, read.root, NULL), -IOW_EBADMSG);
    free(label);
    iow_tree_done(&read);
    iow_tree_done(&tree);
}

static void a_label_is_one_strict_json_object(void **state)
{
    static const char *const good[] = {"{\"schema\":\"ioward.capture/1\"}",
        "{\"schema\":\"ioward.capture/1\"}\n", " {\"schema\":\"ioward.capture/1\"}"};
    static const char *const bad[] = {"{\"schema\":\"ioward.capture/1\"}x",
        "{\"schema\":\"ioward.capture/1\"}{}", "{'schema':'ioward.capture/1'}",
        "{\"schema\":\"ioward.capture/1\",}", "/**/{\"schema\":\"ioward.capture/1\"}", "[]", "{}", ""};
    static const char zero[] = "{\"schema\":\"ioward.capture/1\"}\0{}";
    struct iow_tree tree;

    (void)state;
    assert_int_equal(iow_tree_init(&tree), 0);
    for (size_t i = 0; i < COUNT(good); i++)
        assert_int_equal(iow_capture_read_label(good[i], strlen(good[i]), &tree, tree.root, NULL), 0);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(
            iow_capture_read_label(bad[i], strlen(bad[i]), &tree, tree.root, NULL), -IOW_EBADMSG);
    assert_int_equal(iow_capture_read_label(zero, sizeof(zero) - 1, &tree, tree.root, NULL), -IOW_EBADMSG);
    iow_tree_done(&tree);
}

static void a_label_of_too_many_parts_is_not_parsed(void **state)
{
    size_t n = IOW_MAX_JSON_CONTAINERS;
    char *json = malloc(n + 1);
    struct iow_explain why;
    struct iow_tree tree;

    (void)state;
    assert_non_null(json);
    memset(json, '[', n + 1);
    assert_int_equal(iow_tree_init(&tree), 0);
    assert_true(iow_json_is_modest(json, n));
    assert_false(iow_json_is_modest(json, n + 1));
    json[0] = '{';
    assert_false(iow_json_is_modest(json, n + 1));
    json[n] = '}';
    assert_true(iow_json_is_modest(json, n + 1));
    assert_int_equal(iow_capture_read_label(json, n + 1, &tree, tree.root, &why), -IOW_EBADMSG);
    json[n] = '{';
    assert_int_equal(iow_capture_read_label(json, n + 1, &tree, tree.root, &why), -IOW_E2BIG);
    assert_int_equal(why.rule, IOW_RULE_CAP_TOO_BIG);
    iow_tree_done(&tree);
    free(json);
}

static void add_link(struct iow_tree *tree, const char *path, const char *text)
{
    struct iow_tree_node *node;

    assert_int_equal(iow_tree_add(tree, tree->root, path, IOW_TREE_LINK, &node), 0);
    assert_int_equal(iow_tree_set_bytes(tree, node, text, strlen(text)), 0);
}

static void assert_names(struct iow_tree *tree, const char *const names[], size_t n)
{
    struct iow_tree_node *node = tree->root->first_child;

    for (size_t i = 0; i < n; i++, node = node->next)
        assert_string_equal(node->name, names[i]);
    assert_null(node);
}

static void no_two_interfaces_become_one(void **state)
{
    static const char *const names[] = {"enxXXXXXXXX0001", "enxXXXXXXXX0003", "enxXXXXXXXX0000"};
    struct iow_tree tree;

    (void)state;
    assert_int_equal(iow_tree_init(&tree), 0);
    add_link(&tree, "enx001122334455", "a/enx001122334455");
    add_link(&tree, "enx001122334466", "a/enxXXXXXXXX0002x");
    add_link(&tree, "enxXXXXXXXX0000", "b");
    iow_tree_sort(&tree);
    assert_int_equal(iow_capture_redact(&tree, ""), 0);
    assert_names(&tree, names, COUNT(names));
    assert_string_equal(tree.root->first_child->bytes, "a/enxXXXXXXXX0001");
    assert_int_equal(iow_capture_redact(&tree, ""), 0);
    assert_names(&tree, names, COUNT(names));
    iow_tree_done(&tree);
}

static void many_interfaces_are_renamed_at_once(void **state)
{
    struct iow_tree tree;
    struct iow_tree_node *node;
    uint32_t n = 50000, i = 0;
    char name[32];

    (void)state;
    assert_int_equal(iow_tree_init(&tree), 0);
    for (i = 0; i < n; i++) {
        snprintf(name, sizeof(name), "enx%012x", i);
        assert_int_equal(iow_tree_add(&tree, tree.root, name, IOW_TREE_MARK, NULL), 0);
    }
    iow_tree_sort(&tree);
    assert_int_equal(iow_capture_redact(&tree, ""), 0);
    for (i = 0, node = tree.root->first_child; node; node = node->next, i++) {
        assert_int_equal(strspn(node->name + 3, "X"), i < 10000 ? 8 : 7);
        assert_int_equal(strtoul(node->name + 3 + strspn(node->name + 3, "X"), NULL, 10), i);
    }
    assert_int_equal(i, n);
    iow_tree_done(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capture_answers_as_the_machine_did),
        cmocka_unit_test(a_capture_of_a_capture_is_the_same),
        cmocka_unit_test(what_could_not_be_read_cannot_be_replayed_either),
        cmocka_unit_test(a_capture_holds_what_was_asked_for_and_nothing_else),
        cmocka_unit_test(private_things_stay_at_home),
        cmocka_unit_test(private_things_are_kept_when_asked_for),
        cmocka_unit_test(a_capture_cut_anywhere_is_refused),
        cmocka_unit_test(every_failure_while_reading_is_told_or_replayed),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(the_running_machine_can_be_captured),
        cmocka_unit_test(a_recording_reads_each_file_whole_and_once),
        cmocka_unit_test(a_label_survives_strange_paths),
        cmocka_unit_test(a_label_is_one_strict_json_object),
        cmocka_unit_test(a_label_of_too_many_parts_is_not_parsed),
        cmocka_unit_test(no_two_interfaces_become_one),
        cmocka_unit_test(many_interfaces_are_renamed_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
