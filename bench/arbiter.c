/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the arbiter costs beside the least that could do its work: a question beside an atomic load, a hand-over
 * beside a mutex taken and left.   arbiter ROUNDS
 *
 * Prints one line for each row and round: threads, nanoseconds of the peer's operation and of ours, the name. Both are
 * measured in turn within a round. Linked as an embedder would: with the shared library.
 */
#include "load.h"

#include <ioward/lock.h>
#include <ioward/ownership.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST_THREADS 2
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What one thread works on: no line of the cache is shared with another. */
struct place {
    _Alignas(128) struct iow_dma_group group;
    struct iow_dma_device device;
    pthread_mutex_t lock;
    _Alignas(128) pthread_mutex_t peer;
};

static int attach(void *ctx, struct iow_dma_device *device, const struct iow_dma_domain *domain)
{
    (void)ctx;
    (void)device;
    (void)domain;
    return 0;
}

static const struct iow_dma_hooks hooks = {iow_lock_pthread, iow_unlock_pthread, .attach = attach};
static const struct iow_dma_domain table = {.kind = IOW_KIND_TABLE, .owner = 7};
static volatile uint64_t sink;
static uint64_t none; /* set once, from the number of arguments, so that no compiler knows it */

static void must(int r)
{
    if (r >= 0)
        return;
    (void)fprintf(stderr, "arbiter: refused: %d\n", r);
    exit(1);
}

/* Answers that nobody waits for: the calls overlap as far as the processor can. */
static void loads(struct place *place, int n)
{
    uint64_t sum = 0;

    for (int i = 0; i < n; i++)
        sum += load(&place->group.word);
    sink = sum;
}

static void questions(struct place *place, int n)
{
    uint64_t sum = 0;

    for (int i = 0; i < n; i++)
        sum += iow_dma_owner(&place->group, NULL);
    sink = sum;
}

/* Answers that are waited for: each decides which group is asked about next, always the same one. */
static struct place *next(struct place *place, uint64_t answer)
{
    return (struct place *)((char *)place + (answer & none));
}

static void chained_loads(struct place *place, int n)
{
    for (int i = 0; i < n; i++)
        place = next(place, load(&place->group.word));
    sink = place->group.word;
}

static void chained_questions(struct place *place, int n)
{
    for (int i = 0; i < n; i++)
        place = next(place, iow_dma_owner(&place->group, NULL));
    sink = place->group.word;
}

static void chained_tags(struct place *place, int n)
{
    uint32_t tag;

    for (int i = 0; i < n; i++)
        place = next(place, iow_dma_owner(&place->group, &tag) + tag);
    sink = place->group.word;
}

static void locks(struct place *place, int n)
{
    for (int i = 0; i < n; i++) {
        (void)pthread_mutex_lock(&place->peer);
        (void)pthread_mutex_unlock(&place->peer);
    }
}

static void claims(struct place *place, int n)
{
    for (int i = 0; i < n; i++) {
        must(iow_dma_claim_group(&place->group, 7, NULL));
        must(iow_dma_release_group(&place->group, NULL));
    }
}

static void attaches(struct place *place, int n)
{
    for (int i = 0; i < n; i++) {
        must(iow_dma_attach_group(&place->group, &table, NULL));
        must(iow_dma_detach_group(&place->group, 7, NULL));
    }
}

static const struct row {
    const char *name, *profile;
    void (*peer)(struct place *place, int n);
    void (*ours)(struct place *place, int n);
    int n, threads;
    bool shared; /* all threads work on one place */
} rows[] = {
    {"who owns it", "linux-6.12", chained_loads, chained_questions, 200000, 1},
    {"who owns it, each its own group", "linux-6.12", chained_loads, chained_questions, 200000, 2},
    {"who owns it, the same group", "linux-6.12", chained_loads, chained_questions, 200000, 2, true},
    {"who owns it, and which user", "linux-6.12", chained_loads, chained_tags, 200000, 1},
    {"who owns it, answers overlap", "linux-6.12", loads, questions, 200000, 1},
    {"claim, release", "linux-6.12", locks, claims, 20000, 1},
    {"claim, release, each its own group", "linux-6.12", locks, claims, 20000, 2},
    {"attach, detach (pure)", "pure", locks, attaches, 20000, 1},
    {"attach, detach (pure), each its own group", "pure", locks, attaches, 20000, 2},
};

struct job {
    pthread_t thread;
    pthread_barrier_t *start;
    struct place *place;
    void (*work)(struct place *place, int n);
    int n;
    double ns;
};

static double now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void *run(void *job_)
{
    struct job *job = job_;
    double start;

    (void)pthread_barrier_wait(job->start);
    start = now_ns();
    job->work(job->place, job->n);
    job->ns = (now_ns() - start) / job->n;
    return NULL;
}

/* Always in threads beside this one: a process that has one thread only locks more cheaply than any embedder. */
static double measure(const struct row *row, void (*work)(struct place *place, int n), struct place *place)
{
    struct job job[MOST_THREADS];
    pthread_barrier_t start;
    double sum = 0;

    (void)pthread_barrier_init(&start, NULL, (unsigned)row->threads);
    for (int i = 0; i < row->threads; i++) {
        job[i] =
            (struct job){.start = &start, .place = &place[row->shared ? 0 : i], .work = work, .n = row->n};
        must(-pthread_create(&job[i].thread, NULL, run, &job[i]));
    }
    for (int i = 0; i < row->threads; i++) {
        (void)pthread_join(job[i].thread, NULL);
        sum += job[i].ns;
    }
    (void)pthread_barrier_destroy(&start);
    return sum / row->threads;
}

static void measure_round(const struct row *row)
{
    static struct place place[MOST_THREADS];
    const struct iow_arbiter arbiter = {&hooks, iow_profile_find(row->profile), NULL};
    double peer;

    for (size_t i = 0; i < COUNT(place); i++) {
        (void)pthread_mutex_init(&place[i].lock, NULL);
        (void)pthread_mutex_init(&place[i].peer, NULL);
        iow_dma_group_init(&place[i].group, &arbiter, IOW_TYPE_DMA, &place[i].lock);
        iow_dma_device_init(&place[i].device, &arbiter, NULL);
        must(iow_dma_add(&place[i].group, &place[i].device, NULL));
    }
    peer = measure(row, row->peer, place);
    (void)printf("%d %.3f %.3f %s\n", row->threads, peer, measure(row, row->ours, place), row->name);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 0;

    if (rounds <= 0) {
        (void)fputs("usage: arbiter ROUNDS\n", stderr);
        return 2;
    }
    none = argc > 2;
    while (rounds--)
        for (size_t i = 0; i < COUNT(rows); i++)
            measure_round(&rows[i]);
    return 0;
}
