/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exec/history.h"

struct shelf {
    char folder[64], path[96];
    struct iow_mem mem;
    struct iow_history_file *history;
    struct iow_explain why;
};

static void set_up(struct shelf *s)
{
    memset(s, 0, sizeof(*s));
    strcpy(s->folder, "/tmp/ioward-history-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    (void)snprintf(s->path, sizeof(s->path), "%s/history.db", s->folder);
    iow_mem_init_malloc(&s->mem);
    assert_int_equal(iow_history_open(s->path, &s->history, &s->why), 0);
}

static void tear_down(struct shelf *s)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char path[128];

    iow_history_close(s->history);
    iow_mem_done(&s->mem);
    for (unsigned i = 0; i < COUNT(suffixes); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", s->path, suffixes[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(s->folder), 0);
}

static void add(struct shelf *s, uint32_t number)
{
    struct iow_history_entry entry = {.when_usec = 1700000000000000u + number,
        .boot_id = "boot",
        .kind = number % IOW_HISTORY__COUNT,
        .group = number,
        .uid = 1000,
        .by_uid = UINT32_MAX,
        .members = "0000:01:00.0 0000:01:00.1",
        .command = number % 2 ? "qemu \x1b[31m" : "",
        .note = "IOW-EXEC-WAITS"};

    assert_int_equal(iow_history_add(s->history, &entry, &s->why), 0);
}

static void the_latest_are_listed_oldest_first(void **state)
{
    const struct iow_history_entry *e;
    struct shelf s;
    uint32_t n;

    (void)state;
    set_up(&s);
    for (uint32_t i = 0; i < 10; i++)
        add(&s, i);
    s.history = iow_history_close(s.history);
    assert_int_equal(iow_history_open(s.path, &s.history, &s.why), 0);
    assert_int_equal(iow_history_list(s.history, 7, &s.mem, &e, &n, &s.why), 0);
    assert_int_equal(n, 7);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(e[i].group, 3 + i);
        assert_int_equal(e[i].when_usec, 1700000000000003u + i);
        assert_int_equal(e[i].kind, (3 + i) % IOW_HISTORY__COUNT);
        assert_int_equal(e[i].by_uid, UINT32_MAX);
        assert_string_equal(e[i].command, (3 + i) % 2 ? "qemu \x1b[31m" : "");
        assert_string_equal(e[i].members, "0000:01:00.0 0000:01:00.1");
        assert_string_equal(e[i].note, "IOW-EXEC-WAITS");
        assert_string_equal(e[i].boot_id, "boot");
    }
    assert_int_equal(iow_history_list(s.history, UINT32_MAX, &s.mem, &e, &n, &s.why), 0);
    assert_int_equal(n, 10);
    assert_int_equal(iow_history_list(s.history, 0, &s.mem, &e, &n, &s.why), 0);
    assert_int_equal(n, 0);
    tear_down(&s);
}

static void whoever_only_looks_makes_no_file(void **state)
{
    const struct iow_history_entry *e;
    struct shelf s;
    uint32_t n = 1;

    (void)state;
    set_up(&s);
    s.history = iow_history_close(s.history);
    (void)unlink(s.path);
    assert_int_equal(iow_history_open_read(s.path, &s.history, &s.why), 0);
    assert_int_equal(iow_history_list(s.history, 7, &s.mem, &e, &n, &s.why), 0);
    assert_int_equal(n, 0);
    assert_int_equal(access(s.path, F_OK), -1);
    tear_down(&s);
}

static void whoever_only_looks_sees_what_is_there(void **state)
{
    const struct iow_history_entry *e;
    struct shelf s;
    uint32_t n;

    (void)state;
    set_up(&s);
    add(&s, 1);
    s.history = iow_history_close(s.history);
    assert_int_equal(iow_history_open_read(s.path, &s.history, &s.why), 0);
    assert_int_equal(iow_history_list(s.history, 7, &s.mem, &e, &n, &s.why), 0);
    assert_int_equal(n, 1);
    tear_down(&s);
}

static void each_kind_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < IOW_HISTORY__COUNT; i++)
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(iow_history_kind_name(i), iow_history_kind_name(j));
    assert_string_equal(iow_history_kind_name(IOW_HISTORY__COUNT), "unknown");
}

static void a_journal_is_no_history(void **state)
{
    struct shelf s;
    sqlite3 *db;

    (void)state;
    set_up(&s);
    s.history = iow_history_close(s.history);
    assert_int_equal(sqlite3_open(s.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA application_id = 1769944938", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(iow_history_open(s.path, &s.history, &s.why), -IOW_EIO);
    assert_int_equal(s.why.rule, IOW_RULE_EXEC_JOURNAL);
    assert_int_equal(iow_history_open_read(s.path, &s.history, &s.why), -IOW_EIO);
    tear_down(&s);
}

static void a_kind_that_nobody_knows_is_refused(void **state)
{
    const struct iow_history_entry *e;
    struct shelf s;
    sqlite3 *db;
    uint32_t n;

    (void)state;
    set_up(&s);
    add(&s, 1);
    s.history = iow_history_close(s.history);
    assert_int_equal(sqlite3_open(s.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE entry SET kind = 'x'", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(iow_history_open(s.path, &s.history, &s.why), 0);
    assert_int_equal(iow_history_list(s.history, 7, &s.mem, &e, &n, &s.why), -IOW_EIO);
    tear_down(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_are_listed_oldest_first),
        cmocka_unit_test(whoever_only_looks_makes_no_file),
        cmocka_unit_test(whoever_only_looks_sees_what_is_there),
        cmocka_unit_test(each_kind_has_a_name_of_its_own),
        cmocka_unit_test(a_journal_is_no_history),
        cmocka_unit_test(a_kind_that_nobody_knows_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
