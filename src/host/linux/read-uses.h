/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Looking for what the machine does with some of its functions: what the kinds of uses share.
 *
 * What is a file is read through the source. What is none is a probe (read-probe.h). On a live machine those
 * that look at processes share one walk: each begins, sees every process, and prints its answer, which is then
 * taken like a stored one.
 */
#ifndef IOWARD_HOST_LINUX_READ_USES_H
#define IOWARD_HOST_LINUX_READ_USES_H

#include "host/linux/read-probe.h"
#include "host/linux/read-processes.h"

#include <stdio.h>

/* A block device on a function, or one made of such a device: whoever uses it uses the function. */
struct iow_disk {
    const char *name;  /* the block device on the function */
    const char *self;  /* this one: the same, or made of it */
    const char *whole; /* name is a partition of it; NULL: it is none */
    uint64_t number;   /* iow_device_number(), IOW_NO_NUMBER: it has none */
    uint32_t function;
    bool used; /* a mount, swap space or another device explains why it is not free */
};

/* A search for the uses of some functions. */
struct iow_search {
    struct iow_reader *rd;
    bool *wanted;          /* by position */
    bool *networked;       /* by position: an interface of it was told */
    struct iow_list loops; /* private to read-disks.c */
    struct iow_list disks; /* struct iow_disk; sorted by number when complete */
    struct iow_list uses;  /* struct iow_use */
};

/* read-uses.c */

/* iow_search_function - the position of a function that is asked about, or IOW_NONE */
uint32_t iow_search_function(const struct iow_search *search, const struct iow_address *address);

/* iow_search_add - one more use; its texts are copied, no by is "" */
void iow_search_add(struct iow_search *search, const struct iow_use *use);

/* iow_search_unknown - something that may use them could not be seen; told once for each path, which is a stored
 * answer's or the folder that hides it */
void iow_search_unknown(struct iow_search *search, const char *path);

/* iow_search_failed - the same for an error of the source; what is not there is no failure */
void iow_search_failed(struct iow_search *search, int r, const char *path);

/* iow_search_entry - calls back for each function that a link in a folder leads to; what is no link leads
 * nowhere */
void iow_search_entry(struct iow_search *search, const char *folder, const char *name,
    void (*found)(void *ctx, const struct iow_address *address), void *ctx);

/* Block and character devices by number, as the kernel writes them: "259:1". */
#define IOW_NO_NUMBER UINT64_MAX
#define IOW_NUMBER_TEXT 24
static inline uint64_t iow_device_number(uint32_t major, uint32_t minor)
{
    return (uint64_t)major << 32 | minor;
}
bool iow_device_number_parse(const char *text, uint64_t *ret);
const char *iow_device_number_format(uint64_t number, char buf[IOW_NUMBER_TEXT]);

/* read-disks.c: the block devices, devices made of them, swap space */
void iow_search_disks(struct iow_search *search);
void iow_search_swaps(struct iow_search *search);

/* iow_search_node_name - what sysfs calls the device that a path of /dev names, "cciss!c0d0"; a link of /dev, as
 * udev makes them, is followed once. False: it is no path of /dev. Nothing else is looked at */
bool iow_search_node_name(struct iow_search *search, const char *path, char buf[IOW_WORD]);

/* read-exports.c: what others are given of the functions, through targets and mediated devices */
void iow_search_exports(struct iow_search *search);

/* iow_search_disk_at - the first disk of this number in search->disks, and how many follow with the same */
struct iow_disk *iow_search_disk_at(const struct iow_search *search, uint64_t number, uint32_t *ret_n);

/* read-consoles.c */
void iow_search_consoles(struct iow_search *search);

/* A probe that looks at processes. */
struct iow_survey {
    struct iow_search *search;
    struct json_object *list; /* the items found */
    bool complete;
    int r;       /* 0, or the error to end with */
    void *state; /* the probe's own */
};

struct iow_survey_ops {
    struct iow_probe probe;
    int (*begin)(struct iow_survey *survey); /* may be NULL; -IOW_ENOMEM */
    void (*see)(struct iow_survey *survey, const struct iow_process *process);
    void (*finish)(struct iow_survey *survey); /* when all were seen; may be NULL */
    void (*end)(struct iow_survey *survey);    /* frees state, also after begin failed */
};

/* read-network.c: functions that have an interface which was not told */
void iow_search_hidden_interfaces(struct iow_search *search);

extern const struct iow_survey_ops iow_survey_mounts, iow_survey_network, iow_survey_open;

/* iow_survey_add - one more item, NULL for want of memory */
void iow_survey_add(struct iow_survey *survey, struct json_object *item);

/* iow_survey_first_sight - a namespace's, folder's or other thing's text that was not seen before; remembers
 * it in *seen, which iow_survey_forget() frees */
bool iow_survey_first_sight(struct iow_survey *survey, void **seen, const char *text);
bool iow_survey_seen(void *const *seen, const char *text);
void iow_survey_forget(void *seen);

/* read-exclusive.c: block devices that somebody has to himself, which nothing found before explains */
void iow_search_exclusive(struct iow_search *search);

/* read-network-dump.c */

/* An interface of one network namespace. */
struct iow_interface {
    uint32_t index;
    uint32_t master;       /* index of the bridge, bond, ... that it belongs to; 0: none */
    uint32_t below;        /* index of the interface that it is made on (VLAN, macvlan, ...); 0: none */
    int32_t below_space;   /* the namespace of that, by this namespace's number for it; -1: the same */
    bool up, carrier, xdp; /* xdp: a program that sees packets before the network does */
    char name[16];         /* IFNAMSIZ */
    char parent[IOW_WORD], bus[32]; /* its device, ""; virtual ones have none */
    char user[16]; /* what it is a part of, or what is made on it and up; "" neither. Not from the dump */
    uint32_t n_addresses, n_routes;
    bool default_route;
};

struct nl_sock;

/* iow_network_socket - a route socket in the network namespace of the calling thread; NULL on any error. Free
 * with nl_socket_free() */
struct nl_sock *iow_network_socket(void);

/*
 * iow_network_dump - the interfaces of the socket's namespace
 * Out:     ret     struct iow_interface by index; addresses and routes are counted only if one has a device
 * Errors:  -IOW_EIO, -IOW_ENOMEM
 */
int iow_network_dump(struct nl_sock *socket, struct iow_list *ret);

/* iow_network_find - the interface of this index in such a list, or NULL */
struct iow_interface *iow_network_find(const struct iow_list *interfaces, uint32_t index);

/* iow_network_has_device - does any of them name the device it is on? */
bool iow_network_has_device(const struct iow_list *interfaces);

/* iow_network_name_users - says of each interface who has it in the same namespace: what it is a part of, or else
 * what is made on it and up */
void iow_network_name_users(struct iow_list *interfaces);

/* iow_network_name_users_elsewhere - the same for what is made on them in another namespace, a container's
 * macvlan
 * In:      number  the number that the other namespace has for that of interfaces; -1: none */
void iow_network_name_users_elsewhere(
    struct iow_list *interfaces, const struct iow_list *elsewhere, int32_t number);

/*
 * iow_network_name_carried - the same for what works on an interface without an address: a session of PPPoE, and on one
 * with a carrier a packet socket bound to it or an XDP program
 * In:      pppoe, packet  the files of these names in the namespace's /proc/net; NULL: there is none
 */
void iow_network_name_carried(struct iow_list *interfaces, FILE *pppoe, FILE *packet);

/* iow_network_leads_elsewhere - is any interface that is up made on one of another namespace? */
bool iow_network_leads_elsewhere(const struct iow_list *interfaces);

/* iow_network_space_number - the number that the socket's namespace has for another; -1: none */
int32_t iow_network_space_number(struct nl_sock *socket, int space);

/* read-mounts.c */

/* iow_mounts_parse - calls back for each line of a mountinfo file. False: it could not be read, or not all */
struct libmnt_fs;
bool iow_mounts_parse(FILE *file, void (*found)(void *ctx, struct libmnt_fs *fs), void *ctx);

/* iow_mounts_of - the same for what a process sees mounted, unless one before it saw the same; those that were
 * seen are kept in *seen, which iow_survey_forget() frees */
void iow_mounts_of(struct iow_survey *survey, const struct iow_process *process, void **seen,
    void (*found)(void *ctx, struct libmnt_fs *fs), void *ctx);

#endif
