/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "exec/exec.h"

static int answer;

static int await(struct iow_actor *actor, const struct iow_effort *effort, uint64_t timeout_usec)
{
    (void)actor;
    assert_int_equal(effort->pid, 42);
    assert_int_equal(timeout_usec, 0);
    return answer;
}

static const struct iow_actor_ops ops = {.await = await};
static struct iow_actor actor = {.ops = &ops};
static char folder[64];

static int set_up(void **state)
{
    (void)state;
    answer = 0;
    strcpy(folder, "/tmp/ioward-runs-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

static struct iow_claim claim_of(enum iow_claim_state state, bool bound)
{
    return (struct iow_claim){
        .transaction = 7, .state = state, .bound = bound, .supervisor = {.pid = 42, .start_ticks = 1}};
}

static void what_was_not_finished_is_abandoned(void **state)
{
    (void)state;
    answer = -IOW_EINPROGRESS;
    for (int bound = 0; bound < 2; bound++) {
        struct iow_claim taking = claim_of(IOW_CLAIM_TAKING, bound),
                         releasing = claim_of(IOW_CLAIM_RELEASING, bound);

        assert_true(iow_claim_abandoned(&actor, folder, &taking));
        assert_true(iow_claim_abandoned(&actor, folder, &releasing));
    }
}

static void a_claim_that_waits_for_its_release_is_not(void **state)
{
    struct iow_claim claim = claim_of(IOW_CLAIM_HELD, false);

    (void)state;
    assert_false(iow_claim_abandoned(&actor, folder, &claim));
}

static void a_bound_claim_is_when_its_supervisor_is_gone(void **state)
{
    struct iow_claim claim = claim_of(IOW_CLAIM_HELD, true);

    (void)state;
    assert_true(iow_claim_abandoned(&actor, folder, &claim));
    answer = -IOW_EINPROGRESS;
    assert_false(iow_claim_abandoned(&actor, folder, &claim));
    answer = -EIO; /* not known */
    assert_false(iow_claim_abandoned(&actor, folder, &claim));
    claim.supervisor.pid = 0;
    assert_true(iow_claim_abandoned(&actor, folder, &claim));
}

static void but_not_while_somebody_whom_its_command_left_lives(void **state)
{
    struct iow_claim claim = claim_of(IOW_CLAIM_HELD, true);
    char path[96];
    int fd;

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/run-7", folder);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_false(iow_claim_abandoned(&actor, folder, &claim));
    assert_int_equal(flock(fd, LOCK_SH), 0);
    assert_false(iow_claim_abandoned(&actor, folder, &claim));
    close(fd);
    assert_true(iow_claim_abandoned(&actor, folder, &claim));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("run-7", path), 0); /* cannot be looked at */
    assert_false(iow_claim_abandoned(&actor, folder, &claim));
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_not_finished_is_abandoned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_claim_that_waits_for_its_release_is_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bound_claim_is_when_its_supervisor_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            but_not_while_somebody_whom_its_command_left_lives, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
