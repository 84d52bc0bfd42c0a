/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

#include "report/view-json.h"

static struct json_object *group_json(const struct stage *s, uint32_t number)
{
    struct json_object *object = iow_json_group(s->view, iow_view_group_of(s->view, number));

    assert_non_null(object);
    return object;
}

static struct json_object *function_json(const struct stage *s, const char *address)
{
    return iow_json_function(s->view, stage_function(s, address));
}

static void only_options_that_matter_leave_the_command_line(void **state)
{
    static const struct {
        const char *command_line;
        size_t n;
        const char *first;
    } row[] = {
        {"", 0, NULL},
        {"root=UUID=1234 password=secret ", 0, NULL},
        {"  quiet   iommu=pt", 1, "iommu=pt"},
        {"xiommu=pt iommux=pt", 0, NULL},
        {"vfio-pci.ids=10de:2204 iommu.passthrough=0 pcie_acs_override=downstream", 3,
            "vfio-pci.ids=10de:2204"},
        {"iommu=p\xff root=x", 1, "iommu=p\xef\xbf\xbd"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct iow_machine machine = {.kernel = "", .command_line = row[i].command_line};
        struct json_object *object = iow_json_machine(&machine);

        has_text(object, "kernel", NULL);
        assert_int_equal(length(object, "options"), row[i].n);
        if (row[i].first)
            assert_string_equal(json_object_get_string(item(object, "options", 0)), row[i].first);
        json_object_put(object);
    }
}

static void the_machine_is_told_whole(void **state)
{
    static const char *const iommus[] = {"dmar0", "dmar1"};
    static const struct iow_parameter parameters[] = {{"vfio.enable_unsafe_noiommu_mode", "Y"}};
    const struct iow_machine machine = {.kernel = "6.12.1",
        .command_line = "",
        .lockdown = IOW_LOCKDOWN_CONFIDENTIALITY,
        .pci = true,
        .ivrs = true,
        .n_iommus = COUNT(iommus),
        .iommus = iommus,
        .n_parameters = COUNT(parameters),
        .parameters = parameters};
    struct json_object *object = iow_json_machine(&machine);

    (void)state;
    has_text(object, "kernel", "6.12.1");
    has_text(object, "lockdown", "confidentiality");
    has_bool(object, "pci", true);
    has_bool(object, "iommu_groups", false);
    has_bool(object, "holders_complete", false);
    assert_string_equal(json_object_get_string(item(object, "iommus", 1)), "dmar1");
    assert_int_equal(length(object, "acpi_tables"), 1);
    assert_string_equal(json_object_get_string(item(object, "acpi_tables", 0)), "IVRS");
    has_text(get(object, "parameters"), "vfio.enable_unsafe_noiommu_mode", "Y");
    json_object_put(object);
}

static void the_files_of_a_cdev_holder_are_listed(void **state)
{
    static const struct iow_held held[] = {{IOW_HELD_CDEV, 0, 1}, {IOW_HELD_IOMMUFD, IOW_NONE, IOW_NONE},
        {IOW_HELD_DEVICE_MAP, IOW_NONE, IOW_NONE}};
    struct json_object *object, *holder, *file;
    struct stage s;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    scene_hold(&s.scene, 42, held, COUNT(held));
    s.scene.holder[0].command = HOSTILE;
    stage_play(&s);
    object = group_json(&s, 5);
    has_text(object, "owner", "user");
    has_text(object, "basis", "IOW-OWN-DEVICE-OPEN");
    assert_int_equal(length(object, "possible_holders"), 0);
    holder = item(object, "holders", 0);
    has_number(holder, "pid", 42);
    has_number(holder, "uid", 1000);
    has_text(holder, "command", "bad\x1b[2J\xef\xbf\xbd");
    assert_int_equal(length(holder, "files"), 3);
    file = item(holder, "files", 0);
    has_text(file, "file", "cdev");
    has_number(file, "number", 0);
    has_text(file, "address", "0000:01:00.0");
    file = item(holder, "files", 1);
    has_text(file, "file", "iommufd");
    has_text(file, "number", NULL);
    has_text(file, "address", NULL);
    has_text(item(holder, "files", 2), "file", "device-map");
    json_object_put(object);
    stage_end(&s);
}

static void a_pending_unbind_is_certain_or_possible(void **state)
{
    static const struct actor two[] = {{"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, NULL, .multifunction = true},
        {"01:00.1", "00:02.0", EP, 5, NULL, .multifunction = true}};
    struct json_object *object;
    struct stage s;

    (void)state;
    stage_set_vfio(&s, NULL);
    stage_play(&s);
    object = group_json(&s, 5);
    has_text(object, "owner", "unknown");
    has_text(object, "basis", "IOW-OWN-UNBIND-PENDING");
    has_text(object, "pending_unbind", "0000:01:00.0");
    has_bool(object, "pending_unbind_possible", false);
    json_object_put(object);
    stage_end(&s);

    scene_set(&s.scene, two, COUNT(two));
    s.scene.group[1].vfio_node = true;
    stage_play(&s);
    object = group_json(&s, 5);
    has_text(object, "owner", "unknown");
    has_text(object, "pending_unbind", NULL);
    has_bool(object, "pending_unbind_possible", true);
    json_object_put(object);
    stage_end(&s);
}

static void a_group_that_vfio_made_up_confines_nothing(void **state)
{
    struct json_object *object, *function;
    struct stage s;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    s.scene.group[1].name = "vfio-noiommu";
    s.scene.group[1].type = NULL;
    stage_play(&s);
    object = group_json(&s, 5);
    has_text(object, "basis", "IOW-OWN-NO-IOMMU");
    has_text(object, "owner", "unknown");
    has_text(object, "name", "vfio-noiommu");
    has_text(object, "type", NULL);
    function = function_json(&s, "01:00.0");
    has_number(function, "group", 5);
    has_text(function, "predicted_group", NULL);
    has_text(get(function, "reason"), "rule", "IOW-GRP-NOT-COVERED");
    json_object_put(function);
    json_object_put(object);
    stage_end(&s);
}

static void reasons_carry_acs_or_quirk_where_these_decide(void **state)
{
    static const struct actor open[] = {{"00:02.0", NULL, PORT_CLEARED, 0}, {"01:00.0", "00:02.0", EP, 0}};
    struct json_object *function, *reason;
    struct stage s;

    (void)state;
    stage_set_alias(&s);
    stage_play(&s);
    function = function_json(&s, "01:00.1");
    reason = get(function, "reason");
    has_text(reason, "rule", "IOW-GRP-DEVFN-ALIAS");
    has_text(reason, "alias_quirk", "Marvell SATA controller");
    has_text(reason, "joined", "0000:01:00.0");
    assert_null(get(reason, "acs"));
    json_object_put(function);
    stage_end(&s);

    scene_set(&s.scene, open, COUNT(open));
    stage_play(&s);
    function = function_json(&s, "01:00.0");
    reason = get(function, "reason");
    has_text(reason, "rule", "IOW-GRP-PATH");
    has_text(reason, "deciding", "0000:00:02.0");
    has_text(reason, "alias_quirk", NULL);
    has_bool(get(reason, "acs"), "isolates", false);
    assert_int_equal(length(get(reason, "acs"), "missing"), 4);
    json_object_put(function);
    stage_end(&s);
}

static void what_was_not_read_is_null(void **state)
{
    struct json_object *function;
    struct iow_missing missing;
    struct stage s;

    (void)state;
    stage_set_asleep(&s, &missing);
    s.scene.function[1].config.known = 0;
    stage_play(&s);
    function = function_json(&s, "01:00.0");
    has_text(function, "vendor", NULL);
    has_text(function, "device", NULL);
    has_text(function, "class", NULL);
    has_text(function, "class_name", NULL);
    has_text(function, "name", NULL);
    has_text(function, "predicted_group", NULL);
    assert_null(get(function, "reason"));
    has_text(function, "driver", "snd_hda_intel");
    has_text(function, "driver_trait", "dma-api");
    json_object_put(function);
    stage_end(&s);
}

static void a_difference_is_explained_or_not(void **state)
{
    static const struct actor open[] = {{"00:03.0", NULL, PORT_OPEN, 0}, {"02:00.0", "00:03.0", EP, 1}};
    struct json_object *object;
    struct stage s;

    (void)state;
    stage_set_lazy(&s);
    stage_play(&s);
    object = iow_json_difference(s.view, &s.view->differences[0]);
    has_text(object, "rule", "IOW-DIFF-NOT-YET");
    has_text(object, "address", "0000:00:03.0");
    has_text(object, "other", NULL);
    has_bool(object, "explained", true);
    json_object_put(object);
    stage_end(&s);

    scene_set(&s.scene, open, COUNT(open));
    stage_play(&s);
    object = iow_json_difference(s.view, &s.view->differences[0]);
    has_text(object, "rule", "IOW-DIFF-UNEXPLAINED");
    has_text(object, "other", "0000:00:03.0");
    has_bool(object, "explained", false);
    json_object_put(object);
    stage_end(&s);
}

static void a_live_machine_has_no_path(void **state)
{
    struct json_object *document;
    struct stage s;

    (void)state;
    stage_set_vfio(&s, NULL);
    stage_play(&s);
    document = iow_json_document(s.view, "x/1");
    has_text(document, "schema", "x/1");
    has_text(get(document, "source"), "provenance", "live");
    has_text(get(document, "source"), "path", NULL);
    json_object_put(document);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_options_that_matter_leave_the_command_line),
        cmocka_unit_test(the_machine_is_told_whole),
        cmocka_unit_test(the_files_of_a_cdev_holder_are_listed),
        cmocka_unit_test(a_pending_unbind_is_certain_or_possible),
        cmocka_unit_test(a_group_that_vfio_made_up_confines_nothing),
        cmocka_unit_test(reasons_carry_acs_or_quirk_where_these_decide),
        cmocka_unit_test(what_was_not_read_is_null),
        cmocka_unit_test(a_difference_is_explained_or_not),
        cmocka_unit_test(a_live_machine_has_no_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
