/* SPDX-License-Identifier: GPL-2.0-or-later */
/* differ-model - what the model says to the sequences that a guest's kernel was asked
 *
 *   differ-model MACHINE SEQUENCES [ROWS [REFUSALS]]
 *
 * Each sequence begins with the machine as the guest found it. To ROWS: how often each row answered. To REFUSALS: what
 * the ownership core refused, one a line: SEQUENCE.STEP ERROR RULE. */

#include "model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t times[1024];

static bool is_out(const struct model *m, uint32_t function)
{
    uint32_t parent = m->front.functions[function].parent;

    return parent != IOW_NONE && m->out[parent];
}

/* Whatever is away comes back, what is above the rest first, or what is below a port; virtual functions
 * nobody finds by looking. */
static void look_again(struct model *m, uint32_t port)
{
    for (uint32_t i = 0; i < m->machine.n_functions; i++)
        if (m->machine.functions[i].physical == NO_FUNCTION && !is_out(m, i) &&
            (port == IOW_NONE || m->front.functions[i].parent == port))
            (void)ask(m, (struct iow_front_op){.call = IOW_FRONT_CALL_ADD, .function = i});
}

static uint32_t built_of(const struct machine *machine)
{
    return (machine->built[BUILT_IOMMUFD] ? 1u << IOW_FRONT_IOMMUFD : 0) |
           (machine->built[BUILT_CDEV] ? 1u << IOW_FRONT_CDEV : 0) |
           (machine->built[BUILT_NOIOMMU] ? 1u << IOW_FRONT_NOIOMMU : 0);
}

static void note_refusal(void *ctx, const struct iow_dma_group *group, const struct iow_explain *why)
{
    const struct model *m = ctx;

    (void)group;
    if (m->refusals)
        fprintf(m->refusals, "%u.%u %s %s\n", m->sequence, m->step, iow_error_name(why->code),
            iow_rule_id(why->rule));
}

/* Ports have their driver at boot; what else there is came later, to nobody. */
static void begin(struct model *m)
{
    const struct iow_front_shape shape = {.n_drivers = N_DRIVERS,
        .n_functions = m->machine.n_functions,
        .n_groups = m->machine.n_groups,
        .n_files = 128,
        .n_fds = 256,
        .n_processes = MOST_PROCESSES,
        .n_tasks = MOST_TASKS};
    static const struct iow_front_hooks hooks = {.refused = note_refusal};
    struct iow_front_row row;

    iow_mem_init_malloc(&m->mem);
    if (iow_front_init(&m->front, &m->mem, &shape, (uint16_t)m->machine.release, built_of(&m->machine)) < 0)
        complain("no memory");
    m->front.hooks = &hooks;
    m->front.ctx = m;
    describe_drivers(&m->front, &m->machine);
    memset(m->out, 0, sizeof(m->out));
    describe_machine(&m->front, &m->machine);
    iow_front_boot(&m->front);
    m->front.drivers[DRIVER_PCIEPORT].loaded = true;
    look_again(m, IOW_NONE);
    for (unsigned i = 0; i < N_DRIVERS; i++)
        m->front.drivers[i].loaded = true;
    for (uint32_t i = 0; iow_front_row_at(i, &row); i++)
        m->front.times[i] = 0;
    for (unsigned p = 0; p < MOST_PROCESSES; p++)
        for (unsigned s = 0; s < MOST_SLOTS; s++)
            m->slots[p][s] = IOW_NONE;
    memset(m->tasks, 0, sizeof(m->tasks));
}

static uint32_t *filled(struct model *m, const struct step *step)
{
    int argument = filled_slot(step);
    unsigned process = step->call == CALL_PASS ? step->argument[1] : step->process;

    return argument < 0 ? NULL : &m->slots[process][step->argument[argument]];
}

/* The node of a function without a group is a group's too. */
#define IOW_FRONT_CALL_OPEN_NOIOMMU IOW_FRONT_CALL_OPEN_GROUP

static struct iow_front_op op_of(struct model *m, const struct step *step)
{
    static const enum iow_front_call calls[N_CALLS] = {
#define IOW_FRONT_CALL_PLUG IOW_FRONT_CALL_ADD
#define IOW_FRONT_CALL_PULL IOW_FRONT_CALL_UNPLUG
#define CALL_OF(name, word, arguments) [CALL_##name] = IOW_FRONT_CALL_##name,
        CALL_LIST(CALL_OF)
#undef CALL_OF
#undef IOW_FRONT_CALL_PLUG
#undef IOW_FRONT_CALL_PULL
    };
    static const uint32_t overrides[] = {[DRIVER_NOBODY] = IOW_FRONT_NO_NAME, [DRIVER_NONE] = IOW_NONE};
    static const enum iow_domain_type types[] = {[TYPE_DMA] = IOW_TYPE_DMA,
        [TYPE_DMA_FQ] = IOW_TYPE_DMA_FQ,
        [TYPE_IDENTITY] = IOW_TYPE_IDENTITY,
        [TYPE_AUTO] = IOW_FRONT_AUTO_TYPE};
    static const enum iow_front_argument manners[N_MANNERS] = {[MANNER_FINE] = IOW_FRONT_FINE,
        [MANNER_UNREADABLE] = IOW_FRONT_UNREADABLE,
        [MANNER_MALFORMED] = IOW_FRONT_MALFORMED,
        [MANNER_GLUED] = IOW_FRONT_GLUED,
        [MANNER_WITH_DATA] = IOW_FRONT_WITH_DATA,
        [MANNER_OTHER_DATA] = IOW_FRONT_OTHER_DATA,
        [MANNER_UNPRIVILEGED] = IOW_FRONT_FINE};
    const unsigned *arguments = step->argument;
    struct iow_front_op op = {
        .call = calls[step->call], .process = step->process, .argument = manners[step->manner]};

    switch (step->call) {
    case CALL_BIND:
    case CALL_UNBIND:
        op.driver = arguments[0];
        op.function = arguments[1];
        break;
    case CALL_NEW_ID:
    case CALL_REMOVE_ID:
        op.driver = arguments[0];
        op.number = m->front.functions[arguments[1]].model;
        break;
    case CALL_LOAD:
    case CALL_UNLOAD:
        op.driver = arguments[0] < N_DRIVERS ? arguments[0] : IOW_FRONT_NO_NAME;
        break;
    case CALL_OVERRIDE:
        op.function = arguments[0];
        op.driver = arguments[1] < N_DRIVERS ? arguments[1] : overrides[arguments[1]];
        break;
    case CALL_DRIVERS_PROBE:
    case CALL_REMOVE:
    case CALL_PLUG:
    case CALL_UNPLUG:
    case CALL_PULL:
        op.function = arguments[0];
        break;
    case CALL_SET_VFS:
        op.function = arguments[0];
        op.number = arguments[1];
        break;
    case CALL_SET_TYPE:
        op.group = arguments[0];
        if (arguments[1] == TYPE_ODD)
            op.argument = IOW_FRONT_MALFORMED;
        op.type = arguments[1] == TYPE_ODD ? IOW_TYPE_DMA : types[arguments[1]];
        break;
    case CALL_OPEN_GROUP:
        op.group = arguments[0];
        break;
    case CALL_FORK:
    case CALL_EXIT:
    case CALL_OPEN_IOMMUFD:
        break;
    case CALL_OPEN_CONTAINER:
        if (m->machine.built[BUILT_CONTAINER])
            op.call = IOW_FRONT_CALL_OPEN_IOMMUFD;
        break;
    case CALL_OPEN_NOIOMMU:
        op.group = IOW_NONE;
        op.function = arguments[0];
        break;
    case CALL_OPEN_CDEV:
        op.function = arguments[0];
        break;
    case CALL_HOT_RESET:
        op.fd = m->slots[step->process][arguments[0]];
        op.number = arguments[2];
        for (unsigned i = 0; i < IOW_FRONT_MOST_FDS; i++)
            op.fds[i] = m->slots[step->process][arguments[1]];
        break;
    default: /* asked of a file */
        op.fd = m->slots[step->process][arguments[0]];
        op.to = step->call == CALL_SET_CONTAINER || step->call == CALL_BIND_IOMMUFD
                    ? m->slots[step->process][arguments[1]]
                    : arguments[1];
        op.function = op.number = arguments[1];
        op.token = step->call == CALL_GET_DEVICE_FD ? arguments[3] : arguments[1];
        break;
    }
    if (step->call < CALL_FORK)
        op.process = 0;
    return op;
}

/* A child has its parent's descriptors, numbered anew in the parent's order. */
static void copy_slots(struct model *m, uint32_t parent, uint32_t child)
{
    uint32_t theirs = 0;

    for (uint32_t fd = 0; fd < m->front.n_fds; fd++) {
        if (m->front.fds[fd].file == IOW_NONE || m->front.fds[fd].process != parent)
            continue;
        while (m->front.fds[theirs].file == IOW_NONE || m->front.fds[theirs].process != child)
            theirs++;
        for (unsigned s = 0; s < MOST_SLOTS; s++)
            if (m->slots[parent][s] == fd)
                m->slots[child][s] = theirs;
        theirs++;
    }
}

static void keep_slots(struct model *m, const struct step *step, const struct iow_front_answer *answer)
{
    uint32_t *slot = filled(m, step);

    if (answer->code)
        return;
    if (slot)
        *slot = answer->value;
    if (step->call == CALL_CLOSE || step->call == CALL_MUNMAP)
        m->slots[step->process][step->argument[0]] = IOW_NONE;
    if (step->call == CALL_FORK)
        copy_slots(m, step->process, answer->value);
    if (step->call == CALL_EXIT)
        for (unsigned s = 0; s < MOST_SLOTS; s++)
            m->slots[step->process][s] = IOW_NONE;
}

static bool is_container(const struct model *m, uint32_t slot)
{
    enum iow_front_file_kind kind =
        is_file(m, slot) ? m->front.files[m->front.fds[slot].file].kind : IOW_FRONT_FILE_NONE;

    return kind == IOW_FRONT_FILE_CONTAINER || kind == IOW_FRONT_FILE_IOMMUFD;
}

static bool any_sleeps(const struct model *m)
{
    uint32_t i = 0;

    while (i < m->front.n_tasks && !m->front.tasks[i].number)
        i++;
    return i < m->front.n_tasks;
}

static bool presence_sleeps(const struct model *m, enum iow_front_call one, enum iow_front_call other)
{
    for (uint32_t i = 0; i < m->front.n_tasks; i++)
        if (m->front.tasks[i].number &&
            (m->front.tasks[i].op.call == one || m->front.tasks[i].op.call == other))
            return true;
    return false;
}

static bool sleeps_above(const struct model *m, uint32_t function)
{
    for (uint32_t i = 0; i < m->front.n_tasks; i++) {
        const struct iow_front_op *op = &m->front.tasks[i].op;

        if (m->front.tasks[i].number &&
            (op->call == IOW_FRONT_CALL_REMOVE || op->call == IOW_FRONT_CALL_UNPLUG) &&
            op->function != function && goes_with(&m->machine, function, op->function))
            return true;
    }
    return false;
}

/* Are its VFs in the care of a driver that leaves them on? */
static bool leaves_vfs(const struct model *m, uint32_t physical)
{
    const struct iow_front_function *pf = &m->front.functions[physical];

    for (uint32_t i = 0; i < m->front.n_functions; i++)
        if (m->front.functions[i].physical_function == physical && m->front.functions[i].present)
            return !pf->linked || pf->driver != DRIVER_VFIO_PCI;
    return false;
}

static bool is_plug(enum call call)
{
    return call == CALL_PLUG || call == CALL_UNPLUG || call == CALL_PULL;
}

static bool plug_can_be_asked(const struct model *m, const struct step *step)
{
    const struct iow_front_function *port = &m->front.functions[step->argument[0]];

    return m->machine.functions[step->argument[0]].bridge && port->linked &&
           port->driver == DRIVER_PCIEPORT && m->out[step->argument[0]] == (step->call == CALL_PLUG);
}

static bool presence_can_be_asked(const struct model *m, const struct step *step)
{
    bool removal = presence_sleeps(m, IOW_FRONT_CALL_REMOVE, IOW_FRONT_CALL_UNPLUG);
    bool changes = presence_sleeps(m, IOW_FRONT_CALL_SET_VFS, IOW_FRONT_CALL_SET_VFS);

    if (is_plug(step->call))
        return !removal && !changes && plug_can_be_asked(m, step);
    if (step->call != CALL_REMOVE)
        return !removal && (step->call == CALL_SET_VFS || !changes);
    for (uint32_t i = 0; i < m->front.n_functions; i++)
        if ((i == step->argument[0] || m->front.functions[i].parent == step->argument[0]) && leaves_vfs(m, i))
            return false;
    return !changes && !sleeps_above(m, step->argument[0]);
}

static bool can_be_asked(struct model *m, const struct step *step)
{
    const uint32_t *slot = filled(m, step);
    bool receives = step->call != CALL_PASS ||
                    (step->argument[1] != step->process && m->front.processes[step->argument[1]].alive);

    if (is_presence(step->call) && !presence_can_be_asked(m, step))
        return false;
    if (step->call == CALL_UNLOAD && any_sleeps(m))
        return false;
    if (step->call == CALL_UNBIND && m->machine.functions[step->argument[1]].bridge &&
        presence_sleeps(m, IOW_FRONT_CALL_UNPLUG, IOW_FRONT_CALL_UNPLUG))
        return false;
    return m->front.processes[step->process].alive && receives && (!slot || *slot == IOW_NONE) &&
           !(is_ambiguous(step->call) && is_container(m, m->slots[step->process][step->argument[0]]));
}

static void do_step(struct model *m, unsigned number, const struct step *step, struct answer *ret)
{
    struct iow_front_answer answer;
    struct iow_front_op op;

    if (!can_be_asked(m, step)) {
        ret->code = NOT_ASKED;
        return;
    }
    if (is_plug(step->call))
        m->out[step->argument[0]] = step->call != CALL_PLUG;
    if (step->call == CALL_ADD || step->call == CALL_PLUG) {
        look_again(m, step->call == CALL_PLUG ? step->argument[0] : IOW_NONE);
        return;
    }
    op = op_of(m, step);
    m->front.processes[op.process].no_rawio = step->manner == MANNER_UNPRIVILEGED;
    answer = ask(m, op);
    m->front.processes[op.process].no_rawio = false;
    if (answer.code == IOW_FRONT_WAITS) {
        m->tasks[number] = answer.value;
        ret->code = WAITS;
        return;
    }
    keep_slots(m, step, &answer);
    ret->code = answer.code;
    ret->has_flags = has_flags(step->call);
    ret->flags = answer.value;
}

static void end(struct model *m)
{
    struct iow_front_row row;

    for (uint32_t i = 0; iow_front_row_at(i, &row); i++)
        times[i] += m->front.times[i];
    iow_mem_done(&m->mem);
}

static void run(struct model *m, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[256];
    bool begun = false;

    if (!file)
        complain(path);
    while (fgets(line, sizeof(line), file)) {
        struct answer answer = {.code = 0};
        struct step step;

        if (*line == '#')
            continue;
        if (sscanf(line, "sequence %u", &m->sequence) == 1) {
            if (begun)
                end(m);
            begin(m);
            begun = true;
            m->step = 0;
            continue;
        }
        if (!begun || m->step == MOST_STEPS)
            complain("no sequence begun, or one too long");
        step = parse_step(line, &m->machine);
        m->steps[m->step] = step;
        do_step(m, m->step, &step, &answer);
        observe(m, &answer);
        print_answer(m->sequence, m->step++, &answer, &m->machine);
    }
    if (begun)
        end(m);
    fclose(file);
}

static void write_rows(const char *path)
{
    FILE *file = fopen(path, "w");
    struct iow_front_row row;

    if (!file)
        complain(path);
    for (uint32_t i = 0; iow_front_row_at(i, &row); i++)
        fprintf(file, "%llu\t%u\t%s\t%s\t%s\t%d\n", (unsigned long long)times[i], i, row.stage, row.tries,
            row.when, row.code);
    fclose(file);
}

int main(int argc, char **argv)
{
    struct model model = {.machine = {.n_functions = 0}};

    if (argc < 3)
        complain("MACHINE SEQUENCES [ROWS [REFUSALS]]");
    if (argc > 4 && !(model.refusals = fopen(argv[4], "w")))
        complain(argv[4]);
    load_machine(&model.machine, argv[1]);
    run(&model, argv[2]);
    if (argc > 3)
        write_rows(argv[3]);
    if (model.refusals)
        fclose(model.refusals);
    return 0;
}
