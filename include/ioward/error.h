/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Errors and explanations.
 *
 * Every function of the library that can fail returns 0 (or a documented positive count) or a negative
 * IOW_E... number for control flow, and fills an explain object for people. Neither replaces the other.
 * The numbers equal Linux's errno values, but are defined here because <errno.h> is not a freestanding
 * header. Their meaning is the same in the whole library:
 *
 *   IOW_EPERM        a rule refuses it; the explain object says which
 *   IOW_ENOENT       the thing named does not exist
 *   IOW_EINTR        stopped because the caller asked for it
 *   IOW_EIO          reading or writing failed below us, or the kernel refused; the evidence has its errno
 *   IOW_E2BIG        there is more of it than this library takes
 *   IOW_ENOMEM       memory is exhausted
 *   IOW_EACCES       the kernel does not let this user read it
 *   IOW_EBUSY        it is in use
 *   IOW_EEXIST       it is there already
 *   IOW_ENODEV       the device went away
 *   IOW_EINVAL       malformed input
 *   IOW_ELOOP        a structure that must be a tree has a loop
 *   IOW_EBADMSG      a capture or a stored answer is damaged
 *   IOW_EOPNOTSUPP   not possible on this machine, or not for this kind of input
 *   IOW_ETIMEDOUT    the time given was not enough
 *   IOW_EINPROGRESS  it goes on by itself and may end later
 *   IOW_ESTALE       the address holds another device than it did
 *   IOW_EPROBE_DEFER too early: ask again when there is a default domain (Linux has no such number in user
 *   space)
 */
#ifndef IOWARD_ERROR_H
#define IOWARD_ERROR_H

#include <ioward/address.h>
#include <ioward/rule.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum iow_error {
    IOW_EPERM = 1,
    IOW_ENOENT = 2,
    IOW_EINTR = 4,
    IOW_EIO = 5,
    IOW_E2BIG = 7,
    IOW_ENOMEM = 12,
    IOW_EACCES = 13,
    IOW_EBUSY = 16,
    IOW_EEXIST = 17,
    IOW_ENODEV = 19,
    IOW_EINVAL = 22,
    IOW_ELOOP = 40,
    IOW_EBADMSG = 74,
    IOW_EOPNOTSUPP = 95,
    IOW_ETIMEDOUT = 110,
    IOW_EINPROGRESS = 115,
    IOW_ESTALE = 116,
    IOW_EPROBE_DEFER = 517,
};

enum iow_subject_kind {
    IOW_SUBJECT_NONE,
    IOW_SUBJECT_MACHINE,
    IOW_SUBJECT_FUNCTION, /* address */
    IOW_SUBJECT_GROUP,    /* number */
    IOW_SUBJECT_PROCESS,  /* number */
    IOW_SUBJECT_TEXT,     /* the explain object's text: a path, an archive member, what the user typed */
};

struct iow_subject {
    enum iow_subject_kind kind;
    struct iow_address address;
    uint32_t number;
};

/* What was seen and what was wanted; the rule says what the numbers are. */
struct iow_evidence {
    uint64_t seen;
    uint64_t wanted;
    uint32_t offset; /* where: config space or file offset in bytes; 0 where it has no meaning */
};

#define IOW_EXPLAIN_EVIDENCE 4
#define IOW_EXPLAIN_TEXT 192

/*
 * Why a call failed. Fixed size, no allocation, so that even lack of memory can be explained. Written only on
 * failure, by the function that detects it. A NULL pointer is allowed wherever one is asked for.
 */
struct iow_explain {
    int code; /* the negative error returned */
    enum iow_rule rule;
    struct iow_subject subject;
    uint32_t n_evidence;
    struct iow_evidence evidence[IOW_EXPLAIN_EVIDENCE];
    char text[IOW_EXPLAIN_TEXT]; /* NUL-terminated, possibly cut; raw bytes of a stranger: escape when drawing
                                  */
};

/* iow_error_name - "ENOENT" and so on for an error number of either sign; "error" for any other */
const char *iow_error_name(int code);

#ifdef __cplusplus
}
#endif
#endif
