/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plug.h"

#include "sysfs.h"
#include "writer.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_PLUGS = 8,
};

struct plug {
    unsigned port;
    char device[256], id[32];
    bool out;
};

static struct plug plugs[MOST_PLUGS];
static unsigned n_plugs;
static unsigned emptying = NO_FUNCTION; /* port whose slot is to be empty */
static bool gone;                       /* by QEMU */
static FILE *host;

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(3);
}

static void read_plug(const struct machine *machine, const char *line)
{
    struct plug *plug = &plugs[n_plugs++];
    char address[16];
    const char *id;

    if (n_plugs > MOST_PLUGS || sscanf(line, "%15s %255[^\n]", address, plug->device) != 2 ||
        !(id = strstr(plug->device, "\"id\": \"")) || sscanf(id + 7, "%31[^\"]", plug->id) != 1)
        give_up(line);
    while (plug->port < machine->n_functions && strcmp(machine->functions[plug->port].address, address) != 0)
        plug->port++;
}

void plugs_init(const struct machine *machine)
{
    FILE *file = fopen(PLUGS, "re");
    char line[512];

    while (file && fgets(line, sizeof(line), file))
        read_plug(machine, line);
    if (file)
        fclose(file);
    host = n_plugs ? fopen("/dev/ttyS3", "r+e") : NULL;
}

/* One line there, one back: a reply, or the event that was asked for. */
static void ask_host(const char *kind, const char *text, const char *wanted)
{
    char line[1024];

    if (fprintf(host, "%s %s\n", kind, text) < 0 || fflush(host) < 0 || !fgets(line, sizeof(line), host))
        give_up("host");
    if (!strstr(line, wanted)) {
        fprintf(stderr, "%s: %s", text, line);
        exit(3);
    }
}

static bool is_there(const char *address)
{
    char path[128];

    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", address);
    return access(path, F_OK) == 0;
}

static bool all_are(const struct machine *machine, unsigned port, bool there)
{
    for (unsigned i = 0; i < machine->n_functions; i++)
        if (strcmp(machine->functions[i].parent, machine->functions[port].address) == 0 &&
            is_there(machine->functions[i].address) != there)
            return false;
    return true;
}

static bool has_driver(const struct function *port)
{
    char path[128];

    snprintf(path, sizeof(path), "/sys/bus/pci/drivers/pcieport/%s", port->address);
    return access(path, F_OK) == 0;
}

bool plug_can_be_asked(const struct machine *machine, const struct step *step)
{
    bool out = step->call == CALL_PLUG;

    for (unsigned i = 0; i < n_plugs; i++)
        if (plugs[i].port == step->argument[0])
            return plugs[i].out == out && has_driver(&machine->functions[plugs[i].port]);
    return false;
}

/* The kernel's threads. */

static bool read_comm(const char *name, char *comm, size_t size)
{
    char path[300];
    ssize_t length;
    int fd;

    snprintf(path, sizeof(path), "/proc/%s/comm", name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    length = fd < 0 ? -1 : read(fd, comm, size - 1);
    comm[length < 0 ? 0 : length] = '\0';
    if (fd >= 0)
        close(fd);
    return length > 0;
}

/* The thread of a port with native hotplug, whose rest is to wait for its interrupt. */
static bool works_for_port(const char *name, const char *comm)
{
    char path[300], function[64] = "";
    FILE *file;

    if (!strstr(comm, "-pciehp"))
        return false;
    snprintf(path, sizeof(path), "/proc/%s/stack", name);
    file = fopen(path, "re");
    if (file && fscanf(file, "[<%*[^>]>] %63[^+]", function) != 1)
        *function = '\0';
    if (file)
        fclose(file);
    return strcmp(function, "irq_thread") != 0;
}

/* A worker tells in its name what it works on. */
static pid_t thread_at_work(void)
{
    DIR *folder = opendir("/proc");
    const struct dirent *entry;
    char comm[64];
    pid_t found = 0;

    while (folder && !found && (entry = readdir(folder)))
        if (isdigit((unsigned char)*entry->d_name) && read_comm(entry->d_name, comm, sizeof(comm)) &&
            (strstr(comm, "+kacpi_hotplug") || works_for_port(entry->d_name, comm)))
            found = (pid_t)strtol(entry->d_name, NULL, 10);
    if (folder)
        closedir(folder);
    return found;
}

bool plug_waits(void)
{
    pid_t pid = thread_at_work();

    return pid && thread_waits(pid);
}

/* Functions of a slot are seen when the first one is there, which therefore is the last. */
void plug_in(const struct machine *machine, unsigned port)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    char text[512];

    for (unsigned i = 0; i < n_plugs; i++)
        if (plugs[i].port == port) {
            snprintf(text, sizeof(text), "{\"execute\": \"device_add\", \"arguments\": %s}", plugs[i].device);
            ask_host("command", text, "\"return\"");
            plugs[i].out = false;
        }
    while (!all_are(machine, port, true) || thread_at_work())
        nanosleep(&pause, NULL);
}

void plug_out(unsigned port)
{
    char text[128];
    unsigned i = 0;

    while (plugs[i].port != port)
        i++;
    snprintf(
        text, sizeof(text), "{\"execute\": \"device_del\", \"arguments\": {\"id\": \"%s\"}}", plugs[i].id);
    ask_host("command", text, "\"return\"");
    emptying = port;
    gone = false;
}

/* Source: the PCI Express capability, Slot Control */
enum {
    CAPABILITIES = 0x34,
    PCI_EXPRESS = 0x10,
    SLOT_CONTROL = 0x18,
    HOTPLUG_INTERRUPT = 0x0020,
    POWER_OFF = 0x0700, /* and the power indicator */
    POWER_ON = 0x0100,
};

static uint16_t read_word(int fd, off_t at)
{
    uint8_t bytes[2];

    if (pread(fd, bytes, 2, at) != 2)
        give_up("config");
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static void write_word(int fd, off_t at, uint16_t word)
{
    const uint8_t bytes[2] = {word & 0xff, word >> 8};

    if (pwrite(fd, bytes, 2, at) != 2)
        give_up("config");
}

void plug_pull(const struct machine *machine, unsigned port)
{
    char path[128];
    uint16_t at, rest;
    int fd;

    snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", machine->functions[port].address);
    fd = open(path, O_RDWR | O_CLOEXEC);
    at = fd < 0 ? 0 : read_word(fd, CAPABILITIES) & 0xff;
    while (at && (read_word(fd, at) & 0xff) != PCI_EXPRESS)
        at = read_word(fd, at) >> 8;
    if (!at)
        give_up(path);
    at += SLOT_CONTROL;
    rest = read_word(fd, at) & (uint16_t) ~(POWER_OFF | HOTPLUG_INTERRUPT);
    emptying = port;
    gone = false;
    write_word(fd, at, rest | POWER_OFF);
    write_word(fd, at, rest | POWER_ON | HOTPLUG_INTERRUPT);
    close(fd);
}

static void await_deletion(void)
{
    for (unsigned i = 0; i < n_plugs; i++)
        if (plugs[i].port == emptying) {
            ask_host("event", "DEVICE_DELETED", "DEVICE_DELETED");
            plugs[i].out = true;
        }
    gone = true;
}

bool plug_is_out(const struct machine *machine)
{
    if (!gone && all_are(machine, emptying, false))
        await_deletion();
    return gone && !thread_at_work();
}

bool plug_in_all(const struct machine *machine)
{
    bool any = false;

    for (unsigned i = 0; i < n_plugs; i++)
        if (plugs[i].out) {
            plug_in(machine, plugs[i].port);
            any = true;
        }
    return any;
}
