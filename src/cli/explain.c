/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "cli/cli.h"
#include "report/message.h"

#include <errno.h>
#include <string.h>

/* A longer line is no message of anybody; its end is read as a line of its own. */
#define LINE_BYTES 4096

struct job {
    const struct options *options;
    struct iow_message_log log;
    struct iow_mem mem;
};

static void done(struct job *job)
{
    iow_mem_done(&job->mem);
}

static void end_at_newline(char *line)
{
    line[strcspn(line, "\r\n")] = '\0';
}

static int take_input(struct job *job)
{
    char line[LINE_BYTES];

    while (fgets(line, sizeof(line), stdin)) {
        end_at_newline(line);
        if (iow_message_take(&job->log, line, &job->mem) < 0)
            return iow_cli_drawn(job->options, -IOW_ENOMEM);
    }
    if (!ferror(stdin))
        return EXIT_DONE;
    (void)fprintf(stderr, "ioward: standard input: %s\n", strerror(errno));
    return EXIT_FAILED;
}

/* A message of several lines may stand in one operand. */
static int take_lines(struct job *job, char *text)
{
    char *rest = text, *line;

    while ((line = strsep(&rest, "\n"))) {
        end_at_newline(line);
        if (*line && iow_message_take(&job->log, line, &job->mem) < 0)
            return iow_cli_drawn(job->options, -IOW_ENOMEM);
    }
    return EXIT_DONE;
}

/* Words that no quotes hold together are one text. */
static int take_words(struct job *job, int n, char **words)
{
    size_t size = 1;
    char *text, *end;

    for (int i = 0; i < n; i++)
        size += strlen(words[i]) + 1;
    text = iow_mem_alloc(&job->mem, size, 1);
    if (!text)
        return iow_cli_drawn(job->options, -IOW_ENOMEM);
    end = text;
    for (int i = 0; i < n; i++) {
        end = stpcpy(end, words[i]);
        if (i + 1 < n)
            end = stpcpy(end, " ");
    }
    return take_lines(job, text);
}

static int tell_nothing_known(struct job *job)
{
    if (job->options->given & OPTION_JSON)
        (void)iow_messages_none_json(&job->log, stdout);
    (void)fprintf(stderr, "ioward: no message that ioward knows; ioward-explain(1) lists whose it knows\n");
    return EXIT_UNKNOWN_MESSAGE;
}

static unsigned what_to_read(const struct iow_message_log *log)
{
    static const struct {
        enum iow_message_needs needed;
        enum iow_read read;
    } parts[] = {{IOW_MESSAGE_HOLDERS, IOW_READ_HOLDERS}, {IOW_MESSAGE_DETAILS, IOW_READ_DETAILS},
        {IOW_MESSAGE_REGIONS, IOW_READ_REGIONS}};
    unsigned needs = iow_message_needs(log),
             what = IOW_READ_HOLDERS; /* the owner is shown with every message */

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (needs & parts[i].needed)
            what |= parts[i].read;
    return what;
}

static int explain(struct job *job)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    int code = iow_cli_read(&m, job->options, what_to_read(&job->log));

    if (code == EXIT_DONE)
        code = iow_cli_view(&m, job->options, !(job->options->given & OPTION_JSON));
    if (code != EXIT_DONE)
        return code;
    return iow_cli_drawn(job->options, job->options->given & OPTION_JSON
                                           ? iow_messages_json(m.view, &job->log, &m.mem, stdout)
                                           : iow_messages_text(m.view, &job->log, &m.mem, stdout));
}

int iow_cli_explain_messages(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(done) struct job job = {.options = options};
    bool input = n == 1 && strcmp(operands[0], "-") == 0;
    int code;

    iow_mem_init_malloc(&job.mem);
    if (input && options->host->simulated)
        return iow_cli_usage("explain", "standard input is the simulated machine's; name the message");
    code = input ? take_input(&job) : take_words(&job, n, operands);
    if (code != EXIT_DONE)
        return code;
    return job.log.n ? explain(&job) : tell_nothing_known(&job);
}
