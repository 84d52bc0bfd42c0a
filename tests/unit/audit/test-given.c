/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

/* The network card is the host's, and each of these says that it is about to be given away. */
static void named(struct scene *s, struct iow_audit_request *request)
{
    static const uint32_t nic = NIC;

    (void)s;
    *request = (struct iow_audit_request){.n_given = 1, .given = &nic};
}

static void overridden(struct scene *s, struct iow_audit_request *request)
{
    (void)request;
    s->function[NIC].driver_override = "vfio-pci";
}

static void by_option(struct scene *s, const char *option)
{
    s->function[NIC].config.vendor = 0x8086;
    s->function[NIC].config.device = 0x10d3;
    s->facts.machine.command_line = option;
}

static void listed(struct scene *s, struct iow_audit_request *request)
{
    (void)request;
    by_option(s, "quiet vfio-pci.ids=10de:2204,8086:10d3:1af4:1100,ffff:1 x");
}

static void listed_otherwise(struct scene *s, struct iow_audit_request *request)
{
    (void)request;
    by_option(s, "vfio_pci.ids=8086:10D3");
}

static void not_listed(struct scene *s, struct iow_audit_request *request)
{
    (void)request;
    by_option(s, "vfio-pci.ids=10de:2204,8086:10d,8086 not_vfio-pci.ids=8086:10d3 vfio-pci.ids=,");
}

static void overridden_otherwise(struct scene *s, struct iow_audit_request *request)
{
    (void)request;
    s->function[NIC].driver_override = "pci-stub";
}

static const struct {
    void (*change)(struct scene *s, struct iow_audit_request *request);
    bool goes;
} row[] = {{named, true}, {overridden, true}, {listed, true}, {listed_otherwise, true}, {not_listed, false},
    {overridden_otherwise, false}};

static void uses_matter_of_what_is_about_to_go(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct iow_audit_request request = {0};
        uint32_t *functions, n;
        struct scene s;

        quiet(&s);
        row[i].change(&s, &request);
        scene_play(&s);
        assert_int_equal(iow_audit_wants_uses(s.analysis, &request, &s.mem, &functions, &n), 0);
        assert_int_equal(n, row[i].goes ? 3 : 2);
        assert_int_equal(functions[0], row[i].goes ? NIC : CARD);
        assert_int_equal(functions[n - 1], SOUND);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uses_matter_of_what_is_about_to_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
