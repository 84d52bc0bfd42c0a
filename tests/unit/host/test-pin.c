/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands before the kernel's memory is asked anything: whose folder it is. */
#include "folder.h"

#include "host/linux/bpf/pin.h"
#include <errno.h>
#include <ioward/error.h>

/* Nobody but root can put anything there, but it is no folder of the BPF file system. */
static void a_folder_of_another_file_system_is_refused(void **state)
{
    (void)state;
    assert_int_equal(iow_pin_folder_open(AT_FDCWD, "/proc"), -IOW_EPERM);
}

static void what_is_no_folder_is_refused(void **state)
{
    struct folder root;

    (void)state;
    folder_make(&root);
    folder_add(&root, "file", "");
    folder_add_folder(&root, "folder");
    folder_add_link(&root, "link", "folder");
    assert_int_equal(iow_pin_folder_open(root.fd, "absent"), -IOW_ENOENT);
    assert_int_equal(iow_pin_folder_open(root.fd, "file"), -ENOTDIR);
    assert_int_equal(iow_pin_folder_open(root.fd, "link"), -ENOTDIR);
    assert_int_equal(iow_pin_folder_open(root.fd, "folder"), -IOW_EPERM);
    folder_remove(&root);
}

static void nothing_is_opened_where_nothing_is(void **state)
{
    struct iow_pin pin;
    struct folder root;

    (void)state;
    folder_make(&root);
    assert_int_equal(iow_pin_open(root.fd, &pin), -IOW_ENOENT);
    folder_add_folder(&root, "sys");
    folder_add_folder(&root, "sys/fs");
    folder_add_folder(&root, IOW_PIN_BPFFS);
    folder_add_folder(&root, IOW_PIN_FOLDER);
    assert_int_equal(iow_pin_open(root.fd, &pin), -IOW_EPERM);
    folder_remove(&root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_of_another_file_system_is_refused),
        cmocka_unit_test(what_is_no_folder_is_refused),
        cmocka_unit_test(nothing_is_opened_where_nothing_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
