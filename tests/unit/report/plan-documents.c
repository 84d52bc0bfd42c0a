/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints one document of each schema that no recorded machine can show, for tests/golden/documented. */
#include "decision-stage.h"
#include "plan-stage.h"
#include "sets-stage.h"

static void end_document(void)
{
    (void)puts("---");
}

static void print_plans(void)
{
    for (int refused = 0; refused < 2; refused++) {
        struct plan_stage s;

        plan_stage_set(&s);
        s.request.with_group = !refused;
        plan_stage_play(&s);
        (void)iow_plan_json(s.stage.view, s.plan, &s.about, stdout);
        end_document();
        plan_stage_end(&s);
    }
}

static void print_outcome(void)
{
    const struct iow_outcome_about about = stage_about(IOW_OUTCOME_CLAIM, COUNT(stage_groups));
    const struct iow_outcome outcome = {
        .kind = IOW_OUTCOME_OPEN, .n_failures = COUNT(stage_failures), .failures = stage_failures};

    (void)iow_outcome_json(&outcome, &about, stdout);
    end_document();
}

static void print_sets(void)
{
    struct iow_sets_view *sets;
    struct stage s;

    stage_set_sets(&s);
    sets = stage_sets(&s, ALL_GRADES, NULL);
    (void)iow_sets_json(s.view, sets, stdout);
    end_document();
    stage_end(&s);
}

static void print_decisions(void)
{
    for (size_t i = 0; i < COUNT(stage_decisions); i++) {
        struct iow_ruling ruling;
        struct iow_decision_view view = stage_decision(i, &ruling);

        (void)iow_decision_json(&view, stdout);
        end_document();
    }
}

int main(void)
{
    const struct iow_claim_row rows[] = {
        {&stage_held, "alice", "alice", false}, {&stage_releasing, NULL, "root", true}};

    print_plans();
    print_outcome();
    print_sets();
    (void)iow_claims_json(rows, COUNT(rows), stdout);
    end_document();
    print_decisions();
    (void)iow_history_json(stage_history, COUNT(stage_history), stdout);
    end_document();
    return ferror(stdout) != 0;
}
