/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"
#include "threads.h"

#include "host/linux/read-processes.h"

#include <linux/kcmp.h>
#include <sys/stat.h>

struct seen {
    uint32_t pid;
    uint32_t n, n_threads;        /* visits of this process */
    bool same_files, same_memory; /* of the last */
    uint64_t net[2];              /* the namespaces of the first two */
};

static int note(void *ctx, const struct iow_process *process)
{
    struct seen *seen = ctx;
    struct statx st;

    if (process->pid != seen->pid)
        return 0;
    if (statx(process->folder, "ns/net", 0, STATX_INO, &st) == 0 && seen->n < 2)
        seen->net[seen->n] = st.stx_ino;
    seen->n++;
    seen->n_threads += process->folder != process->process;
    seen->same_files = process->same_files;
    seen->same_memory = process->same_memory;
    return 0;
}

static struct seen visit(const struct odd_process *process)
{
    struct seen seen = {.pid = (uint32_t)process->pid};
    int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool complete = true;

    assert_true(root >= 0);
    assert_int_equal(iow_processes_visit(root, note, &seen, &complete), 0);
    close(root);
    return seen;
}

/* Some sandboxes do not let be asked what tasks share; then every thread is shown. */
static bool can_compare(void)
{
    return syscall(SYS_kcmp, (long)getpid(), (long)getpid(), (long)KCMP_FILES, 0L, 0L) == 0;
}

static void a_thread_like_its_process_is_not_shown(void **state)
{
    struct odd_process process;
    struct seen seen;

    (void)state;
    if (!can_compare())
        skip();
    assert_true(begin_odd(&process, (struct odd_thread){0}));
    seen = visit(&process);
    end_odd(&process);
    assert_int_equal(seen.n, 1);
    assert_false(seen.same_files || seen.same_memory);
}

static void a_thread_with_open_files_of_its_own_is_shown(void **state)
{
    struct odd_process process;
    struct seen seen;

    (void)state;
    if (!can_compare())
        skip();
    assert_true(begin_odd(&process, (struct odd_thread){.unshared = CLONE_FILES}));
    seen = visit(&process);
    end_odd(&process);
    assert_int_equal(seen.n, 2);
    assert_int_equal(seen.n_threads, 1);
    assert_false(seen.same_files);
    assert_true(seen.same_memory);
}

static void a_thread_that_outlives_the_first_is_shown_with_all_it_has(void **state)
{
    struct odd_process process;
    struct seen seen;

    (void)state;
    assert_true(begin_odd(&process, (struct odd_thread){.alone = true}));
    seen = visit(&process);
    end_odd(&process);
    assert_int_equal(seen.n, 2);
    assert_int_equal(seen.n_threads, 1);
    assert_false(seen.same_files || seen.same_memory);
}

static void a_thread_in_another_namespace_is_shown(void **state)
{
    static const int spaces[] = {CLONE_NEWNET, CLONE_NEWNS};

    (void)state;
    for (size_t i = 0; i < COUNT(spaces); i++) {
        struct odd_process process;
        struct seen seen;
        bool may = begin_odd(&process, (struct odd_thread){.unshared = spaces[i]});

        seen = visit(&process);
        end_odd(&process);
        if (!may)
            skip(); /* only root makes namespaces */
        assert_int_equal(seen.n, 2);
        assert_int_equal(seen.n_threads, 1);
        if (spaces[i] == CLONE_NEWNET)
            assert_true(seen.net[0] && seen.net[1] && seen.net[0] != seen.net[1]);
        if (spaces[i] == CLONE_NEWNET && can_compare())
            assert_true(seen.same_files && seen.same_memory);
    }
}

static bool mounts_by_root(pid_t pid)
{
    char path[32];
    int folder;
    bool by_root;

    snprintf(path, sizeof(path), "/proc/%d", (int)pid);
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(folder >= 0);
    by_root = iow_process_mounts_by_root(folder);
    close(folder);
    return by_root;
}

static void mounts_of_users_are_told_from_those_of_root(void **state)
{
    int told[2];
    char done = 'n';
    bool by_root;
    pid_t pid;

    (void)state;
    if (geteuid() != 0)
        skip(); /* others may not look */
    assert_int_equal(pipe(told), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)!write(told[1], unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 ? "y" : "n", 1);
        for (;;)
            pause();
    }
    assert_int_equal(read(told[0], &done, 1), 1);
    close(told[0]);
    close(told[1]);
    by_root = mounts_by_root(pid);
    end_odd(&(struct odd_process){.pid = pid});
    if (done != 'y')
        skip();
    assert_false(by_root);
}

static void mounts_that_cannot_be_told_are_taken_for_those_of_root(void **state)
{
    int folder = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    (void)state;
    assert_true(iow_process_mounts_by_root(folder));
    close(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_like_its_process_is_not_shown),
        cmocka_unit_test(a_thread_with_open_files_of_its_own_is_shown),
        cmocka_unit_test(a_thread_that_outlives_the_first_is_shown_with_all_it_has),
        cmocka_unit_test(a_thread_in_another_namespace_is_shown),
        cmocka_unit_test(mounts_of_users_are_told_from_those_of_root),
        cmocka_unit_test(mounts_that_cannot_be_told_are_taken_for_those_of_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
