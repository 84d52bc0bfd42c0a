/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of other programs, and what is behind them on this machine.
 *
 * Three tables: the messages with the program that prints each (message-rows.h), what each is about and which
 * checks look for its cause (message-topics.c), and the rule of each check (message-checks.c). A message is what a
 * stranger wrote: whatever was taken from it is looked up in the facts before anything is said of it, and where the
 * facts contradict it, that is said.
 */
#ifndef IOWARD_REPORT_MESSAGE_H
#define IOWARD_REPORT_MESSAGE_H

#include "report/view.h"
#include <stdio.h>

enum iow_message_program {
    IOW_MESSAGE_OF_QEMU,
    IOW_MESSAGE_OF_DPDK,
    IOW_MESSAGE_OF_SPDK,
    IOW_MESSAGE_OF_LIBVIRT,
    IOW_MESSAGE_OF_DRIVERCTL,
    IOW_MESSAGE_OF_KERNEL,
    IOW_MESSAGE_OF_ANY,
    IOW_MESSAGE_OF__COUNT,
};

/* What a message is about. */
enum iow_message_topic {
    IOW_TOPIC_NOT_VIABLE,
    IOW_TOPIC_OPEN_GROUP,
    IOW_TOPIC_OPEN_CONTAINER,
    IOW_TOPIC_SET_CONTAINER,
    IOW_TOPIC_SET_IOMMU,
    IOW_TOPIC_NO_BACKEND,
    IOW_TOPIC_NO_VFIO,
    IOW_TOPIC_NO_PASSTHROUGH,
    IOW_TOPIC_GET_DEVICE,
    IOW_TOPIC_NOT_MANAGED,
    IOW_TOPIC_NOT_USABLE,
    IOW_TOPIC_NO_DEVICE,
    IOW_TOPIC_NO_GROUP,
    IOW_TOPIC_BIND,
    IOW_TOPIC_WRITE,
    IOW_TOPIC_ATTACH,
    IOW_TOPIC_DIRECT,
    IOW_TOPIC_INTERRUPTS,
    IOW_TOPIC_MAP,
    IOW_TOPIC_TWICE,
    IOW_TOPIC_TWO_SPACES,
    IOW_TOPIC_NO_RESET,
    IOW_TOPIC_RESET_OTHERS,
    IOW_TOPIC_RESET_FAILED,
    IOW_TOPIC_POWER,
    IOW_TOPIC_FAULT,
    IOW_TOPIC_BAR,
    IOW_TOPIC_PENDING,
    IOW_TOPIC_VF_TOKEN,
    IOW_TOPIC_DENYLIST,
    IOW_TOPIC_VFS,
    IOW_TOPIC_NO_ENDPOINT,
    IOW_TOPIC_SWITCH,
    IOW_TOPIC_IN_USE,
    IOW_TOPIC_IOVA,
    IOW_TOPIC_NO_IOMMU_MODE,
    IOW_TOPIC_TYPE_BOUND,
    IOW_TOPIC_TYPE_MEMBERS,
    IOW_TOPIC_BUSY,
    IOW_TOPIC__COUNT,
};

/*
 * One message as its program prints it. In the pattern, a blank matches one or more, and these are holes:
 *   {device}  a PCI address              {error}   an error of the system, in any of the ways programs write it
 *   {group}   a group's number           {number}  decimal or hexadecimal digits
 *   {text}    up to what follows it in the pattern; the first is kept
 */
struct iow_message_row {
    const char *id; /* stable */
    enum iow_message_program program;
    enum iow_message_topic topic;
    const char *pattern;
    const char *where;   /* file and function that print it */
    const char *version; /* of the program, where it was read */
    int error;           /* that it stands for when it names none; 0: none */
};

/* iow_message_row_at - row i; NULL past the end. The first that fits a line is the one */
const struct iow_message_row *iow_message_row_at(uint32_t i);

/* iow_message_program_name - "QEMU", "DPDK", ...; "a program" for any */
const char *iow_message_program_name(enum iow_message_program program);

/* What a line says, taken from it. */
struct iow_message_parts {
    const struct iow_message_row *row;
    bool has_device;
    struct iow_address device;
    uint32_t group; /* IOW_NONE: none named */
    int error;      /* 0: none named */
    const char *text;
    size_t text_len; /* of the first {text}, in the line; 0: none */
};

/* iow_message_match - false: the line is no message of the table. A device and a group that the pattern has no hole
 * for are looked for in the whole line */
bool iow_message_match(const char *line, struct iow_message_parts *ret);

/* One message of a log, however often it stands there. */
struct iow_message {
    struct iow_message_parts parts; /* text: in line */
    const char *line;               /* raw, the first of them */
    uint32_t first_line, times;
    struct iow_message *next;
};

struct iow_message_log {
    uint32_t n_lines, n_unknown, n;
    struct iow_message *first, *last; /* in the order of the log */
};

/* More different messages than these are counted as unknown: nobody reads them. */
#define IOW_MESSAGE_MOST 256

/* iow_message_take - the next line, without its newline. -IOW_ENOMEM */
int iow_message_take(struct iow_message_log *log, const char *line, struct iow_mem *mem);

/* Which parts of the facts a topic's checks look at, beside what is always read. */
enum iow_message_needs {
    IOW_MESSAGE_HOLDERS = 0x01,
    IOW_MESSAGE_DETAILS = 0x02,
    IOW_MESSAGE_REGIONS = 0x04,
};

/* iow_message_needs - of all messages of a log */
unsigned iow_message_needs(const struct iow_message_log *log);

/* What was found for a message. */
struct iow_message_cause {
    enum iow_rule rule;
    bool now;         /* it is so on this machine now; else it contradicts the message, or says
                                            what cannot be told */
    const char *text; /* sentence */
    const char *seen, *wanted, *remedy; /* NULL: none */
    uint32_t function, group;           /* position and number, or IOW_NONE */
};

#define IOW_MESSAGE_CAUSES 16

/* A message against the machine. */
struct iow_message_answer {
    uint32_t function; /* position of the device that it names; IOW_NONE: none, or not here */
    const struct iow_view_group *group; /* that it names, else the device's; NULL: none, or not here */
    uint32_t n, n_left_out;
    struct iow_message_cause cause[IOW_MESSAGE_CAUSES];
};

/* iow_message_explain - at least one cause. -IOW_ENOMEM */
int iow_message_explain(const struct iow_view *view, const struct iow_message *message, struct iow_mem *mem,
    struct iow_message_answer *ret);

/* iow_messages_text, iow_messages_json - a log, each message explained. The answers are made in mem */
int iow_messages_text(
    const struct iow_view *view, const struct iow_message_log *log, struct iow_mem *mem, FILE *out);
int iow_messages_json(
    const struct iow_view *view, const struct iow_message_log *log, struct iow_mem *mem, FILE *out);

/* iow_messages_none_json - the document of a log without a message, for which no machine was read */
int iow_messages_none_json(const struct iow_message_log *log, FILE *out);

#endif
