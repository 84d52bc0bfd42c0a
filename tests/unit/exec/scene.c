/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#include <unistd.h>

#include "faulty-vfs.h"

#define BOOT "11111111-2222-3333-4444-555555555555"

static uint64_t fixed_time(void)
{
    return 1700000000000000u;
}

static void count(void *ctx, const struct iow_progress *progress)
{
    struct scene *scene = ctx;

    scene->told[progress->kind]++;
    assert_in_range(progress->number, 0, progress->total);
}

static void open_journal(struct scene *scene)
{
    assert_int_equal(iow_journal_open(scene->path, BOOT, &scene->exec.journal, &scene->why), 0);
}

void scene_open(struct scene *scene, unsigned n, bool spread, int overrides)
{
    static bool installed;

    if (!installed)
        faulty_install();
    installed = true;
    memset(scene, 0, sizeof(*scene));
    faulty = (struct faulty_writes){0};
    fake_init(&scene->fake, n, spread, overrides);
    iow_mem_init_malloc(&scene->mem);
    strcpy(scene->folder,
        access("/dev/shm", W_OK) == 0 ? "/dev/shm/ioward-exec-XXXXXX" : "/tmp/ioward-exec-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    (void)snprintf(scene->path, sizeof(scene->path), "%s/journal.db", scene->folder);
    scene->exec = (struct iow_exec){.actor = &scene->fake.actor,
        .boot_id = BOOT,
        .timeout_usec = 10000000,
        .stop = &scene->fake.stop,
        .now_usec = fixed_time,
        .tell = count,
        .ctx = scene};
    assert_int_equal(iow_history_open(":memory:", &scene->exec.history, NULL), 0);
    open_journal(scene);
    scene->facts = fake_facts(&scene->fake);
    scene->plan = fake_plan(&scene->fake, scene->facts, &scene->mem);
    scene->start = fake_text(&scene->fake);
}

void scene_on_vfio(struct scene *scene)
{
    struct iow_step *steps = iow_mem_alloc(&scene->mem, scene->plan->n_steps, sizeof(*steps));
    uint32_t n = 0;

    assert_non_null(steps);
    for (unsigned i = 0; i < scene->fake.n_functions; i++) {
        strcpy(scene->fake.functions[i].driver, "vfio-pci");
        strcpy(scene->fake.access[scene->fake.functions[i].group], "0:0:0600");
    }
    for (uint32_t i = 0; i < scene->plan->n_steps; i++)
        if (scene->plan->steps[i].kind == IOW_STEP_GIVE) {
            steps[n] = scene->plan->steps[i];
            steps[n++].before = "0:0:0600";
        }
    scene->plan->steps = steps;
    scene->plan->n_steps = n;
    iow_facts_free(scene->facts);
    scene->facts = fake_facts(&scene->fake);
    free(scene->start);
    scene->start = fake_text(&scene->fake);
}

void scene_close(struct scene *scene)
{
    static const char *const files[] = {"journal.db", "journal.db-wal", "journal.db-shm"};
    char path[128];

    faulty = (struct faulty_writes){0};
    iow_journal_close(scene->exec.journal);
    iow_history_close(scene->exec.history);
    iow_facts_free(scene->facts);
    iow_mem_done(&scene->mem);
    free(scene->start);
    for (unsigned i = 0; i < COUNT(files); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", scene->folder, files[i]);
        (void)unlink(path);
    }
    assert_int_equal(rmdir(scene->folder), 0);
}

void scene_reopen(struct scene *scene)
{
    iow_journal_close(scene->exec.journal);
    fake_restart(&scene->fake);
    open_journal(scene);
}

void scene_claim(struct scene *scene)
{
    struct iow_transaction about = {.uid = 1000, .by_uid = 0, .command = "", .now_usec = fixed_time()};

    scene->result = iow_exec_claim(&scene->exec, scene->facts, scene->plan, &about, &scene->mem,
        &scene->outcome, &scene->transaction, &scene->why);
}

const struct iow_claim *scene_claims(struct scene *scene, uint32_t *ret_n)
{
    const struct iow_claim *claims = NULL;

    assert_int_equal(iow_journal_claims(scene->exec.journal, &scene->mem, &claims, ret_n, &scene->why), 0);
    return claims;
}

uint32_t scene_count(struct scene *scene)
{
    uint32_t n;

    (void)scene_claims(scene, &n);
    return n;
}

void scene_undo(struct scene *scene, bool rolled_back)
{
    uint32_t n;
    const struct iow_claim *claims = scene_claims(scene, &n), *list[8];

    assert_in_range(n, 0, COUNT(list));
    for (uint32_t i = 0; i < n; i++)
        list[i] = &claims[i];
    scene->result =
        iow_exec_undo(&scene->exec, list, n, rolled_back, &scene->mem, &scene->outcome, &scene->why);
    assert_int_equal(scene->result, 0);
}

void assert_as_at_start(struct scene *scene)
{
    char *now = fake_text(&scene->fake), *line = strtok(now, "\n"), *rest = scene->start;

    for (; line; line = strtok(NULL, "\n")) {
        size_t len = strcspn(rest, "\n");

        if (!strstr(line, "not ours") && (strlen(line) != len || strncmp(line, rest, len)))
            fail_msg("was %.*s, is %s", (int)len, rest, line);
        rest += len + 1;
    }
    free(now);
}

bool scene_failed_with(const struct scene *scene, enum iow_rule rule)
{
    for (uint32_t i = 0; i < scene->outcome.n_failures; i++)
        if (scene->outcome.failures[i].rule == rule)
            return true;
    return false;
}
