/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults of a simulated machine, by words. */
#ifndef IOWARD_CLI_SIM_FAULT_H
#define IOWARD_CLI_SIM_FAULT_H

#include "host/sim/sim.h"

#define SIM_FAULT_USAGE "fault KIND [N [ERROR]]"
#define SIM_FAULT_HELP "the N-th effect from now: refuse hang late lie vanish; none: no more"

/* iow_sim_fault_words - words after "fault", NULL after the last; -IOW_EINVAL they make no sense */
int iow_sim_fault_words(struct iow_sim *sim, char **words, int n);

#endif
