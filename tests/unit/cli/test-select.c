/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "cli/select.h"
#include "facts/facts.h"

static void every_way_to_name_a_device_is_understood(void **state)
{
    static const struct {
        const char *text;
        enum iow_select_kind kind;
        const char *meaning;
    } good[] = {
        {"01:00.0", IOW_SELECT_ADDRESS, "the PCI address 0000:01:00.0"},
        {"0000:01:00.0", IOW_SELECT_ADDRESS, "the PCI address 0000:01:00.0"},
        {"10000:e1:1f.7", IOW_SELECT_ADDRESS, "the PCI address 10000:e1:1f.7"},
        {"/sys/bus/pci/devices/0000:01:00.0", IOW_SELECT_ADDRESS, "the PCI address 0000:01:00.0"},
        {"/sys/devices/pci0000:00/0000:00:02.0/0000:01:00.0///", IOW_SELECT_ADDRESS,
            "the PCI address 0000:01:00.0"},
        {"/dev/vfio/11", IOW_SELECT_GROUP, "the members of IOMMU group 11"},
        {"class=ethernet", IOW_SELECT_CLASS, "devices of class 0200"},
        {"class=0x02", IOW_SELECT_CLASS, "devices of class 02"},
        {"class=0x020000", IOW_SELECT_CLASS, "devices of class 020000"},
        {"10de:2204", IOW_SELECT_IDS, "vendor 10de, device 2204"},
        {"10DE:2204", IOW_SELECT_IDS, "vendor 10de, device 2204"},
        {"g0", IOW_SELECT_GROUP, "the members of IOMMU group 0"},
        {"g4294967294", IOW_SELECT_GROUP, "the members of IOMMU group 4294967294"},
        {"class=display", IOW_SELECT_CLASS, "devices of class 03"},
        {"class=nvme", IOW_SELECT_CLASS, "devices of class 0108"},
        {"class=03", IOW_SELECT_CLASS, "devices of class 03"},
        {"class=0302", IOW_SELECT_CLASS, "devices of class 0302"},
        {"class=010802", IOW_SELECT_CLASS, "devices of class 010802"},
        {"00:02.2/00.0", IOW_SELECT_PATH, "the path that begins at 0000:00:02.2 and goes 1 level down"},
        {"0001:00:02.2/0.0/1f.7", IOW_SELECT_PATH,
            "the path that begins at 0001:00:02.2 and goes 2 levels down"},
        {"eth1", IOW_SELECT_NAME, "the kernel's name eth1 of a PCI device"},
        {"nvme0n1", IOW_SELECT_NAME, "the kernel's name nvme0n1 of a PCI device"},
        {"gigabit", IOW_SELECT_NAME, "the kernel's name gigabit of a PCI device"},
    };
    char meaning[IOW_SELECT_MEANING];

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        struct iow_selector s;

        assert_int_equal(iow_select_parse(good[i].text, &s, NULL), 0);
        assert_int_equal(s.kind, good[i].kind);
        assert_string_equal(iow_select_meaning(&s, meaning), good[i].meaning);
    }
}

static void slips_are_refused_with_the_text_as_subject(void **state)
{
    static const struct {
        const char *text, *hint;
    } bad[] = {
        {"", "empty"},
        {"/", "/sys"},
        {"/sys/", "/sys"},
        {"/sys/bus/pci/devices", "/sys"},
        {"/tmp/0000:01:00.0", "/sys"},
        {"/dev/vfio/", "/dev/vfio"},
        {"/dev/vfio/vfio", "/dev/vfio"},
        {"/dev/vfio/99999999999", "/dev/vfio"},
        {"class=0x", "class="},
        {"01:00", "function"},
        {"01:00.8", NULL},
        {"01:20.0", NULL},
        {"00.0", "bus"},
        {"10de:22040", "four hex digits"},
        {"10de:", "four hex digits"},
        {"class=", "class="},
        {"class=gpu", "class="},
        {"class=0", "class="},
        {"class=030", "class="},
        {"class=0300000", "class="},
        {"/00.0", "/sys"},
        {"00:02.0/", "path"},
        {"00:02.0/00", "path"},
        {"00:02.0/00.8", "path"},
        {"00:02.0/00.0x", "path"},
        {"00:02.0/20.0", "path"},
        {"eth 1", NULL},
        {"eth\n1", NULL},
        {"x=1", NULL},
        {"12", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct iow_explain explain = {0};
        struct iow_selector s;
        const char *hint = iow_select_hint(bad[i].text);

        assert_int_equal(iow_select_parse(bad[i].text, &s, &explain), -IOW_EINVAL);
        assert_int_equal(explain.rule, IOW_RULE_SEL_SYNTAX);
        assert_string_equal(explain.text, bad[i].text);
        if (bad[i].hint)
            assert_non_null(strstr(hint, bad[i].hint));
    }
}

static void a_path_deeper_than_any_machine_is_refused(void **state)
{
    char text[16 + 5 * (IOW_SELECT_LEVELS + 1)] = "00:02.0";
    struct iow_selector s;

    (void)state;
    for (int i = 0; i < IOW_SELECT_LEVELS; i++)
        strcat(text, "/00.0");
    assert_int_equal(iow_select_parse(text, &s, NULL), 0);
    strcat(text, "/00.0");
    assert_int_equal(iow_select_parse(text, &s, NULL), -IOW_EINVAL);
}

#define IDS_KNOWN (IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS)

/* A port with a two-function device below, and a device with nothing known. */
static struct iow_function functions[] = {
    {.address = {0, 0, 2, 2},
        .group = 0,
        .config = {.known = IDS_KNOWN,
            .header_type = 1,
            .vendor = 0x1b36,
            .device = 0xc,
            .class_code = 0x060400,
            .secondary = 1,
            .subordinate = 1,
            .pcie_type = IOW_PCIE_ROOT_PORT}},
    {.address = {0, 0, 5, 0}, .group = IOW_NONE},
    {.address = {0, 1, 0, 0},
        .group = 1,
        .config = {.known = IDS_KNOWN, .vendor = 0x10de, .device = 0x2204, .class_code = 0x030000}},
    {.address = {0, 1, 0, 1},
        .group = 1,
        .config = {.known = IDS_KNOWN, .vendor = 0x10de, .device = 0x1aef, .class_code = 0x040300}},
};
static struct iow_name names[] = {{.name = "card0", .kind = "drm", .function = 2}};
static struct iow_facts facts = {.n_functions = 4, .functions = functions, .n_names = 1, .names = names};

static void selectors_find_their_functions(void **state)
{
    static const struct {
        const char *text;
        int n;
        uint32_t first;
    } cases[] = {
        {"00:02.2", 1, 0},
        {"00:05.0", 1, 1},
        {"01:00.7", -IOW_ENOENT, 0},
        {"10de:2204", 1, 2},
        {"ffff:ffff", -IOW_ENOENT, 0},
        {"g1", 2, 2},
        {"g7", -IOW_ENOENT, 0},
        {"class=display", 1, 2},
        {"class=0403", 1, 3},
        {"class=bridge", 1, 0},
        {"class=00", -IOW_ENOENT, 0}, /* what is not known is of no class */
        {"00:02.2/00.1", 1, 3},
        {"00:02.2/00.2", -IOW_ENOENT, 0},
        {"00:09.0/00.0", -IOW_ENOENT, 0},
        {"card0", 1, 2},
        {"card1", -IOW_ENOENT, 0},
    };
    struct iow_topology_input input[4];
    struct iow_topology *topology;
    struct iow_mem mem;

    (void)state;
    iow_mem_init_malloc(&mem);
    for (int i = 0; i < 4; i++)
        input[i] = (struct iow_topology_input){.address = functions[i].address,
            .config = &functions[i].config,
            .parent = i < 2 ? IOW_NONE : 0,
            .physical_function = IOW_NONE,
            .real_dma = IOW_NONE};
    assert_int_equal(iow_topology_build(input, 4, &mem, &topology, NULL), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_explain explain = {0};
        struct iow_selector s;
        uint32_t found[4];

        assert_int_equal(iow_select_parse(cases[i].text, &s, NULL), 0);
        assert_int_equal(iow_select_match(&s, &facts, topology, found, &explain), cases[i].n);
        if (cases[i].n > 0)
            assert_int_equal(found[0], cases[i].first);
        else
            assert_int_equal(explain.rule, IOW_RULE_SEL_NO_MATCH);
    }
    iow_mem_done(&mem);
}

static void every_class_word_is_a_selector(void **state)
{
    const char *word;

    (void)state;
    for (unsigned i = 0; (word = iow_select_class_at(i)); i++) {
        struct iow_selector s;
        char text[64];

        (void)snprintf(text, sizeof(text), "class=%s", word);
        assert_int_equal(iow_select_parse(text, &s, NULL), 0);
        assert_int_equal(s.class_value & ~s.class_mask, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_name_a_device_is_understood),
        cmocka_unit_test(slips_are_refused_with_the_text_as_subject),
        cmocka_unit_test(a_path_deeper_than_any_machine_is_refused),
        cmocka_unit_test(selectors_find_their_functions),
        cmocka_unit_test(every_class_word_is_a_selector),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
