/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder share: standard output and error, and the printers on them. */
#ifndef CLI_FACE_H
#define CLI_FACE_H

#include "ledgerdeck/cli/cli.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/core/text.h"

/* Standard output, collected and written in large pieces; what fails is told once at the end. */
struct out {
	struct str text;        /* owned */
	bool terminal;          /* somebody looks at it: nothing but harmless characters */
	int columns;            /* of the terminal; 0: not one */
	int failed;             /* errno of the first write that failed; 0: none */
};
void out_open(struct out *out);
void out_add(struct out *out, const char *text, size_t len); /* may write */
void out_flush(struct out *out);
void out_clear(struct out *out);

struct face {
	struct out out;
	struct env env;
	enum cli_format format;
	bool quiet;
	bool error_terminal;    /* standard error is one */
	enum text_mode mode;    /* how strangers' text is shown on terminals */
	struct table *table;    /* owned: print_table.c's */
	/* print_json.c, print_csv.c */
	const struct printer_column *columns; /* of the result; NULL: one object */
	size_t row_count, value_count;
	bool lines;             /* each row at once */
	bool open;              /* a result has begun and not ended */
	struct str *cells;      /* owned: CSV's values, in the order of the columns */
	struct progress *progress; /* owned: progress.c's */
};

void print_table_init(struct face *face, struct printer *printer);
void print_json_init(struct face *face, struct printer *printer);
void print_csv_init(struct face *face, struct printer *printer);
void print_table_free(struct table *table);
void print_csv_free(struct face *face);

/* What the printers have in common. */
void face_note(void *ctx, const char *text);
void face_must(void *ctx, const char *line);
void face_raw(void *ctx, const char *bytes, size_t len);
bool face_is_broken(void *ctx);
void face_stamp(int64_t ms, char *out); /* "2026-01-31T12:00:00.000Z"; STAMP_TEXT_MAX bytes */

/* progress.c: one line on a terminal, kept up to date; lines now and then elsewhere. */
struct progress *progress_new(struct face *face);
void progress_free(struct progress *progress);
void progress_show(void *ctx, const struct printer_progress *progress);
void progress_hide(struct face *face); /* before something else is written on standard error */

/* qr.c */
void qr_show(void *ctx, const char *text);

/* prompt.c: see struct app */
bool prompt_ask(void *ctx, const char *prompt, enum ask_kind kind, struct cancel *until, struct secret **ret_text,
		struct error *err);

/* help.c: prose for people, appended. */
void help_add_all(struct str *out);
void help_add_command(const struct command *command, struct str *out);
void help_add_group(const char *group, struct str *out); /* "vault" */
bool help_is_group(const char *word);

#endif
