/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "front/internal.h"

#include <errno.h>

int iow_front_answered(
    const struct iow_front_ask *ask, const struct iow_dma_group *group, int r, const struct iow_explain *why)
{
    const struct iow_front *front = ask->front;

    if (r < 0 && front->hooks && front->hooks->refused)
        front->hooks->refused(front->ctx, group, why);
    return r;
}

bool iow_front_has(const struct iow_front *front, enum iow_front_feature feature)
{
    return front->features & 1u << feature;
}

struct iow_front_frame *iow_front_frame(const struct iow_front_ask *ask)
{
    return &ask->task->frames[ask->frame];
}

uint32_t iow_front_function_number(const struct iow_front_ask *ask)
{
    const struct iow_front_file *file = ask->file == IOW_NONE ? NULL : &ask->front->files[ask->file];

    if (file && (file->kind == IOW_FRONT_FILE_DEVICE || file->kind == IOW_FRONT_FILE_CDEV))
        return file->of;
    return iow_front_frame(ask)->function;
}

struct iow_front_function *iow_front_function(const struct iow_front_ask *ask)
{
    return &ask->front->functions[iow_front_function_number(ask)];
}

struct iow_front_frame *iow_front_call(
    struct iow_front_ask *ask, enum iow_front_stage stage, uint32_t function)
{
    struct iow_front_frame *frame = &ask->task->frames[ask->task->depth++];

    *frame = (struct iow_front_frame){
        .stage = stage, .function = function, .driver = iow_front_frame(ask)->driver, .next = 0};
    return frame;
}

static bool fits(const struct iow_front_table_row *row, struct iow_front_ask *ask)
{
    uint32_t features = ask->front->features;

    if ((features & row->with) != row->with || features & row->without)
        return false;
    if (row->try)
        ask->failed = row->try(ask);
    return row->when(ask);
}

static const struct iow_front_table_row *answer_of(
    struct iow_front_ask *ask, enum iow_front_stage stage, uint32_t *ret_number)
{
    const struct iow_front_table_row *row = iow_front_rows_of(stage, ret_number);

    for (; !fits(row, ask); row++)
        ++*ret_number;
    return row;
}

int iow_front_decide(struct iow_front_ask *ask, enum iow_front_stage stage, uint32_t vgroup)
{
    struct iow_front_ask own = *ask;
    const struct iow_front_table_row *row;
    uint32_t number;

    own.vgroup = vgroup;
    row = answer_of(&own, stage, &number);
    ask->front->times[number]++;
    row->effect(&own);
    return row->end == IOW_FRONT_END_PASS ? own.failed : row->code;
}

/* Ends the step of the frame; whoever called it is told. */
static void end(struct iow_front_ask *ask, int code, uint32_t number)
{
    struct iow_front_task *task = ask->task;
    bool asked = iow_front_frame(ask)->asked;

    task->depth--;
    if (!task->depth) {
        task->finished = true;
        task->answer = (struct iow_front_answer){.code = code, .value = code ? 0 : ask->value, .row = number};
        return;
    }
    task->frames[task->depth - 1].below = code;
    task->frames[task->depth - 1].below_asked = asked;
}

/* One step; false: it waits. */
static bool step(struct iow_front_ask *ask)
{
    const struct iow_front_table_row *row;
    struct iow_front_task *task = ask->task;
    uint32_t number;

    ask->frame = task->depth - 1;
    row = answer_of(ask, (enum iow_front_stage)iow_front_frame(ask)->stage, &number);
    if (row->end == IOW_FRONT_END_WAIT) {
        if (!task->slept || task->answer.row != number)
            ask->front->times[number]++;
        task->answer =
            (struct iow_front_answer){.code = IOW_FRONT_WAITS, .value = task->number, .row = number};
        return false;
    }
    ask->front->times[number]++;
    row->effect(ask);
    if (row->end == IOW_FRONT_END_GO)
        iow_front_frame(ask)->stage = row->next;
    else
        end(ask, row->end == IOW_FRONT_END_DONE ? row->code : ask->failed, number);
    return true;
}

/* Calls that are asked of a file. */
static bool takes_file(enum iow_front_call call)
{
    return (call >= IOW_FRONT_CALL_DUP && call <= IOW_FRONT_CALL_MUNMAP) ||
           call >= IOW_FRONT_CALL_SET_CONTAINER;
}

static struct iow_front_ask ask_of(
    struct iow_front *front, struct iow_front_task *task, const struct iow_front_op *op)
{
    struct iow_front_ask ask = {.front = front, .task = task, .op = op, .file = IOW_NONE, .vgroup = IOW_NONE};

    if (takes_file(op->call))
        ask.file = iow_front_file_of(front, op->process, op->fd);
    return ask;
}

static void run(struct iow_front *front, struct iow_front_task *task)
{
    struct iow_front_ask ask = ask_of(front, task, &task->op);

    while (!task->finished && step(&ask))
        ;
    task->slept = !task->finished || task->slept;
}

static struct iow_front_task *free_task(struct iow_front *front)
{
    for (uint32_t i = 0; i < front->n_tasks; i++)
        if (!front->tasks[i].number)
            return &front->tasks[i];
    return NULL;
}

static struct iow_front_task *next_task(struct iow_front *front, uint32_t after, bool finished)
{
    struct iow_front_task *found = NULL;

    for (uint32_t i = 0; i < front->n_tasks; i++) {
        struct iow_front_task *t = &front->tasks[i];

        if (t->number > after && t->finished == finished && (!found || t->number < found->number))
            found = t;
    }
    return found;
}

/* One that is over may be what another waited for. */
void iow_front_go_on(struct iow_front *front)
{
    struct iow_front_task *task = next_task(front, 0, false);

    while (task) {
        uint32_t depth = task->depth, stage = task->frames[depth - 1].stage;

        run(front, task);
        if (task->finished || task->depth != depth || task->frames[depth - 1].stage != stage)
            task = next_task(front, 0, false);
        else
            task = next_task(front, task->number, false);
    }
}

void iow_front_continue(struct iow_front *front)
{
    for (uint32_t i = 0; i < front->n_tasks; i++)
        front->tasks[i].op.hangs = false;
    iow_front_go_on(front);
}

static struct iow_front_task *begin(struct iow_front *front, const struct iow_front_op *op)
{
    struct iow_front_task *task = free_task(front);
    struct iow_front_frame *frames;

    if (!task)
        return NULL;
    frames = task->frames ? task->frames : iow_mem_alloc(front->mem, front->n_frames, sizeof(*frames));
    if (!frames)
        return NULL;
    *task = (struct iow_front_task){.number = ++front->last_task, .op = *op, .frames = frames, .depth = 1};
    frames[0] = (struct iow_front_frame){.stage = op->call, .function = op->function, .driver = op->driver};
    return task;
}

int iow_front_ask(struct iow_front *front, const struct iow_front_op *op, struct iow_front_answer *ret)
{
    struct iow_front_task *task = begin(front, op);

    *ret = (struct iow_front_answer){.code = -EAGAIN, .row = IOW_NONE};
    if (!task)
        return -EAGAIN;
    run(front, task);
    *ret = task->answer;
    if (task->finished)
        task->number = 0;
    iow_front_go_on(front);
    return ret->code;
}

bool iow_front_ended(struct iow_front *front, uint32_t *ret_task, struct iow_front_answer *ret)
{
    struct iow_front_task *task = next_task(front, 0, true);

    if (!task)
        return false;
    *ret_task = task->number;
    *ret = task->answer;
    task->number = 0;
    return true;
}

/* The first row that answers without trying anything. */
int iow_front_would(struct iow_front *front, const struct iow_front_op *op)
{
    struct iow_front_frame frame = {.stage = op->call, .function = op->function, .driver = op->driver};
    struct iow_front_task task = {.op = *op, .frames = &frame, .depth = 1};
    struct iow_front_ask ask = ask_of(front, &task, &task.op);
    uint32_t number;
    const struct iow_front_table_row *row = iow_front_rows_of((enum iow_front_stage)op->call, &number);

    while (row->try || !fits(row, &ask))
        row++;
    return row->code;
}

bool iow_front_when_ALWAYS(struct iow_front_ask *ask)
{
    (void)ask;
    return true;
}

bool iow_front_when_FAILED(struct iow_front_ask *ask)
{
    return ask->failed < 0;
}

bool iow_front_when_BELOW_FAILED(struct iow_front_ask *ask)
{
    ask->failed = iow_front_frame(ask)->below;
    return ask->failed < 0;
}

/* A driver's own deferral and that of its bus are shown alike. */
bool iow_front_when_BELOW_DEFERRED(struct iow_front_ask *ask)
{
    return iow_front_frame(ask)->below == -IOW_EPROBE_DEFER;
}

bool iow_front_when_BELOW_REFUSED(struct iow_front_ask *ask)
{
    return iow_front_when_BELOW_FAILED(ask) && !iow_front_frame(ask)->below_asked;
}

bool iow_front_when_UNREADABLE(struct iow_front_ask *ask)
{
    return ask->op->argument == IOW_FRONT_UNREADABLE;
}

bool iow_front_when_MALFORMED(struct iow_front_ask *ask)
{
    return ask->op->argument == IOW_FRONT_MALFORMED;
}

bool iow_front_when_GLUED(struct iow_front_ask *ask)
{
    return ask->op->argument == IOW_FRONT_GLUED;
}

static bool held_by_another(const struct iow_front_ask *ask, uint32_t lock)
{
    return lock && lock != ask->task->number;
}

bool iow_front_when_LOCKED(struct iow_front_ask *ask)
{
    return held_by_another(ask, iow_front_function(ask)->lock);
}

bool iow_front_when_RESCAN_LOCKED(struct iow_front_ask *ask)
{
    return held_by_another(ask, ask->front->rescan);
}

bool iow_front_when_HANGS(struct iow_front_ask *ask)
{
    return ask->op->hangs;
}

/* VFIO's drivers never do: they wait for their users, or return. */
bool iow_front_when_STICKS(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return f->sticks && !iow_front_is_vfio(ask->front, f);
}

void iow_front_do_NOTHING(struct iow_front_ask *ask)
{
    (void)ask;
}
