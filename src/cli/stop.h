/* SPDX-License-Identifier: GPL-2.0-or-later */
/* That the user wants what is under way to end. */
#ifndef IOWARD_CLI_STOP_H
#define IOWARD_CLI_STOP_H

/* iow_stop_flag - not 0 as soon as a signal asked for it; for whoever does something that takes long */
volatile int *iow_stop_flag(void);

/* iow_stop_catch - from now on SIGINT, SIGTERM and SIGHUP ask for it, and interrupt system calls. One that is ignored
 * (nohup) stays so */
void iow_stop_catch(void);

#endif
