/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/trace-names.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *find(const struct trace_names *names, uint64_t inode)
{
    for (uint32_t i = names->n; i-- > 0;) /* the newest first: numbers are used again in the end */
        if (names->names[i].inode == inode)
            return names->names[i].name;
    return NULL;
}

static void add(struct trace_names *names, uint64_t inode, const char *name)
{
    const char *known = find(names, inode);
    struct trace_name *grown;

    if (strlen(name) >= IOW_ADDRESS_TEXT || (known && strcmp(known, name) == 0))
        return;
    if (names->n == names->room) {
        uint32_t room = names->room ? 2 * names->room : 256;

        grown = reallocarray(names->names, room, sizeof(*grown));
        if (!grown)
            return;
        names->names = grown;
        names->room = room;
    }
    names->names[names->n].inode = inode;
    (void)snprintf(names->names[names->n++].name, IOW_ADDRESS_TEXT, "%s", name);
}

static void look(struct trace_names *names)
{
    DIR *folder = opendir(names->folder);
    const struct dirent *entry;
    struct stat st;

    if (!folder)
        return;
    while ((entry = readdir(folder)))
        if (entry->d_name[0] != '.' && fstatat(dirfd(folder), entry->d_name, &st, 0) == 0)
            add(names, st.st_ino, entry->d_name);
    (void)closedir(folder);
}

const char *iow_trace_name(struct trace_names *names, uint64_t inode)
{
    const char *name = find(names, inode);

    if (name)
        return name;
    look(names);
    return find(names, inode);
}

void iow_trace_names_done(struct trace_names *names)
{
    free(names->names);
    *names = (struct trace_names){.folder = names->folder};
}
