/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tests of one file, named on the command line; without a name all but the random ones, and then no row
 * of the table may be left that never answered, but for those that are argued here.
 */
#include "scene.h"

static const struct {
    const char *name;
    int (*run)(void);
    bool named; /* each of its tests is about something: they are the ones that must reach every row */
} files[] = {
    {"ask", ask_tests, true},
    {"cdev", cdev_tests, true},
    {"device", device_tests, true},
    {"driver", driver_tests, true},
    {"file", file_tests, true},
    {"group", group_tests, true},
    {"iommufd", iommufd_tests, true},
    {"machine", machine_tests, true},
    {"module", module_tests, true},
    {"object", object_tests, true},
    {"order", order_tests, true},
    {"presence", presence_tests, true},
    {"random", random_tests, false},
    {"table", table_tests, true},
    {"vfs", vfs_tests, true},
};

static const struct {
    const char *stage, *when, *why;
} argued[] = {
    {"bind to an iommufd", "it has no group",
        "VFIO registers nothing without a group but in no-IOMMU mode, which iommufd does not bind"},
};

static const char *argument_for(const struct iow_front_row *row)
{
    for (size_t i = 0; i < COUNT(argued); i++)
        if (strcmp(argued[i].stage, row->stage) == 0 && strcmp(argued[i].when, row->when) == 0)
            return argued[i].why;
    return NULL;
}

static int rows_left(void)
{
    struct iow_front_row row;
    int left = 0, n = 0, excused = 0;

    for (uint32_t i = 0; iow_front_row_at(i, &row); i++, n++) {
        const char *why = argument_for(&row);

        if (!rows_answered[i] == (why != NULL)) {
            excused += why != NULL;
            continue;
        }
        printf("row %u never answered, or is argued and did: %s, %s, %s (%s)\n", i, row.stage, row.when,
            row.effect, row.source);
        left++;
    }
    printf("%d rows, %d never answered, %d of them argued\n", n, left + excused, excused);
    return left;
}

int main(int argc, char **argv)
{
    int failed = 0;

    for (size_t i = 0; i < COUNT(files); i++)
        if (argc < 2 ? files[i].named : strcmp(argv[1], files[i].name) == 0)
            failed += files[i].run();
    if (argc < 2)
        failed += rows_left();
    return failed != 0;
}
