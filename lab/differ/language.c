/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_OF(name, word, ...) word,

const char *const driver_names[N_NAMES] = {DRIVER_LIST(WORD_OF)};
const char *const type_names[N_TYPES] = {TYPE_LIST(WORD_OF)};
const char *const built_names[N_BUILT] = {BUILT_LIST(WORD_OF)};

static const char *const manner_names[N_MANNERS] = {MANNER_LIST(WORD_OF)};
static const char *const call_names[N_CALLS] = {CALL_LIST(WORD_OF)};

#define ARGUMENTS_OF(name, word, arguments) arguments,
static const char *const call_arguments[N_CALLS] = {CALL_LIST(ARGUMENTS_OF)};

static _Noreturn void complain(const char *word)
{
    fprintf(stderr, "not understood: %s\n", word ? word : "a line too short");
    exit(2);
}

static unsigned find(const char *word, const char *const *names, unsigned n)
{
    unsigned i = 0;

    while (word && i < n && strcmp(names[i], word) != 0)
        i++;
    return word ? i : n;
}

static unsigned index_of(const char *word, const char *const *names, unsigned n)
{
    unsigned i = find(word, names, n);

    if (i == n)
        complain(word);
    return i;
}

static unsigned number_below(const char *word, unsigned bound)
{
    char *end;
    unsigned long number;

    if (!word)
        complain(word);
    number = strtoul(word, &end, 10);
    if (end == word || *end || number >= bound)
        complain(word);
    return (unsigned)number;
}

static unsigned parse_argument(char kind, const char *word, const struct machine *machine)
{
    switch (kind) {
    case 'd':
        return index_of(word, driver_names, N_DRIVERS);
    case 'o':
        return index_of(word, driver_names, N_NAMES);
    case 't':
        return index_of(word, type_names, N_TYPES);
    case 'f':
        return number_below(word, machine->n_functions);
    case 'g':
        return number_below(word, machine->n_groups);
    case 's':
        return number_below(word, MOST_SLOTS);
    case 'p':
        return number_below(word, MOST_PROCESSES);
    case 'k':
        return word ? number_below(word, MOST_TOKENS) : 0;
    default:
        return number_below(word, 1000);
    }
}

struct step parse_step(char *line, const struct machine *machine)
{
    struct step step = {.process = number_below(strtok(line, " \n"), MOST_PROCESSES)};
    const char *kinds, *word = strtok(NULL, " \n");
    unsigned manner = find(word, manner_names, N_MANNERS);

    if (manner < N_MANNERS) {
        step.manner = (enum manner)manner;
        word = strtok(NULL, " \n");
    }
    step.call = (enum call)index_of(word, call_names, N_CALLS);
    kinds = call_arguments[step.call];
    for (unsigned i = 0; kinds[i]; i++)
        step.argument[i] = parse_argument(kinds[i], strtok(NULL, " \n"), machine);
    return step;
}

int filled_slot(const struct step *step)
{
    switch (step->call) {
    case CALL_OPEN_CONTAINER:
    case CALL_OPEN_IOMMUFD:
        return 0;
    case CALL_DUP:
    case CALL_MMAP:
    case CALL_OPEN_GROUP:
    case CALL_OPEN_CDEV:
    case CALL_OPEN_NOIOMMU:
        return 1;
    case CALL_PASS:
    case CALL_GET_DEVICE_FD:
        return 2;
    default:
        return -1;
    }
}

bool has_flags(enum call call)
{
    return call == CALL_GET_STATUS || call == CALL_RESET_INFO || call == CALL_BIND_IOMMUFD ||
           call == CALL_ATTACH_PT || call == CALL_NEW_IOAS;
}

bool is_presence(enum call call)
{
    return call == CALL_REMOVE || call == CALL_ADD || call == CALL_SET_VFS || call == CALL_PLUG ||
           call == CALL_UNPLUG || call == CALL_PULL;
}

bool is_ambiguous(enum call call)
{
    return call == CALL_SET_TOKEN || call == CALL_RESET_INFO || call == CALL_HOT_RESET;
}

static int compare_ended(const void *a, const void *b)
{
    const struct ended *one = a, *other = b;

    return (one->step > other->step) - (one->step < other->step);
}

static unsigned find_function(const struct machine *machine, const char *address)
{
    for (unsigned i = 0; i < machine->n_functions; i++)
        if (strcmp(machine->functions[i].address, address) == 0)
            return i;
    return NO_FUNCTION;
}

bool goes_with(const struct machine *machine, unsigned function, unsigned above)
{
    while (function != NO_FUNCTION && function != above)
        function = find_function(machine, machine->functions[function].parent);
    return function == above;
}

/* Does a call wait for a function? That for the type of a group does for its one member. */
static bool waits_for(const struct step *step, const struct machine *machine, unsigned function)
{
    switch (step->call) {
    case CALL_BIND:
    case CALL_UNBIND:
        return step->argument[1] == function;
    case CALL_DRIVERS_PROBE:
        return step->argument[0] == function;
    case CALL_SET_TYPE:
        return machine->functions[function].group == step->argument[0];
    default:
        return false;
    }
}

bool removes(enum call call)
{
    return call == CALL_REMOVE || call == CALL_UNPLUG || call == CALL_PULL;
}

/* Each has a group while it is there. */
static bool is_there(const struct answer *answer, unsigned vf)
{
    for (unsigned i = 0; i < MOST_GROUPS; i++)
        if (answer->members[i] & 1u << vf)
            return true;
    return false;
}

/* VFs may go with the driver of their physical function, too, or be turned off. A driver or a type that is written then
 * has its turn between pci_stop_dev() and device_del(), or too late. */
static bool may_take_vfs(const struct step *step, const struct machine *machine, unsigned physical)
{
    switch (step->call) {
    case CALL_UNBIND:
        return step->argument[1] == physical;
    case CALL_SET_VFS:
        return step->argument[0] == physical;
    default:
        return removes(step->call) && goes_with(machine, physical, step->argument[0]);
    }
}

static bool takes_away(
    const struct step *step, const struct answer *answer, const struct machine *machine, unsigned function)
{
    unsigned physical = machine->functions[function].physical;

    if (removes(step->call) && goes_with(machine, function, step->argument[0]))
        return true;
    return physical != NO_FUNCTION && may_take_vfs(step, machine, physical) && !is_there(answer, function);
}

static bool is_taken_away(
    const struct answer *answer, const struct step *steps, const struct machine *machine, unsigned function)
{
    for (unsigned i = 0; i < answer->n_ended; i++)
        if (takes_away(&steps[answer->ended[i].step], answer, machine, function))
            return true;
    return false;
}

static bool lost_its_function(
    const struct answer *answer, const struct step *steps, const struct machine *machine, unsigned call)
{
    for (unsigned i = 0; i < machine->n_functions; i++)
        if (waits_for(&steps[call], machine, i) && is_taken_away(answer, steps, machine, i))
            return true;
    return false;
}

void order_ended(struct answer *answer, const struct step *steps, const struct machine *machine)
{
    qsort(answer->ended, answer->n_ended, sizeof(*answer->ended), compare_ended);
    for (unsigned i = 0; i < answer->n_ended; i++)
        if (lost_its_function(answer, steps, machine, answer->ended[i].step))
            answer->ended[i].code = EITHER;
}

static void print_code(int code)
{
    if (code == NOT_ASKED)
        printf("none");
    else if (code == WAITS)
        printf("waits");
    else if (code == EITHER)
        printf("either");
    else
        printf("%d", -code);
}

static void print_functions(const struct answer *answer, const struct machine *machine)
{
    printf(" |");
    for (unsigned i = 0; i < machine->n_functions; i++) {
        printf(" %s", answer->driver[i]);
        if (answer->cdev[i])
            printf("/%d", -answer->open_cdev[i]);
    }
}

static void print_node(const struct node *node)
{
    if (!node->there)
        printf("-");
    else if (node->open == 0)
        printf("f%u,%d", node->flags, -node->without_rawio);
    else
        printf("%d,%d", -node->open, -node->without_rawio);
}

static void print_memory(const struct memory *memory)
{
    if (memory->told)
        printf("/%u%s%c", memory->count, memory->owned ? "o" : "", memory->domain);
}

static void print_groups(const struct answer *answer, const struct machine *machine)
{
    printf(" |");
    for (unsigned i = 0; i < machine->n_groups; i++) {
        printf(" %x/%s/", answer->members[i], answer->type[i]);
        print_node(&answer->node[i]);
        print_memory(&answer->memory[i]);
    }
}

static void print_held(const struct answer *answer)
{
    printf(" |");
    for (unsigned p = 0; p < MOST_PROCESSES; p++)
        for (unsigned s = 0; s < MOST_SLOTS; s++) {
            const struct status *status = &answer->held[p][s];

            if (status->asked && status->code == 0)
                printf(" %u.%u=f%u", p, s, status->flags);
            else if (status->asked)
                printf(" %u.%u=%d", p, s, -status->code);
        }
}

void print_answer(
    unsigned sequence, unsigned step, const struct answer *answer, const struct machine *machine)
{
    printf("%u.%u ", sequence, step);
    if (answer->has_flags && answer->code == 0)
        printf("f%u", answer->flags);
    else
        print_code(answer->code);
    for (unsigned i = 0; i < answer->n_ended; i++) {
        printf(" %u:", answer->ended[i].step);
        print_code(answer->ended[i].code);
    }
    print_functions(answer, machine);
    print_groups(answer, machine);
    print_held(answer);
    printf("\n");
}
