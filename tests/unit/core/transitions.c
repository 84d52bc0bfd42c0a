/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transitions.h"

#define MOST_ROWS 1024
#define N_PROFILES 3

static const char *const profile_name[N_PROFILES] = {"pure", "linux-6.1", "linux-6.12"};
static bool visited[N_PROFILES][MOST_ROWS];
static bool reached[N_PROFILES][MOST_ROWS];

static uint64_t group(enum iow_domain_kind kind, uint32_t tag, uint32_t claims, uint32_t drivers)
{
    struct iow_ownership is = {
        .kind = kind, .type = IOW_TYPE_DMA, .tag = tag, .claims = claims, .drivers = drivers};

    return iow_ownership_pack(&is);
}

uint64_t unused_group(void)
{
    return group(IOW_KIND_DEFAULT, 0, 0, 0);
}

uint64_t kernel_group(uint32_t drivers)
{
    return group(IOW_KIND_DEFAULT, 0, 0, drivers);
}

uint64_t private_group(uint32_t drivers)
{
    return group(IOW_KIND_TABLE, 0, 0, drivers);
}

uint64_t stray_group(void)
{
    return group(IOW_KIND_TABLE, 0, 0, 0);
}

uint64_t blocked_group(uint32_t owner, uint32_t claims)
{
    return group(IOW_KIND_BLOCKING, owner, claims, 0);
}

uint64_t attached_group(uint32_t owner, uint32_t claims)
{
    return group(IOW_KIND_TABLE, owner, claims, 0);
}

uint64_t leaked_group(uint32_t owner)
{
    return group(IOW_KIND_BLOCKING, owner, 0, 0);
}

uint64_t of_type(uint64_t word, enum iow_domain_type type)
{
    struct iow_ownership is = iow_ownership_unpack(word);

    is.type = type;
    return iow_ownership_pack(&is);
}

uint64_t of_kind(uint64_t word, enum iow_domain_kind kind)
{
    struct iow_ownership is = iow_ownership_unpack(word);

    is.kind = kind;
    return iow_ownership_pack(&is);
}

uint64_t with_pasids(uint64_t word, uint32_t pasids)
{
    struct iow_ownership is = iow_ownership_unpack(word);

    is.pasids = pasids;
    return iow_ownership_pack(&is);
}

uint64_t with_drivers(uint64_t word, uint32_t drivers)
{
    struct iow_ownership is = iow_ownership_unpack(word);

    is.drivers = drivers;
    return iow_ownership_pack(&is);
}

uint64_t with_claims(uint64_t word, uint32_t claims)
{
    struct iow_ownership is = iow_ownership_unpack(word);

    is.claims = claims;
    return iow_ownership_pack(&is);
}

/* What happens, and where in the test's file it was asked. */
struct answer {
    int code;
    struct iow_transition transition;
    struct iow_explain explain;
    struct iow_transition_row row;
};

static void same(int line, const char *profile, const char *what, uint64_t is, uint64_t wanted)
{
    if (is == wanted)
        return;
    print_error("line %d, %s: %s is %#llx, not %#llx\n", line, profile, what, (unsigned long long)is,
        (unsigned long long)wanted);
    fail();
}

static struct answer answer_of(unsigned p, uint64_t word, const struct iow_event *event)
{
    struct answer a = {0};

    a.code = iow_transition(iow_profile_find(profile_name[p]), word, event, &a.transition, &a.explain);
    assert_in_range(a.transition.row, 0, MOST_ROWS - 1);
    assert_true(iow_transition_row_at(a.transition.row, &a.row));
    visited[p][a.transition.row] = true;
    return a;
}

#define FOR_EACH_PROFILE(p, on)                                                                              \
    for (unsigned p = 0; p < N_PROFILES; p++)                                                                \
        if ((on) >> p & 1)

void expect_refused(
    int line, unsigned on, uint64_t word, struct iow_event event, int error, enum iow_rule rule)
{
    FOR_EACH_PROFILE(p, on)
    {
        struct answer a = answer_of(p, word, &event);

        same(line, profile_name[p], "error", -a.code, error);
        same(line, profile_name[p], "rule", a.explain.rule, rule);
        same(line, profile_name[p], "explained error", -a.explain.code, error);
        same(line, profile_name[p], "word", a.transition.next, word);
        same(line, profile_name[p], "move", a.transition.move, IOW_MOVE_NONE);
    }
}

void expect_warned(int line, unsigned on, uint64_t word, struct iow_event event, enum iow_rule rule)
{
    FOR_EACH_PROFILE(p, on)
    {
        struct answer a = answer_of(p, word, &event);

        same(line, profile_name[p], "error", a.code, 0);
        same(line, profile_name[p], "warned", a.transition.warned, true);
        same(line, profile_name[p], "rule", a.row.rule, rule);
        same(line, profile_name[p], "word", a.transition.next, word);
        same(line, profile_name[p], "move", a.transition.move, IOW_MOVE_NONE);
    }
}

static struct answer granted(
    int line, unsigned p, uint64_t word, const struct iow_event *event, enum iow_move move, uint64_t next)
{
    struct answer a = answer_of(p, word, event);

    same(line, profile_name[p], "error", -a.code, 0);
    same(line, profile_name[p], "warned", a.transition.warned, false);
    same(line, profile_name[p], "move", a.transition.move, move);
    same(line, profile_name[p], "word", a.transition.next, next);
    return a;
}

void expect_becomes(int line, unsigned on, uint64_t word, struct iow_event event, uint64_t next)
{
    FOR_EACH_PROFILE(p, on)
    (void)granted(line, p, word, &event, IOW_MOVE_NONE, next);
}

void expect_moves(
    int line, unsigned on, uint64_t word, struct iow_event event, enum iow_domain_kind to, uint64_t next)
{
    FOR_EACH_PROFILE(p, on)
    {
        struct answer a = granted(line, p, word, &event, IOW_MOVE_ALL, next);

        same(line, profile_name[p], "target", a.transition.target, to);
    }
}

void expect_joins(
    int line, unsigned on, uint64_t word, struct iow_event event, enum iow_move move, uint64_t next)
{
    FOR_EACH_PROFILE(p, on)
    {
        struct answer a = granted(line, p, word, &event, move, next);

        same(line, profile_name[p], "word of a failure", a.transition.failed, word);
        same(line, profile_name[p], "silence of a failure", a.transition.unsaid, false);
    }
}

void expect_failure(int line, unsigned on, uint64_t word, struct iow_event event, enum iow_on_failure failure,
    uint64_t failed, bool unsaid)
{
    FOR_EACH_PROFILE(p, on)
    {
        struct answer a = answer_of(p, word, &event);

        same(line, profile_name[p], "error", -a.code, 0);
        same(line, profile_name[p], "move", a.transition.move, IOW_MOVE_ALL);
        same(line, profile_name[p], "way to fail", a.transition.failure, failure);
        same(line, profile_name[p], "silence of a failure", a.transition.unsaid, unsaid);
        if (failure != IOW_ON_FAILURE_FORCE)
            same(line, profile_name[p], "word of a failure", a.transition.failed, failed);
    }
}

void expect_evidence(unsigned on, uint64_t word, struct iow_event event, uint64_t seen, uint64_t wanted)
{
    FOR_EACH_PROFILE(p, on)
    {
        struct answer a = answer_of(p, word, &event);

        assert_int_equal(a.explain.n_evidence, 1);
        assert_int_equal(a.explain.evidence[0].seen, seen);
        assert_int_equal(a.explain.evidence[0].wanted, wanted);
    }
}

/* The next digit of a number that counts through all combinations. */
static unsigned digit(unsigned *n, unsigned base)
{
    unsigned value = *n % base;

    *n /= base;
    return value;
}

static bool names_a_domain(enum iow_operation operation)
{
    return operation == IOW_OPERATION_ATTACH_GROUP || operation == IOW_OPERATION_ATTACH_DEVICE ||
           operation == IOW_OPERATION_REPLACE;
}

/* Events of one operation: one flag at most, so that no earlier row hides what a flag decides. */
static unsigned events_of(enum iow_operation operation, struct iow_event *event, unsigned i)
{
    static const enum iow_domain_kind domains[] = {IOW_KIND_TABLE, IOW_KIND_DEFAULT, IOW_KIND_BLOCKING};
    static const enum iow_domain_type types[] = {IOW_TYPE_DMA_FQ, IOW_TYPE_DMA, IOW_TYPE_IDENTITY};
    unsigned n_domains = names_a_domain(operation) ? 3 : 1;
    unsigned n_types = operation == IOW_OPERATION_SET_TYPE ? 3 : 1;
    unsigned flag = digit(&i, 8);

    *event = (struct iow_event){.operation = operation};
    event->tag = digit(&i, 3);
    event->members = digit(&i, 3);
    event->domain = domains[digit(&i, n_domains)];
    event->type = types[digit(&i, n_types)];
    event->outside = flag == 1;
    event->asker_counted = flag == 2;
    event->newcomer_counted = flag == 3;
    event->any_bound = flag == 4;
    event->other_iommu = flag == 5;
    event->forced = flag == 6;
    event->not_attached = flag == 7;
    return 8 * 3 * 3 * n_domains * n_types;
}

static uint64_t word_at(unsigned i)
{
    static const enum iow_domain_type types[] = {IOW_TYPE_NONE, IOW_TYPE_DMA, IOW_TYPE_IDENTITY};
    static const uint32_t drivers[] = {0, 1, 2, IOW_MOST_DRIVERS};
    static const uint32_t claims[] = {0, 1, IOW_MOST_CLAIMS};
    static const uint32_t pasids[] = {0, 1, IOW_MOST_PASIDS};
    struct iow_ownership is = {0};

    is.kind = digit(&i, IOW_KIND__COUNT);
    is.type = types[digit(&i, 3)];
    is.tag = digit(&i, 2);
    is.drivers = drivers[digit(&i, 4)];
    is.claims = claims[digit(&i, 3)];
    is.pasids = pasids[digit(&i, 3)];
    return iow_ownership_pack(&is);
}

#define N_WORDS (IOW_KIND__COUNT * 3 * 2 * 4 * 3 * 3)

void ask_everything(enum iow_operation operation, iow_each_question each)
{
    const struct iow_profile *profile;
    struct iow_event event;
    unsigned n_events = events_of(operation, &event, 0);

    for (uint32_t p = 0; (profile = iow_profile_at(p)); p++)
        for (unsigned e = 0; e < n_events; e++) {
            (void)events_of(operation, &event, e);
            for (unsigned w = 0; w < N_WORDS; w++)
                each(profile, word_at(w), &event);
        }
}

static void reach(const struct iow_profile *profile, uint64_t word, const struct iow_event *event)
{
    struct iow_transition t;

    (void)iow_transition(profile, word, event, &t, NULL);
    for (unsigned p = 0; p < N_PROFILES; p++)
        if (iow_profile_at(p) == profile)
            reached[p][t.row] = true;
}

void assert_every_row_visited(const enum iow_operation *operations, size_t n)
{
    unsigned left_out = 0;

    for (size_t i = 0; i < n; i++)
        ask_everything(operations[i], reach);
    for (unsigned p = 0; p < N_PROFILES; p++)
        for (uint32_t i = 0; i < MOST_ROWS; i++) {
            struct iow_transition_row row;

            if (!reached[p][i] || visited[p][i])
                continue;
            assert_true(iow_transition_row_at(i, &row));
            print_error("%s: row %u (%s, when '%s', answer %d) is not visited\n", profile_name[p], i,
                iow_operation_words(row.operation), row.when, row.code);
            left_out++;
        }
    assert_int_equal(left_out, 0);
}
