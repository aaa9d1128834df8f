/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From words to a command and from its result to standard output, with the exit code that tells how it went. */
#include "ledgerdeck/cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"
#include "face.h"

static const char version_text[] =
	PACKAGE_STRING "\n"
	"License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.\n"
	"This is free software: you are free to change and redistribute it.\n"
	"There is NO WARRANTY, to the extent permitted by law.\n";

/* ---- standard error */

static void write_error_line(struct face *face, const char *prefix, const char *text, bool raw)
{
	AUTO(str_clear) struct str line = STR_INIT(65536);

	str_add(&line, prefix);
	if (raw)
		str_add(&line, text);
	else
		text_add_line(&line, face->mode, text, strlen(text));
	str_add_char(&line, '\n');
	/* Results before what is said about them. */
	out_flush(&face->out);
	progress_hide(face);
	for (size_t at = 0; at < line.len;) {
		ssize_t written = write(STDERR_FILENO, line.text + at, line.len - at);

		if (written <= 0)
			return;
		at += (size_t)written;
	}
}

void face_note(void *ctx, const char *text)
{
	struct face *face = ctx;

	if (!face->quiet)
		write_error_line(face, "", text, false);
}

void face_must(void *ctx, const char *line)
{
	write_error_line(ctx, "", line, false);
}

static void add_member(struct str *out, const char *name, const char *text)
{
	str_addf(out, ",\"%s\":", name);
	if (*text)
		str_add_json(out, text, strlen(text));
	else
		str_add(out, "null");
}

/* An error for people is a sentence; for programs one line of JSON. */
static void tell_error(struct face *face, const struct error *error, int code)
{
	AUTO(str_clear) struct str line = STR_INIT(4096);

	if (face->format != CLI_JSON) {
		write_error_line(face, "ledgerdeck: ", error->text, false);
		return;
	}
	str_addf(&line, "{\"error\":{\"exit\":%d,\"kind\":\"%s\",\"message\":", code, error_word(error->code));
	str_add_json(&line, error->text, strlen(error->text));
	add_member(&line, "ledger_code", error->ledger_code);
	add_member(&line, "trace_id", error->trace_id);
	str_add(&line, "}}");
	write_error_line(face, "", line.text, true);
}

/* ---- what printers have in common */

void face_raw(void *ctx, const char *bytes, size_t len)
{
	struct face *face = ctx;

	out_add(&face->out, bytes, len);
	if (face->out.terminal)
		out_add(&face->out, "\n", 1);
}

bool face_is_broken(void *ctx)
{
	const struct face *face = ctx;

	return face->out.failed != 0;
}

void face_stamp(int64_t ms, char *out)
{
	stamp_format(ms, 0, true, out);
	memcpy(strstr(out, "+00:00"), "Z", 2);
}

static bool speaks_utf8(void)
{
	const char *names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = env_variable(names[i]);

		if (value && *value)
			return strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "UTF8") || strstr(value, "utf-8");
	}
	return false;
}

static void face_open(struct face *face, const struct cli_options *options)
{
	*face = (struct face){ .env = env_real(), .format = options->format, .quiet = options->quiet, .mode = TEXT_SAFE };
	out_open(&face->out);
	face->error_terminal = isatty(STDERR_FILENO);
	/* Files and pipes get what the text says; a terminal what it can show. */
	if (!face->out.terminal)
		face->mode = TEXT_FULL;
	else if (!speaks_utf8())
		face->mode = TEXT_ASCII;
}

/* A pipe whose reader has left is no failure of ours: head has what it wanted. */
static int face_close(struct face *face, int code)
{
	out_flush(&face->out);
	if (face->out.failed && face->out.failed != EPIPE) {
		struct error error;

		error_set(&error, ERROR_STORE, "cannot write to standard output: %s", strerror(face->out.failed));
		write_error_line(face, "ledgerdeck: ", error.text, false);
		code = code == EXIT_DONE ? EXIT_FAILED : code;
	}
	out_clear(&face->out);
	print_table_free(face->table);
	print_csv_free(face);
	progress_free(face->progress);
	return code;
}

static void make_printer(struct face *face, struct printer *printer)
{
	switch (face->format) {
	case CLI_TABLE:
		print_table_init(face, printer);
		break;
	case CLI_JSON:
		print_json_init(face, printer);
		break;
	case CLI_CSV:
		print_csv_init(face, printer);
		break;
	}
	printer->raw = face_raw;
	printer->note = face_note;
	printer->must = face_must;
	printer->code = qr_show;
	printer->is_broken = face_is_broken;
	if (!face->quiet) {
		face->progress = progress_new(face);
		printer->progress = progress_show;
	}
}

/* ---- words to a command */

/* "vault status" is one command of two words; the words behind it are its arguments. */
static const struct command *find_command(const struct cli_options *options, int *ret_words)
{
	AUTO(str_clear) struct str two = STR_INIT(200);
	const struct command *command = NULL;

	if (options->word_count > 1) {
		str_addf(&two, "%s %s", options->words[0], options->words[1]);
		command = command_find(two.text, NULL);
	}
	*ret_words = command ? 2 : 1;
	if (!command && options->word_count > 0)
		command = command_find(options->words[0], NULL);
	return command;
}

static bool is_help(const struct cli_options *options)
{
	return options->help || options->version ||
	       (options->word_count > 0 && options->format == CLI_TABLE &&
		(strcmp(options->words[0], "help") == 0 || strcmp(options->words[0], "version") == 0));
}

bool cli_needs_app(const struct cli_options *options)
{
	int words;

	return !is_help(options) && find_command(options, &words) && strcmp(options->words[0], "help") != 0 &&
	       strcmp(options->words[0], "version") != 0;
}

static bool unknown_option(const char *word, struct error *err)
{
	size_t count, len = strcspn(word, "=");
	struct nearest nearest = nearest_start(word, len);
	const struct argument_row *globals = command_globals(&count);
	char hint[NEAREST_HINT_MAX];

	for (size_t i = 0; i < count; i++)
		nearest_try(&nearest, globals[i].name);
	return error_set(err, ERROR_INPUT, "there is no option '%.*s'%s see 'ledgerdeck help'", len > 60 ? 60 : (int)len, word,
			 *nearest_hint(&nearest, hint) ? hint : ";");
}

static bool unknown_command(const struct cli_options *options, struct error *err)
{
	const char *near = NULL;
	AUTO(str_clear) struct str name = STR_INIT(160);

	if (options->word_count == 0)
		return error_set(err, ERROR_INPUT, "which command? see 'ledgerdeck help'");
	for (int i = 0; i < options->word_count && i < (help_is_group(options->words[0]) ? 2 : 1); i++)
		str_addf(&name, "%s%.60s", i ? " " : "", options->words[i]);
	if (options->words[0][0] == '-')
		return unknown_option(options->words[0], err);
	if (help_is_group(options->words[0]) && options->word_count == 1)
		return error_set(err, ERROR_INPUT, "'%s' needs another word; see 'ledgerdeck help %s'", name.text, name.text);
	command_find(name.text, &near);
	if (near)
		return error_set(err, ERROR_INPUT, "there is no command '%s'; did you mean '%s'?", name.text, near);
	return error_set(err, ERROR_INPUT, "there is no command '%s'; see 'ledgerdeck help'", name.text);
}

/* `help`, `--help` and `--version`, as prose. */
static bool show_help(struct face *face, const struct cli_options *options, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	struct cli_options about = *options;
	const struct command *command;
	int words;

	if (about.word_count > 0 && strcmp(about.words[0], "help") == 0) {
		about.words++;
		about.word_count--;
	}
	command = find_command(&about, &words);
	if (options->version || (command && strcmp(command->name, "version") == 0 && !options->help && about.words == options->words))
		str_add(&text, version_text);
	else if (about.word_count == 0)
		help_add_all(&text);
	else if (command)
		help_add_command(command, &text);
	else if (help_is_group(about.words[0]) && about.word_count == 1)
		help_add_group(about.words[0], &text);
	else
		return unknown_command(&about, err);
	out_add(&face->out, text.text, text.len);
	return true;
}

static int run(struct face *face, struct app *app, const struct cli_options *options, struct error *err)
{
	AUTO(arguments_freep) struct arguments *arguments = NULL;
	struct app nothing = { .env = face->env };
	const struct command *command;
	struct printer printer;
	int words;

	if (is_help(options))
		return show_help(face, options, err) ? EXIT_DONE : EXIT_USAGE;
	command = find_command(options, &words);
	if (!command) {
		unknown_command(options, err);
		return EXIT_USAGE;
	}
	if (!command_parse(command, options->word_count - words, options->words + words, &arguments, err))
		return EXIT_USAGE;
	make_printer(face, &printer);
	if (!app)
		app = &nothing;
	app->ask = prompt_ask;
	app->ask_ctx = app;
	app->interactive = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	return command_run(app, command, arguments, &printer, err);
}

int cli_main(struct app *app, const struct cli_options *options)
{
	struct error err = { 0 };
	struct face face;
	int code;

	face_open(&face, options);
	code = run(&face, app, options, &err);
	if (err.code != ERROR_NONE) {
		/* Half a document is none. */
		if (face.open && !face.lines && face.format != CLI_TABLE)
			str_reset(&face.out.text);
		progress_hide(&face);
		tell_error(&face, &err, code);
	}
	return face_close(&face, code);
}

int cli_fail(const struct cli_options *options, const struct error *error)
{
	struct face face;
	int code = command_exit_of(error);

	face_open(&face, options);
	tell_error(&face, error, code);
	return face_close(&face, code == EXIT_DONE ? EXIT_FAILED : code);
}
