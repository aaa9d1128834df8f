/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder share: every verb, and what several of them need. */
#ifndef COMMAND_VERBS_H
#define COMMAND_VERBS_H

#include "ledgerdeck/command/command.h"
#include "ledgerdeck/command/period.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/lake/table.h"

extern const struct command command_accounts, command_apply, command_attention, command_audit, command_backup, command_connect, command_decide, command_demo, command_destinations, command_disconnect, command_doctor, command_evidence, command_exceptions, command_who, command_export, command_exports, command_help, command_import,
	command_interval, command_keys, command_link, command_log, command_map, command_objects, command_organizations, command_outbox, command_pause, command_plan,
	command_plans, command_policy, command_rates, command_reconcile, command_refresh, command_requests, command_resolve, command_resources, command_restore, command_resume, command_retry, command_run_headless, command_sessions, command_settings, command_show, command_sign,
	command_sql, command_status, command_sync, command_ties, command_types, command_unlink, command_vault_init, command_vault_lock,
	command_vault_passwd, command_vault_rotate, command_vault_status, command_version;

/* Report the error's exit code: what a command ends with when a call has failed. */
enum command_exit verb_failed(const struct error *error);

/* Notes with a printf format; at most 1000 bytes. */
void verb_note(const struct printer *printer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void verb_must(const struct printer *printer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Give an optional text: "" is null. */
void verb_text(const struct printer *printer, const char *name, const char *text);
/* A field of a record as people may see it. */
void verb_cell(const struct printer *printer, const struct type_field *field, const struct cell *cell, enum personal personal);
/* Are values about persons shown: by the option --personal, or else by the setting? */
enum personal verb_personal(const struct app *app, const struct arguments *arguments);
#define VERB_PERSONAL_ROW { "--personal", NULL, false, false, "with the values about persons, which else are masked as ***" }
/* An error's values, with what stands in the table of advice; all null when nothing went wrong. */
#define VERB_ERROR_COLUMNS { "error", true }, { "ledger_code", true }, { "trace_id", true }, { "message", false }, \
			   { "why", true }, { "do", true }
void verb_error(const struct printer *printer, const char *provider, const struct error *error);

/*
 * The accounts that the words name (each by a unique prefix), or all of them when there are no words. Errors: as
 * accounts_find().
 */
bool verb_accounts(struct app *app, const char *const *words, struct account_list *ret_list, struct error *err);
/*
 * Type names of `--type A,B --type C` as the catalogue spells them, for one provider (NULL: any). NULL at the end; NULL:
 * not given. The caller frees the array; the names are the catalogue's. Error INPUT: unknown, with the nearest.
 */
bool verb_types(struct app *app, const char *provider, const char *const *words, const char ***ret_types, struct error *err);
/* One type of a provider. Error INPUT: unknown, with the nearest. Borrowed: the catalogue. */
const struct type *verb_type(struct app *app, const char *provider, const char *word, struct error *err);

/* What connects a first company, for people: "'ledgerdeck connect PROVIDER' (there are 'quickbooks' and 'xledger')". The buffer's. */
const char *verb_connect(struct str *buffer);
/* "90s", "5m", "2h", "3d" or "3d ago" before now, or a date or time; as an instant. Error INPUT names `option`. */
/* Does an account before this one share its month of calls? */
bool verb_had_month(const struct account_list *accounts, size_t index);
bool verb_time(struct app *app, const char *option, const char *text, int64_t *ret_ms, struct error *err);
/* A filter of the log: the words of --where (NULL: none), and a state besides (NULL: any). Error INPUT. */
bool verb_log_filter(struct app *app, const char *const *texts, const char *state, struct log_filter *ret_filter, struct error *err);
bool verb_audit_filter(struct app *app, const char *const *texts, struct log_filter *ret_filter, struct error *err);
/* The last of these options (NULL at the end) that was given, and how many were; NULL: none. */
const char *verb_given(const struct arguments *arguments, const char *const *names, size_t *ret_count);
/* `export` with a format of tables: records instead of documents. */
enum command_exit verb_export_records(struct app *app, enum table_format format, const struct arguments *arguments,
				      const struct printer *printer, struct error *err);
/* What has changed of an export, by its id or where it goes; the list of all of them is the result. */
enum command_exit verb_export_again(struct app *app, const char *id, const struct printer *printer, struct error *err);
/* A whole number between two bounds. Error INPUT names `what`. */
bool verb_number(const char *text, const char *what, int64_t least, int64_t most, int64_t *ret_number, struct error *err);

/* A whole file, or with "-" what comes in; `out` has that limit. Error INPUT: it can't be read, or is longer. */
bool verb_read(const char *path, size_t limit, struct str *out, struct error *err);

int64_t verb_now(const struct app *app);

/* Ask "... [y/N]"; false with INPUT when nobody says yes. `yes` is the option that answers it beforehand. */
bool verb_confirm(struct app *app, const char *question, struct error *err);

/* --- history.c: all versions of a record, newest first, by what changed in each. */
bool verb_history(struct app *app, const struct object *object, const struct type *type, const char *id,
		  enum personal personal, const struct printer *printer, struct error *err);

/* --- sync.c, shared with retry and demo: carry out a wish with progress, then print what came of it. --- */
struct verb_tally {
	int64_t good, failed, waiting; /* objects: well; failed; waiting for a person's approval */
	struct error worst;            /* of the failed ones: what decides the exit code */
	size_t skipped;                /* accounts that a person must see to first */
};
bool verb_sync(struct app *app, const struct sync_wish *wishes, size_t count, const struct printer *printer, bool table,
	       struct verb_tally *ret_tally, struct error *err);
enum command_exit verb_tally_exit(const struct verb_tally *tally);

/* --- plan.c: make the newest plan of an account again where something waited, and note what comes of it. */
bool verb_replan(struct app *app, const char *account_id, const struct printer *printer, struct error *err);

/* What a plan reads is brought up to date, where it is older than the account's policy lets. */
struct push_wish;
bool verb_freshen(struct app *app, const struct push_wish *wish, const struct printer *printer, struct error *err);

/* --- redrive.c: what ended unwritten is planned anew, by the options of `outbox`. */
enum command_exit verb_redrive(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err);

/* --- map_file.c: an account's rules as a file; "-" prints and reads what comes in. Without `writes` nothing is kept. */
struct mapper;
enum command_exit verb_map_export(struct app *app, const char *account_id, const char *path, bool replace,
				  const struct printer *printer, struct error *err);
enum command_exit verb_map_import(struct app *app, const char *account_id, struct mapper *mapper, const char *path, bool writes,
				  const struct printer *printer, struct error *err);

/* --- app.c: where the store is, into app->store_path; nothing is opened --- */
bool app_find(struct app *app, struct error *err);

/* --- backup.c, shared with retry: `path` NULL: into the settings' directory. Prints what came of it. --- */
bool verb_backup(struct app *app, const char *path, bool replace, const char *cause, const struct printer *printer, struct error *err);

/* --- progress.c: what the workers tell, added up --- */
struct progress_job {
	char account_id[ACCOUNT_ID_MAX];
	char type[64];
	int64_t records, of;          /* of: -1 unknown */
	bool ended;
};
struct progress_sum {
	const struct account_list *accounts; /* borrowed: for their names */
	struct progress_job *jobs;    /* owned */
	size_t count, room;
	int64_t all, done, failed;
	int64_t begun_ms;             /* ticks */
	int64_t mark_ms, mark_records, rate; /* of the last seconds */
	char account[ACCOUNT_NAME_MAX], type[64];
	int64_t wait_ms;
};
void progress_sum_clear(struct progress_sum *sum);
void progress_sum_take(struct progress_sum *sum, const struct sync_event *event);
/* As it stands at `ticks_ms`; texts are borrowed from the sum. */
void progress_sum_give(struct progress_sum *sum, int64_t ticks_ms, struct printer_progress *ret_progress);

/* --- source.c: a file of an operator's, "-" for what comes in, that can be read more than once --- */
struct source {
	const char *name;            /* borrowed */
	int fd;                      /* -1: none */
	struct cancel *cancel;
};
void source_close(struct source *source);
/* Errors: INPUT (no file), STORE (no room for what comes in). */
bool source_open(struct source *source, const char *path, struct cancel *cancel, struct error *err);
/* From its start to its end. */
bool source_read(struct source *source, bool (*feed)(void *ctx, const char *bytes, size_t len, struct error *err), void *ctx, struct error *err);

/* --- opener.c: what opens the vault --- */
struct opener {
	struct secret *passphrase;   /* owned; NULL: opened by a key */
	struct secret *key;          /* owned */
	const char *source;          /* "credential", "key file", "passphrase" */
};
void opener_clear(struct opener *opener);
struct vault_opener opener_of(const struct opener *opener);
/* Is there a vault? Appends its header. Error AUTH: there is none, with what to do. */
bool opener_header(struct app *app, struct str *ret_header, struct error *err);
/* The credential, the key file of the settings, or a passphrase that is asked for. Errors: AUTH, INPUT. */
bool opener_get(struct app *app, const char *header, size_t len, struct opener *ret_opener, struct error *err);
/* A passphrase, asked for twice. Error INPUT: they differ, it is empty. */
bool opener_ask_new(struct app *app, struct opener *ret_opener, struct error *err);
/* The key of a file; made with mode 0600 when `make` and it is absent. */
bool opener_key_file(const char *path, bool make, struct opener *ret_opener, bool *ret_made, struct error *err);
bool opener_credential(struct app *app, struct opener *ret_opener, bool *ret_found, struct error *err);

#endif
