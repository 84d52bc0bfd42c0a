/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The explicit bookkeeping: owner, count and domain of a group as Linux keeps them, kept a second time
 * beside the core and without its table.
 */
#ifndef IOWARD_PROOF_BOOKKEEPING_H
#define IOWARD_PROOF_BOOKKEEPING_H

#include "proof/stage.h"

/*
 * iow_books_agree - does the core's answer to a play equal that of the books?
 * In:      before, after  the scene, before and after the core played
 * Out:     the answer, the word, the domain and the space of every device are all compared; under the pure
 *          profile, which has no such books in Linux, the answer is taken and the rest compared
 */
bool iow_books_agree(const struct iow_proof_world *world, const struct iow_scene *before,
    const struct iow_play *play, const struct iow_outcome *outcome, const struct iow_scene *after);

#endif
