/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/transition.h>

#define WORDS(prefix, list) static const char *const prefix##_words[] = {list(WORD)};
#define WORD(name, words) words,

WORDS(state, IOW_STATE_LIST)
WORDS(operation, IOW_OPERATION_LIST)
WORDS(feature, IOW_FEATURE_LIST)

const char *iow_state_words(enum iow_state state)
{
    return (unsigned)state < IOW_STATE__COUNT ? state_words[state] : "?";
}

const char *iow_operation_words(enum iow_operation operation)
{
    return (unsigned)operation < IOW_OPERATION__COUNT ? operation_words[operation] : "?";
}

const char *iow_feature_words(enum iow_feature feature)
{
    return (unsigned)feature < IOW_FEATURE__COUNT ? feature_words[feature] : "?";
}
