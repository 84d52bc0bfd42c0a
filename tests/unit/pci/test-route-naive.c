/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every combination of ACS bits on small trees, compared with the naive walk; and what no bit may ever do. */
#include "routes.h"

#include "naive-route.h"

#define ENDPOINT IOW_PCIE_ENDPOINT, 0x7f, 0
#define ROOT_PORT IOW_PCIE_ROOT_PORT, 0x7f, 0
#define DOWN_PORT IOW_PCIE_DOWNSTREAM_PORT, 0x7f, 0
#define UP_PORT IOW_PCIE_UPSTREAM_PORT, -1, 0

#define BITS_MOST 18
#define PAIRS_MOST 128
#define RANK_UNKNOWN 4

/*
 * Which functions' bits are tried, and which bits: never Completion Redirect, which decides about no request
 * (test-egress.c), and Source Validation where a requester is on a bus that is not below its port.
 */
struct tree {
    const char *name;
    const char *tried[3];
    uint16_t bits;
    bool foreign; /* the last function is on such a bus */
    uint32_t n;
    struct line line[9];
};

#define WITH_SV (0x7f & ~IOW_ACS_CR)
#define WITHOUT_SV (WITH_SV & ~IOW_ACS_SV)

static const struct tree trees[] = {
    {"a switch below a root port", {"00:02.0", "02:00.0", "02:01.0"}, WITH_SV, true, 7,
        {{"00:02.0", NULL, ROOT_PORT}, {"01:00.0", "00:02.0", UP_PORT}, {"02:00.0", "01:00.0", DOWN_PORT},
            {"02:01.0", "01:00.0", DOWN_PORT}, {"03:00.0", "02:00.0", IOW_PCIE_ENDPOINT, -1, 0, true},
            {"03:00.1", "02:00.0", IOW_PCIE_ENDPOINT, -1, 0, true},
            {"04:00.0", "02:01.0", IOW_PCIE_ENDPOINT, -1, 0}}},
    {"two root ports", {"00:02.0", "00:03.0", "01:00.0"}, WITHOUT_SV, false, 6,
        {{"00:02.0", NULL, ROOT_PORT}, {"00:03.0", NULL, ROOT_PORT}, {"01:00.0", "00:02.0", ENDPOINT, true},
            {"01:00.1", "00:02.0", IOW_PCIE_ENDPOINT, -1, 0, true},
            {"02:00.0", "00:03.0", IOW_PCIE_ENDPOINT, -1, 0, true},
            {"02:00.1", "00:03.0", IOW_PCIE_ENDPOINT, 0x1b, 0, true}}},
    {"integrated functions and a root port", {"00:02.0", "00:03.0", "00:03.1"}, WITHOUT_SV, false, 5,
        {{"00:02.0", NULL, ROOT_PORT}, {"00:03.0", NULL, IOW_PCIE_RC_ENDPOINT, 0x7f, 0, true},
            {"00:03.1", NULL, IOW_PCIE_RC_ENDPOINT, 0x7f, 0, true},
            {"00:04.0", NULL, IOW_PCIE_RC_ENDPOINT, -1, 0},
            {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, -1, 0}}},
    {"conventional buses below a switch", {"00:02.0", "02:00.0", "02:01.0"}, WITHOUT_SV, false, 9,
        {{"00:02.0", NULL, ROOT_PORT}, {"01:00.0", "00:02.0", UP_PORT}, {"02:00.0", "01:00.0", DOWN_PORT},
            {"02:01.0", "01:00.0", DOWN_PORT}, {"03:00.0", "02:00.0", IOW_PCIE_TO_PCI_BRIDGE, -1, 0},
            {"04:01.0", "03:00.0", IOW_PCIE_NONE, -1, 0}, {"04:02.0", "03:00.0", IOW_PCIE_NONE, -1, 0},
            {"05:01.0", "04:02.0", IOW_PCIE_NONE, -1, 0}, {"06:00.0", "02:01.0", IOW_PCIE_ENDPOINT, -1, 0}}},
};

static unsigned fates_of(const struct iow_route *route)
{
    switch (route->answer) {
    case IOW_ROUTE_BLOCKED:
        return NAIVE_NOWHERE;
    case IOW_ROUTE_THROUGH:
        return NAIVE_IOMMU;
    case IOW_ROUTE_AROUND:
        return route->grade == IOW_ROUTE_SURELY     ? NAIVE_ARRIVES
               : route->grade == IOW_ROUTE_POSSIBLY ? NAIVE_ARRIVES | NAIVE_NOWHERE
                                                    : NAIVE_IF_ROOT_COMPLEX;
    default:
        return NAIVE_UNKNOWN;
    }
}

/* All fates in the words of an answer. */
static unsigned summed(unsigned fates)
{
    if (fates & NAIVE_UNKNOWN)
        return NAIVE_UNKNOWN;
    if (fates & NAIVE_ARRIVES)
        return fates == NAIVE_ARRIVES ? fates : NAIVE_ARRIVES | NAIVE_NOWHERE;
    return fates & NAIVE_IF_ROOT_COMPLEX ? NAIVE_IF_ROOT_COMPLEX : fates;
}

/* The next bits of a number, put where a mask has its bits. */
static uint16_t spread(unsigned *number, uint16_t mask)
{
    uint16_t bits = 0;

    for (uint16_t bit = 1; bit <= mask; bit = (uint16_t)(bit << 1)) {
        if (!(mask & bit))
            continue;
        bits |= *number & 1 ? bit : 0;
        *number >>= 1;
    }
    return bits;
}

/* The vectors forbid what is odd, of port numbers and of functions; the last function has ATS on. */
static unsigned build_tree(struct routes *r, const struct tree *tree)
{
    routes_build(r, tree->line, tree->n);
    for (uint32_t i = 0; i < r->m.n; i++)
        r->m.config[i].acs_egress[0] = 0xaaaaaaaa;
    r->m.config[r->m.n - 1].ats_ctrl = IOW_ATS_ENABLE;
    if (tree->foreign)
        r->m.config[r->m.input[r->m.n - 1].parent].subordinate = 0;
    return 3 * (unsigned)__builtin_popcount(tree->bits);
}

static void set_bits(struct routes *r, const struct tree *tree, unsigned number)
{
    for (unsigned i = 0; i < 3; i++)
        config_of(r, tree->tried[i])->acs_ctrl = spread(&number, tree->bits);
}

static struct iow_route route_of(const struct routes *r, uint32_t from, uint32_t to, bool translated)
{
    const struct iow_route_request request = {
        .from = from, .to = to, .translated = translated, .address = r->m.config[to].bar[0]};
    struct iow_route route;

    iow_route_find(&r->machine, &request, &route);
    return route;
}

/* Returns how many requests were compared. */
static uint64_t compare_pairs(const struct routes *r, const struct tree *tree)
{
    uint64_t compared = 0;

    for (uint32_t k = 0; k < r->m.n * r->m.n * 2; k++) {
        uint32_t from = k / 2 / r->m.n, to = k / 2 % r->m.n;
        struct iow_route route;

        if (from == to || r->m.config[from].header_type)
            continue;
        route = route_of(r, from, to, k & 1);
        if (fates_of(&route) != summed(naive_fates(r->m.topology, from, to, r->m.config[to].bar[0], k & 1)))
            fail_msg("%s: from %s to %s%s, with %x %x %x: %s %s", tree->name, tree->line[from].address,
                tree->line[to].address, k & 1 ? ", translated" : "",
                r->m.config[index_of(&r->m, tree->tried[0])].acs_ctrl,
                r->m.config[index_of(&r->m, tree->tried[1])].acs_ctrl,
                r->m.config[index_of(&r->m, tree->tried[2])].acs_ctrl, iow_route_answer_name(route.answer),
                iow_route_grade_name(route.grade));
        compared++;
    }
    return compared;
}

static void every_combination_agrees_with_the_naive_walk(void **state)
{
    uint64_t compared = 0;

    (void)state;
    for (size_t k = 0; k < COUNT(trees); k++) {
        struct routes r;
        unsigned n_bits = build_tree(&r, &trees[k]);

        for (unsigned number = 0; number < 1u << n_bits; number++) {
            set_bits(&r, &trees[k], number);
            compared += compare_pairs(&r, &trees[k]);
        }
        iow_mem_done(&r.m.mem);
    }
    printf("figures: %llu requests routed twice, over every combination of ACS bits\n",
        (unsigned long long)compared);
}

/* What a combination of bits lets each pair do. */
struct reach {
    uint8_t rank[PAIRS_MOST];
    uint64_t forbidden[PAIRS_MOST / 64]; /* stopped by egress control */
};

static uint32_t measure(const struct routes *r, struct reach *ret)
{
    uint32_t n = 0;

    memset(ret, 0, sizeof(*ret));
    for (uint32_t k = 0; k < r->m.n * r->m.n * 2; k++) {
        uint32_t from = k / 2 / r->m.n, to = k / 2 % r->m.n;
        struct iow_route route;

        if (from == to || r->m.config[from].header_type)
            continue;
        route = route_of(r, from, to, k & 1);
        ret->rank[n] = (uint8_t)iow_route_rank(&route);
        ret->forbidden[n / 64] |= (uint64_t)(route.deciding.rule == IOW_RULE_ROUTE_EGRESS_BLOCKED) << n % 64;
        n++;
    }
    return n;
}

/* May this bit, switched on beside those that are, widen what this pair may do? */
static bool may_widen(
    const struct reach *before, uint32_t pair, uint16_t bit, uint16_t on, uint8_t after, bool translated)
{
    switch (bit) {
    case IOW_ACS_DT: /* lets translated requests go direct: that is what it is for */
        return translated;
    case IOW_ACS_EC: /* permits what Request Redirect would send up; of a peer without a number, nobody knows */
        return on & IOW_ACS_RR || after == RANK_UNKNOWN;
    case IOW_ACS_RR: /* sends up what egress control alone stopped */
        return before->forbidden[pair / 64] >> pair % 64 & 1;
    default:
        return false;
    }
}

static void check_bit(
    const struct reach *reach, const struct tree *tree, unsigned number, unsigned k, uint32_t n)
{
    unsigned width = (unsigned)__builtin_popcount(tree->bits), bits = 1u << k % width;
    unsigned before = number >> (k - k % width) & ((1u << width) - 1);
    uint16_t bit = spread(&bits, tree->bits), on = spread(&before, tree->bits);
    const struct reach *a = &reach[number], *b = &reach[number | 1u << k];

    for (uint32_t pair = 0; pair < n; pair++)
        if (b->rank[pair] > a->rank[pair] && !may_widen(a, pair, bit, on, b->rank[pair], pair & 1))
            fail_msg("%s, %x: pair %u may more with bit %x of %s", tree->name, number, pair, bit,
                tree->tried[k / width]);
}

static void a_bit_that_is_to_confine_never_widens(void **state)
{
    struct reach *reach = malloc(sizeof(*reach) << BITS_MOST);

    (void)state;
    assert_non_null(reach);
    for (size_t t = 0; t < COUNT(trees); t++) {
        struct routes r;
        unsigned n_bits = build_tree(&r, &trees[t]);
        uint32_t n = 0;

        for (unsigned number = 0; number < 1u << n_bits; number++) {
            set_bits(&r, &trees[t], number);
            n = measure(&r, &reach[number]);
        }
        for (unsigned number = 0; number < 1u << n_bits; number++)
            for (unsigned k = 0; k < n_bits; k++)
                if (!(number >> k & 1))
                    check_bit(reach, &trees[t], number, k, n);
        iow_mem_done(&r.m.mem);
    }
    free(reach);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_agrees_with_the_naive_walk),
        cmocka_unit_test(a_bit_that_is_to_confine_never_widens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
