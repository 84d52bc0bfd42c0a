/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "front/table.h"

#include "front/driver-rows.h"
#include "front/vfio-rows.h"

#include <errno.h>
#include <stddef.h>

/* Which kernels a row is of. */
#define WITH(feature) (1ull << IOW_FRONT_##feature)
#define WITHOUT(feature) (1ull << (32 + IOW_FRONT_##feature))
#define EVERY 0ull
#define NEWER WITH(SINCE_6_12)
#define OLDER WITHOUT(SINCE_6_12)
#define FDS WITH(IOMMUFD)
#define NO_FD WITHOUT(IOMMUFD)
#define CDEVS WITH(CDEV)
#define NO_CDEV WITHOUT(CDEV)

/* Answers, as a row spells them: how it ends, the step it goes on with, the code, the effect. */
#define FAIL(code) FAIL_AND(code, NOTHING)
#define FAIL_AND(code, effect) IOW_FRONT_END_DONE, IOW_FRONT_STAGE__COUNT, -code, effect
#define PASS PASS_AND(NOTHING)
#define PASS_AND(effect) IOW_FRONT_END_PASS, IOW_FRONT_STAGE__COUNT, 0, effect
#define DONE(effect) IOW_FRONT_END_DONE, IOW_FRONT_STAGE__COUNT, 0, effect
#define GO(effect, stage) IOW_FRONT_END_GO, IOW_FRONT_STAGE_##stage, 0, effect
#define WAIT IOW_FRONT_END_WAIT, IOW_FRONT_STAGE__COUNT, IOW_FRONT_WAITS, NOTHING

/* Every step has an answer whatever its conditions come to, or this does not compile. */
enum {
#define IOW_FRONT_IS(name, words) IOW_FRONT_IS_##name,
    IOW_FRONT_CONDITION_LIST(IOW_FRONT_IS)
#undef IOW_FRONT_IS
    IOW_FRONT_CONDITION__COUNT,
};

#define CATCHES_ALL(filter, tried, when, ...)                                                                \
    +((filter) == EVERY && IOW_FRONT_IS_##when == IOW_FRONT_IS_ALWAYS)
#define COVERED(name, words)                                                                                 \
    _Static_assert((0 ROWS_##name(CATCHES_ALL)) == 1, "one row for all else: " #name);
IOW_FRONT_STAGE_LIST(COVERED)

enum {
#define ONE(...) +1
#define RANGE(name, words) FIRST_##name, LAST_##name = FIRST_##name + (0 ROWS_##name(ONE)) - 1,
    IOW_FRONT_STAGE_LIST(RANGE)
#undef RANGE
#undef ONE
    N_ROWS
};

static const struct {
    uint16_t first, last;
} range[] = {
#define RANGE(name, words) {FIRST_##name, LAST_##name},
    IOW_FRONT_STAGE_LIST(RANGE)
#undef RANGE
};

/* Tried or not: NONE is no function. */
#define iow_front_try_NONE NULL
enum {
#define IOW_FRONT_TRIED(name, words) IOW_FRONT_TRIED_##name,
    IOW_FRONT_TRY_LIST(IOW_FRONT_TRIED)
#undef IOW_FRONT_TRIED
    IOW_FRONT_TRIED_NONE
};

static const char *const try_words[] = {
#define WORDS(name, words) words,
    IOW_FRONT_TRY_LIST(WORDS)
#undef WORDS
        "",
};

static const char *const condition_words[] = {
#define WORDS(name, words) words,
    IOW_FRONT_CONDITION_LIST(WORDS)
#undef WORDS
};

enum {
#define IOW_FRONT_DONE_ENUM(name, words) IOW_FRONT_DONE_##name,
    IOW_FRONT_EFFECT_LIST(IOW_FRONT_DONE_ENUM)
#undef IOW_FRONT_DONE_ENUM
    IOW_FRONT_DONE__COUNT,
};

static const char *const effect_words[] = {
#define WORDS(name, words) words,
    IOW_FRONT_EFFECT_LIST(WORDS)
#undef WORDS
};

static const char *const stage_words[] = {
#define WORDS(name, words) words,
    IOW_FRONT_STAGE_LIST(WORDS)
#undef WORDS
        "",
};

static const struct iow_front_table_row table[] = {
#define ROW(filter, tries, which, how, stage, number, what, function)                                        \
    {                                                                                                        \
        .try = iow_front_try_##tries,                                                                        \
        .when = iow_front_when_##which,                                                                      \
        .effect = iow_front_do_##what,                                                                       \
        .end = how,                                                                                          \
        .next = stage,                                                                                       \
        .code = number,                                                                                      \
        .with = (uint32_t)(filter),                                                                          \
        .without = (uint32_t)((filter) >> 32),                                                               \
        .tried = IOW_FRONT_TRIED_##tries,                                                                    \
        .condition = IOW_FRONT_IS_##which,                                                                   \
        .done = IOW_FRONT_DONE_##what,                                                                       \
        .source = function,                                                                                  \
    },
#define SPREAD(filter, tries, condition, answer, function) ROW(filter, tries, condition, answer, function)
#define ROWS(name, words) ROWS_##name(SPREAD)
    IOW_FRONT_STAGE_LIST(ROWS)
#undef ROWS
#undef SPREAD
#undef ROW
};

const struct iow_front_table_row *iow_front_rows_of(enum iow_front_stage stage, uint32_t *ret_first)
{
    *ret_first = range[stage].first;
    return &table[range[stage].first];
}

uint32_t iow_front_n_rows(void)
{
    return N_ROWS;
}

static uint32_t stage_of(uint32_t i)
{
    uint32_t stage = 0;

    while (range[stage].last < i)
        stage++;
    return stage;
}

bool iow_front_row_at(uint32_t i, struct iow_front_row *ret)
{
    const struct iow_front_table_row *row;

    if (i >= N_ROWS)
        return false;
    row = &table[i];
    *ret = (struct iow_front_row){
        .stage = stage_words[stage_of(i)],
        .with = row->with,
        .without = row->without,
        .tries = try_words[row->tried],
        .when = condition_words[row->condition],
        .code = row->code,
        .passes = row->end == IOW_FRONT_END_PASS,
        .effect = effect_words[row->done],
        .next = stage_words[row->next],
        .source = row->source,
    };
    return true;
}
