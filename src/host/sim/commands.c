/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What others than ioward do to the machine: its processes, its administrator, its hardware. */
#include "host/sim/machine.h"

#include "base/cleanup.h"
#include "base/explain.h"

#include <errno.h>
#include <ioward/plan.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WORDS 8

struct command {
    struct iow_sim *sim;
    char *word[MOST_WORDS]; /* those after the command's name */
    unsigned n;
    FILE *answer;
    char why[64]; /* what is to be known of a refusal besides its errno; "" the errno's own words */
    struct iow_explain *reterr;
};

/* What a handler answers when its words make no sense; the explain object is filled. */
#define NONSENSE (-4096)

static int nonsense(struct command *c, const char *what, const char *value)
{
    char text[IOW_EXPLAIN_TEXT];

    snprintf(text, sizeof(text), "%s%s%s", what, *value ? ": " : "", value);
    iow_explain_text(c->reterr, -IOW_EINVAL, IOW_RULE_SIM_COMMAND, text);
    return NONSENSE;
}

static bool parse_number(const char *text, uint32_t *ret)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);

    *ret = (uint32_t)number;
    return end != text && !*end && number < IOW_NONE;
}

/* A function by its address or by what it brings; gone ones too, when they are asked for. */
static int get_function(struct command *c, unsigned word, bool gone, uint32_t *ret)
{
    *ret = iow_sim_find(c->sim, c->word[word]);
    if (*ret == IOW_NONE)
        *ret = iow_sim_find_name(c->sim, c->word[word]);
    if (*ret == IOW_NONE || (!gone && !c->sim->functions[*ret].front->present))
        return nonsense(c, "no such device", c->word[word]);
    return 0;
}

static int get_driver(struct command *c, unsigned word, const struct iow_sim_driver **ret)
{
    *ret = iow_sim_driver_find(c->word[word]);
    return *ret ? 0 : nonsense(c, "no such driver", c->word[word]);
}

static int get_process(struct command *c, unsigned word, struct iow_sim_process **ret)
{
    uint32_t pid;

    if (!parse_number(c->word[word], &pid))
        return nonsense(c, "not a process number", c->word[word]);
    *ret = iow_sim_process_of(c->sim, pid);
    return *ret ? 0 : -ESRCH;
}

/* Disks and interfaces are there only while their driver is. */
static int get_disk(struct command *c, unsigned word, uint32_t *ret)
{
    *ret = iow_sim_find_name(c->sim, c->word[word]);
    if (*ret != IOW_NONE && iow_sim_has_disk(&c->sim->functions[*ret]))
        return 0;
    snprintf(c->why, sizeof(c->why), "there is no disk %s", c->word[word]);
    return -ENOENT;
}

static int get_interface(struct command *c, unsigned word, uint32_t *ret)
{
    *ret = iow_sim_find_name(c->sim, c->word[word]);
    if (*ret != IOW_NONE && iow_sim_has_interface(&c->sim->functions[*ret]))
        return 0;
    snprintf(c->why, sizeof(c->why), "there is no interface %s", c->word[word]);
    return -ENODEV;
}

static int get_group(struct command *c, unsigned word, uint32_t *ret)
{
    if (!parse_number(c->word[word], ret) || *ret >= c->sim->n)
        return nonsense(c, "no such group", c->word[word]);
    return 0;
}

static int ask(struct command *c, const struct iow_front_op *op)
{
    uint32_t pid = c->sim->next_pid++;
    int r = iow_sim_store(c->sim, op, pid, IOW_SIM_AT_ONCE);

    if (r != IOW_SIM_WAITS)
        return r;
    fprintf(c->answer, "process %u waits\n", (unsigned)pid);
    return 0;
}

static int write_text(struct command *c, enum iow_front_call call, uint32_t of, const char *text)
{
    struct iow_front_op op;
    int r = iow_sim_write_of(c->sim, call, of, text, &op);

    return r < 0 ? r : ask(c, &op);
}

static int run_mount(struct command *c)
{
    uint32_t disk;
    int r = get_disk(c, 0, &disk);

    if (r < 0)
        return r;
    if (iow_sim_count_uses(c->sim, IOW_SIM_USE_SWAP, disk))
        return -EBUSY;
    return iow_sim_add_use(c->sim, IOW_SIM_USE_MOUNT, disk, c->word[1]);
}

static int run_umount(struct command *c)
{
    return iow_sim_drop_uses(c->sim, IOW_SIM_USE_MOUNT, IOW_NONE, c->word[0]) ? 0 : -EINVAL;
}

static int run_swapon(struct command *c)
{
    uint32_t disk;
    int r = get_disk(c, 0, &disk);

    if (r < 0)
        return r;
    if (iow_sim_count_uses(c->sim, IOW_SIM_USE_SWAP, disk) ||
        iow_sim_count_uses(c->sim, IOW_SIM_USE_MOUNT, disk))
        return -EBUSY;
    return iow_sim_add_use(c->sim, IOW_SIM_USE_SWAP, disk, "");
}

static int run_swapoff(struct command *c)
{
    uint32_t disk;
    int r = get_disk(c, 0, &disk);

    if (r < 0)
        return r;
    return iow_sim_drop_uses(c->sim, IOW_SIM_USE_SWAP, disk, NULL) ? 0 : -EINVAL;
}

static int run_up(struct command *c)
{
    uint32_t interface;
    int r = get_interface(c, 0, &interface);

    if (r == 0 && !iow_sim_count_uses(c->sim, IOW_SIM_USE_UP, interface))
        r = iow_sim_add_use(c->sim, IOW_SIM_USE_UP, interface, "");
    if (r == 0 && c->n > 1)
        r = iow_sim_add_use(c->sim, IOW_SIM_USE_ADDRESS, interface, c->word[1]);
    return r;
}

static int run_down(struct command *c)
{
    uint32_t interface;
    int r = get_interface(c, 0, &interface);

    if (r == 0) {
        iow_sim_drop_uses(c->sim, IOW_SIM_USE_UP, interface, NULL);
        iow_sim_drop_uses(c->sim, IOW_SIM_USE_ROUTE, interface, NULL);
        iow_sim_drop_uses(c->sim, IOW_SIM_USE_ADDRESS, interface, NULL);
    }
    return r;
}

static int run_gateway(struct command *c)
{
    uint32_t interface;
    int r = get_interface(c, 0, &interface);

    if (r < 0)
        return r;
    if (!iow_sim_count_uses(c->sim, IOW_SIM_USE_UP, interface))
        return -ENETDOWN;
    iow_sim_drop_uses(c->sim, IOW_SIM_USE_ROUTE, IOW_NONE, NULL);
    return iow_sim_add_use(c->sim, IOW_SIM_USE_ROUTE, interface, "");
}

static int run_ping(struct command *c)
{
    uint32_t interface;
    int r = get_interface(c, 0, &interface);

    if (r < 0)
        return r;
    if (!iow_sim_count_uses(c->sim, IOW_SIM_USE_UP, interface))
        return -ENETDOWN;
    if (!iow_sim_kernel_dma(&c->sim->functions[interface]))
        return -ETIMEDOUT;
    fprintf(c->answer, "%s: an answer came\n", c->word[0]);
    return 0;
}

static int run_read(struct command *c)
{
    uint32_t disk;
    int r = get_disk(c, 0, &disk);

    if (r < 0)
        return r;
    if (!iow_sim_kernel_dma(&c->sim->functions[disk]))
        return -EIO;
    fprintf(c->answer, "%s: data was read\n", c->word[0]);
    return 0;
}

/* Who may open a group's node is what its access says. */
static int say_who_may(struct command *c, uint32_t group, int r)
{
    if (r == -EACCES)
        snprintf(c->why, sizeof(c->why), "only user %u may open /dev/vfio/%u",
            (unsigned)iow_sim_access(c->sim, group).uid, (unsigned)group);
    return r;
}

static int open_vfio(struct command *c, struct iow_sim_process *process, uint32_t function)
{
    return say_who_may(
        c, iow_sim_group(&c->sim->functions[function]), iow_sim_open_vfio(c->sim, process, function));
}

/* A process that did not get what it came for ends. */
static int settle_in(struct command *c, uint32_t pid, int r)
{
    if (r < 0)
        iow_sim_close(c->sim, pid);
    else
        fprintf(c->answer, "process %u\n", (unsigned)pid);
    return r;
}

static int run_open(struct command *c)
{
    struct iow_sim_process *process;
    uint32_t function, uid = 0;
    int r = get_function(c, 0, false, &function);

    if (r < 0)
        return r;
    if (c->n > 2 && !parse_number(c->word[2], &uid))
        return nonsense(c, "not a user number", c->word[2]);
    r = iow_sim_new_process(c->sim, c->word[1], uid, &process);
    return r < 0 ? r : settle_in(c, process->pid, open_vfio(c, process, function));
}

static int run_also(struct command *c)
{
    struct iow_sim_process *process;
    uint32_t function;
    int r = get_process(c, 0, &process);

    if (r == 0)
        r = get_function(c, 1, false, &function);
    return r < 0 ? r : open_vfio(c, process, function);
}

static int open_path(struct command *c, struct iow_sim_process *process, const char *path)
{
    char name[IOW_SIM_NAME];
    uint32_t number;

    if (strncmp(path, "/dev/", 5) == 0)
        path += 5;
    if (strncmp(path, "vfio/", 5) == 0)
        return parse_number(path + 5, &number) && number < c->sim->n
                   ? iow_sim_open_group(c->sim, process, number)
                   : -ENOENT;
    for (uint32_t i = 0; i < c->sim->n; i++) {
        const struct iow_sim_function *f = &c->sim->functions[i];

        if (iow_sim_has_file(f, true) && strcmp(iow_sim_file(f, true, name), path) == 0)
            return iow_sim_open_node(c->sim, process, i, true);
        if (iow_sim_has_file(f, false) && strcmp(iow_sim_file(f, false, name), path) == 0)
            return iow_sim_open_node(c->sim, process, i, false);
    }
    return -ENOENT;
}

static int run_hold(struct command *c)
{
    struct iow_sim_process *process;
    int r = iow_sim_new_process(c->sim, c->word[1], 0, &process);

    return r < 0 ? r : settle_in(c, process->pid, open_path(c, process, c->word[0]));
}

static int run_close(struct command *c)
{
    struct iow_sim_process *process;
    int r = get_process(c, 0, &process);

    if (r == 0)
        iow_sim_close(c->sim, process->pid);
    return r;
}

static int run_dma(struct command *c)
{
    struct iow_sim_process *process;
    int r = get_process(c, 0, &process);
    const struct iow_front_file *file;
    uint32_t fd = 0;
    bool any = false;

    while (r == 0 && (file = iow_sim_next_file(c->sim, process, &fd))) {
        char name[IOW_ADDRESS_TEXT];

        if (file->kind != IOW_FRONT_FILE_DEVICE)
            continue;
        any = true;
        fprintf(c->answer, "%s: %s\n", iow_address_format(&c->sim->functions[file->of].address, name),
            iow_sim_dma(c->sim, file->of) ? "data arrived" : "blocked");
    }
    return r == 0 && !any ? -ENODEV : r;
}

static int run_stick(struct command *c)
{
    uint32_t function;
    int r = get_function(c, 0, false, &function);

    if (r == 0)
        iow_sim_stick(c->sim, function, true);
    return r;
}

static int run_continue(struct command *c)
{
    iow_sim_continue(c->sim);
    return 0;
}

/* "EIO" or its number; 0: neither. */
static int parse_error(const char *text)
{
    uint32_t number;

    for (int i = 1; i < 134; i++) {
        const char *name = strerrorname_np(i);

        if (name && strcmp(name, text) == 0)
            return i;
    }
    return parse_number(text, &number) && number < 134 ? (int)number : 0;
}

static int run_broken(struct command *c)
{
    const struct iow_sim_driver *driver = NULL;
    struct iow_sim_function *f;
    uint32_t function;
    int error, r = get_function(c, 0, false, &function);

    if (r == 0)
        r = get_driver(c, 1, &driver);
    if (r < 0)
        return r;
    error = parse_error(c->word[2]);
    if (!error)
        return nonsense(c, "not an error of Linux", c->word[2]);
    f = &c->sim->functions[function];
    f->broken = driver;
    f->broken_error = -error;
    iow_sim_describe(f);
    return 0;
}

static int run_jam(struct command *c)
{
    uint32_t function;
    int r = get_function(c, 0, true, &function);

    if (r == 0)
        c->sim->functions[function].front->move_error = -EIO;
    return r;
}

static int run_mend(struct command *c)
{
    uint32_t function;
    int r = get_function(c, 0, true, &function);

    if (r == 0) {
        c->sim->functions[function].broken = NULL;
        c->sim->functions[function].front->move_error = 0;
        iow_sim_describe(&c->sim->functions[function]);
    }
    return r;
}

static int run_unplug(struct command *c)
{
    const struct iow_front_function *f;
    struct iow_front_op op;
    uint32_t function;
    int r = get_function(c, 0, false, &function);

    if (r < 0)
        return r;
    f = &c->sim->front.functions[function];
    if (f->physical_function != IOW_NONE)
        return nonsense(c, "a virtual function goes with vfs", "");
    if (f->n_vfs && f->parent == IOW_NONE)
        return nonsense(c, "its virtual functions go first, with vfs", "");
    op = iow_sim_removal_of(c->sim, function);
    return ask(c, &op);
}

static int run_plug(struct command *c)
{
    const struct iow_sim_model *model;
    const struct iow_sim_function *f;
    uint32_t function;
    int r = get_function(c, 0, true, &function);

    if (r < 0)
        return r;
    f = &c->sim->functions[function];
    model = c->n > 1 ? iow_sim_model_find(c->word[1]) : f->model;
    if (!model || (model != f->model && (model->fixed || model->bridge || f->model->bridge ||
                                            model->brings == IOW_SIM_ROOT_BUS)))
        return nonsense(c, "no such device model to plug in here", c->n > 1 ? c->word[1] : "");
    if (f->physical_function != IOW_NONE)
        return nonsense(c, "a virtual function comes with vfs", "");
    if (f->parent != IOW_NONE && !c->sim->functions[f->parent].front->present)
        return nonsense(c, "the bridge above is gone", "");
    r = iow_sim_plug(c->sim, function, model);
    if (r == IOW_SIM_WAITS)
        fprintf(c->answer, "waits for what is being taken out\n");
    return r < 0 ? r : 0;
}

static int run_vfs(struct command *c)
{
    uint32_t function, n;
    int r = get_function(c, 0, false, &function);

    if (r < 0)
        return r;
    if (!parse_number(c->word[1], &n))
        return nonsense(c, "not a number", c->word[1]);
    r = iow_sim_store(c->sim,
        &(struct iow_front_op){.call = IOW_FRONT_CALL_SET_VFS, .function = function, .number = n}, 0,
        IOW_SIM_AT_ONCE);
    if (r == IOW_SIM_WAITS)
        fprintf(
            c->answer, "waits for %s\n", n ? "who has the device locked" : "the users of virtual functions");
    return r < 0 ? r : 0;
}

static int run_modprobe(struct command *c)
{
    const struct iow_sim_driver *driver = NULL;
    int r = get_driver(c, 0, &driver);

    return r < 0 ? r : write_text(c, IOW_FRONT_CALL_LOAD, IOW_NONE, driver->name);
}

/* Linux asks the module's users first, and VFIO's are the front's to know. */
static int run_rmmod(struct command *c)
{
    const struct iow_sim_driver *driver = NULL;
    int r = get_driver(c, 0, &driver);

    if (r < 0)
        return r;
    if (driver->built_in)
        return -ENOENT;
    for (uint32_t i = 0; i < c->sim->n; i++)
        if (iow_sim_driver_of(&c->sim->functions[i]) == driver && iow_sim_plays(c->sim, i))
            return -EAGAIN;
    return write_text(c, IOW_FRONT_CALL_UNLOAD, IOW_NONE, driver->name);
}

static int run_bind(struct command *c)
{
    const struct iow_sim_driver *driver = NULL;
    uint32_t function;
    int r = get_function(c, 0, false, &function);

    if (r == 0)
        r = get_driver(c, 1, &driver);
    return r < 0 ? r : write_text(c, IOW_FRONT_CALL_BIND, function, driver->name);
}

static int run_unbind(struct command *c)
{
    struct iow_front_op op = {.call = IOW_FRONT_CALL_UNBIND};
    int r = get_function(c, 0, false, &op.function);

    if (r < 0)
        return r;
    op.driver = c->sim->front.functions[op.function].driver;
    return op.driver == IOW_NONE ? -ENODEV : ask(c, &op);
}

static int run_override(struct command *c)
{
    uint32_t function;
    int r = get_function(c, 0, false, &function);

    return r < 0 ? r : write_text(c, IOW_FRONT_CALL_OVERRIDE, function, c->n > 1 ? c->word[1] : "");
}

static int run_access(struct command *c)
{
    uint32_t group, uid, gid, mode;
    int r = get_group(c, 0, &group);

    if (r < 0)
        return r;
    if (iow_access_parse(c->word[1], &uid, &gid, &mode) < 0)
        return nonsense(c, "not like 0:0:0600", c->word[1]);
    return iow_sim_give(c->sim, group, c->word[1]);
}

static int run_type(struct command *c)
{
    uint32_t group;
    int r = get_group(c, 0, &group);

    return r < 0 ? r : write_text(c, IOW_FRONT_CALL_SET_TYPE, group, c->word[1]);
}

static const struct {
    const char *name, *usage, *help;
    unsigned least, most; /* words after the name */
    int (*run)(struct command *c);
} commands[] = {
    {"mount", "mount DISK AT", "mounts a disk", 2, 2, run_mount},
    {"umount", "umount AT", "undoes a mount", 1, 1, run_umount},
    {"swapon", "swapon DISK", "uses a disk as swap space", 1, 1, run_swapon},
    {"swapoff", "swapoff DISK", "no longer", 1, 1, run_swapoff},
    {"up", "up INTERFACE [ADDRESS]", "brings a network interface up, with one more address", 1, 2, run_up},
    {"down", "down INTERFACE", "takes it down, its addresses and routes with it", 1, 1, run_down},
    {"gateway", "gateway INTERFACE", "makes it the way to everywhere", 1, 1, run_gateway},
    {"ping", "ping INTERFACE", "does the network work through it?", 1, 1, run_ping},
    {"read", "read DISK", "can the disk be read?", 1, 1, run_read},
    {"open", "open DEVICE PROGRAM [UID]", "a program opens the device's group and the device through VFIO", 2,
        3, run_open},
    {"also", "also PID DEVICE", "and opens this one as well", 2, 2, run_also},
    {"hold", "hold NODE PROGRAM", "a program opens a file of /dev and does no more with it", 2, 2, run_hold},
    {"close", "close PID", "a program ends", 1, 1, run_close},
    {"dma", "dma PID", "do the program's devices reach its memory?", 1, 1, run_dma},
    {"stick", "stick DEVICE", "the next removal of a kernel driver from it hangs", 1, 1, run_stick},
    {"continue", "continue", "what hangs goes on", 0, 0, run_continue},
    {"broken", "broken DEVICE DRIVER ERROR", "a driver fails with it from now on", 3, 3, run_broken},
    {"jam", "jam DEVICE", "the IOMMU moves it to no other domain from now on", 1, 1, run_jam},
    {"mend", "mend DEVICE", "neither of the two any longer", 1, 1, run_mend},
    {"unplug", "unplug DEVICE", "takes the device out, and all behind it", 1, 1, run_unplug},
    {"plug", "plug DEVICE [MODEL]", "puts it in again, or another device in its place", 1, 2, run_plug},
    {"vfs", "vfs DEVICE NUMBER", "sets how many virtual functions it has", 2, 2, run_vfs},
    {"modprobe", "modprobe DRIVER", "loads a driver", 1, 1, run_modprobe},
    {"rmmod", "rmmod DRIVER", "removes it", 1, 1, run_rmmod},
    {"bind", "bind DEVICE DRIVER", "somebody else binds", 2, 2, run_bind},
    {"unbind", "unbind DEVICE", "somebody else unbinds", 1, 1, run_unbind},
    {"override", "override DEVICE [TEXT]", "somebody else sets driver_override, or clears it", 1, 2,
        run_override},
    {"access", "access GROUP UID:GID:MODE", "somebody else gives a group's node away", 2, 2, run_access},
    {"type", "type GROUP TYPE", "somebody sets the type of a group's default domain", 2, 2, run_type},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

const char *iow_sim_command_at(unsigned i, const char **ret_help)
{
    if (i >= N_COMMANDS)
        return NULL;
    *ret_help = commands[i].help;
    return commands[i].usage;
}

static int run(struct command *c, const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i].name, name) != 0)
            continue;
        if (c->n < commands[i].least || c->n > commands[i].most)
            return nonsense(c, "usage", commands[i].usage);
        return commands[i].run(c);
    }
    return nonsense(c, "no such command", name);
}

static int split_and_run(struct command *c, char *line)
{
    char *rest, *name = strtok_r(line, " \t\n", &rest), *word;

    if (!name)
        return nonsense(c, "no command", "");
    while ((word = strtok_r(NULL, " \t\n", &rest))) {
        if (c->n == MOST_WORDS)
            return nonsense(c, "too many words", "");
        c->word[c->n++] = word;
    }
    return run(c, name);
}

int iow_sim_command(struct iow_sim *sim, const char *line, char **ret_answer, struct iow_explain *reterr)
{
    IOW_CLEANUP_FREE char *copy = strdup(line), *answer = NULL;
    struct command c = {.sim = sim, .reterr = reterr};
    size_t len;
    int r;

    c.answer = open_memstream(&answer, &len);
    if (!copy || !c.answer) {
        if (c.answer)
            (void)fclose(c.answer);
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    }
    r = split_and_run(&c, copy);
    if (r < 0 && r != NONSENSE) {
        iow_explain(reterr, r, IOW_RULE_NONE);
        fprintf(c.answer, "%s: %s\n", strerrorname_np(-r), *c.why ? c.why : strerrordesc_np(-r));
    }
    if (fclose(c.answer) != 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    if (r == NONSENSE)
        return -IOW_EINVAL;
    *ret_answer = iow_take_pointer(answer);
    return r;
}
