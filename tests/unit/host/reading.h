/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines made for tests of the reader: a few files in memory, and a source around them that watches and
 * misbehaves. */
#ifndef IOWARD_TESTS_HOST_READING_H
#define IOWARD_TESTS_HOST_READING_H

#include "testing.h"

#include "facts/facts.h"
#include "host/linux/memory.h"

struct device {
    const char *address;
    const char *above; /* path of its folder's parent below sys/devices: "pci0000:00/0000:00:01.0" */
    const char *power; /* NULL: "D0"; "": no such file */
    uint16_t vendor, device;
    uint32_t class_code;
    size_t config_bytes; /* 0: 4096; 1: no config file */
    bool bridge;
    const char *driver; /* NULL: none */
    int group;          /* 0: none */
    const char *physfn;
};

/* A root port, group 1, and below it a graphics card bound to vfio-pci, group 2. */
extern const struct device port, card;

/* Folder of a device: "sys/devices/..."; returns buf. */
const char *device_folder(const struct device *d, char buf[256]);

void put_text(struct iow_source *s, const char *folder, const char *name, const char *text);
void put_link(struct iow_source *s, const char *folder, const char *name, const char *text);
void put_device(struct iow_source *s, const struct device *d);
struct iow_source *new_machine(void);

/* A source that passes everything on, but for what is asked of it here. Owns inner. */
struct watched {
    struct iow_source source;
    struct iow_source *inner;
    uint32_t n_calls;
    const char *forbidden; /* opening a file whose path ends so is counted ... */
    uint32_t n_forbidden;  /* ... here */
    uint32_t fail_at,
        failure; /* the call of this number and, if lasting, every later one answers -failure; 0: none */
    bool lasting;
    const char *victim;   /* with failure: only calls about this folder; opens answer ENOENT, reads ENODEV */
    char paths[256][512]; /* of handles */
    int n_open;
};

void watch(struct watched *w, struct iow_source *inner);

/* Reads facts and fails the test when that fails. */
struct iow_facts *read_all(struct iow_source *s, unsigned what);

const struct iow_function *function_at(const struct iow_facts *facts, const char *address);

/* How many records of what is missing carry this rule. */
uint32_t count_missing(const struct iow_facts *facts, enum iow_rule rule);

#endif
