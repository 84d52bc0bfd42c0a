/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/supervise.h"

#define REPORT "report"
#define TRANSACTION 17
#define MEMLOCK (64 * 1024)

/* A folder of its own for each test, which is the working folder too. */
static char folder[64];

static int enter_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/ioward-supervise-XXXXXX");
    if (!mkdtemp(folder) || chmod(folder, 0777) < 0)
        return -1;
    return chdir(folder);
}

static int leave_folder(void **state)
{
    static const char *const names[] = {"ready", "done", "late", REPORT, "run-17", "script"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        (void)unlink(names[i]);
    return chdir("/") < 0 ? -1 : rmdir(folder);
}

static unsigned told;
static struct iow_left_behind told_of;
static int gate = -1;

static void tell(void *ctx, const struct iow_left_behind *who)
{
    (void)ctx;
    told++;
    told_of = *who;
    if (gate >= 0)
        (void)!write(gate, "go", 2);
}

/* A pipe in which two bytes will lie once we are told of those left behind: each of two "head -c1 ready" takes one. */
static void make_gate(void)
{
    assert_int_equal(mkfifo("ready", 0600), 0);
    gate = open("ready", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    assert_true(gate >= 0);
}

static void remove_gate(void)
{
    close(gate);
    gate = -1;
}

static struct iow_supervision supervision_of(char *const *argv)
{
    told = 0;
    told_of = (struct iow_left_behind){0};
    return (struct iow_supervision){
        .argv = argv, .uid = geteuid(), .gid = getegid(), .lock = -1, .left_behind = tell};
}

static int run_shell(const char *script)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
    struct iow_supervision what = supervision_of(argv);
    int status = -1;

    assert_int_equal(iow_supervise(&what, &status), 0);
    return status;
}

static void wait_for_file(const char *name)
{
    for (int i = 0; i < 2000 && access(name, F_OK) < 0; i++)
        usleep(10000);
}

/* A process that sends us a signal once this file is there. */
static pid_t signal_us_after(const char *name, int number)
{
    pid_t us = getpid(), pid = fork();

    if (pid == 0) {
        wait_for_file(name);
        _exit(kill(us, number) < 0);
    }
    return pid;
}

static void the_status_is_what_a_shell_would_tell(void **state)
{
    (void)state;
    assert_int_equal(run_shell("exit 0"), 0);
    assert_int_equal(run_shell("exit 7"), 7);
    assert_int_equal(run_shell("kill -KILL $$"), 128 + SIGKILL);
    assert_int_equal(run_shell("kill -TERM $$"), 128 + SIGTERM);
    assert_int_equal(told, 0);
}

static void a_command_that_does_not_start_is_told(void **state)
{
    char *none[] = {(char *)"ioward-no-such-command", NULL}, *script[] = {(char *)"./script", NULL};
    struct iow_supervision what = supervision_of(none);
    int status = -1;

    (void)state;
    assert_int_equal(iow_supervise(&what, &status), -ENOENT);
    close(open("script", O_WRONLY | O_CREAT, 0600));
    what.argv = script;
    assert_int_equal(iow_supervise(&what, &status), -EACCES);
    assert_int_equal(status, -1);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    assert_int_equal(iow_supervise_failure_status(-ENOENT), 127);
    assert_int_equal(iow_supervise_failure_status(-EACCES), 126);
}

static void everybody_it_leaves_behind_is_waited_for(void **state)
{
    (void)state;
    make_gate();
    assert_int_equal(run_shell("head -c1 ready >/dev/null & head -c1 ready >/dev/null & exit 3"), 3);
    assert_int_equal(told, 1);
    assert_int_equal(told_of.n, 2);
    assert_string_equal(told_of.name, "head");
    assert_true(told_of.pid > 1 && told_of.pid != getpid());
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    remove_gate();
}

static void a_daemon_two_generations_away_is_waited_for(void **state)
{
    (void)state;
    make_gate();
    assert_int_equal(
        run_shell("setsid sh -c '(head -c1 ready; : > done) & (head -c1 ready) &' >/dev/null & exit 3"), 3);
    assert_int_equal(access("done", F_OK), 0);
    assert_int_equal(told, 1);
    assert_true(told_of.n > 0);
    remove_gate();
}

static void nobody_is_left_behind_who_ends_at_once(void **state)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)": & exit 4", NULL};
    struct iow_supervision what = supervision_of(argv);
    int status = -1;

    (void)state;
    what.patience_msec = 60000; /* what is at once, a loaded machine decides */
    assert_int_equal(iow_supervise(&what, &status), 0);
    assert_int_equal(status, 4);
    assert_int_equal(told, 0);
}

static void make_script(const char *name, mode_t mode)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static int look_for(const char *name, const char *path)
{
    char *argv[] = {(char *)name, NULL};
    struct iow_supervision what = supervision_of(argv);
    char before[256];
    int r;

    snprintf(before, sizeof(before), "%s", getenv("PATH"));
    if (path)
        setenv("PATH", path, 1);
    r = iow_supervise_look(&what);
    setenv("PATH", before, 1);
    return r;
}

static void a_command_is_looked_for_where_exec_would(void **state)
{
    char here[128];

    (void)state;
    snprintf(here, sizeof(here), "/nonexistent:%s", folder);
    make_script("script", 0600);
    assert_int_equal(look_for("sh", NULL), 0);
    assert_int_equal(look_for("/bin/sh", "/nonexistent"), 0);
    assert_int_equal(look_for("ioward-no-such-command", NULL), -ENOENT);
    assert_int_equal(look_for("", NULL), -ENOENT);
    assert_int_equal(look_for("./script", NULL), -EACCES);
    assert_int_equal(look_for("script", here), -EACCES);
    assert_int_equal(look_for("./nothing", NULL), -ENOENT);
    assert_int_equal(look_for("/tmp", NULL), -EACCES);
    assert_int_equal(chmod("script", 0755), 0);
    assert_int_equal(look_for("./script", NULL), 0);
    assert_int_equal(look_for("script", here), 0);
    assert_int_equal(look_for("script", "/nonexistent:"), 0); /* an empty folder is this one */
    assert_int_equal(look_for("script", "/nonexistent"), -ENOENT);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void sigterm_and_sighup_reach_the_command(void **state)
{
    static const int numbers[] = {SIGTERM, SIGHUP};

    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        char script[256];
        pid_t pid = signal_us_after("ready", numbers[i]);

        snprintf(script, sizeof(script),
            "trap 'exit 4%d' %d; : > ready; n=0; while [ $n -lt 400 ]; do sleep 0.05; n=$((n+1)); done",
            (int)i, numbers[i]);
        assert_int_equal(run_shell(script), 40 + (int)i);
        (void)waitpid(pid, NULL, 0); /* it may have been waited for already */
        unlink("ready");
    }
}

static void sigterm_reaches_those_left_behind(void **state)
{
    pid_t us = getpid();
    char script[512];

    (void)state;
    snprintf(script, sizeof(script),
        "(trap ': > late; exit' TERM; : > ready; n=0; while [ $n -lt 400 ]; do sleep 0.05; n=$((n+1)); done) "
        "&"
        "sh -c 'while ! [ -e ready ]; do sleep 0.05; done; sleep 0.3; kill -TERM %d' & exit 5",
        (int)us);
    assert_int_equal(run_shell(script), 5);
    assert_int_equal(access("late", F_OK), 0);
}

/* A helper of ours may wait in the kernel for ever, for another device. */
static void children_that_were_there_before_are_left_alone(void **state)
{
    char script[256];
    pid_t waits = fork(), ended;
    int status;

    (void)state;
    if (waits == 0) {
        (void)signal(SIGTERM, SIG_DFL);
        for (;;)
            pause();
    }
    ended = fork();
    if (ended == 0)
        _exit(0);
    assert_int_equal(run_shell("exit 3"), 3);
    assert_int_equal(told, 0);
    snprintf(script, sizeof(script),
        "(trap ': > late; exit' TERM; : > ready; while :; do sleep 0.05; done) &"
        "sh -c 'while ! [ -e ready ]; do sleep 0.05; done; sleep 0.3; kill -TERM %d' & exit 5",
        (int)getpid());
    assert_int_equal(run_shell(script), 5);
    assert_int_equal(access("late", F_OK), 0);
    assert_int_equal(waitpid(waits, &status, WNOHANG), 0);
    assert_int_equal(kill(waits, SIGKILL), 0);
    assert_int_equal(waitpid(waits, &status, 0), waits);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void nothing_is_started_that_was_to_stop_before(void **state)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)": > done", NULL};
    struct iow_supervision what = supervision_of(argv);
    volatile int stop = 1;
    int status = -1;

    (void)state;
    what.stop = &stop;
    assert_int_equal(iow_supervise(&what, &status), -EINTR);
    assert_int_equal(status, -1);
    assert_int_equal(access("done", F_OK), -1);
    stop = 0;
    assert_int_equal(iow_supervise(&what, &status), 0);
    assert_int_equal(access("done", F_OK), 0);
}

static volatile int interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted++;
}

static void an_interrupt_is_the_commands_affair(void **state)
{
    struct sigaction action = {.sa_handler = on_signal}, before;
    char script[128];

    (void)state;
    interrupted = 0;
    assert_int_equal(sigaction(SIGINT, &action, &before), 0);
    snprintf(script, sizeof(script), "kill -INT %d; kill -QUIT %d; sleep 0.2; exit 6", (int)getpid(),
        (int)getpid());
    assert_int_equal(run_shell(script), 6);
    assert_int_equal(interrupted, 0);
    assert_int_equal(raise(SIGINT), 0); /* ours again */
    assert_int_equal(interrupted, 1);
    assert_int_equal(sigaction(SIGINT, &before, NULL), 0);
}

/* Is nobody left who has the lock? */
static bool can_lock(void)
{
    int fd = open("run-17", O_RDONLY | O_CLOEXEC);
    bool free_now = flock(fd, LOCK_EX | LOCK_NB) == 0;

    assert_true(fd >= 0);
    close(fd);
    return free_now;
}

static void the_lock_outlives_a_supervisor_that_was_killed(void **state)
{
    static const char script[] = ": > ready; (while ! [ -e done ]; do sleep 0.05; done) & wait; :";
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
    struct iow_supervision what = supervision_of(argv);
    struct stat st;
    int status;
    pid_t pid;

    (void)state;
    pid = fork();
    if (pid == 0) {
        if (iow_supervision_lock(folder, TRANSACTION, &what.lock) == 0)
            (void)iow_supervise(&what, &status);
        _exit(1);
    }
    wait_for_file("ready");
    assert_false(can_lock());
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_false(can_lock());
    assert_int_equal(stat("run-17", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    close(open("done", O_WRONLY | O_CREAT, 0600));
    for (int i = 0; i < 2000 && !can_lock(); i++)
        usleep(10000);
    assert_true(can_lock());
    iow_supervision_unlock(folder, TRANSACTION, -1);
    assert_int_equal(access("run-17", F_OK), -1);
    iow_supervision_unlock(folder, TRANSACTION, -1);
}

static void the_lock_is_a_file_of_its_own(void **state)
{
    int fd = -1, none = -1;

    (void)state;
    assert_int_equal(iow_supervision_lock("/nonexistent", TRANSACTION, &none), -ENOENT);
    assert_int_equal(symlink("/etc/passwd", "run-17"), 0);
    assert_int_equal(iow_supervision_lock(folder, TRANSACTION, &none), -ELOOP);
    assert_int_equal(unlink("run-17"), 0);
    assert_int_equal(iow_supervision_lock(folder, TRANSACTION, &fd), 0);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    assert_false(can_lock());
    iow_supervision_unlock(folder, TRANSACTION, fd);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
    assert_int_equal(none, -1);
}

/* What a command was given; it is this program that tells. */
struct report {
    unsigned n_files, highest_file;
    uint32_t uid, gid, saved_uid, saved_gid;
    int n_groups;
    sigset_t mask;
    bool ignored[32];
    struct rlimit memlock;
    pid_t group, session;
    char home[128], user[64], marked[16], folder[64];
};

static void copy_variable(const char *name, char *to, size_t size)
{
    const char *value = getenv(name);

    snprintf(to, size, "%s", value ? value : "(none)");
}

static int write_report(void)
{
    struct report report = {0};
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    uid_t uid, saved_uid;
    gid_t gid, saved_gid;
    int fd;

    while (dir && (entry = readdir(dir))) {
        unsigned number = (unsigned)atoi(entry->d_name);

        if (entry->d_name[0] == '.' || (int)number == dirfd(dir))
            continue;
        report.n_files++;
        if (number > report.highest_file)
            report.highest_file = number;
    }
    if (!dir || closedir(dir) < 0)
        return 1;
    if (getresuid(&report.uid, &uid, &saved_uid) < 0 || getresgid(&report.gid, &gid, &saved_gid) < 0 ||
        !getcwd(report.folder, sizeof(report.folder)))
        return 1;
    report.saved_uid = saved_uid;
    report.saved_gid = saved_gid;
    report.n_groups = getgroups(0, NULL);
    sigprocmask(SIG_SETMASK, NULL, &report.mask);
    for (int i = 1; i < 32; i++) {
        struct sigaction action;

        report.ignored[i] = sigaction(i, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
    }
    getrlimit(RLIMIT_MEMLOCK, &report.memlock);
    report.group = getpgrp();
    report.session = getsid(0);
    copy_variable("HOME", report.home, sizeof(report.home));
    copy_variable("USER", report.user, sizeof(report.user));
    copy_variable("IOWARD_TEST", report.marked, sizeof(report.marked));
    fd = open(REPORT, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    return write(fd, &report, sizeof(report)) != sizeof(report);
}

static void run_reporter(struct iow_supervision *what, struct report *ret)
{
    char *argv[] = {(char *)"/proc/self/exe", (char *)REPORT, NULL};
    int status = -1, fd;

    what->argv = argv;
    assert_int_equal(iow_supervise(what, &status), 0);
    assert_int_equal(status, 0);
    fd = open(REPORT, O_RDONLY);
    assert_int_equal(read(fd, ret, sizeof(*ret)), sizeof(*ret));
    close(fd);
}

static void a_command_gets_the_lock_and_no_other_file(void **state)
{
    struct iow_supervision what = supervision_of(NULL);
    int stray = open("/", O_PATH), high = fcntl(stray, F_DUPFD, 500);
    struct report report;

    (void)state;
    run_reporter(&what, &report);
    assert_int_equal(report.n_files, 3);
    assert_int_equal(iow_supervision_lock(folder, TRANSACTION, &what.lock), 0);
    run_reporter(&what, &report);
    assert_int_equal(report.n_files, 4);
    assert_int_equal(report.highest_file, 100);
    assert_true(can_lock() == false);
    iow_supervision_unlock(folder, TRANSACTION, what.lock);
    close(stray);
    close(high);
}

static void a_command_starts_as_if_it_were_started_by_our_shell(void **state)
{
    struct iow_supervision what = supervision_of(NULL);
    void (*hup)(int) = signal(SIGHUP, SIG_IGN), (*pipe)(int) = signal(SIGPIPE, SIG_IGN);
    void (*child)(int) = signal(SIGCHLD, SIG_IGN), (*term)(int) = signal(SIGTERM, on_signal);
    struct report report;
    sigset_t mask;
    int reaper = -1;

    (void)state;
    setenv("IOWARD_TEST", "as it was", 1);
    run_reporter(&what, &report);
    assert_true(report.ignored[SIGHUP]); /* nohup */
    assert_false(report.ignored[SIGPIPE]);
    assert_false(report.ignored[SIGCHLD]);
    assert_false(report.ignored[SIGTERM]);
    assert_false(report.ignored[SIGINT]);
    sigprocmask(SIG_SETMASK, NULL, &mask);
    assert_memory_equal(&report.mask, &mask, 8);
    assert_int_equal(report.group, getpgrp());
    assert_int_equal(report.session, getsid(0));
    assert_string_equal(report.folder, folder);
    assert_string_equal(report.marked, "as it was");
    /* and all is ours again */
    assert_true(signal(SIGCHLD, child) == SIG_IGN);
    assert_true(signal(SIGTERM, term) == on_signal);
    assert_int_equal(prctl(PR_GET_CHILD_SUBREAPER, &reaper), 0);
    assert_int_equal(reaper, 0);
    (void)signal(SIGHUP, hup);
    (void)signal(SIGPIPE, pipe);
}

static void the_memory_it_may_lock_is_limited_as_asked(void **state)
{
    struct iow_supervision what = supervision_of(NULL);
    struct rlimit ours;
    struct report report;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &ours), 0);
    run_reporter(&what, &report);
    assert_true(report.memlock.rlim_cur == ours.rlim_cur && report.memlock.rlim_max == ours.rlim_max);
    what.memlock_bytes = MEMLOCK;
    run_reporter(&what, &report);
    assert_int_equal(report.memlock.rlim_cur, MEMLOCK);
    assert_int_equal(report.memlock.rlim_max, MEMLOCK);
    what.memlock_bytes = SUPERVISE_NO_LIMIT;
    run_reporter(&what, &report);
    assert_true(report.memlock.rlim_cur == report.memlock.rlim_max);
    /* as far as we may: not even root everywhere */
    assert_true(report.memlock.rlim_max == RLIM_INFINITY || report.memlock.rlim_max == ours.rlim_max);
}

static void need_root(void)
{
    if (geteuid() == 0)
        return;
    print_message("skipped: only root can become another user\n");
    skip();
}

static void a_command_is_looked_for_as_the_user(void **state)
{
    const struct passwd *nobody = getpwnam("nobody");
    char *argv[] = {(char *)"./script", NULL};
    struct iow_supervision what = supervision_of(argv);

    (void)state;
    need_root();
    make_script("script", 0700);
    assert_int_equal(iow_supervise_look(&what), 0);
    what.uid = nobody->pw_uid;
    what.gid = nobody->pw_gid;
    assert_int_equal(iow_supervise_look(&what), -EACCES);
}

/* As a user whom /proc/self/exe may be hidden from, it is enough that the program can be read by all. */
static void it_runs_as_the_user_for_good(void **state)
{
    const struct passwd *nobody = getpwnam("nobody");
    struct iow_supervision what = supervision_of(NULL);
    gid_t groups[32];
    int n_groups = (int)COUNT(groups);
    char home[128];
    struct report report;

    (void)state;
    need_root();
    assert_non_null(nobody);
    what.uid = nobody->pw_uid;
    what.gid = nobody->pw_gid;
    what.user = "nobody";
    snprintf(home, sizeof(home), "%s", nobody->pw_dir);
    setenv("HOME", getpwuid(0)->pw_dir, 1);
    setenv("USER", "somebody-on-purpose", 1);
    assert_true(getgrouplist("nobody", what.gid, groups, &n_groups) >= 0);
    run_reporter(&what, &report);
    assert_int_equal(report.uid, what.uid);
    assert_int_equal(report.saved_uid, what.uid);
    assert_int_equal(report.gid, what.gid);
    assert_int_equal(report.saved_gid, what.gid);
    assert_int_equal(report.n_groups, n_groups);
    assert_string_equal(report.home, home);
    assert_string_equal(report.user, "somebody-on-purpose");
    assert_string_equal(report.marked, "as it was");
    unlink(REPORT);
    what.user = NULL; /* a number without a name */
    what.uid = what.gid = 54321;
    run_reporter(&what, &report);
    assert_int_equal(report.uid, 54321);
    assert_int_equal(report.n_groups, 1);
    assert_string_equal(report.home, getpwuid(0)->pw_dir);
}

#define STRANGER 54321

/* Gives this process a terminal of its user's; the other end. */
static int get_terminal(void)
{
    int other = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), terminal;
    char name[64];

    if (other < 0 || setsid() < 0 || grantpt(other) < 0 || unlockpt(other) < 0 ||
        ptsname_r(other, name, sizeof(name)) != 0)
        return -1;
    terminal = open(name, O_RDWR);
    return terminal < 0 || dup2(terminal, STDIN_FILENO) < 0 || close(terminal) < 0 ? -1 : other;
}

/* Does a command of this user have our terminal? 1, 0, or something else: an error */
static int keeps_terminal(struct iow_supervision what)
{
    char *argv[] = {(char *)"/proc/self/exe", (char *)REPORT, NULL};
    struct report report = {0};
    int status = -1, fd;

    what.argv = argv;
    if (iow_supervise(&what, &status) < 0 || status != 0)
        return -1;
    fd = open(REPORT, O_RDONLY);
    if (fd < 0 || read(fd, &report, sizeof(report)) != sizeof(report) || close(fd) < 0 || unlink(REPORT) < 0)
        return -1;
    return report.session == getsid(0) ? 1 : report.session == report.group ? 0 : -1;
}

static int try_terminals(void)
{
    struct iow_supervision what = supervision_of(NULL);

    if (get_terminal() < 0 || keeps_terminal(what) != 1)
        return 1;
    what.uid = what.gid = STRANGER;
    if (keeps_terminal(what) != 0)
        return 2;
    what.asked = true;
    if (keeps_terminal(what) != 1)
        return 3;
    what.asked = false;
    if (fchown(STDIN_FILENO, STRANGER, 0) < 0 || keeps_terminal(what) != 1)
        return 4;
    return 0;
}

static void who_does_not_own_the_terminal_does_not_get_it(void **state)
{
    int status;
    pid_t pid;

    (void)state;
    need_root();
    pid = fork();
    if (pid == 0)
        _exit(try_terminals());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* Types Ctrl-C at a terminal at which a stranger's command runs; its status */
static int interrupt_stranger(void)
{
    static const char script[] =
        "trap 'exit 41' INT; : > ready; n=0; while [ $n -lt 400 ]; do sleep 0.05; n=$((n+1)); done";
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)script, NULL};
    struct iow_supervision what = supervision_of(argv);
    int terminal = get_terminal(), status = -1;

    if (terminal < 0)
        return 1;
    if (fork() == 0) {
        (void)signal(SIGINT, SIG_IGN); /* it is at the same terminal */
        wait_for_file("ready");
        _exit(write(terminal, "\003", 1) != 1);
    }
    what.uid = what.gid = STRANGER;
    return iow_supervise(&what, &status) < 0 ? 2 : status;
}

static void an_interrupt_is_handed_on_to_who_has_no_terminal(void **state)
{
    int status;
    pid_t pid;

    (void)state;
    need_root();
    pid = fork();
    if (pid == 0)
        _exit(interrupt_stranger());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 41);
}

/* In a process of its own, since there is no way back from another user. */
static void who_is_not_root_becomes_nobody_else(void **state)
{
    char *argv[] = {(char *)"true", NULL};
    struct iow_supervision what = supervision_of(argv);
    int status = -1;
    pid_t pid;

    (void)state;
    what.uid = 54321;
    pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
            _exit(1);
        _exit(iow_supervise(&what, &status) != -EPERM || status != -1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_status_is_what_a_shell_would_tell),
        TEST(a_command_that_does_not_start_is_told),
        TEST(everybody_it_leaves_behind_is_waited_for),
        TEST(a_daemon_two_generations_away_is_waited_for),
        TEST(nobody_is_left_behind_who_ends_at_once),
        TEST(a_command_is_looked_for_where_exec_would),
        TEST(a_command_is_looked_for_as_the_user),
        TEST(sigterm_and_sighup_reach_the_command),
        TEST(sigterm_reaches_those_left_behind),
        TEST(children_that_were_there_before_are_left_alone),
        TEST(nothing_is_started_that_was_to_stop_before),
        TEST(an_interrupt_is_the_commands_affair),
        TEST(the_lock_outlives_a_supervisor_that_was_killed),
        TEST(the_lock_is_a_file_of_its_own),
        TEST(a_command_gets_the_lock_and_no_other_file),
        TEST(a_command_starts_as_if_it_were_started_by_our_shell),
        TEST(the_memory_it_may_lock_is_limited_as_asked),
        TEST(it_runs_as_the_user_for_good),
        TEST(who_does_not_own_the_terminal_does_not_get_it),
        TEST(an_interrupt_is_handed_on_to_who_has_no_terminal),
        TEST(who_is_not_root_becomes_nobody_else),
    };

    static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD};

    if (argc == 2 && !strcmp(argv[1], REPORT))
        return write_report();
    /* Whoever runs tests may ignore signals, as a shell does for what it starts in the background. */
    for (size_t i = 0; i < COUNT(numbers); i++)
        (void)signal(numbers[i], SIG_DFL);
    /* execvp(3) tells EACCES rather than ENOENT when it may not look into a folder. */
    setenv("PATH", "/usr/bin:/bin", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
