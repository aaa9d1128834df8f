/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several verbs need: notes, errors as values, accounts and types by the words that a person types. */
#include "verbs.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "ledgerdeck/connect/connect.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/model/nearest.h"

#define NOTE_MAX 1000

int64_t verb_now(const struct app *app)
{
	return app->env.wall_ms(app->env.ctx);
}

enum command_exit verb_failed(const struct error *error)
{
	enum command_exit code = command_exit_of(error);

	return code == EXIT_DONE ? EXIT_FAILED : code;
}

void verb_note(const struct printer *printer, const char *format, ...)
{
	char text[NOTE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printer->note(printer->ctx, text);
}

void verb_must(const struct printer *printer, const char *format, ...)
{
	char text[NOTE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printer->must(printer->ctx, text);
}

void verb_text(const struct printer *printer, const char *name, const char *text)
{
	printer->text(printer->ctx, name, *text ? text : NULL);
}

enum personal verb_personal(const struct app *app, const struct arguments *arguments)
{
	return argument_given(arguments, "--personal") ? PERSONAL_SHOWN : app_personal(app);
}

void verb_cell(const struct printer *printer, const struct type_field *field, const struct cell *cell, enum personal personal)
{
	AUTO(str_clear) struct str text = STR_INIT(1 << 20);
	bool masked = field->personal && personal == PERSONAL_MASKED;

	cell_add_text(cell, field, personal, &text);
	if (cell->kind == CELL_NONE)
		printer->text(printer->ctx, field->name, NULL);
	else if (!masked && (field->kind == FIELD_MONEY || field->kind == FIELD_NUMBER))
		printer->decimal(printer->ctx, field->name, text.text);
	else if (!masked && field->kind == FIELD_FLAG && cell->kind == CELL_INTEGER)
		printer->flag(printer->ctx, field->name, cell->integer != 0);
	else
		printer->text(printer->ctx, field->name, text.text);
}

void verb_error(const struct printer *printer, const char *provider, const struct error *error)
{
	bool none = error->code == ERROR_NONE;
	struct sync_advice advice = sync_advice(provider, error);

	printer->text(printer->ctx, "error", none ? NULL : error_word(error->code));
	verb_text(printer, "ledger_code", none ? "" : error->ledger_code);
	verb_text(printer, "trace_id", none ? "" : error->trace_id);
	verb_text(printer, "message", none ? "" : error->text);
	verb_text(printer, "why", none ? "" : advice.why);
	verb_text(printer, "do", none ? "" : advice.act);
}

bool verb_accounts(struct app *app, const char *const *words, struct account_list *ret_list, struct error *err)
{
	if (!words)
		return accounts_all(app->store, ret_list, err);
	for (; *words; words++) {
		struct account account;
		bool twice = false;

		if (!accounts_find(app->store, *words, &account, err))
			return false;
		for (size_t i = 0; i < ret_list->count; i++)
			twice = twice || strcmp(ret_list->items[i].id, account.id) == 0;
		if (twice)
			continue;
		memory_grow(&ret_list->items, &ret_list->room, ret_list->count + 1, sizeof(*ret_list->items));
		ret_list->items[ret_list->count++] = account;
	}
	return true;
}

/* `provider` NULL: whichever has it. */
static const struct type *find_type(const struct catalogue *catalogue, const char *provider, const char *word)
{
	if (provider)
		return catalogue_find(catalogue, provider, word);
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct type *type = catalogue_find(catalogue, catalogue_at(catalogue, i)->provider, word);

		if (type)
			return type;
	}
	return NULL;
}

const struct type *verb_type(struct app *app, const char *provider, const char *word, struct error *err)
{
	const struct type *type = find_type(app->catalogue, provider, word);
	struct nearest nearest = nearest_start(word, strlen(word));
	AUTO(str_clear) struct str fits = STR_INIT(120);
	char hint[NEAREST_HINT_MAX];
	size_t several = 0;

	if (type)
		return type;
	for (size_t i = 0; i < catalogue_count(app->catalogue); i++) {
		const struct type *each = catalogue_at(app->catalogue, i);

		if (provider && strcmp(each->provider, provider) != 0)
			continue;
		nearest_try(&nearest, each->name);
		if (*word && strncasecmp(each->name, word, strlen(word)) == 0)
			str_addf(&fits, "%s'%s'", several++ ? ", " : "", each->name);
	}
	if (several > 1)
		error_set(err, ERROR_INPUT, "'%.60s' fits several types: %s; type more of the name", word, fits.text);
	else
		error_set(err, ERROR_INPUT, "there is no type '%.60s'%s see 'ledgerdeck types'", word,
			  *nearest_hint(&nearest, hint) ? hint : ";");
	return NULL;
}

static bool add_types(struct app *app, const char *provider, const char *list, const char ***types, size_t *count, size_t *room,
		      struct error *err)
{
	while (*list) {
		size_t len = strcspn(list, ",");
		AUTO(memory_freep) char *word = memory_copy(list, len);
		const struct type *type = verb_type(app, provider, word, err);

		if (!type)
			return false;
		memory_grow(types, room, *count + 2, sizeof(**types));
		(*types)[(*count)++] = type->name;
		(*types)[*count] = NULL;
		list += len + (list[len] == ',');
	}
	return true;
}

bool verb_types(struct app *app, const char *provider, const char *const *words, const char ***ret_types, struct error *err)
{
	AUTO(memory_freep) const char **types = NULL;
	size_t count = 0, room = 0;

	for (; words && *words; words++)
		if (!add_types(app, provider, *words, &types, &count, &room, err))
			return false;
	*ret_types = memory_steal(&types);
	return true;
}

bool verb_number(const char *text, const char *what, int64_t least, int64_t most, int64_t *ret_number, struct error *err)
{
	size_t len = strlen(text);
	int64_t number = 0;

	for (size_t i = 0; i < len && len <= 18; i++)
		number = number * 10 + (text[i] - '0');
	if (len == 0 || len > 18 || strspn(text, "0123456789") != len || number < least || number > most)
		return error_set(err, ERROR_INPUT, "%s takes a number from %lld to %lld, not '%.40s'", what, (long long)least,
				 (long long)most, text);
	*ret_number = number;
	return true;
}

const char *verb_connect(struct str *buffer)
{
	str_add(buffer, "'ledgerdeck connect PROVIDER' (there are ");
	connect_add_names(buffer);
	str_add_char(buffer, ')');
	return buffer->text;
}

bool verb_had_month(const struct account_list *accounts, size_t index)
{
	const struct account *account = &accounts->items[index];

	for (size_t i = 0; i < index; i++)
		if (accounts->items[i].environment == account->environment && strcmp(accounts->items[i].provider, account->provider) == 0)
			return true;
	return false;
}

bool verb_time(struct app *app, const char *option, const char *text, int64_t *ret_ms, struct error *err)
{
	AUTO(str_clear) struct str ago = STR_INIT(20);
	size_t len = strlen(text);
	int64_t ago_s;
	bool has_offset;

	str_add_bytes(&ago, text, len > 4 && strcmp(text + len - 4, " ago") == 0 ? len - 4 : len);
	if (!str_is_cut(&ago) && duration_parse(ago.text, ago.len, &ago_s)) {
		*ret_ms = verb_now(app) - ago_s * 1000;
		return true;
	}
	if (stamp_parse(text, len, ret_ms, &has_offset))
		return true;
	return error_set(err, ERROR_INPUT, "%s takes a time such as 2026-01-31 or 2026-01-31T12:00:00Z, or how long ago, such as 90s, 15m, 2h, "
			 "3d or 1w, not '%.40s'", option, text);
}

bool verb_confirm(struct app *app, const char *question, struct error *err)
{
	AUTO(secret_freep) struct secret *line = NULL;
	const char *answer;

	if (!app->ask(app->ask_ctx, question, ASK_LINE, NULL, &line, err))
		return false;
	answer = secret_reveal(line);
	if (tolower((unsigned char)answer[0]) == 'y' && (!answer[1] || strcasecmp(answer, "yes") == 0))
		return true;
	return error_set(err, ERROR_INPUT, "not confirmed; nothing was changed");
}

bool verb_read(const char *path, size_t limit, struct str *out, struct error *err)
{
	AUTO(memory_freep) char *bytes = memory_new(65536);
	ssize_t got;

	if (strcmp(path, "-") != 0)
		return file_read(path, limit, out, err);
	while ((got = read(STDIN_FILENO, bytes, 65536)) > 0)
		str_add_bytes(out, bytes, (size_t)got);
	if (got < 0)
		return error_set(err, ERROR_INPUT, "what comes in can't be read: %s", strerror(errno));
	return !str_is_cut(out) || error_set(err, ERROR_INPUT, "such a file has %zu MiB at most", limit >> 20);
}

bool verb_log_filter(struct app *app, const char *const *texts, const char *state, struct log_filter *ret_filter, struct error *err)
{
	AUTO(str_clear) struct str all = STR_INIT(4000);

	for (; texts && *texts; texts++)
		str_addf(&all, "%s ", *texts);
	if (state) {
		str_add(&all, "state:");
		log_filter_add_value(&all, state);
	}
	if (str_is_cut(&all))
		return error_set(err, ERROR_INPUT, "the filter is too long");
	return log_filter_parse(all.text, verb_now(app), ret_filter, err);
}

bool verb_audit_filter(struct app *app, const char *const *texts, struct log_filter *ret_filter, struct error *err)
{
	AUTO(str_clear) struct str all = STR_INIT(4000);

	for (; texts && *texts; texts++)
		str_addf(&all, "%s ", *texts);
	if (str_is_cut(&all))
		return error_set(err, ERROR_INPUT, "the filter is too long");
	return audit_filter_parse(all.len ? all.text : "", verb_now(app), ret_filter, err);
}

const char *verb_given(const struct arguments *arguments, const char *const *names, size_t *ret_count)
{
	const char *last = NULL;

	for (*ret_count = 0; *names; names++)
		if (argument_given(arguments, *names)) {
			last = *names;
			(*ret_count)++;
		}
	return last;
}
