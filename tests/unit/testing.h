/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test includes first. */
#ifndef IOWARD_TESTS_TESTING_H
#define IOWARD_TESTS_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
