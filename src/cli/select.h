/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Selecting devices the way people type them. Pure: text in, positions out.
 */
#ifndef IOWARD_CLI_SELECT_H
#define IOWARD_CLI_SELECT_H

#include <ioward/facts.h>
#include <ioward/topology.h>

enum iow_select_kind {
    IOW_SELECT_ADDRESS, /* 01:00.0, 0000:01:00.0, /sys/bus/pci/devices/0000:01:00.0 */
    IOW_SELECT_IDS,     /* 10de:2204 */
    IOW_SELECT_GROUP,   /* g12, /dev/vfio/12 */
    IOW_SELECT_CLASS,   /* class=display, class=0302 */
    IOW_SELECT_PATH,    /* 00:02.2/00.0 */
    IOW_SELECT_NAME,    /* eth1, nvme0n1: only with names read into the facts */
};

/* Bridges nest up to 256 deep in theory; real paths are below 16. */
#define IOW_SELECT_LEVELS 32

struct iow_selector {
    enum iow_select_kind kind;
    const char *text;           /* as typed, borrowed */
    struct iow_address address; /* ADDRESS; PATH: of its first function */
    uint16_t vendor, device;
    uint32_t group;
    uint32_t class_value, class_mask; /* of the 24-bit class code */
    uint32_t n_levels;
    uint8_t level[IOW_SELECT_LEVELS]; /* devfns below the first function */
};

/*
 * iow_select_parse
 * In:      text  kept by reference
 * Errors:  -IOW_EINVAL (IOW-SEL-SYNTAX)
 */
int iow_select_parse(const char *text, struct iow_selector *ret, struct iow_explain *reterr);

/*
 * iow_select_match - all functions that a selector names
 * Out:     ret  room for every function; ascending
 * Returns: how many; -IOW_ENOENT none (IOW-SEL-NO-MATCH)
 */
int iow_select_match(const struct iow_selector *selector, const struct iow_facts *facts,
    const struct iow_topology *topology, uint32_t *ret, struct iow_explain *reterr);

#define IOW_SELECT_MEANING 256

/* iow_select_meaning - how a selector was understood: "the PCI address 0000:01:00.0"; raw bytes, returns buf
 */
const char *iow_select_meaning(const struct iow_selector *selector, char buf[IOW_SELECT_MEANING]);

/* iow_select_hint - how to mend text that is no selector, if it is a common slip; NULL otherwise */
const char *iow_select_hint(const char *text);

/* iow_select_class_at - word i that class= knows; NULL past the end */
const char *iow_select_class_at(unsigned i);

#endif
