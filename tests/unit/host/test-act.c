/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "acting.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "host/effort.h"
#include "host/helper.h"

#define LIST_FILES "list files"
#define ADDRESS "0000:01:00.0"

/* A file that a write sleeps in until somebody reads, as a store of unbind may: a full pipe. Returns both its ends. */
static int make_full(const struct acting *acting, const char *path)
{
    static const char bytes[4096];
    int fd;

    (void)unlinkat(acting->folder.fd, path, 0);
    assert_int_equal(mkfifoat(acting->folder.fd, path, 0600), 0);
    fd = openat(acting->folder.fd, path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    assert_true(fd >= 0);
    while (write(fd, bytes, sizeof(bytes)) > 0)
        ;
    assert_int_equal(errno, EAGAIN);
    return fd;
}

/* What was written after the bytes that made it full; closes it. */
static const char *drain(int fd, const struct iow_effort *until)
{
    static char text[64];
    char bytes[4096];
    bool alive;
    ssize_t n;

    text[0] = '\0';
    do {
        alive = iow_effort_alive(until);
        while ((n = read(fd, bytes, sizeof(bytes))) > 0)
            if (bytes[n - 1]) {
                size_t len = strlen(ADDRESS);

                assert_true((size_t)n >= len && len < sizeof(text));
                memcpy(text, bytes + n - len, len);
                text[len] = '\0';
            }
    } while (alive);
    close(fd);
    return text;
}

static uint64_t now_usec(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_USEC + (uint64_t)now.tv_nsec / 1000;
}

static void each_variable_has_the_value_that_sysfs_shows(void **state)
{
    char value[IOW_VALUE_BYTES];
    struct acting acting;
    struct iow_step step;

    (void)state;
    acting_begin(&acting);
    step = step_of(IOW_STEP_UNBIND, "e1000e", "");
    assert_int_equal(observe(&acting, &step, value), 0);
    assert_string_equal(value, "e1000e");
    step = step_of(IOW_STEP_OVERRIDE, "", "vfio-pci");
    assert_int_equal(observe(&acting, &step, value), 0);
    assert_string_equal(value, "");
    acting_remove(&acting, NETWORK "driver_override");
    folder_add(&acting.folder, NETWORK "driver_override", "vfio-pci\n");
    assert_int_equal(observe(&acting, &step, value), 0);
    assert_string_equal(value, "vfio-pci");
    acting_remove(&acting, NETWORK "driver");
    step = step_of(IOW_STEP_BIND, "", "vfio-pci");
    assert_int_equal(observe(&acting, &step, value), 0);
    assert_string_equal(value, "");
    step = step_of(IOW_STEP_LOAD, "", "vfio-pci");
    assert_int_equal(observe(&acting, &step, value), 0);
    assert_string_equal(value, "vfio-pci");
    step = step_of(IOW_STEP_LOAD, "", "uio_pci_generic");
    assert_int_equal(observe(&acting, &step, value), 0);
    assert_string_equal(value, "");
    acting_end(&acting);
}

static void a_device_that_is_gone_or_another_one_is_told(void **state)
{
    static const enum iow_step_kind kinds[] = {IOW_STEP_UNBIND, IOW_STEP_BIND, IOW_STEP_OVERRIDE};
    char value[IOW_VALUE_BYTES];
    struct iow_effort effort;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct iow_step step = step_of(kinds[i], "", "e1000e"), gone = step;

        step.identity = 0x80861533;
        gone.function.bus = 2;
        assert_int_equal(observe(&acting, &step, value), -IOW_ESTALE);
        assert_int_equal(observe(&acting, &gone, value), -IOW_ENODEV);
        assert_int_equal(prepare(&acting, &step, &effort), -IOW_ESTALE);
        assert_int_equal(prepare(&acting, &gone, &effort), -IOW_ENODEV);
        step.identity = 0; /* not told: nothing to compare with */
        assert_int_equal(observe(&acting, &step, value), 0);
    }
    acting_end(&acting);
}

static void nothing_happens_before_it_may(void **state)
{
    struct iow_step step = step_of(IOW_STEP_UNBIND, "e1000e", "");
    struct iow_effort effort, second;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    assert_int_equal(act(&acting, SECOND_USEC), -IOW_EINVAL);
    assert_int_equal(prepare(&acting, &step, &effort), 0);
    assert_true(effort.pid > 0 && effort.pid != (uint32_t)getpid());
    assert_true(effort.start_ticks > 0);
    assert_int_equal(prepare(&acting, &step, &second), -IOW_EBUSY);
    usleep(100000);
    assert_string_equal(acting_text(&acting, DRIVER "unbind"), "");
    assert_true(iow_effort_alive(&effort));
    assert_int_equal(acting.actor->ops->await(acting.actor, &effort, 0), -IOW_EINPROGRESS);
    assert_int_equal(act(&acting, 20 * SECOND_USEC), 0);
    assert_string_equal(acting_text(&acting, DRIVER "unbind"), ADDRESS);
    assert_false(iow_effort_alive(&effort));
    assert_int_equal(acting.actor->ops->await(acting.actor, &effort, 0), 0);
    acting_end(&acting);
}

static void each_step_is_one_text_in_one_file(void **state)
{
    static const struct {
        enum iow_step_kind kind;
        const char *before, *after, *file, *text;
    } cases[] = {
        {IOW_STEP_UNBIND, "e1000e", "", DRIVER "unbind", ADDRESS},
        {IOW_STEP_BIND, "", "vfio-pci", "sys/bus/pci/drivers/vfio-pci/bind", ADDRESS},
        {IOW_STEP_OVERRIDE, "", "vfio-pci", NETWORK "driver_override", "vfio-pci"},
        {IOW_STEP_OVERRIDE, "vfio-pci", "", NETWORK "driver_override", ""}, /* "\n", and read without it */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_step step = step_of(cases[i].kind, cases[i].before, cases[i].after);
        struct acting acting;
        struct stat st;

        acting_begin(&acting);
        acting_remove(&acting, cases[i].file);
        folder_add(&acting.folder, cases[i].file, "");
        assert_int_equal(prepare_and_act(&acting, &step), 0);
        assert_string_equal(acting_text(&acting, cases[i].file), cases[i].text);
        assert_int_equal(fstatat(acting.folder.fd, cases[i].file, &st, 0), 0);
        assert_true(st.st_size > 0);
        acting_end(&acting);
    }
}

static void an_effect_that_is_dropped_does_not_happen(void **state)
{
    struct iow_step step = step_of(IOW_STEP_UNBIND, "e1000e", "");
    struct iow_effort effort;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    acting.actor->ops->cancel(acting.actor);
    assert_int_equal(prepare(&acting, &step, &effort), 0);
    acting.actor->ops->cancel(acting.actor);
    assert_false(iow_effort_alive(&effort));
    assert_string_equal(acting_text(&acting, DRIVER "unbind"), "");
    assert_int_equal(act(&acting, SECOND_USEC), -IOW_EINVAL);
    assert_int_equal(prepare(&acting, &step, &effort), 0);
    acting_end(&acting); /* closing drops it too */
    assert_false(iow_effort_alive(&effort));
}

static void what_the_kernel_answers_is_returned(void **state)
{
    struct iow_step step = step_of(IOW_STEP_UNBIND, "e1000e", "");
    struct rlimit before, nothing;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    nothing = before;
    nothing.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &nothing), 0);
    assert_int_equal(prepare_and_act(&acting, &step), -EFBIG);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    step = step_of(IOW_STEP_UNBIND, "none", "");
    assert_int_equal(prepare_and_act(&acting, &step), -ENOENT);
    if (geteuid() != 0) {
        step = step_of(IOW_STEP_UNBIND, "e1000e", "");
        assert_int_equal(fchmodat(acting.folder.fd, DRIVER "unbind", 0444, 0), 0);
        assert_int_equal(prepare_and_act(&acting, &step), -EACCES);
    }
    acting_end(&acting);
}

static void texts_that_are_no_file_name_reach_no_file(void **state)
{
    static const char *const names[] = {"", ".", "..", "../../devices", "e1000e/../e1000e", "/etc"};
    char value[IOW_VALUE_BYTES];
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    for (size_t i = 0; i < COUNT(names); i++) {
        struct iow_step unbind = step_of(IOW_STEP_UNBIND, names[i], "");
        struct iow_step load = step_of(IOW_STEP_LOAD, "", names[i]);

        assert_int_equal(prepare_and_act(&acting, &unbind), -IOW_EINVAL);
        assert_int_equal(prepare_and_act(&acting, &load), -IOW_EINVAL);
        assert_int_equal(observe(&acting, &load, value), -IOW_EINVAL);
    }
    acting_end(&acting);
}

static void assert_undisturbed(const struct iow_effort *effort)
{
    char path[64], line[256];
    unsigned seen = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%u/status", effort->pid);
    file = fopen(path, "re");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        uint64_t mask;

        if (sscanf(line, "SigPnd: %lx", &mask) == 1 || sscanf(line, "ShdPnd: %lx", &mask) == 1) {
            assert_int_equal(mask, 0);
            seen++;
        } else if (sscanf(line, "SigBlk: %lx", &mask) == 1) {
            /* all but KILL and STOP, which nobody can block, and the two that the C library keeps for itself */
            assert_int_equal(mask | 1ul << (SIGKILL - 1) | 1ul << (SIGSTOP - 1) | 3ul << 31, UINT64_MAX);
            seen++;
        }
    }
    fclose(file);
    assert_int_equal(seen, 3);
    assert_int_equal(getsid((pid_t)effort->pid), (pid_t)effort->pid);
}

static void what_waits_is_left_alone_and_ends_by_itself(void **state)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGTERM, SIGALRM, SIGUSR1};
    struct iow_step step = step_of(IOW_STEP_UNBIND, "e1000e", "");
    struct iow_effort effort;
    struct acting acting;
    uint64_t began;
    int fd;

    (void)state;
    acting_begin(&acting);
    fd = make_full(&acting, DRIVER "unbind");
    assert_int_equal(prepare(&acting, &step, &effort), 0);
    began = now_usec();
    assert_int_equal(act(&acting, 300000), -IOW_EINPROGRESS);
    assert_true(now_usec() - began >= 300000);
    assert_true(iow_effort_alive(&effort));
    assert_undisturbed(&effort);
    assert_int_equal(acting.actor->ops->await(acting.actor, &effort, 100000), -IOW_EINPROGRESS);
    /* Others can be made ready meanwhile. */
    step = step_of(IOW_STEP_OVERRIDE, "", "vfio-pci");
    assert_int_equal(prepare_and_act(&acting, &step), 0);
    assert_undisturbed(&effort);
    /* Nor do others disturb it, but by SIGKILL. */
    for (size_t i = 0; i < COUNT(numbers); i++)
        assert_int_equal(kill((pid_t)effort.pid, numbers[i]), 0);
    usleep(50000);
    assert_true(iow_effort_alive(&effort));
    assert_string_equal(drain(fd, &effort), ADDRESS);
    assert_int_equal(acting.actor->ops->await(acting.actor, &effort, 20 * SECOND_USEC), 0);
    assert_int_equal(waitpid((pid_t)effort.pid, NULL, WNOHANG), -1); /* reaped */
    acting_end(&acting);
}

static volatile int stop;

static void raise_stop(int number)
{
    (void)number;
    stop = 1;
}

static void a_raised_flag_ends_the_waiting(void **state)
{
    const struct itimerval soon = {.it_value = {.tv_usec = 200000}};
    struct iow_step step = step_of(IOW_STEP_UNBIND, "e1000e", "");
    struct iow_effort effort;
    struct acting acting;
    uint64_t began;
    int fd;

    (void)state;
    acting_begin(&acting);
    acting.actor->stop = &stop;
    fd = make_full(&acting, DRIVER "unbind");
    assert_int_equal(prepare(&acting, &step, &effort), 0);
    (void)signal(SIGALRM, raise_stop);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    began = now_usec();
    assert_int_equal(act(&acting, 600 * (uint64_t)SECOND_USEC), -IOW_EINPROGRESS);
    assert_true(now_usec() - began < 300 * (uint64_t)SECOND_USEC);
    assert_undisturbed(&effort);
    /* A flag that is up already leaves time for what takes none. */
    step = step_of(IOW_STEP_OVERRIDE, "", "vfio-pci");
    assert_int_equal(prepare_and_act(&acting, &step), 0);
    assert_string_equal(drain(fd, &effort), ADDRESS);
    assert_int_equal(acting.actor->ops->await(acting.actor, &effort, 20 * SECOND_USEC), 0);
    stop = 0;
    acting_end(&acting);
}

/* In a process of its own: readies the unbind, lets it happen if told so, and ends without a word to its helper. */
static struct iow_effort in_another_process(struct acting *acting, bool go)
{
    struct iow_step step = step_of(IOW_STEP_UNBIND, "e1000e", "");
    struct iow_effort effort = {0};
    int ends[2], status;
    pid_t pid;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid = fork();
    if (pid == 0) {
        if (prepare(acting, &step, &effort) == 0 && go)
            (void)act(acting, 100000);
        _exit(write(ends[1], &effort, sizeof(effort)) != sizeof(effort));
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &effort, sizeof(effort)), sizeof(effort));
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_true(effort.pid > 0);
    return effort;
}

static void what_another_process_began_can_be_waited_for(void **state)
{
    struct iow_effort effort, other;
    struct acting acting;
    int fd;

    (void)state;
    acting_begin(&acting);
    fd = make_full(&acting, DRIVER "unbind");
    effort = other = in_another_process(&acting, true);
    assert_int_equal(acting.actor->ops->await(acting.actor, &effort, 200000), -IOW_EINPROGRESS);
    other.start_ticks++; /* the number, used again */
    assert_int_equal(acting.actor->ops->await(acting.actor, &other, 0), 0);
    assert_string_equal(drain(fd, &effort), ADDRESS);
    assert_int_equal(acting.actor->ops->await(acting.actor, &effort, 20 * SECOND_USEC), 0);
    acting_end(&acting);
}

static void a_helper_whose_caller_died_does_nothing(void **state)
{
    struct iow_effort effort;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    effort = in_another_process(&acting, false);
    assert_int_equal(acting.actor->ops->await(acting.actor, &effort, 20 * SECOND_USEC), 0);
    assert_string_equal(acting_text(&acting, DRIVER "unbind"), "");
    acting_end(&acting);
}

static void reading_an_override_does_not_wait_for_ever(void **state)
{
    struct iow_step step = step_of(IOW_STEP_OVERRIDE, "", "vfio-pci");
    char value[IOW_VALUE_BYTES];
    struct acting acting;
    struct iow_live *live;
    uint64_t began;
    int fd;

    (void)state;
    acting_begin(&acting);
    acting_remove(&acting, NETWORK "driver_override");
    live = (struct iow_live *)acting.actor;
    assert_int_equal(mkfifoat(acting.folder.fd, NETWORK "driver_override", 0600), 0);
    fd = openat(acting.folder.fd, NETWORK "driver_override", O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(live->read_usec, 10 * SECOND_USEC);
    live->read_usec = SECOND_USEC;
    began = now_usec();
    assert_int_equal(observe(&acting, &step, value), -IOW_EINPROGRESS);
    assert_true(now_usec() - began >= SECOND_USEC);
    assert_int_equal(observe(&acting, &step, value), -IOW_EINPROGRESS); /* with no second reader */
    assert_int_equal(write(fd, "stale\n", 6), 6);
    acting_remove(&acting, NETWORK "driver_override");
    folder_add(&acting.folder, NETWORK "driver_override", "vfio-pci\n");
    assert_int_equal(observe(&acting, &step, value), 0);
    assert_string_equal(value, "vfio-pci");
    close(fd);
    acting_end(&acting);
}

static void a_helper_has_three_files_and_no_environment(void **state)
{
    struct iow_step step = step_of(IOW_STEP_OVERRIDE, "", LIST_FILES);
    struct acting acting;
    int stray;

    (void)state;
    acting_begin(&acting);
    acting_remove(&acting, NETWORK "driver_override");
    folder_add(&acting.folder, NETWORK "driver_override", "");
    stray = open("/", O_PATH); /* not CLOEXEC */
    assert_int_equal(prepare_and_act(&acting, &step), 0);
    assert_string_equal(acting_text(&acting, NETWORK "driver_override"), "files 0 1 2, variables 0, in /");
    close(stray);
    acting_end(&acting);
}

static void a_driver_that_is_not_there_is_loaded_before_it_binds(void **state)
{
    struct iow_step step = step_of(IOW_STEP_BIND, "", "ioward-none");
    struct iow_effort effort;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    acting_remove(&acting, NETWORK "driver");
    assert_true(prepare_and_act(&acting, &step) < 0); /* there is no such module */
    assert_int_equal(prepare(&acting, &step, &effort), 0);
    folder_add_folder(&acting.folder, "sys/bus/pci/drivers/ioward-none");
    folder_add(&acting.folder, "sys/bus/pci/drivers/ioward-none/bind", "");
    assert_int_equal(act(&acting, 20 * SECOND_USEC), 0);
    assert_string_equal(acting_text(&acting, "sys/bus/pci/drivers/ioward-none/bind"), ADDRESS);
    acting_end(&acting);
}

static void loading_may_have_bound_the_device_already(void **state)
{
    static const struct {
        const char *driver;
        int result;
    } cases[] = {{"ioward-none", 0}, {"e1000e", -EBUSY}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_step step = step_of(IOW_STEP_BIND, "", "ioward-none");
        struct iow_effort effort;
        struct acting acting;
        char link[64];

        acting_begin(&acting);
        acting_remove(&acting, NETWORK "driver");
        assert_int_equal(prepare(&acting, &step, &effort), 0);
        folder_add_folder(&acting.folder, "sys/bus/pci/drivers/ioward-none");
        folder_add(&acting.folder, "sys/bus/pci/drivers/ioward-none/bind", "");
        snprintf(link, sizeof(link), "../../bus/pci/drivers/%s", cases[i].driver);
        folder_add_link(&acting.folder, NETWORK "driver", link);
        assert_int_equal(act(&acting, 20 * SECOND_USEC), cases[i].result);
        assert_string_equal(acting_text(&acting, "sys/bus/pci/drivers/ioward-none/bind"), "");
        acting_end(&acting);
    }
}

static void loading_asks_for_the_driver_and_not_for_a_module(void **state)
{
    struct iow_step there = step_of(IOW_STEP_LOAD, "", "vfio-pci");
    struct iow_step none = step_of(IOW_STEP_LOAD, "", "ioward-none");
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    assert_int_equal(prepare_and_act(&acting, &there), 0);
    assert_true(prepare_and_act(&acting, &none) < 0);
    acting_end(&acting);
}

static void a_program_that_does_not_run_is_told_before_anything_happens(void **state)
{
    struct iow_step step = step_of(IOW_STEP_UNBIND, "e1000e", "");
    struct iow_explain explain = {0};
    struct iow_effort effort;
    struct iow_actor *actor;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    assert_int_equal(
        iow_actor_live(fcntl(acting.folder.fd, F_DUPFD_CLOEXEC, 3), "/proc/self/fd/none", &actor, &explain),
        -IOW_EIO);
    assert_string_equal(explain.text, "/proc/self/fd/none");
    assert_int_equal(
        iow_actor_live(fcntl(acting.folder.fd, F_DUPFD_CLOEXEC, 3), "/etc/passwd", &actor, NULL), 0);
    assert_int_equal(actor->ops->prepare(actor, &step, &effort), -EACCES);
    iow_actor_close(actor);
    assert_string_equal(acting_text(&acting, DRIVER "unbind"), "");
    acting_end(&acting);
}

static unsigned count_files(void)
{
    unsigned n = 0;

    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

/* Every call that needs a file of its own fails once. */
static void lack_of_files_is_told_and_leaks_nothing(void **state)
{
    static const struct {
        enum iow_step_kind kind;
        const char *before, *after;
    } cases[] = {
        {IOW_STEP_LOAD, "", "vfio-pci"},
        {IOW_STEP_UNBIND, "e1000e", ""},
        {IOW_STEP_BIND, "", "ioward-none"},
        {IOW_STEP_OVERRIDE, "", "vfio-pci"},
    };
    char value[IOW_VALUE_BYTES];
    unsigned before, failed = 0;
    struct rlimit all, few;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    before = count_files();
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &all), 0);
    few = all;
    for (size_t i = 0; i < COUNT(cases); i++)
        for (few.rlim_cur = 3; few.rlim_cur < before + 16; few.rlim_cur++) {
            struct iow_step step = step_of(cases[i].kind, cases[i].before, cases[i].after);
            struct iow_effort effort;
            int seen, ready;

            assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
            seen = observe(&acting, &step, value);
            ready = prepare(&acting, &step, &effort);
            assert_int_equal(setrlimit(RLIMIT_NOFILE, &all), 0);
            assert_true(seen == 0 || seen == -EMFILE);
            assert_true(ready == 0 || ready == -EMFILE);
            failed += ready < 0;
            acting.actor->ops->cancel(acting.actor);
            assert_int_equal(count_files(), before);
            assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
        }
    assert_true(failed > COUNT(cases) * 4);
    acting_end(&acting);
}

static void facts_are_read_from_the_same_machine(void **state)
{
    struct iow_source *source;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    assert_int_equal(acting.actor->provenance, IOW_FROM_LIVE);
    assert_int_equal(acting.actor->ops->open_source(acting.actor, &source, NULL), 0);
    assert_int_equal(source->provenance, IOW_FROM_LIVE);
    assert_true(source->ops->exists(source, IOW_SOURCE_ROOT, "sys/bus/pci/drivers/e1000e/unbind"));
    iow_source_close(source);
    acting_end(&acting);
}

static void this_machine_can_be_opened(void **state)
{
    struct iow_step step = step_of(IOW_STEP_LOAD, "", "ioward-none");
    char value[IOW_VALUE_BYTES];
    struct iow_actor *actor;

    (void)state;
    assert_int_equal(iow_actor_open_live("/proc/self/exe", &actor, NULL), 0);
    assert_int_equal(actor->ops->observe(actor, &step, value), 0);
    assert_string_equal(value, "");
    assert_null(iow_actor_close(actor));
    assert_null(iow_actor_close(NULL));
}

/* As the helper: tells what it was given instead of writing. */
static int list_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    char text[256] = "files", folder[64] = "?";
    bool open_files[64] = {false};
    size_t len = strlen(text), variables = 0;

    while (dir && (entry = readdir(dir)))
        if (atoi(entry->d_name) < (int)COUNT(open_files) && entry->d_name[0] != '.' &&
            atoi(entry->d_name) != dirfd(dir))
            open_files[atoi(entry->d_name)] = true;
    if (!dir || closedir(dir) < 0)
        return 1;
    for (size_t i = 0; i < COUNT(open_files); i++)
        if (open_files[i])
            len += (size_t)snprintf(text + len, sizeof(text) - len, " %zu", i);
    while (environ && environ[variables])
        variables++;
    snprintf(
        text + len, sizeof(text) - len, ", variables %zu, in %s", variables, getcwd(folder, sizeof(folder)));
    return write(STDOUT_FILENO, text, strlen(text)) < 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_variable_has_the_value_that_sysfs_shows),
        cmocka_unit_test(a_device_that_is_gone_or_another_one_is_told),
        cmocka_unit_test(nothing_happens_before_it_may),
        cmocka_unit_test(each_step_is_one_text_in_one_file),
        cmocka_unit_test(an_effect_that_is_dropped_does_not_happen),
        cmocka_unit_test(what_the_kernel_answers_is_returned),
        cmocka_unit_test(texts_that_are_no_file_name_reach_no_file),
        cmocka_unit_test(what_waits_is_left_alone_and_ends_by_itself),
        cmocka_unit_test(a_raised_flag_ends_the_waiting),
        cmocka_unit_test(what_another_process_began_can_be_waited_for),
        cmocka_unit_test(a_helper_whose_caller_died_does_nothing),
        cmocka_unit_test(reading_an_override_does_not_wait_for_ever),
        cmocka_unit_test(a_helper_has_three_files_and_no_environment),
        cmocka_unit_test(a_driver_that_is_not_there_is_loaded_before_it_binds),
        cmocka_unit_test(loading_may_have_bound_the_device_already),
        cmocka_unit_test(loading_asks_for_the_driver_and_not_for_a_module),
        cmocka_unit_test(a_program_that_does_not_run_is_told_before_anything_happens),
        cmocka_unit_test(lack_of_files_is_told_and_leaks_nothing),
        cmocka_unit_test(facts_are_read_from_the_same_machine),
        cmocka_unit_test(this_machine_can_be_opened),
    };
    int code;

    if (argc == 3 && !strcmp(argv[0], IOW_HELPER_NAME) && !strcmp(argv[2], LIST_FILES))
        return list_files();
    if (iow_helper_main(argc, argv, &code))
        return code;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
