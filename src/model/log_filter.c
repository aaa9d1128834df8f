/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of names, and what each makes of its value. */
#include "ledgerdeck/model/log_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter_word.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"

static const char *const state_words[LOG_STATE_COUNT] = {
	[LOG_ANY] = "any",       [LOG_RUNNING] = "running", [LOG_OK] = "ok",
	[LOG_FAILED] = "failed", [LOG_DECIDE] = "decide",   [LOG_STOPPED] = "stopped",
};

const char *log_state_word(enum log_state state)
{
	return state_words[state];
}

/* ---- values */

static bool take_match(const struct filter_word *word, struct log_match *match, struct error *err)
{
	if (word->text_len >= sizeof(match->text))
		return error_set(err, ERROR_INPUT, "a value of a filter has at most %zu bytes here", sizeof(match->text) - 1);
	memcpy(match->text, word->text, word->text_len + 1);
	match->whole = *word->sign == '=';
	return true;
}

static bool take_state(const struct filter_word *word, struct log_filter *filter, struct error *err)
{
	struct nearest nearest = nearest_start(word->text, word->text_len);
	char hint[NEAREST_HINT_MAX];

	for (int state = 0; state < LOG_STATE_COUNT; state++) {
		nearest_try(&nearest, state_words[state]);
		if (strcasecmp(state_words[state], word->text) == 0) {
			filter->state = (enum log_state)state;
			return true;
		}
	}
	return error_set(err, ERROR_INPUT, "an attempt is running, ok, failed, decide or stopped, never '%.60s'%s", word->text,
			 nearest_hint(&nearest, hint));
}

static bool take_time(const struct filter_word *word, int64_t now_ms, int64_t *ret_ms, struct error *err)
{
	bool has_offset;
	int64_t ago_s;

	if (duration_parse(word->text, word->text_len, &ago_s))
		*ret_ms = now_ms - ago_s * 1000;
	else if (!stamp_parse(word->text, word->text_len, ret_ms, &has_offset))
		return error_set(err, ERROR_INPUT, "'%.*s' takes a time such as 2026-01-31 or 2026-01-31T12:00:00Z, or how long ago, such as "
				 "90s, 15m, 2h, 3d or 1w, not '%.40s'", (int)word->name_len, word->name, word->text);
	return true;
}

static bool take_run(const struct filter_word *word, struct log_filter *filter, struct error *err)
{
	if (word->text_len > 18 || strspn(word->text, "0123456789") != word->text_len)
		return error_set(err, ERROR_INPUT, "'run' takes a number, not '%.60s'", word->text);
	filter->run = strtoll(word->text, NULL, 10);
	return true;
}

/* ---- words */

enum { OF_LOG = 1, OF_AUDIT = 2 };

struct names { /* of whose filter it is */
	unsigned of;
	const char *what, *all;
};
static const struct names log_names = { OF_LOG, "log", "account, type, job, cause, code, trace, state, run, since and until" };
static const struct names audit_names = { OF_AUDIT, "audit", "account, who, what, since and until" };

static const struct {
	const char *name;
	unsigned of;
} names_of[] = {
	{ "account", OF_LOG | OF_AUDIT }, { "type", OF_LOG },    { "job", OF_LOG }, { "cause", OF_LOG },
	{ "code", OF_LOG },               { "trace", OF_LOG },   { "who", OF_AUDIT }, { "what", OF_AUDIT },
	{ "state", OF_LOG },              { "run", OF_LOG },     { "since", OF_LOG | OF_AUDIT }, { "until", OF_LOG | OF_AUDIT },
};

static bool refuse_name(const struct filter_word *word, const struct names *names, struct error *err)
{
	struct nearest nearest = nearest_start(word->name, word->name_len);
	char hint[NEAREST_HINT_MAX];
	int len = word->name_len > 60 ? 60 : (int)word->name_len;

	for (size_t i = 0; i < ARRAY_LEN(names_of); i++)
		if (names_of[i].of & names->of)
			nearest_try(&nearest, names_of[i].name);
	if (nearest.best)
		return error_set(err, ERROR_INPUT, "the %s has no '%.*s'%s", names->what, len, word->name, nearest_hint(&nearest, hint));
	return error_set(err, ERROR_INPUT, "the %s has no '%.*s': it has %s; a text with '%s' in it stands in quotes", names->what, len,
			 word->name, names->all, word->sign);
}

static bool is_name(const struct filter_word *word, const struct names *names)
{
	for (size_t i = 0; i < ARRAY_LEN(names_of); i++)
		if ((names_of[i].of & names->of) && filter_word_is(word, names_of[i].name, true))
			return true;
	return false;
}

static bool take_named(const struct filter_word *word, const struct names *names, int64_t now_ms, struct log_filter *filter,
		       struct error *err)
{
	const struct {
		const char *name;
		struct log_match *match;
	} matches[] = {
		{ "account", &filter->account }, { "type", &filter->type }, { "job", &filter->job }, { "cause", &filter->cause },
		{ "code", &filter->code },       { "trace", &filter->trace }, { "who", &filter->who }, { "what", &filter->what },
	};

	if (word->op != FILTER_EQUAL)
		return error_set(err, ERROR_INPUT, "a filter of the %s takes ':' or '=', not '%s'", names->what, word->sign);
	if (word->text_len == 0)
		return error_set(err, ERROR_INPUT, "'%.*s%s' has no value", (int)word->name_len, word->name, word->sign);
	if (!is_name(word, names))
		return refuse_name(word, names, err);
	for (size_t i = 0; i < ARRAY_LEN(matches); i++)
		if (filter_word_is(word, matches[i].name, true))
			return take_match(word, matches[i].match, err);
	if (filter_word_is(word, "state", true))
		return take_state(word, filter, err);
	if (filter_word_is(word, "run", true))
		return take_run(word, filter, err);
	return take_time(word, now_ms, filter_word_is(word, "since", true) ? &filter->since_ms : &filter->until_ms, err);
}

static bool take_text(const struct filter_word *word, struct log_filter *filter, struct error *err)
{
	if (filter->text_count == LOG_TEXTS_MAX)
		return error_set(err, ERROR_INPUT, "a filter has at most %d texts here", LOG_TEXTS_MAX);
	if (word->text_len >= sizeof(filter->texts[0]))
		return error_set(err, ERROR_INPUT, "a text of a filter has at most %zu bytes here", sizeof(filter->texts[0]) - 1);
	memcpy(filter->texts[filter->text_count++], word->text, word->text_len + 1);
	return true;
}

void log_filter_init(struct log_filter *filter)
{
	*filter = (struct log_filter){ .since_ms = INT64_MIN, .until_ms = INT64_MAX };
}

static bool parse(const char *text, const struct names *names, int64_t now_ms, struct log_filter *ret_filter, struct error *err)
{
	struct filter_word word;

	log_filter_init(ret_filter);
	if (!str_is_utf8(text, strlen(text)))
		return error_set(err, ERROR_INPUT, "a filter is a text in UTF-8");
	while (filter_word_comes(&text)) {
		if (!filter_word_read(&text, &word, err))
			return false;
		if (!(word.sign ? take_named(&word, names, now_ms, ret_filter, err) : take_text(&word, ret_filter, err)))
			return false;
	}
	return true;
}

bool log_filter_parse(const char *text, int64_t now_ms, struct log_filter *ret_filter, struct error *err)
{
	return parse(text, &log_names, now_ms, ret_filter, err);
}

bool audit_filter_parse(const char *text, int64_t now_ms, struct log_filter *ret_filter, struct error *err)
{
	return parse(text, &audit_names, now_ms, ret_filter, err);
}

/* ---- asking it */

bool log_filter_is_empty(const struct log_filter *filter)
{
	return !*filter->account.text && !*filter->type.text && !*filter->job.text && !*filter->cause.text && !*filter->code.text &&
	       !*filter->trace.text && !*filter->who.text && !*filter->what.text && filter->state == LOG_ANY && !filter->run && filter->since_ms == INT64_MIN &&
	       filter->until_ms == INT64_MAX && filter->text_count == 0;
}

void log_filter_add_text(struct log_filter *filter, const char *text)
{
	filter->text_count -= filter->text_count == LOG_TEXTS_MAX;
	snprintf(filter->texts[filter->text_count++], sizeof(filter->texts[0]), "%s", text);
}

bool log_match_fits(const struct log_match *match, const char *value)
{
	return match->whole ? strcasecmp(match->text, value) == 0 : strncasecmp(match->text, value, strlen(match->text)) == 0;
}

void log_filter_add_value(struct str *out, const char *value)
{
	if (*value && !strpbrk(value, " \t\n\r\"\\:=<>~!")) {
		str_add(out, value);
		return;
	}
	str_add_char(out, '"');
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			str_add_char(out, '\\');
		str_add_char(out, *value);
	}
	str_add_char(out, '"');
}
