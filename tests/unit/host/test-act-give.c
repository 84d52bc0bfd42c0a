/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "acting.h"

#include <grp.h>
#include <limits.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>

#include "host/helper.h"

#define NODE "dev/vfio/7"
#define RECORD "run/udev/data/c1:3" /* of the device that /dev/null is */

static void make_node(struct acting *acting, mode_t mode)
{
    if (mknodat(acting->folder.fd, NODE, S_IFCHR | mode, makedev(1, 3)) < 0) {
        acting_end(acting);
        print_message("skipped: only root can make a device's node\n");
        skip();
    }
    assert_int_equal(fchmodat(acting->folder.fd, NODE, mode, 0), 0);
}

static void assert_access(struct acting *acting, const char *wanted)
{
    struct iow_step step = step_of(IOW_STEP_GIVE, "", "0:0:0600");
    char value[IOW_VALUE_BYTES];

    assert_int_equal(observe(acting, &step, value), 0);
    assert_string_equal(value, wanted);
}

static uint64_t give(struct acting *acting, const char *access, uint64_t timeout_usec)
{
    struct iow_step step = step_of(IOW_STEP_GIVE, "", access);
    struct iow_effort effort = {.pid = 1};
    struct timespec began, now;

    assert_int_equal(prepare(acting, &step, &effort), 0);
    assert_int_equal(effort.pid, 0);
    clock_gettime(CLOCK_MONOTONIC, &began);
    assert_int_equal(act(acting, timeout_usec), 0);
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)(now.tv_sec - began.tv_sec) * SECOND_USEC + (uint64_t)now.tv_nsec / 1000 -
           (uint64_t)began.tv_nsec / 1000;
}

static void what_is_no_node_is_not_taken_for_one(void **state)
{
    struct iow_step step = step_of(IOW_STEP_GIVE, "", "1000:1000:0600");
    char value[IOW_VALUE_BYTES];
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    assert_int_equal(observe(&acting, &step, value), 0);
    assert_string_equal(value, "");
    assert_int_equal(prepare_and_act(&acting, &step), -ENOENT);
    folder_add(&acting.folder, NODE, "");
    assert_int_equal(observe(&acting, &step, value), -ENXIO);
    assert_int_equal(prepare_and_act(&acting, &step), -ENXIO);
    acting_remove(&acting, NODE);
    folder_add_link(&acting.folder, NODE, "/dev/null");
    assert_int_equal(observe(&acting, &step, value), -ENXIO);
    assert_int_equal(prepare_and_act(&acting, &step), -ENXIO);
    step.after = "root";
    assert_int_equal(prepare_and_act(&acting, &step), -IOW_EINVAL);
    acting_end(&acting);
}

static void a_node_gets_owner_and_mode(void **state)
{
    static const struct {
        mode_t before;
        const char *access;
    } cases[] = {
        {0600, "1000:1001:0600"},
        {0666, "1000:1001:0600"},
        {0600, "0:1001:0660"},
        {0640, "4294967294:0:0000"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct acting acting;

        acting_begin(&acting);
        make_node(&acting, cases[i].before);
        (void)give(&acting, cases[i].access, 20 * SECOND_USEC);
        assert_access(&acting, cases[i].access);
        acting_end(&acting);
    }
}

/* A list as the kernel takes it: one more user may read and write. Source: Linux include/uapi/linux/posix_acl_xattr.h */
static void let_in(const struct acting *acting, uint32_t uid)
{
    const struct {
        uint32_t version;
        struct {
            uint16_t tag, permissions;
            uint32_t id;
        } entries[5];
    } list = {2, {{0x01, 6, ~0u}, {0x02, 6, uid}, {0x04, 0, ~0u}, {0x10, 6, ~0u}, {0x20, 0, ~0u}}};
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "/proc/self/fd/%d/" NODE, acting->folder.fd);
    if (setxattr(path, "system.posix_acl_access", &list, sizeof(list), 0) == 0)
        return;
    assert_int_equal(errno, EOPNOTSUPP);
    print_message("no access control lists here\n");
}

static bool may_open(const struct acting *acting, uint32_t uid)
{
    int status;
    pid_t pid;

    assert_int_equal(fchmod(acting->folder.fd, 0755), 0);
    pid = fork();
    if (pid == 0) {
        if (setgid(uid) < 0 || setgroups(0, NULL) < 0 || setuid(uid) < 0)
            _exit(2);
        _exit(faccessat(acting->folder.fd, NODE, R_OK, AT_EACCESS) == 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 1;
}

static void nobody_stays_let_in_by_a_list(void **state)
{
    static const char *const access[] = {"0:0:0660", "1001:1001:0660", "0:0:0600"};

    (void)state;
    for (size_t i = 0; i < COUNT(access); i++) {
        struct acting acting;
        char path[PATH_MAX];

        acting_begin(&acting);
        make_node(&acting, 0600);
        assert_int_equal(fchownat(acting.folder.fd, NODE, 1000, 1000, 0), 0);
        let_in(&acting, 1000);
        let_in(&acting, 1234);
        (void)give(&acting, access[i], 20 * SECOND_USEC);
        assert_access(&acting, access[i]);
        assert_false(may_open(&acting, 1000));
        assert_false(may_open(&acting, 1234));
        snprintf(path, sizeof(path), "/proc/self/fd/%d/" NODE, acting.folder.fd);
        assert_true(getxattr(path, "system.posix_acl_access", NULL, 0) < 0);
        acting_end(&acting);
    }
}

static void a_give_that_is_dropped_changes_nothing(void **state)
{
    struct iow_step step = step_of(IOW_STEP_GIVE, "", "1000:1000:0600");
    struct iow_effort effort;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    make_node(&acting, 0640);
    assert_int_equal(prepare(&acting, &step, &effort), 0);
    acting.actor->ops->cancel(acting.actor);
    assert_int_equal(act(&acting, SECOND_USEC), -IOW_EINVAL);
    assert_access(&acting, "0:0:0640");
    acting_end(&acting);
}

/* Somebody who may not: the node is as before. */
static void a_give_that_fails_leaves_no_other_access(void **state)
{
    struct iow_step step = step_of(IOW_STEP_GIVE, "", "1234:1234:0600");
    struct acting acting;
    int status;
    pid_t pid;

    (void)state;
    acting_begin(&acting);
    make_node(&acting, 0644);
    assert_int_equal(fchownat(acting.folder.fd, NODE, 1000, 1000, 0), 0);
    assert_int_equal(fchmod(acting.folder.fd, 0755), 0);
    pid = fork();
    if (pid == 0)
        _exit(setuid(1000) < 0 || prepare_and_act(&acting, &step) != -EPERM);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_access(&acting, "1000:1000:0644");
    acting_end(&acting);
}

/* A udev that is at work, and after a while has done: in this order it changes the node, writes the record, and rests. */
static pid_t start_udev(const struct acting *acting)
{
    pid_t pid;

    folder_add(&acting->folder, "run/udev/control", "");
    folder_add(&acting->folder, "run/udev/queue", "");
    pid = fork();
    if (pid == 0) {
        usleep(300000);
        if (fchmodat(acting->folder.fd, NODE, 0660, 0) < 0 || fchownat(acting->folder.fd, NODE, 0, 36, 0) < 0)
            _exit(1);
        close(openat(acting->folder.fd, RECORD, O_WRONLY | O_CREAT, 0600));
        _exit(unlinkat(acting->folder.fd, "run/udev/queue", 0) < 0);
    }
    return pid;
}

static void the_rules_of_udev_come_first(void **state)
{
    struct acting acting;
    int status;
    pid_t pid;

    (void)state;
    acting_begin(&acting);
    make_node(&acting, 0600);
    pid = start_udev(&acting);
    assert_true(give(&acting, "1000:1000:0600", 20 * SECOND_USEC) >= 200000);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_access(&acting, "1000:1000:0600");
    acting_end(&acting);
}

static void a_udev_that_stays_busy_or_keeps_no_record_is_not_waited_for_for_ever(void **state)
{
    uint64_t took;
    struct acting acting;

    (void)state;
    acting_begin(&acting);
    make_node(&acting, 0600);
    folder_add(&acting.folder, "run/udev/control", "");
    took = give(&acting, "1000:1000:0600", 20 * SECOND_USEC);
    assert_true(took >= SECOND_USEC && took < 4 * SECOND_USEC);
    folder_add(&acting.folder, "run/udev/queue", "");
    assert_true(give(&acting, "1001:1001:0600", 300000) >= 300000);
    assert_access(&acting, "1001:1001:0600");
    acting_end(&acting);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_node_is_not_taken_for_one),
        cmocka_unit_test(a_node_gets_owner_and_mode),
        cmocka_unit_test(nobody_stays_let_in_by_a_list),
        cmocka_unit_test(a_give_that_is_dropped_changes_nothing),
        cmocka_unit_test(a_give_that_fails_leaves_no_other_access),
        cmocka_unit_test(the_rules_of_udev_come_first),
        cmocka_unit_test(a_udev_that_stays_busy_or_keeps_no_record_is_not_waited_for_for_ever),
    };
    int code;

    if (iow_helper_main(argc, argv, &code))
        return code;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
