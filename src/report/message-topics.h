/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The topics of messages: what each means, and which checks look for its cause. */
#ifndef IOWARD_REPORT_MESSAGE_TOPICS_H
#define IOWARD_REPORT_MESSAGE_TOPICS_H

#include "report/message.h"

struct iow_message_check;

struct iow_topic_check {
    int error; /* asked only for this one of the system's errors, and where the message names none; 0: for all */
    const struct iow_message_check *check;
};

struct iow_topic_row {
    const char *name;                     /* stable */
    const char *meaning;                  /* what its messages say, whole sentence without its full stop */
    const struct iow_topic_check *checks; /* in order; the last has no check */
    unsigned needs;                       /* enum iow_message_needs */
    bool anywhere;                        /* a message that names nothing is about any group of the machine */
    bool other_group;                     /* the group that it names is not the device's */
    bool alias; /* the device that it names may be one that a bridge stands in for */
};

/* iow_topic_row - never NULL */
const struct iow_topic_row *iow_topic_row(enum iow_message_topic topic);

#endif
