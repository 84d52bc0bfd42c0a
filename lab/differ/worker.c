/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "worker.h"

#include "iommufd.h"
#include "privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LOOK = N_CALLS, /* beside the calls: what workers_look() asks */
    PAGE = 4096,
    MOST_RESET = 4,
};

#define NOWHERE ((void *)8)
#define TOKEN "00000000-0000-0000-0000-%012x"

struct reply {
    int code;
    unsigned flags;
    bool taken[MOST_SLOTS];
};

/* A worker's own table: a file, or a mapping. */
struct slot {
    int fd;
    void *map;
};

static const struct machine *machine;
static struct slot slots[MOST_SLOTS];
static int channels[MOST_PROCESSES][2]; /* ours, and the worker's */
static int mail[2];                     /* files on their way from a worker to another */

/* What the parent of all knows of them. */
static pid_t pids[MOST_PROCESSES];
static bool taken[MOST_PROCESSES][MOST_SLOTS];

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(3);
}

static int result(int r)
{
    return r < 0 ? -errno : 0;
}

/* In the worker. */

static int keep(int fd, unsigned slot)
{
    if (fd < 0)
        return -errno;
    slots[slot].fd = fd;
    return 0;
}

static int open_group(unsigned group, unsigned slot)
{
    char path[64];

    snprintf(path, sizeof(path), "/dev/vfio/%u", machine->group_numbers[group]);
    return keep(open(path, O_RDWR), slot);
}

/* By the number of the group that VFIO made for it. */
static int open_noiommu(const struct function *f, unsigned slot)
{
    char path[192], target[128];
    ssize_t length;

    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", f->address);
    length = readlink(path, target, sizeof(target) - 1);
    if (length < 0)
        return -ENOENT;
    target[length] = '\0';
    snprintf(path, sizeof(path), "/dev/vfio/noiommu-%s", strrchr(target, '/') + 1);
    return keep(open(path, O_RDWR), slot);
}

static int close_slot(unsigned slot)
{
    int r = result(close(slots[slot].fd));

    slots[slot].fd = -1;
    return r;
}

/* Of the BAR 0; malformed: of a region that no function has. */
static int map(int fd, enum manner manner, unsigned slot)
{
    off_t offset = manner == MANNER_MALFORMED ? (off_t)200 << 40 : 0;
    void *map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);

    if (map == MAP_FAILED)
        return -errno;
    slots[slot].map = map;
    return 0;
}

static int unmap(unsigned slot)
{
    if (!slots[slot].map)
        return -EINVAL;
    munmap(slots[slot].map, PAGE);
    slots[slot].map = NULL;
    return 0;
}

/* Where no memory is, when the manner says so. */
static void *pointer_to(enum manner manner, void *argument)
{
    return manner == MANNER_UNREADABLE ? NOWHERE : argument;
}

static int get_status(int fd, enum manner manner, unsigned *ret_flags)
{
    struct vfio_group_status status = {.argsz = manner == MANNER_MALFORMED ? 4 : sizeof(status)};
    int r = result(ioctl(fd, VFIO_GROUP_GET_STATUS, pointer_to(manner, &status)));

    *ret_flags = status.flags;
    return r;
}

static int get_device(int fd, enum manner manner, const struct function *f, unsigned token, unsigned slot)
{
    static const char *const after[N_MANNERS] = {[MANNER_MALFORMED] = " nonsense=1", [MANNER_GLUED] = "x"};
    char name[128], option[64] = "";

    if (token)
        snprintf(option, sizeof(option), " vf_token=" TOKEN, token);
    snprintf(name, sizeof(name), "%s%s%s", f->address, after[manner] ? after[manner] : "", option);
    return keep(ioctl(fd, VFIO_GROUP_GET_DEVICE_FD, pointer_to(manner, name)), slot);
}

static int set_token(int fd, enum manner manner, unsigned token_number)
{
    union {
        struct vfio_device_feature feature;
        uint8_t space[sizeof(struct vfio_device_feature) + 16];
    } token = {.feature = {.flags = VFIO_DEVICE_FEATURE_SET | VFIO_DEVICE_FEATURE_PCI_VF_TOKEN}};

    token.space[sizeof(token.space) - 1] = (uint8_t)token_number;
    token.feature.argsz = manner == MANNER_MALFORMED ? sizeof(token.feature) : sizeof(token);
    return result(ioctl(fd, VFIO_DEVICE_FEATURE, pointer_to(manner, &token)));
}

/* How many, and the flags from bit 8 on. */
static int reset_info(int fd, enum manner manner, unsigned *ret_count)
{
    union {
        struct vfio_pci_hot_reset_info info;
        uint8_t space[sizeof(struct vfio_pci_hot_reset_info) +
                      MOST_FUNCTIONS * sizeof(struct vfio_pci_dependent_device)];
    } told = {.info = {.argsz = manner == MANNER_MALFORMED ? sizeof(told.info) : sizeof(told)}};
    int r = result(ioctl(fd, VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, pointer_to(manner, &told)));

    *ret_count = told.info.count | told.info.flags << 8;
    return r;
}

static int hot_reset(int fd, enum manner manner, int group, unsigned count)
{
    union {
        struct vfio_pci_hot_reset reset;
        int32_t words[sizeof(struct vfio_pci_hot_reset) / sizeof(int32_t) + MOST_RESET];
    } reset = {.reset = {.argsz = manner == MANNER_MALFORMED ? 4 : sizeof(reset), .count = count}};

    for (unsigned i = 0; i < MOST_RESET; i++)
        reset.words[sizeof(reset.reset) / sizeof(int32_t) + i] = group;
    return result(ioctl(fd, VFIO_DEVICE_PCI_HOT_RESET, pointer_to(manner, &reset)));
}

static int send_file(int fd)
{
    char byte = 0;
    struct iovec vector = {.iov_base = &byte, .iov_len = 1};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {
        .header = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};

    memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
    return sendmsg(mail[0], &message, 0) < 0 ? -errno : 0;
}

static int receive_file(unsigned slot)
{
    char byte;
    struct iovec vector = {.iov_base = &byte, .iov_len = 1};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};

    if (recvmsg(mail[1], &message, 0) < 0 || message.msg_controllen < sizeof(control))
        give_up("recvmsg");
    memcpy(&slots[slot].fd, CMSG_DATA(&control.header), sizeof(int));
    return 0;
}

static int do_call(const struct step *step, unsigned *ret_flags)
{
    const unsigned *a = step->argument;
    int fd = a[0] < MOST_SLOTS ? slots[a[0]].fd : -1;

    if (is_ambiguous(step->call) && is_container(fd))
        return NOT_ASKED;
    switch (step->call) {
    case CALL_OPEN_CONTAINER:
        return keep(open("/dev/vfio/vfio", O_RDWR), a[0]);
    case CALL_OPEN_GROUP:
        return open_group(a[0], a[1]);
    case CALL_DUP:
        return keep(dup(fd), a[1]);
    case CALL_PASS:
        return send_file(fd);
    case CALL_CLOSE:
        return close_slot(a[0]);
    case CALL_MMAP:
        return map(fd, step->manner, a[1]);
    case CALL_MUNMAP:
        return unmap(a[0]);
    case CALL_SET_CONTAINER:
        return result(ioctl(fd, VFIO_GROUP_SET_CONTAINER, pointer_to(step->manner, &slots[a[1]].fd)));
    case CALL_UNSET_CONTAINER:
        return result(ioctl(fd, VFIO_GROUP_UNSET_CONTAINER));
    case CALL_GET_STATUS:
        return get_status(fd, step->manner, ret_flags);
    case CALL_GET_DEVICE_FD:
        return get_device(fd, step->manner, &machine->functions[a[1]], a[3], a[2]);
    case CALL_SET_IOMMU:
        return result(ioctl(fd, VFIO_SET_IOMMU, (unsigned long)a[1]));
    case CALL_BIND_IOMMUFD:
        return bind_iommufd(fd, step->manner, slots[a[1]].fd, ret_flags);
    case CALL_ATTACH_PT:
        return attach_pt(fd, step->manner, a[1], ret_flags);
    case CALL_DETACH_PT:
        return detach_pt(fd, step->manner);
    case CALL_SET_TOKEN:
        return set_token(fd, step->manner, a[1]);
    case CALL_RESET_INFO:
        return reset_info(fd, step->manner, ret_flags);
    case CALL_HOT_RESET:
        return hot_reset(fd, step->manner, slots[a[1]].fd, a[2]);
    case CALL_OPEN_IOMMUFD:
        return keep(open("/dev/iommu", O_RDWR), a[0]);
    case CALL_OPEN_NOIOMMU:
        return open_noiommu(&machine->functions[a[0]], a[1]);
    case CALL_OPEN_CDEV:
        return keep(open_cdev(&machine->functions[a[0]]), a[1]);
    case CALL_NEW_IOAS:
        return new_ioas(fd, step->manner, ret_flags);
    case CALL_DESTROY_OBJECT:
        return destroy_object(fd, step->manner, a[1]);
    case CALL_MAP_INTERRUPTS:
        return map_interrupts(fd, step->manner, a[1]);
    default:
        return -ENOSYS;
    }
}

static int do_call_as(const struct step *step, unsigned *ret_flags)
{
    int r;

    if (step->manner != MANNER_UNPRIVILEGED)
        return do_call(step, ret_flags);
    set_rawio(false);
    r = do_call(step, ret_flags);
    set_rawio(true);
    return r;
}

static _Noreturn void work(unsigned process);

/* A child of the same parent, so that it is that one who waits for it. */
static int fork_worker(unsigned process)
{
    long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

    if (pid == 0)
        work(process);
    return pid < 0 ? -errno : (int)pid;
}

/* What comes as CALL_PASS to the receiver is the slot for it. */
static struct reply serve(unsigned process, const struct step *step)
{
    struct reply reply = {.code = 0};

    if (step->call == CALL_FORK)
        reply.code = fork_worker(step->argument[0]);
    else if (step->call == CALL_PASS && step->process != process)
        reply.code = receive_file(step->argument[2]);
    else
        reply.code = do_call_as(step, &reply.flags);
    for (unsigned s = 0; s < MOST_SLOTS; s++)
        reply.taken[s] = slots[s].fd >= 0 || slots[s].map;
    return reply;
}

static int look(int channel)
{
    struct status held[MOST_SLOTS] = {{.asked = false}};

    for (unsigned s = 0; s < MOST_SLOTS; s++)
        if (slots[s].fd >= 0) {
            held[s].asked = true;
            held[s].code = get_status(slots[s].fd, MANNER_FINE, &held[s].flags);
        }
    return (int)send(channel, held, sizeof(held), 0);
}

static _Noreturn void work(unsigned process)
{
    int channel = channels[process][1];
    struct step step;

    while (recv(channel, &step, sizeof(step), 0) == sizeof(step)) {
        struct reply reply;

        if (step.call == CALL_EXIT)
            _exit(0);
        if ((unsigned)step.call == LOOK) {
            if (look(channel) < 0)
                break;
            continue;
        }
        reply = serve(process, &step);
        if (send(channel, &reply, sizeof(reply), 0) < 0)
            break;
    }
    _exit(1);
}

/* In the parent of all. */

void workers_init(const struct machine *all)
{
    machine = all;
    for (unsigned s = 0; s < MOST_SLOTS; s++)
        slots[s].fd = -1;
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, mail) < 0)
        give_up("socketpair");
    for (unsigned p = 0; p < MOST_PROCESSES; p++)
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channels[p]) < 0)
            give_up("socketpair");
}

void workers_begin(void)
{
    pids[0] = fork();
    if (pids[0] < 0)
        give_up("fork");
    if (pids[0] == 0)
        work(0);
}

bool worker_alive(unsigned process)
{
    return pids[process] > 0;
}

bool worker_slot_empty(unsigned process, unsigned slot)
{
    return !taken[process][slot];
}

static struct reply tell(unsigned process, const struct step *step)
{
    struct reply reply;

    if (send(channels[process][0], step, sizeof(*step), 0) < 0 ||
        recv(channels[process][0], &reply, sizeof(reply), 0) != sizeof(reply))
        give_up("a worker does not answer");
    memcpy(taken[process], reply.taken, sizeof(reply.taken));
    return reply;
}

static void forget(unsigned process)
{
    if (waitpid(pids[process], NULL, 0) < 0)
        give_up("waitpid");
    pids[process] = 0;
    memset(taken[process], 0, sizeof(taken[process]));
}

static int exit_worker(const struct step *step)
{
    if (send(channels[step->process][0], step, sizeof(*step), 0) < 0)
        give_up("send");
    forget(step->process);
    return 0;
}

static int add_worker(const struct step *step)
{
    struct step fork_as = *step;
    struct reply reply;
    unsigned process = 0;

    while (process < MOST_PROCESSES && pids[process])
        process++;
    if (process == MOST_PROCESSES)
        return -EAGAIN;
    fork_as.argument[0] = process;
    reply = tell(step->process, &fork_as);
    if (reply.code < 0)
        return reply.code;
    pids[process] = reply.code;
    memcpy(taken[process], reply.taken, sizeof(reply.taken));
    return 0;
}

int worker_do(const struct step *step, unsigned *ret_flags)
{
    struct reply reply;

    if (step->call == CALL_EXIT)
        return exit_worker(step);
    if (step->call == CALL_FORK)
        return add_worker(step);
    reply = tell(step->process, step);
    if (reply.code == 0 && step->call == CALL_PASS)
        (void)tell(step->argument[1], step);
    *ret_flags = reply.flags;
    return reply.code;
}

void workers_look(struct status ret[MOST_PROCESSES][MOST_SLOTS])
{
    const struct step look = {.call = (enum call)LOOK};

    for (unsigned p = 0; p < MOST_PROCESSES; p++)
        if (pids[p] > 0 && (send(channels[p][0], &look, sizeof(look), 0) < 0 ||
                               recv(channels[p][0], ret[p], sizeof(ret[p]), 0) != sizeof(ret[p])))
            give_up("a worker does not look");
}

void workers_end(void)
{
    for (unsigned p = 0; p < MOST_PROCESSES; p++)
        if (pids[p] > 0) {
            kill(pids[p], SIGKILL);
            forget(p);
        }
}
