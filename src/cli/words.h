/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line cut into words the way a shell does, without its expansions. Pure. */
#ifndef IOWARD_CLI_WORDS_H
#define IOWARD_CLI_WORDS_H

/*
 * iow_words - cuts a line in place
 *
 * Blanks separate. Between single quotes everything is as it is; between double quotes a backslash takes the
 * meaning from '"', '\' ; elsewhere from anything. "" is an empty word. A '#' at the beginning of a word ends the line.
 * In:      line   is written to, and the words point into it
 *          words  room for most + 1; NULL after the last
 * Returns: how many; -IOW_EINVAL a quote is not closed or nothing follows a backslash; -IOW_E2BIG more than most
 */
int iow_words(char *line, char **words, int most);

#endif
