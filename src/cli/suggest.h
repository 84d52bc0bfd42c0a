/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What someone may have meant who typed something else. Pure. */
#ifndef IOWARD_CLI_SUGGEST_H
#define IOWARD_CLI_SUGGEST_H

/*
 * iow_suggest - the word that typed text is a slip of
 * In:      at  word i of those that there are; NULL past the end
 * Returns: the nearest word that one or two slips lead to: a letter too many, one left out, another one, two
 *          swapped. NULL: none, or the text is too short for so many
 */
const char *iow_suggest(const char *typed, const char *(*at)(unsigned i));

#endif
