/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

#include "audit/rules.h"

#define TODAY 20000

static struct iow_accept_device device(const struct scene *s, uint32_t function)
{
    return (struct iow_accept_device){.address = s->function[function].address,
        .vendor = s->function[function].config.vendor,
        .device = s->function[function].config.device};
}

/* A machine with a finding about a device, one about two, one about a group and one about a module. */
static void set(struct scene *s)
{
    static const struct iow_region region = {0, 0xffff, "direct"};

    quiet(s);
    s->function[NIC].driver = "uio_pci_generic";
    s->function[PORT_A].config.acs_ctrl = 0;
    s->group[GROUP_CARD].regions = &region;
    s->group[GROUP_CARD].n_regions = 1;
    s->module[0] = "ib_uverbs";
    s->facts.machine.n_modules = 1;
}

static void audit(struct scene *s, struct iow_acceptance *acceptances, uint32_t n, struct iow_audit *ret)
{
    const struct iow_audit_request request = {.today = TODAY, .n_acceptances = n, .acceptances = acceptances};

    scene_play(s);
    assert_int_equal(iow_audit(s->analysis, &request, &s->mem, ret), 0);
}

static uint32_t accepted(const struct iow_audit *audit, enum iow_rule rule)
{
    for (uint32_t i = 0; i < audit->n_findings; i++)
        if (audit->findings[i].rule == rule)
            return audit->findings[i].accepted;
    fail_msg("%s did not fire", iow_rule_id(rule));
    return IOW_NONE;
}

/* What makes an acceptance fit, and each thing that keeps it from fitting. */
enum fault {
    FITS,
    OTHER_RULE,
    OTHER_IDS,
    OTHER_ADDRESS,
    ONE_MORE,
    ONE_LESS,
    OTHER_NAME,
    FAULTS
};

struct row {
    enum iow_rule rule;
    uint32_t n;
    uint32_t devices[3];
    const char *name;
};

static const struct row row[] = {
    {IOW_RULE_REM_FOREIGN_DRIVER, 1, {NIC}, "uio_pci_generic"},
    {IOW_RULE_REM_DRIFT, 2, {NIC, PORT_A}, NULL},
    {IOW_RULE_REM_FIRMWARE_REGION, 2, {SOUND, CARD}, NULL},
    {IOW_RULE_REM_PEER_MODULE, 0, {0}, "ib_uverbs"},
};

static struct iow_acceptance make(
    const struct scene *s, const struct row *r, enum fault fault, struct iow_accept_device devices[4])
{
    struct iow_acceptance a = {
        .rule = r->rule, .n_devices = r->n, .devices = devices, .name = r->name, .until = TODAY + 100};

    for (uint32_t i = 0; i < r->n; i++)
        devices[i] = device(s, r->devices[i]);
    if (fault == OTHER_RULE)
        a.rule = IOW_RULE_REM_UNGROUPED;
    if (fault == OTHER_IDS)
        devices[r->n - 1].device++;
    if (fault == OTHER_ADDRESS)
        devices[r->n - 1].address.domain = 7;
    if (fault == ONE_MORE)
        devices[a.n_devices++] = device(s, PORT_B);
    if (fault == ONE_LESS)
        a.n_devices--;
    if (fault == OTHER_NAME)
        a.name = r->name ? NULL : "x";
    return a;
}

static void an_acceptance_fits_only_exactly_what_it_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(row); i++)
        for (enum fault fault = FITS; fault < FAULTS; fault++) {
            struct iow_accept_device devices[4];
            struct iow_acceptance a;
            struct iow_audit found;
            struct scene s;

            if (!row[i].n && (fault == OTHER_IDS || fault == OTHER_ADDRESS || fault == ONE_LESS))
                continue;
            set(&s);
            a = make(&s, &row[i], fault, devices);
            audit(&s, &a, 1, &found);
            assert_int_equal(accepted(&found, row[i].rule), fault == FITS ? 0 : IOW_NONE);
            assert_int_equal(a.n_findings, fault == FITS);
            scene_end(&s);
        }
}

static void ids_that_could_not_be_read_fit_nothing(void **state)
{
    struct iow_accept_device devices[4];
    struct iow_acceptance a;
    struct iow_audit found;
    struct scene s;

    (void)state;
    set(&s);
    a = make(&s, &row[0], FITS, devices);
    s.function[NIC].config.known &= (uint8_t)~IOW_CONFIG_IDS;
    audit(&s, &a, 1, &found);
    assert_int_equal(accepted(&found, IOW_RULE_REM_FOREIGN_DRIVER), IOW_NONE);
    scene_end(&s);
}

static void an_acceptance_ends_after_its_day(void **state)
{
    static const struct {
        int32_t until;
        enum iow_accept_state state;
    } day[] = {{TODAY - 1, IOW_ACCEPT_EXPIRED}, {TODAY, IOW_ACCEPT_ENDS_SOON},
        {TODAY + 30, IOW_ACCEPT_ENDS_SOON}, {TODAY + 31, IOW_ACCEPT_IN_FORCE}};

    (void)state;
    for (size_t i = 0; i < COUNT(day); i++) {
        struct iow_accept_device devices[4];
        struct iow_acceptance a;
        struct iow_audit found;
        struct scene s;

        set(&s);
        a = make(&s, &row[0], FITS, devices);
        a.until = day[i].until;
        audit(&s, &a, 1, &found);
        assert_int_equal(a.state, day[i].state);
        assert_int_equal(a.n_findings, 1);
        assert_int_equal(accepted(&found, row[0].rule), day[i].state == IOW_ACCEPT_EXPIRED ? IOW_NONE : 0);
        scene_end(&s);
    }
}

static void the_acceptance_that_ends_last_counts(void **state)
{
    static const struct {
        int32_t until[3];
        uint32_t counts;
    } orders[] = {
        {{0, TODAY, TODAY}, 1},
        {{TODAY, TODAY + 9, TODAY + 1}, 1},
        {{TODAY + 9, TODAY + 1, 0}, 0},
        {{0, 0, TODAY}, 2},
        {{0, 0, 0}, IOW_NONE},
    };
    struct iow_accept_device devices[4];
    struct iow_acceptance a[3];
    struct iow_audit found;
    struct scene s;

    (void)state;
    for (size_t k = 0; k < COUNT(orders); k++) {
        set(&s);
        for (int i = 0; i < 3; i++) {
            a[i] = make(&s, &row[0], FITS, devices);
            a[i].until = orders[k].until[i];
        }
        audit(&s, a, 3, &found);
        assert_int_equal(accepted(&found, row[0].rule), orders[k].counts);
        for (int i = 0; i < 3; i++)
            assert_int_equal(a[i].n_findings, 1);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_acceptance_fits_only_exactly_what_it_names),
        cmocka_unit_test(ids_that_could_not_be_read_fit_nothing),
        cmocka_unit_test(an_acceptance_ends_after_its_day),
        cmocka_unit_test(the_acceptance_that_ends_last_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
