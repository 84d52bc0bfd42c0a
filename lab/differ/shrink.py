# SPDX-License-Identifier: GPL-2.0-or-later
"""Fewer steps that still disagree, asked of a real kernel: many candidates in one boot, few boots."""

MOST_BOOTS = 16  # of one question: a boot that stops in the middle has to be repeated for the rest


def minimal(steps, disagree):
    """Without any step that can be spared. disagree(candidates) says of each whether it still disagrees."""
    kept = list(steps)
    while True:
        sparable = [i for i, bad in enumerate(disagree([without(kept, {i}) for i in range(len(kept))])) if bad]
        if not sparable:
            return kept
        kept = without(kept, most_at_once(kept, sparable, disagree))


def most_at_once(steps, sparable, disagree):
    """As many of those that can be spared one by one as can be spared together, from the front or from the back."""
    sets = [{sparable[0]}]
    for count in range(2, len(sparable) + 1):
        sets += [set(sparable[:count]), set(sparable[-count:])]
    bad = [True, *disagree([without(steps, some) for some in sets[1:]])]
    return max((some for some, still in zip(sets, bad) if still), key=len)


def without(steps, some):
    return [step for i, step in enumerate(steps) if i not in some]


def by_boots(boot):
    """disagree() of a function that boots once: boot({number: steps}) gives {number: disagrees} of those that it came
    to, the one at which the guest stopped included."""
    def disagree(candidates):
        known = {}
        for _ in range(MOST_BOOTS):
            asked = {i: steps for i, steps in enumerate(candidates) if i not in known}
            told = boot(asked) if asked else {}
            known.update(told)
            if not told:
                break
        return [known.get(i, False) for i in range(len(candidates))]
    return disagree
