/* SPDX-License-Identifier: GPL-2.0-or-later */
/* differ-agent - asks the real kernel what the model is asked too
 *
 *   differ-agent MACHINE SEQUENCES FUNCTION...
 *
 * Writes the machine to MACHINE and prints the answers of each sequence; to stderr what it asks, before it
 * does. The machine is put back after each sequence, and looked at: "NUMBER clean", or "NUMBER dirty", and
 * that is the end. To the file DIFFER_TIMES, if it is named: when each step began and each sequence ended, as
 * NUMBER.STEP or NUMBER.end and nanoseconds of the monotonic clock. */

#include "observe.h"
#include "plug.h"
#include "presence.h"
#include "sysfs.h"
#include "worker.h"
#include "writer.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* A call of sysfs that has not ended. */
struct task {
    bool going;
    enum call call;
    unsigned writer;
};

static struct machine *machine; /* shared with workers and writers, for the numbers of groups */
static struct answer start;     /* before any sequence */
static unsigned start_order[MOST_FUNCTIONS], n_start; /* of the functions, without those that are away */
static struct step steps[MOST_TASKS];                 /* of the sequence */
static struct task tasks[MOST_TASKS];
static bool came_anew; /* a function of this sequence was removed */
static bool unloaded;  /* a driver was */
static FILE *times;    /* NULL: nobody asks for them */

/* In the place of a writer: a thread of the kernel's. */
#define OUTSIDE UINT_MAX

/* Minutes of the guest: under KASAN, enabling a function below the second host bridge takes 30 seconds of it, after
 * which the kernel leaves off reading that bridge's interrupts from ACPI, and one write may enable them all. */
enum {
    LONGEST_PAUSE = 16, /* milliseconds */
    MOST_PAUSES = 20000,
};

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(3);
}

static _Noreturn void give_up_on(unsigned writer)
{
    char text[1024] = "";

    if (writer != OUTSIDE)
        writer_stack(writer, text, sizeof(text));
    fprintf(stderr, "neither ends nor waits:\n%s", text);
    exit(3);
}

static bool outside_goes(void)
{
    unsigned i = 0;

    while (i < MOST_TASKS && !(tasks[i].going && tasks[i].writer == OUTSIDE))
        i++;
    return i < MOST_TASKS;
}

/* Has it ended, or does it wait for another's end? */
static bool is_settled(unsigned i, struct answer *ret)
{
    struct ended ended = {.step = i};
    unsigned writer = tasks[i].writer;

    if (!tasks[i].going)
        return true;
    if (writer == OUTSIDE ? !plug_is_out(machine) : !writer_ended(writer, &ended.code))
        return writer == OUTSIDE ? plug_waits() : writer_waits(writer);
    tasks[i].going = false;
    ret->ended[ret->n_ended++] = ended;
    return false;
}

static bool any_sleeps(void)
{
    unsigned i = 0;

    while (i < MOST_TASKS && !tasks[i].going)
        i++;
    return i < MOST_TASKS;
}

/* All in one look, since one that ends may wake up another. */
static bool all_settled(struct answer *ret, bool last)
{
    bool settled = true;

    for (unsigned i = 0; i < MOST_TASKS; i++) {
        if (is_settled(i, ret))
            continue;
        settled = false;
        if (last)
            give_up_on(tasks[i].writer);
    }
    return settled;
}

/* Until every task waits for another's end. Who waits for a lock that the kernel itself holds for a moment
 * looks the same, so it is looked at again. */
static void settle(struct answer *ret)
{
    unsigned looks = 0;

    for (unsigned n = 0; looks < 2; n++) {
        writers_pause(n < LONGEST_PAUSE ? (int)n + 1 : LONGEST_PAUSE, outside_goes());
        looks = all_settled(ret, n == MOST_PAUSES) ? looks + 1 : 0;
        if (looks && !any_sleeps())
            return;
    }
}

/* What ended in the step that began it is the answer, the rest is told beside it. */
static void take_own(struct answer *answer, unsigned number)
{
    unsigned n = 0;

    answer->code = WAITS;
    for (unsigned i = 0; i < answer->n_ended; i++)
        if (answer->ended[i].step == number)
            answer->code = answer->ended[i].code;
        else
            answer->ended[n++] = answer->ended[i];
    answer->n_ended = n;
}

static void write_step(unsigned number, const struct step *step, struct answer *answer)
{
    came_anew = came_anew || step->call == CALL_REMOVE;
    unloaded = unloaded || step->call == CALL_UNLOAD;
    tasks[number] = (struct task){.going = true, .call = step->call, .writer = writer_begin(step)};
    settle(answer);
    take_own(answer, number);
}

static bool sleeps(enum call call)
{
    for (unsigned i = 0; i < MOST_TASKS; i++)
        if (tasks[i].going && tasks[i].call == call)
            return true;
    return false;
}

/* Is what is above the function being taken away? */
static bool sleeps_above(unsigned function)
{
    for (unsigned i = 0; i < MOST_TASKS; i++)
        if (tasks[i].going && removes(tasks[i].call) && steps[i].argument[0] != function &&
            goes_with(machine, function, steps[i].argument[0]))
            return true;
    return false;
}

static bool presence_can_be_asked(const struct step *step)
{
    if (step->call == CALL_REMOVE)
        return !sleeps(CALL_SET_VFS) && !leaves_vfs(machine, step->argument[0]) &&
               !sleeps_above(step->argument[0]);
    if (sleeps(CALL_REMOVE) || sleeps(CALL_UNPLUG) || (step->call != CALL_SET_VFS && sleeps(CALL_SET_VFS)))
        return false;
    return step->call == CALL_SET_VFS || step->call == CALL_ADD || plug_can_be_asked(machine, step);
}

/* By whoever the host asks for it. */
static void plug_step(unsigned number, const struct step *step, struct answer *answer)
{
    came_anew = true;
    if (step->call == CALL_PLUG) {
        plug_in(machine, step->argument[0]);
        settle(answer);
        return;
    }
    if (step->call == CALL_PULL)
        plug_pull(machine, step->argument[0]);
    else
        plug_out(step->argument[0]);
    tasks[number] = (struct task){.going = true, .call = CALL_UNPLUG, .writer = OUTSIDE};
    settle(answer);
    take_own(answer, number);
}

static bool unbinds_port(const struct step *step)
{
    return step->call == CALL_UNBIND && machine->functions[step->argument[1]].bridge;
}

static bool can_be_asked(const struct step *step)
{
    int filled = filled_slot(step);
    unsigned owner = step->call == CALL_PASS ? step->argument[1] : step->process;

    if (is_presence(step->call) && !presence_can_be_asked(step))
        return false;
    if ((step->call == CALL_UNLOAD && any_sleeps()) || (unbinds_port(step) && sleeps(CALL_UNPLUG)))
        return false;
    return worker_alive(step->process) && worker_alive(owner) &&
           (step->call != CALL_PASS || owner != step->process) &&
           (filled < 0 || worker_slot_empty(owner, step->argument[filled]));
}

static void await_probes(const struct answer *now)
{
    for (unsigned i = 0; i < machine->n_functions; i++)
        if (strcmp(now->driver[i], driver_names[DRIVER_NVME]) == 0) {
            await_nvme();
            return;
        }
}

static void do_step(unsigned number, const struct step *step, struct answer *answer)
{
    if (!can_be_asked(step)) {
        answer->code = NOT_ASKED;
    } else if (step->call >= CALL_PLUG && step->call <= CALL_PULL) {
        plug_step(number, step, answer);
    } else if (step->call < CALL_FORK) {
        write_step(number, step, answer);
    } else {
        answer->code = worker_do(step, &answer->flags);
        answer->has_flags = has_flags(step->call);
        settle(answer);
    }
    observe(machine, answer);
    order_ended(answer, steps, machine);
    if (step->call < CALL_FORK)
        await_probes(answer);
}

/* The machine as it was. */

static unsigned index_of_driver(const char *name)
{
    unsigned i = 0;

    while (i < N_DRIVERS && strcmp(driver_names[i], name) != 0)
        i++;
    return i;
}

static bool other_type(unsigned group, const struct answer *now)
{
    return group != NO_GROUP && strcmp(now->type[group], start.type[group]) != 0;
}

/* A type goes back only without drivers. */
static bool other_driver(unsigned i, const struct answer *now)
{
    return strcmp(now->driver[i], start.driver[i]) != 0 || other_type(machine->functions[i].group, now);
}

static void write_back(enum call call, unsigned first, unsigned second)
{
    const struct step step = {.call = call, .argument = {first, second}};

    (void)do_write(machine, &step);
}

static void put_back_drivers(enum call call, const struct answer *now, const struct answer *whose)
{
    for (unsigned i = 0; i < machine->n_functions; i++) {
        unsigned driver = index_of_driver(whose->driver[i]);

        if (other_driver(i, now) && driver < N_DRIVERS)
            write_back(call, driver, i);
    }
}

/* A function that came again is the last that the bus knows: so those that came after it before have to come
 * again too, all at once. Those that are away are none of the first that stand as they stood. A group whose
 * type was changed while it had one function only has to go entirely: 6.1 changes no other. */
static void add_anew(void)
{
    unsigned now[MOST_FUNCTIONS], n = observe_order(machine, now), kept = 0;
    struct answer seen = {.code = 0};

    observe(machine, &seen);
    while (
        kept < n && now[kept] == start_order[kept] && !other_type(machine->functions[now[kept]].group, &seen))
        kept++;
    for (unsigned i = kept; i < n_start; i++)
        write_back(CALL_REMOVE, start_order[i], 0);
    write_back(CALL_ADD, 0, 0);
    came_anew = false;
}

/* All at once, so that the bus has them in their order again. */
static void load_anew(void)
{
    static const enum driver modules[] = {DRIVER_VFIO_PCI, DRIVER_PCI_STUB, DRIVER_UIO};

    for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++)
        write_back(CALL_UNLOAD, modules[i], 0);
    for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++)
        write_back(CALL_LOAD, modules[i], 0);
    unloaded = false;
}

static void put_back(bool ids)
{
    struct answer now = {.code = 0};

    workers_end();
    settle(&now);
    drop_vfs(machine);
    if (came_anew)
        add_anew();
    if (plug_in_all(machine))
        add_anew();
    observe(machine, &now);
    for (unsigned i = 0; i < machine->n_functions; i++) {
        write_back(CALL_OVERRIDE, i, DRIVER_NONE);
        for (unsigned driver = 0; ids && driver < N_DRIVERS; driver++)
            write_back(CALL_REMOVE_ID, driver, i);
    }
    put_back_drivers(CALL_UNBIND, &now, &now);
    if (unloaded)
        load_anew();
    for (unsigned i = 0; i < machine->n_groups; i++)
        if (other_type(i, &now))
            write_back(CALL_SET_TYPE, i, TYPE_AUTO);
    put_back_drivers(CALL_BIND, &now, &start);
}

static bool is_clean(void)
{
    struct answer now = {.code = 0};
    unsigned order[MOST_FUNCTIONS];

    observe(machine, &now);
    await_probes(&now);
    return seen_alike(machine, &start, &now) && observe_order(machine, order) == n_start &&
           memcmp(order, start_order, n_start * sizeof(*order)) == 0;
}

static void note_time(unsigned sequence, const char *step)
{
    struct timespec now;

    if (!times)
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    fprintf(times, "%u.%s %lld\n", sequence, step, now.tv_sec * 1000000000LL + now.tv_nsec);
    fflush(times);
}

static void note_step(unsigned sequence, unsigned step)
{
    char text[16];

    snprintf(text, sizeof(text), "%u", step);
    note_time(sequence, text);
}

static void end_sequence(unsigned sequence, bool ids)
{
    bool clean;

    note_time(sequence, "end");
    put_back(ids);
    clean = is_clean();
    printf("%u %s\n", sequence, clean ? "clean" : "dirty");
    fflush(stdout);
    if (!clean)
        exit(4);
}

static void run(const char *path)
{
    FILE *file = fopen(path, "re");
    char line[256];
    unsigned sequence = 0, number = 0;
    bool begun = false, ids = false;

    if (!file)
        give_up(path);
    while (fgets(line, sizeof(line), file)) {
        struct answer answer = {.code = 0};
        struct step step;

        if (*line == '#')
            continue;
        fputs(line, stderr);
        if (strncmp(line, "sequence ", 9) == 0) {
            if (begun)
                end_sequence(sequence, ids);
            sequence = (unsigned)strtoul(line + 9, NULL, 10);
            workers_begin();
            begun = true;
            ids = false;
            number = 0;
            continue;
        }
        if (!begun || number == MOST_TASKS)
            give_up("no sequence begun, or one too long");
        step = parse_step(line, machine);
        steps[number] = step;
        ids = ids || step.call == CALL_NEW_ID;
        note_step(sequence, number);
        do_step(number, &step, &answer);
        print_answer(sequence, number++, &answer, machine);
        fflush(stdout);
    }
    if (begun)
        end_sequence(sequence, ids);
    fclose(file);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "differ-agent MACHINE SEQUENCES FUNCTION...\n");
        return 2;
    }
    if (getenv("DIFFER_TIMES") && !(times = fopen(getenv("DIFFER_TIMES"), "we")))
        give_up(getenv("DIFFER_TIMES"));
    machine = mmap(NULL, sizeof(*machine), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (machine == MAP_FAILED)
        give_up("mmap");
    read_machine(machine, argv + 3, (unsigned)(argc - 3));
    write_machine(machine, argv[1]);
    observe_init(machine);
    drop_vfs(machine);
    plugs_init(machine);
    workers_init(machine);
    writers_init(machine);
    observe(machine, &start);
    n_start = observe_order(machine, start_order);
    run(argv[2]);
    return 0;
}
