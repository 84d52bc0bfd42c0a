/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the value "one machine at one moment", for those who build it and for those who walk its arrays.
 *
 * A builder (the reader of a host) appends records to lists, links by address where the position is not known
 * yet, and finishes: lists become sorted arrays in the facts' own arena and links become positions.
 */
#ifndef IOWARD_FACTS_FACTS_H
#define IOWARD_FACTS_FACTS_H

#include <ioward/facts.h>

struct iow_facts {
    struct iow_mem mem; /* owns every array and text below */
    enum iow_provenance provenance;
    bool holders_read, names_read;
    struct iow_machine machine;
    uint32_t n_functions;
    struct iow_function *functions; /* by address */
    uint32_t n_groups;
    struct iow_group *groups; /* by number */
    uint32_t n_other_members;
    struct iow_other_member *other_members; /* by group, then name */
    uint32_t n_holders;
    struct iow_holder *holders; /* by pid */
    uint32_t n_names;
    struct iow_name *names; /* by name */
    uint32_t n_uses;
    struct iow_use *uses; /* by function, kind and name */
    uint32_t n_missing;
    struct iow_missing *missing; /* in the order noticed */
    uint32_t missing_room;       /* records that fit in missing; see iow_facts_add_missing() */
};

/* iow_facts_new - empty facts on the heap; NULL when there is no memory. Free with iow_facts_free() */
struct iow_facts *iow_facts_new(enum iow_provenance provenance);

/*
 * iow_facts_add_missing - something asked for could not be had
 * In:      path    copied; NULL: not about one file
 * Errors:  -IOW_ENOMEM
 */
int iow_facts_add_missing(
    struct iow_facts *facts, enum iow_rule rule, const struct iow_subject *subject, const char *path);

/* The subjects of records about a function, a group and the machine. */
struct iow_subject iow_subject_function(const struct iow_address *address);
struct iow_subject iow_subject_group(uint32_t number);
struct iow_subject iow_subject_machine(void);

/* A growable list of equal items, for what is not counted before it is read. */
struct iow_list {
    void *items;
    uint32_t n, room;
};

/* iow_list_add - one more item, all zero; NULL when there is no memory. Moves the items before it */
void *iow_list_add(struct iow_list *list, size_t item_bytes);
void iow_list_done(struct iow_list *list);

/* iow_list_keep - the items as an array in an arena; NULL when there is no memory */
void *iow_list_keep(const struct iow_list *list, size_t item_bytes, struct iow_mem *mem);

#endif
