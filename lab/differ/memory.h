/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups in the kernel's memory, by the BPF programs that "ioward status --kernel" puts in place. */
#ifndef IOWARD_LAB_MEMORY_H
#define IOWARD_LAB_MEMORY_H

#include "language.h"

/* Are they in place? Once. */
bool memory_init(void);

/* Of the group with this number; before memory_init() has found them nothing is told. */
struct memory memory_of(unsigned number);

#endif
