/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each rule of PCIe Base 6.0 section 6.12 about one port or function, row by row. */
#include "routes.h"

#include "pci/egress.h"

#define ALL 0x7f

static struct iow_egress_acs acs_with(uint16_t on)
{
    return (struct iow_egress_acs){.known = true, .present = true, .offered = ALL, .on = on};
}

static void check(const struct iow_hop *hop, enum iow_hop_way way, enum iow_rule rule, uint16_t bit)
{
    assert_string_equal(iow_hop_way_name(hop->way), iow_hop_way_name(way));
    assert_string_equal(iow_rule_id(hop->rule), iow_rule_id(rule));
    assert_int_equal(hop->bit, bit);
}

#define PORT(on, facts, way_, rule_, bit_)                                                                   \
    do {                                                                                                     \
        const struct iow_egress_acs acs_ = acs_with(on);                                                     \
        struct iow_hop hop_ = {0};                                                                           \
        iow_egress_port(&acs_, facts, &hop_);                                                                \
        check(&hop_, IOW_HOP_##way_, IOW_RULE_ROUTE_##rule_, bit_);                                          \
    } while (0)

#define FUNCTION(on, facts, way_, rule_, bit_)                                                               \
    do {                                                                                                     \
        const struct iow_egress_acs acs_ = acs_with(on);                                                     \
        struct iow_hop hop_ = {0};                                                                           \
        iow_egress_function(&acs_, facts, &hop_);                                                            \
        check(&hop_, IOW_HOP_##way_, IOW_RULE_ROUTE_##rule_, bit_);                                          \
    } while (0)

static void port_row_1_source_validation_stops_foreign_requesters(void **state)
{
    (void)state;
    PORT(ALL, IOW_EGRESS_FOREIGN | IOW_EGRESS_PEER, BLOCKED, SOURCE, IOW_ACS_SV);
    PORT(ALL & ~IOW_ACS_SV, IOW_EGRESS_FOREIGN, UP, NOT_PEER, 0);
    PORT(IOW_ACS_SV, IOW_EGRESS_PEER, DIRECT, NOT_REDIRECTED, IOW_ACS_RR);
}

static void port_row_2_translation_blocking_stops_translated_requests(void **state)
{
    (void)state;
    PORT(IOW_ACS_TB | IOW_ACS_DT, IOW_EGRESS_TRANSLATED | IOW_EGRESS_PEER, BLOCKED, TRANSLATED_BLOCKED,
        IOW_ACS_TB);
    PORT(IOW_ACS_TB, IOW_EGRESS_TRANSLATED, BLOCKED, TRANSLATED_BLOCKED, IOW_ACS_TB);
    PORT(IOW_ACS_TB, IOW_EGRESS_PEER, DIRECT, NOT_REDIRECTED, IOW_ACS_RR);
}

static void port_row_3_upstream_forwarding_decides_about_its_own_window(void **state)
{
    (void)state;
    PORT(IOW_ACS_UF, IOW_EGRESS_OWN, UP, OWN_FORWARDED, IOW_ACS_UF);
    PORT(ALL & ~(IOW_ACS_UF | IOW_ACS_TB), IOW_EGRESS_OWN | IOW_EGRESS_TRANSLATED, POSSIBLY, OWN_WINDOW,
        IOW_ACS_UF);
}

static void port_row_4_what_is_no_peers_goes_up(void **state)
{
    (void)state;
    for (uint16_t on = 0; on <= ALL; on++)
        PORT(on, 0, UP, NOT_PEER, 0);
}

static void port_row_5_direct_translated_goes_before_redirect_and_egress_control(void **state)
{
    const unsigned facts = IOW_EGRESS_TRANSLATED | IOW_EGRESS_PEER;

    (void)state;
    PORT(IOW_ACS_DT | IOW_ACS_RR | IOW_ACS_EC, facts | IOW_EGRESS_VECTOR, DIRECT, TRANSLATED_DIRECT,
        IOW_ACS_DT);
    PORT(IOW_ACS_DT | IOW_ACS_RR, IOW_EGRESS_PEER, UP, REDIRECTED, IOW_ACS_RR);
    PORT(IOW_ACS_RR, facts, UP, REDIRECTED, IOW_ACS_RR);
}

/* Rows in the order of the specification's table: RR, EC, the bit of the target in the vector. */
static void port_row_6_redirect_and_egress_control_combine(void **state)
{
    const unsigned peer = IOW_EGRESS_PEER, set = peer | IOW_EGRESS_VECTOR;

    (void)state;
    PORT(0, peer, DIRECT, NOT_REDIRECTED, IOW_ACS_RR);
    PORT(0, set, DIRECT, NOT_REDIRECTED, IOW_ACS_RR);
    PORT(IOW_ACS_EC, set, BLOCKED, EGRESS_BLOCKED, IOW_ACS_EC);
    PORT(IOW_ACS_EC, peer, DIRECT, NOT_REDIRECTED, IOW_ACS_RR);
    PORT(IOW_ACS_RR, peer, UP, REDIRECTED, IOW_ACS_RR);
    PORT(IOW_ACS_RR, set, UP, REDIRECTED, IOW_ACS_RR);
    PORT(IOW_ACS_RR | IOW_ACS_EC, set, UP, REDIRECTED, IOW_ACS_RR);
    PORT(IOW_ACS_RR | IOW_ACS_EC, peer, DIRECT, EGRESS_DIRECT, IOW_ACS_EC);
    PORT(IOW_ACS_EC, peer | IOW_EGRESS_NO_BIT, UNKNOWN, UNREAD, IOW_ACS_EC);
    PORT(0, peer | IOW_EGRESS_NO_BIT, DIRECT, NOT_REDIRECTED, IOW_ACS_RR);
}

static void completion_redirect_decides_about_no_request(void **state)
{
    (void)state;
    for (unsigned facts = 0; facts < 0x8000; facts += 0x100)
        for (uint16_t on = 0; on <= ALL; on++) {
            const struct iow_egress_acs without = acs_with(on & ~IOW_ACS_CR),
                                        with = acs_with(on | IOW_ACS_CR);
            struct iow_hop a = {0}, b = {0};

            iow_egress_port(&without, facts, &a);
            iow_egress_port(&with, facts, &b);
            assert_memory_equal(&a, &b, sizeof(a));
            iow_egress_function(&without, facts, &a);
            iow_egress_function(&with, facts, &b);
            assert_memory_equal(&a, &b, sizeof(a));
        }
}

static void a_port_without_acs_neither_redirects_nor_forwards(void **state)
{
    const struct iow_egress_acs none = {.known = true};
    struct iow_hop hop = {0};

    (void)state;
    iow_egress_port(&none, IOW_EGRESS_PEER | IOW_EGRESS_FOREIGN | IOW_EGRESS_TRANSLATED, &hop);
    check(&hop, IOW_HOP_DIRECT, IOW_RULE_ROUTE_NO_ACS, 0);
    iow_egress_port(&none, IOW_EGRESS_OWN, &hop);
    check(&hop, IOW_HOP_POSSIBLY, IOW_RULE_ROUTE_OWN_WINDOW, IOW_ACS_UF);
    iow_egress_port(&none, 0, &hop);
    check(&hop, IOW_HOP_UP, IOW_RULE_ROUTE_NOT_PEER, 0);
}

static void a_port_that_was_not_read_is_unknown_where_it_matters(void **state)
{
    const struct iow_egress_acs unread = {0};
    struct iow_hop hop = {0};

    (void)state;
    for (unsigned facts = 0x100; facts < 0x1000; facts += 0x100) {
        iow_egress_port(&unread, facts, &hop);
        check(&hop, facts & (IOW_EGRESS_OWN | IOW_EGRESS_PEER) ? IOW_HOP_UNKNOWN : IOW_HOP_MAY_STOP,
            IOW_RULE_ROUTE_UNREAD, 0);
    }
    iow_egress_port(&unread, 0, &hop);
    check(&hop, IOW_HOP_UP, IOW_RULE_ROUTE_NOT_PEER, 0);
    iow_egress_function(&unread, IOW_EGRESS_PEER, &hop);
    check(&hop, IOW_HOP_UNKNOWN, IOW_RULE_ROUTE_UNREAD, 0);
}

static void functions_without_acs_may_talk(void **state)
{
    const struct iow_egress_acs none = {.known = true};
    struct iow_hop hop = {0};

    (void)state;
    iow_egress_function(&none, IOW_EGRESS_PEER, &hop);
    check(&hop, IOW_HOP_POSSIBLY, IOW_RULE_ROUTE_FUNCTIONS, 0);
    iow_egress_function(&none, IOW_EGRESS_PEER | IOW_EGRESS_VIRTUAL, &hop);
    check(&hop, IOW_HOP_POSSIBLY, IOW_RULE_ROUTE_VIRTUAL_FUNCTIONS, 0);
}

static void functions_that_offer_no_redirect_do_not_talk(void **state)
{
    struct iow_egress_acs acs = acs_with(0);
    struct iow_hop hop = {0};

    (void)state;
    acs.offered = ALL & ~IOW_ACS_RR;
    iow_egress_function(&acs, IOW_EGRESS_PEER, &hop);
    check(&hop, IOW_HOP_UP, IOW_RULE_ROUTE_FUNCTIONS_APART, IOW_ACS_RR);
}

static void functions_follow_redirect_egress_control_and_direct_translated(void **state)
{
    const unsigned peer = IOW_EGRESS_PEER, set = peer | IOW_EGRESS_VECTOR;

    (void)state;
    FUNCTION(0, peer, DIRECT, NOT_REDIRECTED, IOW_ACS_RR);
    FUNCTION(IOW_ACS_RR, peer, UP, REDIRECTED, IOW_ACS_RR);
    FUNCTION(IOW_ACS_EC, set, BLOCKED, EGRESS_BLOCKED, IOW_ACS_EC);
    FUNCTION(IOW_ACS_EC, peer, DIRECT, NOT_REDIRECTED, IOW_ACS_RR);
    FUNCTION(IOW_ACS_RR | IOW_ACS_EC, set, UP, REDIRECTED, IOW_ACS_RR);
    FUNCTION(IOW_ACS_RR | IOW_ACS_EC, peer, DIRECT, EGRESS_DIRECT, IOW_ACS_EC);
    FUNCTION(IOW_ACS_RR | IOW_ACS_DT, peer | IOW_EGRESS_TRANSLATED, DIRECT, TRANSLATED_DIRECT, IOW_ACS_DT);
    FUNCTION(IOW_ACS_RR | IOW_ACS_DT, peer, UP, REDIRECTED, IOW_ACS_RR);
}

static void a_vector_has_as_many_bits_as_it_says(void **state)
{
    struct iow_config c = {.acs_cap = 8 << 8, .acs_egress = {0x81}};

    (void)state;
    assert_int_equal(iow_egress_vector(&c, 0), IOW_EGRESS_VECTOR);
    assert_int_equal(iow_egress_vector(&c, 1), 0);
    assert_int_equal(iow_egress_vector(&c, 7), IOW_EGRESS_VECTOR);
    assert_int_equal(iow_egress_vector(&c, 8), IOW_EGRESS_NO_BIT);
    c.acs_cap = 0;
    c.acs_egress[7] = 0x80000000;
    assert_int_equal(iow_egress_vector(&c, 255), IOW_EGRESS_VECTOR);
    assert_int_equal(iow_egress_vector(&c, 254), 0);
}

static struct iow_egress_acs acs_of(struct line line)
{
    struct iow_egress_acs acs;
    struct routes r;

    routes_build(&r, &line, 1);
    r.machine.ivrs = r.machine.acs_requested = true;
    acs = iow_egress_acs(&r.machine, 0);
    iow_mem_done(&r.m.mem);
    return acs;
}

static void registers_count_where_they_are_offered(void **state)
{
    struct iow_egress_acs acs = acs_of((struct line){"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, 0x7f});

    (void)state;
    assert_true(acs.known && acs.present && !acs.assumed);
    assert_int_equal(acs.offered, 0x5f);
    assert_int_equal(acs.on, 0x5f);
    acs = acs_of((struct line){"00:02.0", NULL, IOW_PCIE_ROOT_PORT, -1});
    assert_true(acs.known && !acs.present);
}

/* What Linux knows of devices stands in for registers that they lack, and overrules those that mean nothing. */
static void devices_known_to_linux_have_what_it_knows(void **state)
{
    struct iow_egress_acs acs = acs_of(
        (struct line){"01:00.0", NULL, IOW_PCIE_ENDPOINT, -1, 0, true, .vendor = 0x8086, .device = 0x10c6});

    (void)state;
    assert_true(acs.present && acs.on & IOW_ACS_RR);
    acs = acs_of(
        (struct line){"00:02.0", NULL, IOW_PCIE_DOWNSTREAM_PORT, 0x5f, 0x5f, .vendor = 0x1d17, .device = 1});
    assert_true(acs.known && !acs.present);
    assert_int_equal(acs.on, 0);
    acs = acs_of(
        (struct line){"00:14.0", NULL, IOW_PCIE_NONE, -1, 0, true, .vendor = 0x1002, .device = 0x4385});
    assert_true(acs.present && acs.on & IOW_ACS_RR);
}

static void registers_in_double_words_are_read_there(void **state)
{
    struct line line = {"00:1c.0", NULL, IOW_PCIE_ROOT_PORT, 0, 0, .vendor = 0x8086, .device = 0xa110};
    struct routes r;

    (void)state;
    routes_build(&r, &line, 1);
    r.m.config[0].acs_dword_cap = 0x1f;
    r.m.config[0].acs_dword_ctrl = 0x0f;
    assert_int_equal(iow_egress_acs(&r.machine, 0).offered, 0x1f);
    assert_int_equal(iow_egress_acs(&r.machine, 0).on, 0x0f);
    iow_mem_done(&r.m.mem);
}

/* Nothing in config space shows the last step of Linux's own way to switch on what these ports have instead of ACS. */
static void what_no_file_shows_is_marked_assumed(void **state)
{
    struct line line = {"00:1c.0", NULL, IOW_PCIE_ROOT_PORT, -1, 0, .vendor = 0x8086, .device = 0x9c90};
    struct iow_egress_acs acs;
    struct iow_hop hop = {0};
    struct routes r;

    (void)state;
    routes_build(&r, &line, 1);
    r.machine.acs_requested = true;
    assert_false(iow_egress_acs(&r.machine, 0).present);
    r.m.config[0].mpc = 1u << 26;
    acs = iow_egress_acs(&r.machine, 0);
    assert_true(acs.present && acs.assumed);
    iow_egress_port(&acs, IOW_EGRESS_PEER, &hop);
    assert_true(hop.assumed && hop.way == IOW_HOP_UP);
    iow_mem_done(&r.m.mem);
}

/* The rows of the kernel's table that were found before serve again. */
static void answers_asked_for_before_give_the_same(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, 0x1d},
        {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, -1, 0, true, .vendor = 0x8086, .device = 0x10c6},
    };
    struct iow_acs_answer answer[COUNT(line)];
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    for (uint32_t i = 0; i < COUNT(line); i++)
        answer[i] = iow_grouping_acs(&r.machine, i);
    for (uint32_t i = 0; i < COUNT(line); i++) {
        struct iow_egress_acs found = iow_egress_acs(&r.machine, i), told;

        r.machine.acs = answer;
        told = iow_egress_acs(&r.machine, i);
        r.machine.acs = NULL;
        assert_memory_equal(&found, &told, sizeof(found));
    }
    iow_mem_done(&r.m.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(port_row_1_source_validation_stops_foreign_requesters),
        cmocka_unit_test(port_row_2_translation_blocking_stops_translated_requests),
        cmocka_unit_test(port_row_3_upstream_forwarding_decides_about_its_own_window),
        cmocka_unit_test(port_row_4_what_is_no_peers_goes_up),
        cmocka_unit_test(port_row_5_direct_translated_goes_before_redirect_and_egress_control),
        cmocka_unit_test(port_row_6_redirect_and_egress_control_combine),
        cmocka_unit_test(completion_redirect_decides_about_no_request),
        cmocka_unit_test(a_port_without_acs_neither_redirects_nor_forwards),
        cmocka_unit_test(a_port_that_was_not_read_is_unknown_where_it_matters),
        cmocka_unit_test(functions_without_acs_may_talk),
        cmocka_unit_test(functions_that_offer_no_redirect_do_not_talk),
        cmocka_unit_test(functions_follow_redirect_egress_control_and_direct_translated),
        cmocka_unit_test(a_vector_has_as_many_bits_as_it_says),
        cmocka_unit_test(registers_count_where_they_are_offered),
        cmocka_unit_test(devices_known_to_linux_have_what_it_knows),
        cmocka_unit_test(registers_in_double_words_are_read_there),
        cmocka_unit_test(what_no_file_shows_is_marked_assumed),
        cmocka_unit_test(answers_asked_for_before_give_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
