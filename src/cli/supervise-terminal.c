/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "cli/supervise-user.h"

static bool has_terminal(void)
{
    int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);

    if (fd < 0)
        return false;
    (void)close(fd);
    return true;
}

/* /dev/tty does not tell whose it is; a standard file that is the terminal itself does. */
static bool owns_terminal(uint32_t uid)
{
    struct stat st;

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (tcgetsid(fd) == getsid(0) && fstat(fd, &st) == 0 && st.st_uid == uid)
            return true;
    return false;
}

bool iow_terminal_is_his(const struct iow_supervision *what)
{
    return what->uid == geteuid() || what->asked || !has_terminal() || owns_terminal(what->uid);
}
