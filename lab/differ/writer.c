/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "writer.h"

#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct writer {
    pid_t pid;   /* 0: not begun yet */
    int channel; /* to it */
    bool busy;
};

static const struct machine *machine;
static struct writer writers[MOST_TASKS];

/* Where a call that only another one's end can wake up stands: functions that wait, the scheduler's own
 * and those of locks not counted. */
static const char *const waiting_in[] = {"vfio_unregister_group_dev", "device_driver_attach",
    "__device_driver_lock", "device_release_driver_internal", "__device_attach", "__driver_attach",
    "driver_set_override", "iommu_group_store_type", "device_driver_detach", "bus_rescan_devices_helper",
    "pci_lock_rescan_remove", "pci_stop_and_remove_bus_device_locked", "device_del", "sriov_numvfs_store"};

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(3);
}

void writers_init(const struct machine *all)
{
    machine = all;
}

static _Noreturn void work(int channel)
{
    struct step step;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (recv(channel, &step, sizeof(step), 0) == sizeof(step)) {
        int code = do_write(machine, &step);

        if (send(channel, &code, sizeof(code), 0) < 0)
            break;
    }
    _exit(1);
}

static void hire(struct writer *writer)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        give_up("socketpair");
    writer->pid = fork();
    if (writer->pid < 0)
        give_up("fork");
    if (writer->pid == 0)
        work(ends[1]);
    close(ends[1]);
    writer->channel = ends[0];
}

unsigned writer_begin(const struct step *step)
{
    unsigned i = 0;

    while (writers[i].busy)
        i++;
    if (!writers[i].pid)
        hire(&writers[i]);
    if (send(writers[i].channel, step, sizeof(*step), 0) < 0)
        give_up("send");
    writers[i].busy = true;
    return i;
}

bool writer_ended(unsigned writer, int *ret_code)
{
    ssize_t length = recv(writers[writer].channel, ret_code, sizeof(*ret_code), MSG_DONTWAIT);

    if (length < 0 && errno == EAGAIN)
        return false;
    if (length != sizeof(*ret_code))
        give_up("a writer is gone");
    writers[writer].busy = false;
    return true;
}

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

void writer_stack(unsigned writer, char *text, size_t size)
{
    read_proc(writers[writer].pid, "stack", text, size);
}

/* Asleep, and in one of those? One that was woken up still stands there until it runs. */
bool thread_waits(pid_t pid)
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

bool writer_waits(unsigned writer)
{
    return thread_waits(writers[writer].pid);
}

void writers_pause(int milliseconds, bool others)
{
    struct pollfd polled[MOST_TASKS];
    nfds_t n = 0;

    for (unsigned i = 0; i < MOST_TASKS; i++)
        if (writers[i].busy)
            polled[n++] = (struct pollfd){.fd = writers[i].channel, .events = POLLIN};
    if (n || others)
        (void)poll(polled, n, milliseconds);
}
