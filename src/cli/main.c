/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "cli/command.h"
#include "host/helper.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <string.h>

int main(int argc, char **argv)
{
    IOW_CLEANUP(iow_host_done) struct host host = {0};
    int code;

    if (iow_helper_main(argc, argv, &code))
        return code;
    (void)setlocale(LC_ALL, "");
    (void)signal(
        SIGCHLD, SIG_DFL); /* whoever started us may have ignored it, and then no child could be waited for */
    iow_host_init_live(&host);
    code = iow_command_run(&host, argc, argv);
    /* A full disk shows only here. */
    if (fflush(stdout) != 0 || ferror(stdout) || fclose(stdout) != 0) {
        (void)fprintf(stderr, "ioward: standard output: %s\n", strerror(errno));
        return EXIT_FAILED;
    }
    return code;
}
