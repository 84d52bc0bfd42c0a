/* SPDX-License-Identifier: GPL-2.0-or-later */
/* differ-agent - asks the real kernel what the model is asked too
 *
 *   differ-agent MACHINE SEQUENCES SECONDS FUNCTION...
 *
 * Writes the machine to MACHINE, prints the answers of each sequence; begins none after so many seconds.
 * Writing to sysfs may sleep in the kernel, so a process of its own does it; where that one waits, the
 * kernel tells. The machine is put back after each sequence, and looked at: "NUMBER clean", or "NUMBER
 * dirty", and that is the end. */

#include "plug.h"
#include "presence.h"
#include "sysfs.h"
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A call of sysfs that has not ended. */
struct task {
    pid_t pid; /* 0: none; OUTSIDE: a thread of the kernel's */
    enum call call;
};

static struct machine *machine; /* shared with the workers, for the numbers of groups */
static struct answer start;     /* before any sequence */
static struct task tasks[MOST_TASKS];
static bool came_anew; /* a function of this sequence was removed */
static bool unloaded;  /* a driver was */

#define OUTSIDE ((pid_t)-1)
#define POLL_NSEC 1000000L
#define POLL_LIMIT 20000

/* Where a task that only another one's end can wake up stands: functions that wait, the scheduler's own
 * and those of locks not counted. */
static const char *const waiting_in[] = {"vfio_unregister_group_dev", "device_driver_attach",
    "__device_driver_lock", "device_release_driver_internal", "__device_attach", "__driver_attach",
    "driver_set_override", "iommu_group_store_type", "device_driver_detach", "bus_rescan_devices_helper",
    "pci_lock_rescan_remove", "pci_stop_and_remove_bus_device_locked", "device_del", "sriov_numvfs_store"};

static void read_proc(pid_t pid, const char *name, char *text, size_t size)
{
    char path[64];
    ssize_t length;
    int fd;

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    length = fd < 0 ? -1 : read(fd, text, size - 1);
    text[length < 0 ? 0 : length] = '\0';
    if (fd >= 0)
        close(fd);
}

/* Asleep, and in one of those? One that was woken up still stands there until it runs. */
static bool waits(pid_t pid)
{
    char text[1024], function[64], state;

    read_proc(pid, "stat", text, sizeof(text));
    if (sscanf(text, "%*d (%*[^)]) %c", &state) != 1 || (state != 'S' && state != 'D'))
        return false;
    read_proc(pid, "stack", text, sizeof(text));
    if (sscanf(text, "[<%*[^>]>] %63[^+]", function) != 1)
        return false;
    for (size_t i = 0; i < sizeof(waiting_in) / sizeof(*waiting_in); i++)
        if (strcmp(waiting_in[i], function) == 0)
            return true;
    return false;
}

static _Noreturn void give_up(const char *what, pid_t pid)
{
    char text[1024];

    read_proc(pid, "stack", text, sizeof(text));
    fprintf(stderr, "%s\n%s", what, text);
    exit(3);
}

static int code_of(int status)
{
    return WIFEXITED(status) ? -WEXITSTATUS(status) : NOT_ASKED;
}

/* Has it ended? Then its code. */
static bool has_ended(struct task *task, int *ret_code)
{
    int status = 0;

    if (task->pid == OUTSIDE ? !plug_is_out(machine) : waitpid(task->pid, &status, WNOHANG) != task->pid)
        return false;
    *ret_code = code_of(status);
    task->pid = 0;
    return true;
}

/* Until every task waits for another's end: all in one look, since one that ends may wake up another. */
static void settle(struct answer *ret)
{
    const struct timespec pause = {.tv_nsec = POLL_NSEC};
    bool moves = true;

    for (unsigned n = 0; moves; n++) {
        moves = false;
        for (unsigned i = 0; i < MOST_TASKS; i++) {
            struct ended ended = {.step = i};

            if (!tasks[i].pid)
                continue;
            if (has_ended(&tasks[i], &ended.code))
                ret->ended[ret->n_ended++] = ended;
            else if (tasks[i].pid == OUTSIDE ? plug_waits(waits) : waits(tasks[i].pid))
                continue;
            moves = true;
            if (n == POLL_LIMIT)
                give_up("neither ends nor waits", tasks[i].pid);
        }
        if (moves)
            nanosleep(&pause, NULL);
    }
}

static int compare_ended(const void *a, const void *b)
{
    const struct ended *one = a, *other = b;

    return (one->step > other->step) - (one->step < other->step);
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
    pid_t pid = fork();

    if (pid < 0)
        give_up("fork", getpid());
    if (pid == 0)
        _exit(-do_write(machine, step));
    came_anew = came_anew || step->call == CALL_REMOVE;
    unloaded = unloaded || step->call == CALL_UNLOAD;
    tasks[number] = (struct task){.pid = pid, .call = step->call};
    settle(answer);
    take_own(answer, number);
}

static bool sleeps(enum call call)
{
    for (unsigned i = 0; i < MOST_TASKS; i++)
        if (tasks[i].pid && tasks[i].call == call)
            return true;
    return false;
}

static bool presence_can_be_asked(const struct step *step)
{
    if (step->call == CALL_REMOVE)
        return !sleeps(CALL_SET_VFS) && !leaves_vfs(machine, step->argument[0]);
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
    tasks[number] = (struct task){.pid = OUTSIDE, .call = CALL_UNPLUG};
    settle(answer);
    take_own(answer, number);
}

static bool any_sleeps(void)
{
    unsigned i = 0;

    while (i < MOST_TASKS && !tasks[i].pid)
        i++;
    return i < MOST_TASKS;
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
    qsort(answer->ended, answer->n_ended, sizeof(*answer->ended), compare_ended);
    observe(machine, answer);
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

/* All at once, so that the bus has them in the order of their addresses again. */
static void add_anew(void)
{
    for (unsigned i = 0; i < machine->n_functions; i++)
        write_back(CALL_REMOVE, i, 0);
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
    bool same = true;

    observe(machine, &now);
    for (unsigned i = 0; i < machine->n_functions; i++)
        same = same && strcmp(now.driver[i], start.driver[i]) == 0;
    for (unsigned i = 0; i < machine->n_groups; i++)
        same = same && now.members[i] == start.members[i] && strcmp(now.type[i], start.type[i]) == 0 &&
               now.node[i] == start.node[i];
    return same;
}

static bool is_after(const struct timespec *time)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > time->tv_sec;
}

static void end_sequence(unsigned sequence, bool ids)
{
    bool clean;

    put_back(ids);
    clean = is_clean();
    printf("%u %s\n", sequence, clean ? "clean" : "dirty");
    fflush(stdout);
    if (!clean)
        exit(4);
}

static void run(const char *path, const struct timespec *last)
{
    FILE *file = fopen(path, "re");
    char line[256];
    unsigned sequence = 0, number = 0;
    bool begun = false, ids = false;

    if (!file)
        give_up(path, getpid());
    while (fgets(line, sizeof(line), file)) {
        struct answer answer = {.code = 0};
        struct step step;

        if (strncmp(line, "sequence ", 9) == 0) {
            if (begun)
                end_sequence(sequence, ids);
            begun = false;
            if (is_after(last))
                break;
            sequence = (unsigned)strtoul(line + 9, NULL, 10);
            workers_begin();
            begun = true;
            ids = false;
            number = 0;
            continue;
        }
        if (!begun || number == MOST_TASKS)
            give_up("no sequence begun, or one too long", getpid());
        step = parse_step(line, machine);
        ids = ids || step.call == CALL_NEW_ID;
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
    struct timespec last;

    if (argc < 5) {
        fprintf(stderr, "differ-agent MACHINE SEQUENCES SECONDS FUNCTION...\n");
        return 2;
    }
    machine = mmap(NULL, sizeof(*machine), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (machine == MAP_FAILED)
        give_up("mmap", getpid());
    clock_gettime(CLOCK_MONOTONIC, &last);
    last.tv_sec += strtol(argv[3], NULL, 10);
    read_machine(machine, argv + 4, (unsigned)(argc - 4));
    write_machine(machine, argv[1]);
    drop_vfs(machine);
    plugs_init(machine);
    observe(machine, &start);
    workers_init(machine);
    run(argv[2], &last);
    return 0;
}
