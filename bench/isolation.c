/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What it costs to group and to isolate the functions of a machine, and to ask for a route.
 *   isolation KIND FUNCTIONS ROUNDS      isolation --list
 *
 * Prints a line for each thing and round: its name, and nanoseconds of processor time for each function, or for each
 * route; and at the end bytes for each function. Two floors are measured in the same round: one look at all that
 * was decoded of each function, and sorting as many addresses.
 */
#include "large.h"

#include <ioward/isolation.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUTES 100000

/* Chunks of an arena, counted. */
struct count {
    size_t now, most;
};

union header {
    size_t bytes;
    max_align_t align;
};

struct bench {
    struct large large;
    struct iow_address *address; /* of each function, in no order */
    struct iow_address *sorted;
    struct iow_route_request *route; /* ROUTES of them */
    size_t most_bytes;
};

static volatile uint64_t sink;

static _Noreturn void die(const char *why)
{
    (void)fprintf(stderr, "isolation: %s\n", why);
    exit(1);
}

static void *must(void *memory)
{
    if (!memory)
        die("out of memory");
    return memory;
}

static void *grow(void *ctx, size_t bytes)
{
    struct count *count = ctx;
    union header *header = malloc(sizeof(*header) + bytes);

    if (!header)
        return NULL;
    header->bytes = bytes;
    count->now += bytes;
    count->most = count->now > count->most ? count->now : count->most;
    return header + 1;
}

static void release(void *ctx, void *chunk)
{
    struct count *count = ctx;
    union header *header = (union header *)chunk - 1;

    count->now -= header->bytes;
    free(header);
}

static double now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void tell(const char *name, double start, uint32_t n)
{
    (void)printf("%s\t%.3f\n", name, (now_ns() - start) / n);
}

static uint32_t pick(uint32_t n)
{
    static uint64_t seed = 1;

    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

/* Another function of the same domain, not far away. */
static uint32_t neighbour(const struct large *large, uint32_t of)
{
    uint32_t to = of + pick(large->n < 512 ? large->n : 512);

    if (to < large->n && to != of && large->input[to].address.domain == large->input[of].address.domain)
        return to;
    return of ? of - 1 : of + 1;
}

static void prepare(struct bench *b)
{
    uint32_t n = b->large.n;

    b->address = must(calloc(n, sizeof(*b->address)));
    b->sorted = must(calloc(n, sizeof(*b->sorted)));
    b->route = must(calloc(ROUTES, sizeof(*b->route)));
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = pick(i + 1);

        b->address[i] = b->address[k];
        b->address[k] = b->large.input[i].address;
    }
    for (uint32_t i = 0; i < ROUTES; i++) {
        uint32_t from = pick(n);

        b->route[i] =
            (struct iow_route_request){.from = from, .to = neighbour(&b->large, from), .enabled = true};
    }
}

/* --- the floors --- */

static void look(const struct bench *b)
{
    double start = now_ns();
    uint64_t sum = 0;

    for (uint32_t i = 0; i < b->large.n; i++) {
        const uint8_t *bytes = (const uint8_t *)&b->large.config[i];

        for (size_t k = 0; k < sizeof(struct iow_config); k += sizeof(sum)) {
            uint64_t word;

            memcpy(&word, bytes + k, sizeof(word));
            sum += word;
        }
    }
    sink = sum;
    tell("look", start, b->large.n);
}

static int compare(const void *a, const void *b)
{
    return iow_address_compare(a, b);
}

static void sort(const struct bench *b)
{
    double start;

    memcpy(b->sorted, b->address, b->large.n * sizeof(*b->sorted));
    start = now_ns();
    qsort(b->sorted, b->large.n, sizeof(*b->sorted), compare);
    tell("sort", start, b->large.n);
}

/* --- what is measured --- */

static void isolate(const struct bench *b, const struct iow_grouping_input *machine,
    enum iow_route_grade grade, struct iow_mem *mem)
{
    double start = now_ns();
    struct iow_isolation *sets;

    if (iow_isolation_find(machine, grade, mem, &sets, NULL) < 0)
        die("isolation sets refused");
    tell(grade == IOW_ROUTE_SURELY ? "surely" : "possibly", start, b->large.n);
    sink = sets->n_sets;
}

static void follow(const struct bench *b, const struct iow_grouping_input *machine)
{
    double start = now_ns();
    struct iow_route route;

    for (uint32_t i = 0; i < ROUTES; i++) {
        iow_route_worst(machine, &b->route[i], &route);
        sink = route.answer;
    }
    tell("route", start, ROUTES);
}

static void analyse(struct bench *b)
{
    struct iow_grouping_input machine = {.acs_requested = true};
    struct iow_partition *groups;
    struct iow_topology *tree;
    struct count count = {0};
    struct iow_mem mem;
    double start = now_ns();

    iow_mem_init(&mem, grow, release, &count);
    if (iow_topology_build(b->large.input, b->large.n, &mem, &tree, NULL) < 0)
        die("the tree is refused");
    tell("tree", start, b->large.n);
    b->most_bytes = count.most + b->large.n * sizeof(*b->large.input); /* which is not needed any more */
    machine.topology = tree;
    start = now_ns();
    if (iow_partition_predict(&machine, &mem, &groups, NULL) < 0)
        die("groups refused");
    tell("groups", start, b->large.n);
    isolate(b, &machine, IOW_ROUTE_SURELY, &mem);
    b->most_bytes = b->most_bytes > count.most ? b->most_bytes : count.most;
    isolate(b, &machine, IOW_ROUTE_POSSIBLY, &mem);
    follow(b, &machine);
    iow_mem_done(&mem);
}

static int list(void)
{
    for (int kind = 0; kind < LARGE_KIND__COUNT; kind++)
        (void)puts(large_name((enum large_kind)kind));
    return 0;
}

static int usage(void)
{
    (void)fputs("usage: isolation KIND FUNCTIONS ROUNDS\n       isolation --list\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    int kind = 0, n, rounds;

    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    while (argc == 4 && kind < LARGE_KIND__COUNT && strcmp(large_name((enum large_kind)kind), argv[1]) != 0)
        kind++;
    if (argc != 4 || kind == LARGE_KIND__COUNT || (n = atoi(argv[2])) < 2 || (rounds = atoi(argv[3])) < 1)
        return usage();
    if (!large_make((enum large_kind)kind, (uint32_t)n, &b.large))
        die("out of memory");
    prepare(&b);
    while (rounds--) {
        look(&b);
        sort(&b);
        analyse(&b);
    }
    (void)printf("bytes\t%.1f\n", (double)b.most_bytes / b.large.n);
    free(b.address);
    free(b.sorted);
    free(b.route);
    large_done(&b.large);
    return 0;
}
