/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/stop.h"

#include <signal.h>
#include <stddef.h>

static volatile int asked;

volatile int *iow_stop_flag(void)
{
    return &asked;
}

static void on_signal(int number)
{
    (void)number;
    asked = 1;
}

void iow_stop_catch(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction old, action = {.sa_handler = on_signal};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            (void)sigaction(numbers[i], &action, NULL);
}
