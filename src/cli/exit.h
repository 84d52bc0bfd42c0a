/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the exit status of ioward means; ioward(1) documents the same. */
#ifndef IOWARD_CLI_EXIT_H
#define IOWARD_CLI_EXIT_H

enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,            /* could not read, write or put back, or a named device is not here */
    EXIT_USAGE = 2,             /* the command line is wrong */
    EXIT_FINDINGS = 3,          /* what should hold may be broken */
    EXIT_REFUSED_IN_USE = 4,    /* in use, claimed, or not known not to be; or others would follow */
    EXIT_REFUSED_ISOLATION = 5, /* the hardware does not isolate it from another owner's device */
    EXIT_NOT_POSSIBLE = 6,      /* this machine, this device, or this kind of file, cannot do it */
    EXIT_TIMED_OUT = 7,         /* somebody did not let go in time; it goes on by itself or with --resume */
    EXIT_ROLLED_BACK = 8,       /* it failed or was stopped, and everything is as it was before */
    EXIT_UNKNOWN_MESSAGE = 9,   /* explain: nothing in it is a message that ioward knows */
    EXIT_WARNINGS = 10,         /* audit: the worst that is not accepted is a warning */
    EXIT_NOT_KNOWN = 11,        /* audit: something could not be judged or read, and nothing is worse */
    EXIT_NOTICES = 12,          /* audit: the worst that is not accepted is a notice */
};

#endif
