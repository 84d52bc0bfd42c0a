/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IOWARD_BENCH_LOAD_H
#define IOWARD_BENCH_LOAD_H

#include <stdint.h>

/* load - the word, atomically: what a question that takes no lock costs at the very least */
uint64_t load(const uint64_t *word);

#endif
