/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A live machine for tests of probes: its /proc is a folder made by the test, whose links may lead to files of
 * the machine that runs the test; the rest is in memory (uses.h).
 */
#ifndef IOWARD_TESTS_HOST_SCENE_H
#define IOWARD_TESTS_HOST_SCENE_H

#include "uses.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

struct scene {
    char root[64];
    struct iow_source *source;
};

static struct scene scene;

static inline void make_file(const char *path, const char *text)
{
    char full[256];
    FILE *file;

    snprintf(full, sizeof(full), "%s/%s", scene.root, path);
    file = fopen(full, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline void make_folder(const char *path)
{
    char full[256];

    snprintf(full, sizeof(full), "%s/%s", scene.root, path);
    assert_int_equal(mkdir(full, 0755), 0);
}

static inline void make_link(const char *path, const char *text)
{
    char full[256];

    snprintf(full, sizeof(full), "%s/%s", scene.root, path);
    assert_int_equal(symlink(text, full), 0);
}

static inline void remove_made(const char *path)
{
    char full[256];

    snprintf(full, sizeof(full), "%s/%s", scene.root, path);
    assert_int_equal(remove(full), 0);
}

/* A process in the network namespace of the test, and in a mount namespace of this name. */
static inline void make_process(
    unsigned pid, const char *command, const char *namespace, const char *root, const char *mountinfo)
{
    static const char *const folders[] = {"", "/fd", "/ns", "/map_files"};
    char path[64];

    for (size_t i = 0; i < COUNT(folders); i++) {
        snprintf(path, sizeof(path), "proc/%u%s", pid, folders[i]);
        make_folder(path);
    }
    snprintf(path, sizeof(path), "proc/%u/comm", pid);
    make_file(path, command);
    snprintf(path, sizeof(path), "proc/%u/maps", pid);
    make_file(path, "");
    snprintf(path, sizeof(path), "proc/%u/mountinfo", pid);
    make_file(path, mountinfo);
    snprintf(path, sizeof(path), "proc/%u/root", pid);
    make_link(path, root);
    snprintf(path, sizeof(path), "proc/%u/ns/mnt", pid);
    make_link(path, namespace);
    snprintf(path, sizeof(path), "proc/%u/ns/net", pid);
    make_link(path, "/proc/self/ns/net");
}

/* The processes are 1 and 30, which is the one that asks. */
static inline int set_up(void **state)
{
    (void)state;
    strcpy(scene.root, "/tmp/ioward-test-XXXXXX");
    assert_non_null(mkdtemp(scene.root));
    scene.source = uses_machine();
    scene.source->provenance = IOW_FROM_LIVE;
    scene.source->root_fd = open(scene.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(scene.source->root_fd >= 0);
    make_folder("proc");
    make_process(1, "init\n", "mnt:[1]", "/", "");
    make_process(30, "ioward\n", "mnt:[1]", "/", "");
    make_link("proc/30/ns/pid", "pid:[4026531836]");
    make_link("proc/self", "30");
    return 0;
}

static inline int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline int tear_down(void **state)
{
    (void)state;
    close(scene.source->root_fd);
    iow_source_close(scene.source);
    return nftw(scene.root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* The use of this kind that stands at i among those of its kind; what this machine's own interfaces do is not
 * the test's. */
static inline const struct iow_use *use_of(const struct iow_facts *facts, enum iow_use_kind kind, uint32_t i)
{
    for (uint32_t k = 0; k < facts->n_uses; k++)
        if (facts->uses[k].kind == kind && i-- == 0)
            return &facts->uses[k];
    return NULL;
}

/* Is it missing that something below this folder could not be seen? */
static inline bool is_unknown(const struct iow_facts *facts, const char *path)
{
    for (uint32_t i = 0; i < facts->n_missing; i++)
        if (facts->missing[i].rule == IOW_RULE_USE_UNKNOWN && strcmp(facts->missing[i].path, path) == 0)
            return true;
    return false;
}

/* The processes of this machine instead of those that the test made. */
static inline void see_this_machine(void)
{
    close(scene.source->root_fd);
    scene.source->root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(scene.source->root_fd >= 0);
}

/* A process of this machine among those that the test made. False: it may not be looked at. */
static inline bool show_process(pid_t pid)
{
    char path[64], full[64];

    snprintf(path, sizeof(path), "proc/%d", (int)pid);
    snprintf(full, sizeof(full), "/proc/%d", (int)pid);
    make_link(path, full);
    snprintf(full, sizeof(full), "/proc/%d/ns/mnt", (int)pid);
    return readlink(full, (char[8]){0}, 8) >= 0;
}

/* Goes down into folders, until the path is longer than the kernel tells. Returns how many
 * there are. */
static inline unsigned go_deep(const char *name)
{
    unsigned n = 0;

    assert_int_equal(chdir(scene.root), 0);
    for (; n < 24; n++) {
        assert_int_equal(mkdir(name, 0755), 0);
        assert_int_equal(chdir(name), 0);
    }
    return n;
}

static inline void come_up(const char *name, unsigned n)
{
    for (; n; n--) {
        assert_int_equal(chdir(".."), 0);
        assert_int_equal(rmdir(name), 0);
    }
    assert_int_equal(chdir("/"), 0);
}

#endif
