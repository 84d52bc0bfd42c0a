/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handing over and taking back on simulated kernels, with every effect failing once in every way.
 *
 * A shape is a machine and what is asked of it. For each: the claim and the release run without a fault; then each effect of
 * the claim, and each of the release, fails in each way. Whatever the outcome, the journal says of every variable that
 * is not as it was that it is open; and when the fault is over and what is open has been resumed, the machine is as
 * it was before the claim.
 */
#include "simulated.h"

#include "exec/exec.h"

#include <errno.h>
#include <setjmp.h>

#define USER 1000
#define MOST_ASKED 4
#define TIMEOUT_USEC 5000000

static const struct shape {
    const char *name, *topology;
    const char *before[6]; /* commands, before it is planned */
    const char *asked[MOST_ASKED];
} shapes[] = {
    {"a single device", "port-functions-acs", {NULL}, {"02:00.0"}},
    {"a device without driver", "root-ports", {NULL}, {"01:00.0"}},
    {"two functions", "functions-below-port", {NULL}, {"01:00.0"}},
    {"three devices behind a bridge to PCI", "pcie-pci-bridge", {NULL}, {"02:01.0"}},
    {"a bridge under a driver that does DMA", "second-host-bridge", {NULL}, {"82:01.0"}},
    {"a group with its root port", "root-ports", {NULL}, {"02:00.0"}},
    {"a switch in the group", "switch-one-slot", {NULL}, {"04:00.0"}},
    {"a physical function", "sriov", {NULL}, {"01:00.0"}},
    {"a virtual function", "sriov", {"vfs 01:00.0 2"}, {"01:00.1"}},
    {"an override that names another driver", "functions-below-port", {"override 01:00.1 pci-stub"},
        {"01:00.0"}},
    {"an override that names the driver", "functions-below-port", {"override 01:00.1 e1000e"}, {"01:00.0"}},
    {"an override without driver", "functions-below-port", {"unbind 01:00.0", "override 01:00.0 pci-stub"},
        {"01:00.0"}},
    {"one member unbound", "functions-below-port", {"unbind 01:00.1"}, {"01:00.0"}},
    {"one member on vfio-pci", "functions-below-port",
        {"modprobe vfio-pci", "unbind 01:00.1", "override 01:00.1 vfio-pci", "bind 01:00.1 vfio-pci"},
        {"01:00.0"}},
    {"all on vfio-pci, for somebody else", "port-functions-acs",
        {"modprobe vfio-pci", "unbind 02:00.0", "override 02:00.0 vfio-pci", "bind 02:00.0 vfio-pci",
            "access 6 7:7:0640"},
        {"02:00.0"}},
    {"two groups at once", "functions-below-port", {NULL}, {"01:00.0", "02:00.1"}},
    {"an NVMe disk", "nvme-drive", {NULL}, {"01:00.0"}},
    {"a card of three functions", "card", {NULL}, {"01:00.2"}},
    {"a sound card", "hand-over", {NULL}, {"00:06.0"}},
    {"virtio functions", "integrated-virtio", {NULL}, {"00:05.0"}},
};

/* One kernel a process, so that they run side by side. */
static const char *kernel = "6.12";

/* kill: the caller never comes back from the effect, as when it dies; else each of its calls fails from then on. */
static const struct fault {
    const char *name;
    enum iow_sim_fault fault;
    int error;
    bool kill;
} faults[] = {
    {"refused, busy", IOW_SIM_FAULT_REFUSE, -EBUSY, false},
    {"refused, no device", IOW_SIM_FAULT_REFUSE, -ENODEV, false},
    {"refused, not possible", IOW_SIM_FAULT_REFUSE, -EINVAL, false},
    {"hangs", IOW_SIM_FAULT_HANG, 0, false},
    {"comes late", IOW_SIM_FAULT_LATE, 0, false},
    {"lies", IOW_SIM_FAULT_LIE, 0, false},
    {"device vanishes", IOW_SIM_FAULT_VANISH, 0, false},
    {"dies before", IOW_SIM_FAULT_CRASH, 0, true},
    {"dies after", IOW_SIM_FAULT_CRASH_AFTER, 0, true},
    {"machine lost before", IOW_SIM_FAULT_CRASH, 0, false},
    {"machine lost after", IOW_SIM_FAULT_CRASH_AFTER, 0, false},
};

/* One machine and one ioward. */
struct run {
    const struct shape *shape;
    const struct fault *fault;
    const char *release, *doing;
    unsigned n;             /* the effect that fails */
    bool striking;          /* the fault has not ended */
    unsigned acts, dies_at; /* effects of this ioward, and after which it dies; 0: it does not */
    struct iow_sim *sim;
    struct iow_journal *journal;
    struct iow_mem mem;
    char *before; /* state of the machine */
    struct iow_outcome last;
    struct iow_actor killing;
    jmp_buf dead;
};

static struct counts {
    unsigned shapes, effects, runs, resumed, killed;
} counts;

/* What is wrong, and in which run. */
__attribute__((noreturn)) static void bad(const struct run *run, const char *what)
{
    char *now = iow_sim_state(run->sim);

    fprintf(stderr, "%s, kernel %s, %s, effect %u, %s: %s\nbefore:\n%snow:\n%s", run->shape->name,
        run->release, run->doing, run->n, run->fault ? run->fault->name : "no fault", what, run->before, now);
    for (uint32_t i = 0; i < run->last.n_failures; i++)
        fprintf(stderr, "%s %s: %s, errno %d, seen %s\n", iow_step_kind_name(run->last.failures[i].step.kind),
            run->last.failures[i].undoing ? "undoing" : "doing", iow_rule_id(run->last.failures[i].rule),
            run->last.failures[i].error, run->last.failures[i].seen ? run->last.failures[i].seen : "-");
    free(now);
    fail();
    abort();
}

static void begin(struct run *run, const struct shape *shape, const char *release)
{
    *run = (struct run){
        .shape = shape, .release = release, .doing = "begin", .sim = boot(shape->topology, release)};
    iow_mem_init_malloc(&run->mem);
    assert_int_equal(iow_journal_open(":memory:", "simulated", &run->journal, NULL), 0);
    for (unsigned i = 0; i < COUNT(shape->before) && shape->before[i]; i++)
        must(run->sim, "%s", shape->before[i]);
    run->before = iow_sim_state(run->sim);
}

static void end(struct run *run)
{
    free(run->before);
    iow_journal_close(run->journal);
    iow_mem_done(&run->mem);
    iow_sim_free(run->sim);
    counts.runs++;
}

static uint64_t now(void)
{
    return 1;
}

static struct run *run_of(struct iow_actor *actor)
{
    return (struct run *)((char *)actor - offsetof(struct run, killing));
}

/* Who dies in an effect is not heard of again. */
static int act_or_die(struct iow_actor *actor, uint64_t timeout_usec)
{
    struct run *run = run_of(actor);
    struct iow_actor *inner = iow_sim_actor(run->sim);
    int r = inner->ops->act(inner, timeout_usec);

    if (++run->acts == run->dies_at)
        longjmp(run->dead, 1);
    if (run->striking && run->fault->kill && iow_sim_effects(run->sim) == run->n)
        longjmp(run->dead, 1);
    return r;
}

static int pass_open(struct iow_actor *actor, struct iow_source **ret, struct iow_explain *reterr)
{
    struct iow_actor *inner = iow_sim_actor(run_of(actor)->sim);

    return inner->ops->open_source(inner, ret, reterr);
}

static int pass_observe(struct iow_actor *actor, const struct iow_step *step, char value[IOW_VALUE_BYTES])
{
    struct iow_actor *inner = iow_sim_actor(run_of(actor)->sim);

    return inner->ops->observe(inner, step, value);
}

static int pass_prepare(struct iow_actor *actor, const struct iow_step *step, struct iow_effort *ret)
{
    struct iow_actor *inner = iow_sim_actor(run_of(actor)->sim);

    return inner->ops->prepare(inner, step, ret);
}

static void pass_cancel(struct iow_actor *actor)
{
    struct iow_actor *inner = iow_sim_actor(run_of(actor)->sim);

    inner->ops->cancel(inner);
}

static int pass_await(struct iow_actor *actor, const struct iow_effort *effort, uint64_t timeout_usec)
{
    struct iow_actor *inner = iow_sim_actor(run_of(actor)->sim);

    return inner->ops->await(inner, effort, timeout_usec);
}

static const struct iow_actor_ops killing_ops = {.open_source = pass_open,
    .observe = pass_observe,
    .prepare = pass_prepare,
    .act = act_or_die,
    .cancel = pass_cancel,
    .await = pass_await};

static struct iow_exec exec_of(struct run *run)
{
    run->acts = 0;
    run->killing = (struct iow_actor){.ops = &killing_ops, .provenance = IOW_FROM_SIMULATION};
    return (struct iow_exec){.actor = &run->killing,
        .journal = run->journal,
        .boot_id = "simulated",
        .timeout_usec = TIMEOUT_USEC,
        .now_usec = now};
}

static uint32_t asked_of(
    const struct shape *shape, const struct iow_facts *facts, uint32_t functions[MOST_ASKED])
{
    uint32_t n = 0;

    for (unsigned i = 0; i < MOST_ASKED && shape->asked[i]; i++) {
        struct iow_address address;

        assert_int_equal(iow_address_parse(shape->asked[i], strlen(shape->asked[i]), &address), 0);
        functions[n] = iow_facts_find_function(facts, &address);
        assert_true(functions[n] != IOW_NONE);
        n++;
    }
    return n;
}

static struct iow_plan *plan_of(struct run *run, struct iow_source *source, struct iow_facts *facts)
{
    uint32_t functions[MOST_ASKED], *looked_at, n;
    struct iow_claim_request request = {.n = asked_of(run->shape, facts, functions),
        .functions = functions,
        .with_group = true,
        .uid = USER,
        .gid = USER};
    struct iow_analysis *analysis;
    struct iow_plan *plan;

    assert_int_equal(iow_analyse(facts, &run->mem, &analysis, NULL), 0);
    assert_int_equal(iow_plan_functions(analysis, &request, &run->mem, &looked_at, &n), 0);
    assert_int_equal(iow_facts_read_uses(source, facts, looked_at, n, NULL), 0);
    assert_int_equal(iow_plan_claim(analysis, &request, &run->mem, &plan), 0);
    for (uint32_t i = 0; i < plan->n_refusals; i++)
        bad(run, iow_rule_id(plan->refusals[i].rule));
    return plan;
}

static struct iow_outcome claim(struct run *run)
{
    const struct iow_transaction about = {.uid = USER, .by_uid = 0, .command = ""};
    struct iow_exec exec = exec_of(run);
    struct iow_source *source;
    struct iow_facts *facts = read_facts(run->sim, &source);
    struct iow_plan *plan = plan_of(run, source, facts);
    struct iow_outcome outcome = {.kind = IOW_OUTCOME__COUNT};
    int64_t transaction;

    if (setjmp(run->dead) == 0)
        assert_int_equal(
            iow_exec_claim(&exec, facts, plan, &about, &run->mem, &outcome, &transaction, NULL), 0);
    iow_facts_free(facts);
    iow_source_close(source);
    run->last = outcome;
    return outcome;
}

static const struct iow_claim *claims_of(struct run *run, uint32_t *ret_n)
{
    const struct iow_claim *claims;

    assert_int_equal(iow_journal_claims(run->journal, &run->mem, &claims, ret_n, NULL), 0);
    return claims;
}

/* Puts back all that the journal has. */
static struct iow_outcome put_back(struct run *run)
{
    struct iow_outcome outcome = {.kind = IOW_OUTCOME__COUNT};
    struct iow_exec exec = exec_of(run);
    const struct iow_claim *list[8], *claims;
    uint32_t n;

    claims = claims_of(run, &n);
    assert_true(n <= COUNT(list));
    for (uint32_t i = 0; i < n; i++)
        list[i] = &claims[i];
    if (setjmp(run->dead) == 0)
        assert_int_equal(iow_exec_undo(&exec, list, n, false, &run->mem, &outcome, NULL), 0);
    run->last = outcome;
    return outcome;
}

static bool is_open(const struct iow_claim_step *step)
{
    return step->state == IOW_STEP_INTENDED || step->state == IOW_STEP_DONE ||
           step->state == IOW_STEP_UNDOING;
}

/* Does the journal say that what this line is about is open? */
static bool is_told(const struct iow_claim *claims, uint32_t n, const char *line)
{
    char name[IOW_ADDRESS_TEXT], address[IOW_ADDRESS_TEXT];
    unsigned group = 0;
    bool node = sscanf(line, "node %u", &group) == 1;

    if (!node && sscanf(line, "function %23s", address) != 1)
        return false;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < claims[i].n_steps; k++) {
            const struct iow_claim_step *s = &claims[i].steps[k];

            if (!is_open(s))
                continue;
            if (node ? s->step.group == group
                     : strcmp(iow_address_format(&s->step.function, name), address) == 0)
                return true;
        }
    return false;
}

static bool has_line(const char *text, const char *line, size_t len)
{
    for (const char *at = text; (at = strstr(at, line)); at++)
        if ((at == text || at[-1] == '\n') && strncmp(at, line, len) == 0)
            return true;
    return false;
}

/* A function that was pulled out, or a node that went with the last member of its group, is missing for good. */
static bool may_miss(const struct run *run, const char *line, const char *now_text)
{
    char about[64];

    if (!run->fault || run->fault->fault != IOW_SIM_FAULT_VANISH)
        return false;
    snprintf(about, sizeof(about), "%.*s",
        (int)strcspn(strchr(line, ' ') + 1, " ") + (int)(strchr(line, ' ') + 1 - line), line);
    strcat(about, " ");
    return !has_line(now_text, about, strlen(about));
}

/* Every line of one state that another has not is told in the journal. */
static void compare(struct run *run, const char *a, const char *b, const char *now_text)
{
    const struct iow_claim *claims;
    uint32_t n;

    claims = claims_of(run, &n);
    for (const char *at = a; *at; at += strcspn(at, "\n") + 1) {
        size_t len = strcspn(at, "\n") + 1;
        char line[512];

        assert_true(len < sizeof(line));
        memcpy(line, at, len);
        line[len] = '\0';
        if (!has_line(b, line, strlen(line)) && !is_told(claims, n, line) && !may_miss(run, line, now_text))
            bad(run, line);
    }
}

static void nothing_is_changed_but_what_the_journal_says(struct run *run)
{
    char *now_text = iow_sim_state(run->sim);

    compare(run, run->before, now_text, now_text);
    compare(run, now_text, run->before, now_text);
    free(now_text);
}

static void all_is_as_it_was(struct run *run)
{
    uint32_t n;

    claims_of(run, &n);
    if (n)
        bad(run, "a claim is left");
    nothing_is_changed_but_what_the_journal_says(run);
}

static void the_fault_begins(struct run *run, const char *doing, const struct fault *fault, unsigned n)
{
    run->doing = doing;
    run->fault = fault;
    run->n = n;
    run->striking = true;
    iow_sim_set_fault(run->sim, fault->fault, n, fault->error);
}

static void the_fault_ends(struct run *run)
{
    run->striking = false;
    iow_sim_set_fault(run->sim, IOW_SIM_FAULT_NONE, 0, 0);
    must(run->sim, "continue");
}

/* After whatever came of it: what is open is resumed, and then all is as it was. */
static void recover(struct run *run, struct iow_outcome outcome)
{
    uint32_t n;

    claims_of(run, &n);
    if (outcome.kind == IOW_OUTCOME__COUNT)
        counts.killed++;
    else if (n)
        nothing_is_changed_but_what_the_journal_says(run);
    if (outcome.kind == IOW_OUTCOME_ROLLED_BACK)
        all_is_as_it_was(run);
    the_fault_ends(run);
    if (n) {
        counts.resumed++;
        outcome = put_back(run);
        if (outcome.kind != IOW_OUTCOME_DONE)
            bad(run, "resuming did not finish");
    }
    all_is_as_it_was(run);
}

/* A fault that cannot strike this effect leaves the claim whole: the user can use it. */
static void claim_fails_once(
    const struct shape *shape, const char *release, const struct fault *fault, unsigned n)
{
    struct run run;

    begin(&run, shape, release);
    the_fault_begins(&run, "claiming", fault, n);
    recover(&run, claim(&run));
    end(&run);
}

static void release_fails_once(
    const struct shape *shape, const char *release, const struct fault *fault, unsigned n)
{
    struct run run;

    begin(&run, shape, release);
    if (claim(&run).kind != IOW_OUTCOME_DONE)
        bad(&run, "the claim failed");
    the_fault_begins(&run, "releasing", fault, n);
    recover(&run, put_back(&run));
    end(&run);
}

/* Without a fault: how many effects each has. In between, the user can use what was asked for. */
static void nothing_fails(
    const struct shape *shape, const char *release, unsigned *ret_claim, unsigned *ret_release)
{
    struct run run;
    unsigned pid;

    begin(&run, shape, release);
    run.doing = "claiming";
    iow_sim_set_fault(run.sim, IOW_SIM_FAULT_NONE, 0, 0);
    if (claim(&run).kind != IOW_OUTCOME_DONE)
        bad(&run, "the claim failed");
    *ret_claim = iow_sim_effects(run.sim);
    run.doing = "using";
    pid = must_number(run.sim, "open %s program %u", shape->asked[0], USER);
    must(run.sim, "close %u", pid);
    run.doing = "releasing";
    iow_sim_set_fault(run.sim, IOW_SIM_FAULT_NONE, 0, 0);
    if (put_back(&run).kind != IOW_OUTCOME_DONE)
        bad(&run, "the release failed");
    *ret_release = iow_sim_effects(run.sim);
    all_is_as_it_was(&run);
    end(&run);
}

/* The user has the device open: it is pending, and nothing of the group goes back before the user lets go. */
static void the_user_does_not_let_go(const struct shape *shape, const char *release)
{
    struct run run;
    struct iow_outcome outcome;
    unsigned pid;

    begin(&run, shape, release);
    if (claim(&run).kind != IOW_OUTCOME_DONE)
        bad(&run, "the claim failed");
    run.doing = "releasing while it is used";
    pid = must_number(run.sim, "open %s program %u", shape->asked[0], USER);
    outcome = put_back(&run);
    if (outcome.kind == IOW_OUTCOME_PENDING) {
        nothing_is_changed_but_what_the_journal_says(&run);
        must(run.sim, "close %u", pid);
        outcome = put_back(&run);
    }
    if (outcome.kind != IOW_OUTCOME_DONE)
        bad(&run, "not pending, and not done");
    all_is_as_it_was(&run);
    end(&run);
}

/* An effect of the claim is refused, and while the rest is put back it dies. False: it lived to the end. */
static bool dies_in_its_rollback(const struct shape *shape, const char *release, unsigned n, unsigned at)
{
    static const struct fault refused = {"refused, then dies", IOW_SIM_FAULT_REFUSE, -EBUSY, false};
    struct run run;
    bool died;

    begin(&run, shape, release);
    the_fault_begins(&run, "claiming", &refused, n);
    run.dies_at = at;
    died = claim(&run).kind == IOW_OUTCOME__COUNT;
    run.dies_at = 0;
    recover(&run, run.last);
    end(&run);
    return died;
}

/* It dies in the claim, and who puts that back dies again. False: the second one lived to the end. */
static bool dies_twice(const struct shape *shape, const char *release, unsigned n, unsigned at)
{
    struct run run;
    bool died;

    begin(&run, shape, release);
    run.doing = "claiming and dying twice";
    run.n = n;
    run.dies_at = n;
    if (claim(&run).kind != IOW_OUTCOME__COUNT)
        bad(&run, "it lived");
    run.dies_at = at;
    died = put_back(&run).kind == IOW_OUTCOME__COUNT;
    run.dies_at = 0;
    recover(&run, run.last);
    end(&run);
    return died;
}

static void die_everywhere(const struct shape *shape, const char *release, unsigned n_claim)
{
    for (unsigned n = 1; n <= n_claim; n++) {
        for (unsigned at = n + 1; dies_in_its_rollback(shape, release, n, at); at++)
            ;
        for (unsigned at = 1; dies_twice(shape, release, n, at); at++)
            ;
    }
}

static void fail_everywhere(const struct shape *shape, const char *release)
{
    unsigned n_claim, n_release;

    nothing_fails(shape, release, &n_claim, &n_release);
    the_user_does_not_let_go(shape, release);
    counts.effects += n_claim + n_release;
    die_everywhere(shape, release, n_claim);
    for (unsigned i = 0; i < COUNT(faults); i++) {
        for (unsigned n = 1; n <= n_claim; n++)
            claim_fails_once(shape, release, &faults[i], n);
        for (unsigned n = 1; n <= n_release; n++)
            release_fails_once(shape, release, &faults[i], n);
    }
}

static void whatever_fails_the_machine_is_put_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT(shapes); i++)
        fail_everywhere(&shapes[i], kernel);
    counts.shapes = COUNT(shapes);
    print_message("figures: hand-over, simulated Linux %s: %u shapes, %u effects, %u faults: %u runs, %u "
                  "resumed, %u died\n",
        kernel, counts.shapes, counts.effects, (unsigned)COUNT(faults), counts.runs, counts.resumed,
        counts.killed);
    assert_true(counts.effects > 200 && counts.resumed > 100 && counts.killed > 100);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_fails_the_machine_is_put_back),
    };

    if (argc > 1)
        kernel = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
