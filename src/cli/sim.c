/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A shell on a simulated machine.
 *
 * A line is a verb of ioward, or else something that happens to the machine. Lines that begin with '#' are those of a
 * narrator: they are printed where the lines are not typed by hand.
 */
#include "host/sim/sim.h"
#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/command.h"
#include "cli/sim-fault.h"
#include "cli/words.h"
#include "report/escape.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#define MOST_WORDS 64

#define TOPOLOGIES IOWARD_DATA_FOLDER "/topologies"
#define SUFFIX ".json"

/* No topology comes near. */
#define MOST_BYTES (1 << 20)

struct shell {
    struct host host;
    const struct options *options;
    bool typed; /* a person types the lines */
    int code;   /* of the line that failed first */
};

static char *read_all(FILE *in)
{
    char *text = malloc(MOST_BYTES + 1);
    size_t len = text ? fread(text, 1, MOST_BYTES + 1, in) : 0;

    if (!text || ferror(in) || len > MOST_BYTES) {
        free(text);
        return NULL;
    }
    text[len] = '\0';
    return text;
}

/* A file, or else the name of one that is installed. */
static FILE *open_topology(const char *name)
{
    IOW_CLEANUP_FREE char *path = NULL;
    FILE *in = fopen(name, "re");

    if (in || errno != ENOENT || strchr(name, '/') || asprintf(&path, TOPOLOGIES "/%s" SUFFIX, name) < 0)
        return in;
    return fopen(path, "re");
}

static int is_topology(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return len > strlen(SUFFIX) && strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) == 0;
}

static void list_topologies(struct iow_text *to)
{
    struct dirent **entries = NULL;
    int n = scandir(TOPOLOGIES, &entries, is_topology, alphasort);

    iow_text_puts(to, n > 0 ? "; there are" : "; there are none");
    for (int i = 0; i < n; i++) {
        iow_text_print(to, "%s %.*s", i ? "," : "", (int)(strlen(entries[i]->d_name) - strlen(SUFFIX)),
            entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static int not_opened(const struct options *options, const char *name, int error)
{
    IOW_CLEANUP(iow_text_done) struct iow_text detail = {0};
    struct iow_explain explain;

    (void)iow_explain_text(&explain, -IOW_ENOENT, IOW_RULE_SIM_TOPOLOGY, name);
    iow_text_puts(&detail, strerror(error));
    if (error == ENOENT && !strchr(name, '/')) {
        iow_text_puts(&detail, ", here or in " TOPOLOGIES);
        list_topologies(&detail);
    }
    return iow_cli_explain(options, &explain, detail.data);
}

static int boot(struct shell *shell, const char *name, const char *text, struct iow_sim **ret)
{
    const char *release = shell->options->kernel ? shell->options->kernel : "6.12";
    struct iow_explain explain = {0};
    char detail[IOW_EXPLAIN_TEXT];

    if (iow_sim_new(text, release, ret, &explain) == 0)
        return EXIT_DONE;
    if (explain.rule != IOW_RULE_SIM_TOPOLOGY)
        return iow_cli_explain(shell->options, &explain, NULL);
    memcpy(detail, explain.text, sizeof(detail)); /* what is wrong; the message begins with where */
    (void)iow_explain_text(&explain, explain.code, IOW_RULE_SIM_TOPOLOGY, name);
    return iow_cli_explain(shell->options, &explain, detail);
}

static int load(struct shell *shell, const char *name)
{
    FILE *in = open_topology(name);
    int error = errno, code;
    IOW_CLEANUP_FREE char *text = NULL;
    struct iow_sim *sim;

    if (!in)
        return not_opened(shell->options, name, error);
    errno = EFBIG;
    text = read_all(in);
    error = errno;
    (void)fclose(in);
    if (!text)
        return not_opened(shell->options, name, error);
    code = boot(shell, name, text, &sim);
    if (code != EXIT_DONE)
        return code;
    iow_host_init_sim(&shell->host, sim);
    shell->host.ids = shell->options->ids;
    return EXIT_DONE;
}

static void print_raw(const char *text)
{
    struct iow_text safe = {0};

    /* Several lines may come: each is escaped for itself. */
    while (*text) {
        size_t len = strcspn(text, "\n");
        IOW_CLEANUP_FREE char *line = strndup(text, len);

        iow_escape_text(&safe, line ? line : "out of memory");
        iow_text_puts(&safe, "\n");
        text += len + (text[len] == '\n');
    }
    (void)fputs(safe.data ? safe.data : "", stdout);
    iow_text_done(&safe);
}

/* Something that happens to the machine. */
static int happen(struct shell *shell, const char *line)
{
    IOW_CLEANUP_FREE char *answer = NULL;
    struct iow_explain explain = {0};
    int r = iow_sim_command(shell->host.sim, line, &answer, &explain);

    if (answer)
        print_raw(answer);
    if (r < 0 && !answer) /* what Linux answered is in the answer */
        return iow_cli_explain(shell->options, &explain, NULL);
    return r < 0 ? EXIT_FAILED : EXIT_DONE;
}

static void help_row(const char *usage, const char *meaning)
{
    (void)printf("  %-26s %s\n", usage, meaning);
}

/* Row i of what happens to the machine, ours at the end; NULL past it. */
static const char *happening_at(unsigned i, const char **ret_meaning)
{
    static const struct {
        const char *usage, *meaning;
    } more[] = {{SIM_FAULT_USAGE, SIM_FAULT_HELP}, {"quit", "ends this"}};
    unsigned n = 0;

    while (iow_sim_command_at(n, ret_meaning))
        n++;
    if (i < n)
        return iow_sim_command_at(i, ret_meaning);
    if (i - n >= sizeof(more) / sizeof(more[0]))
        return NULL;
    *ret_meaning = more[i - n].meaning;
    return more[i - n].usage;
}

/* Is this about something that happens to the machine? Then it was said. */
static bool help_happening(const char *word)
{
    const char *usage, *meaning;
    size_t len = strlen(word);

    for (unsigned i = 0; (usage = happening_at(i, &meaning)); i++) {
        if (strcspn(usage, " ") != len || strncmp(usage, word, len) != 0)
            continue;
        help_row(usage, meaning);
        return true;
    }
    return false;
}

static int help(void)
{
    const struct command *command;
    const char *usage, *meaning;

    (void)puts("ioward on this machine:");
    for (unsigned i = 0; (command = iow_command_at(i)); i++)
        if (command->simulated)
            help_row(command->verb, command->summary);
    (void)puts("\nWhat happens to the machine:");
    for (unsigned i = 0; (usage = happening_at(i, &meaning)); i++)
        help_row(usage, meaning);
    return EXIT_DONE;
}

/* Without the quotes and the comment, which the machine would not understand. */
static int happen_words(struct shell *shell, char **words)
{
    struct iow_text line = {0};
    int code;

    for (int i = 0; words[i]; i++)
        iow_text_print(&line, "%s%s", i ? " " : "", words[i]);
    code = line.data && !line.failed ? happen(shell, line.data) : EXIT_FAILED;
    iow_text_done(&line);
    return code;
}

static int fault(struct shell *shell, int n, char **words)
{
    if (iow_sim_fault_words(shell->host.sim, words, n) == 0)
        return EXIT_DONE;
    (void)fputs("there is only: " SIM_FAULT_USAGE "\n", stderr);
    return EXIT_USAGE;
}

/* Is this one of ioward's command lines? */
static bool is_ours(const char *word)
{
    return word[0] == '-' || iow_command_find(word);
}

/* In: words  with room for the program's name before them */
static int run_words(struct shell *shell, int n, char **words)
{
    static char program[] = "ioward";
    bool named = strcmp(words[1], program) == 0;

    if (named) {
        n--;
        words++;
    }
    if (n == 2 && strcmp(words[1], "help") == 0)
        return help();
    if (!named && n == 3 && strcmp(words[1], "help") == 0 && help_happening(words[2]))
        return EXIT_DONE;
    if (!named && strcmp(words[1], "fault") == 0)
        return fault(shell, n - 2, words + 2);
    if (!named && !is_ours(words[1]))
        return happen_words(shell, words + 1);
    words[0] = program;
    return iow_command_run(&shell->host, n, words);
}

static int run_line(struct shell *shell, const char *line)
{
    IOW_CLEANUP_FREE char *copy = strdup(line);
    char *words[MOST_WORDS + 2];
    int n = copy ? iow_words(copy, words + 1, MOST_WORDS) : -IOW_ENOMEM;

    if (n < 0) {
        (void)fputs(n == -IOW_EINVAL ? "a quote is not closed\n" : "too many words\n", stderr);
        return EXIT_USAGE;
    }
    return n ? run_words(shell, n + 1, words) : EXIT_DONE;
}

/* In a transcript the line is seen before its output, and a failure after it. */
static void read_eval(struct shell *shell, const char *line)
{
    bool echo = shell->options->given & OPTION_ECHO;
    int code;

    if (line[0] == '#' && !shell->typed)
        print_raw(line);
    else if (echo && line[0] != '#')
        (void)printf(*line ? "$ %s\n" : "\n", line);
    (void)fflush(stdout);
    code = run_line(shell, line);
    if (echo && code != EXIT_DONE) {
        (void)fflush(stderr);
        (void)printf("(exit status %d)\n", code);
    }
    (void)fflush(stdout);
    if (!shell->code)
        shell->code = code;
}

static void prompt(const struct shell *shell)
{
    if (!shell->typed)
        return;
    (void)fputs("sim> ", stdout);
    (void)fflush(stdout);
}

static void read_lines(struct shell *shell)
{
    IOW_CLEANUP_FREE char *line = NULL;
    size_t size = 0;

    prompt(shell);
    while (getline(&line, &size, stdin) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(line, "quit") == 0 || strcmp(line, "exit") == 0)
            return;
        read_eval(shell, line);
        if (shell->code && shell->options->given & OPTION_STRICT)
            return;
        prompt(shell);
    }
    if (shell->typed)
        (void)putchar('\n');
}

static void shell_done(struct shell *shell)
{
    iow_host_done(&shell->host);
}

int iow_cli_sim(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(shell_done)
    struct shell shell = {.options = options, .typed = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)};
    int code;

    (void)n;
    if (options->kernel && strcmp(options->kernel, "6.1") != 0 && strcmp(options->kernel, "6.12") != 0)
        return iow_cli_usage("sim", "--kernel knows 6.1 and 6.12");
    code = load(&shell, operands[0]);
    if (code != EXIT_DONE)
        return code;
    /* A transcript is one text: what is said of failures stands where they happen. */
    if (options->given & OPTION_ECHO && dup2(STDOUT_FILENO, STDERR_FILENO) >= 0)
        (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    if (shell.typed)
        (void)puts("A simulated machine. 'help' lists what there is; nothing here touches this computer.");
    read_lines(&shell);
    return options->given & OPTION_STRICT ? shell.code : EXIT_DONE;
}
