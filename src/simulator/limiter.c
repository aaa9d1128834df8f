/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sliding windows that hold the time of each call that passed, so that a limit is exact at any
 * moment, and plain counters beside them. The answer to a refused call is made elsewhere.
 */
#include "limiter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

#include "company.h"

#define STATUS_FIRST 100
#define STATUS_END 600

/* The times of the calls in it, ascending; a ring that grows to the limit and no further. */
struct window {
	int64_t *times; /* owned */
	size_t room, start, count;
};

enum window_name { WINDOW_MINUTE, WINDOW_SECOND, WINDOW_BATCH, WINDOW_BURST, WINDOW_COUNT };

static const struct {
	enum switch_name most;
	int64_t span_ms;
} windows[WINDOW_COUNT] = {
	[WINDOW_MINUTE] = { SWITCH_LIMIT_PER_MINUTE, 60000 },
	[WINDOW_SECOND] = { SWITCH_LIMIT_PER_SECOND, 1000 },
	[WINDOW_BATCH] = { SWITCH_LIMIT_BATCH_PER_MINUTE, 60000 },
	[WINDOW_BURST] = { SWITCH_XLEDGER_LIMIT_BURST, 5000 }, /* Xledger's only one */
};

struct ledger_calls {
	char realm[ID_MAX]; /* "": what belongs to no company */
	struct window windows[WINDOW_COUNT];
	int64_t calls[CALL_CLASS_COUNT];
	int64_t statuses[STATUS_END - STATUS_FIRST];
	int64_t cut; /* connections closed without a status */
	int64_t throttled;
	int64_t bytes_up, bytes_down;
	int64_t in_flight, most_in_flight;
	int64_t reports_in_flight;
};

struct limiter {
	struct ledger_calls **companies; /* owned; the first is for what belongs to none */
	size_t count, room;
};

static const char *const class_names[] = {
	[CALL_READ] = "read",	  [CALL_QUERY] = "query", [CALL_CDC] = "cdc",
	[CALL_REPORT] = "report", [CALL_WRITE] = "write", [CALL_BATCH] = "batch",
	[CALL_OTHER] = "other",	  [CALL_OAUTH] = "oauth",
};
_Static_assert(ARRAY_LEN(class_names) == CALL_CLASS_COUNT, "a name for each class");

/* ---- one window */

/* Calls that have left it go; so do those of the future, once the clock was put back. */
static void window_slide(struct window *window, int64_t now_ms, int64_t span_ms)
{
	while (window->count > 0 && window->times[window->start] <= now_ms - span_ms) {
		window->start = (window->start + 1) % window->room;
		window->count--;
	}
	while (window->count > 0 &&
	       window->times[(window->start + window->count - 1) % window->room] > now_ms)
		window->count--;
}

/* Milliseconds until one more call may pass; 0: now. */
static int64_t window_wait_ms(const struct window *window, int64_t most, int64_t now_ms,
			      int64_t span_ms)
{
	size_t first;

	if (most == 0 || window->count < (size_t)most)
		return 0;
	first = (window->start + window->count - (size_t)most) % window->room;
	return window->times[first] + span_ms - now_ms;
}

static void window_note(struct window *window, int64_t now_ms)
{
	if (window->count == window->room) {
		size_t room = window->room ? window->room * 2 : 16;
		int64_t *times = memory_new(room * sizeof(*times));

		for (size_t i = 0; i < window->count; i++)
			times[i] = window->times[(window->start + i) % window->room];
		free(window->times);
		window->times = times;
		window->room = room;
		window->start = 0;
	}
	window->times[(window->start + window->count) % window->room] = now_ms;
	window->count++;
}

/* ---- the limiter */

static struct ledger_calls *limiter_company(struct limiter *limiter, const char *realm)
{
	struct ledger_calls *calls;

	if (!realm)
		realm = "";
	for (size_t i = 0; i < limiter->count; i++)
		if (strcmp(limiter->companies[i]->realm, realm) == 0)
			return limiter->companies[i];
	assert(strlen(realm) < sizeof(calls->realm));
	memory_grow(&limiter->companies, &limiter->room, limiter->count + 1,
		    sizeof(*limiter->companies));
	calls = memory_new(sizeof(*calls));
	memcpy(calls->realm, realm, strlen(realm));
	limiter->companies[limiter->count++] = calls;
	return calls;
}

struct limiter *limiter_new(void)
{
	struct limiter *limiter = memory_new(sizeof(*limiter));

	limiter_company(limiter, NULL);
	return limiter;
}

void limiter_free(struct limiter *limiter)
{
	if (!limiter)
		return;
	for (size_t i = 0; i < limiter->count; i++) {
		for (size_t w = 0; w < WINDOW_COUNT; w++)
			free(limiter->companies[i]->windows[w].times);
		free(limiter->companies[i]);
	}
	free(limiter->companies);
	free(limiter);
}

static bool window_counts(enum window_name name, enum call_class call)
{
	return name != WINDOW_BURST && (name != WINDOW_BATCH || call == CALL_BATCH);
}

/* The longest wait that any limit asks for; 0: the call may pass. */
static int64_t limits_wait_ms(const struct simulator *simulator, struct ledger_calls *calls,
			      enum call_class call, int64_t now_ms)
{
	int64_t concurrent = switches_get(&simulator->switches, SWITCH_LIMIT_CONCURRENT);
	int64_t reports = switches_get(&simulator->switches, SWITCH_LIMIT_REPORTS);
	int64_t longest = concurrent > 0 && calls->in_flight > concurrent ? 1 : 0;

	if (call == CALL_REPORT && reports > 0 && calls->reports_in_flight > reports)
		longest = 1;
	for (size_t w = 0; w < WINDOW_COUNT; w++) {
		int64_t most = switches_get(&simulator->switches, windows[w].most);
		int64_t wait;

		if (!window_counts(w, call))
			continue;
		window_slide(&calls->windows[w], now_ms, windows[w].span_ms);
		wait = window_wait_ms(&calls->windows[w], most, now_ms, windows[w].span_ms);
		if (wait > longest)
			longest = wait;
	}
	return longest;
}

static void limits_note(const struct simulator *simulator, struct ledger_calls *calls,
			enum call_class call, int64_t now_ms)
{
	for (size_t w = 0; w < WINDOW_COUNT; w++)
		if (window_counts(w, call) &&
		    switches_get(&simulator->switches, windows[w].most) > 0)
			window_note(&calls->windows[w], now_ms);
}

bool limiter_enter(struct simulator *simulator, const char *realm, enum call_class call,
		   int *ret_wait_s)
{
	struct ledger_calls *calls = limiter_company(simulator->limiter, realm);
	int64_t now_ms = world_now_ms(simulator);
	int64_t wait_ms;

	calls->calls[call]++;
	if (!realm || !switches_is(&simulator->switches, SWITCH_LIMITS, "on"))
		return true;
	wait_ms = limits_wait_ms(simulator, calls, call, now_ms);
	if (wait_ms > 0) {
		calls->throttled++;
		*ret_wait_s = (int)((wait_ms + 999) / 1000);
		return false;
	}
	limits_note(simulator, calls, call, now_ms);
	return true;
}

enum limiter_verdict limiter_enter_xledger(struct simulator *simulator, const char *realm, enum call_class call)
{
	struct ledger_calls *calls = limiter_company(simulator->limiter, realm);
	struct window *burst = &calls->windows[WINDOW_BURST];
	int64_t most = switches_get(&simulator->switches, SWITCH_XLEDGER_LIMIT_BURST);
	int64_t together = switches_get(&simulator->switches, SWITCH_XLEDGER_LIMIT_CONCURRENT);
	int64_t now_ms = world_now_ms(simulator), span_ms = windows[WINDOW_BURST].span_ms;

	calls->calls[call]++;
	if (!realm || !switches_is(&simulator->switches, SWITCH_LIMITS, "on"))
		return LIMITER_PASS;
	window_slide(burst, now_ms, span_ms);
	if (window_wait_ms(burst, most, now_ms, span_ms) > 0) {
		calls->throttled++;
		return LIMITER_BURST;
	}
	if (together > 0 && calls->in_flight > together) {
		calls->throttled++;
		return LIMITER_CONCURRENT;
	}
	if (most > 0)
		window_note(burst, now_ms);
	return LIMITER_PASS;
}

void limiter_carried(struct simulator *simulator, const char *realm, size_t up, size_t down)
{
	struct ledger_calls *calls = limiter_company(simulator->limiter, realm);

	calls->bytes_up += (int64_t)up;
	calls->bytes_down += (int64_t)down;
}

void limiter_in_flight(struct simulator *simulator, const char *realm, enum call_class call, int change)
{
	struct ledger_calls *calls = limiter_company(simulator->limiter, realm);

	calls->in_flight += change;
	calls->reports_in_flight += call == CALL_REPORT ? change : 0;
	assert(calls->in_flight >= 0 && calls->reports_in_flight >= 0);
	if (calls->in_flight > calls->most_in_flight)
		calls->most_in_flight = calls->in_flight;
}

void limiter_answered(struct simulator *simulator, const char *realm, int status)
{
	struct ledger_calls *calls = limiter_company(simulator->limiter, realm);

	if (status == 0) {
		calls->cut++;
		return;
	}
	assert(status >= STATUS_FIRST && status < STATUS_END);
	calls->statuses[status - STATUS_FIRST]++;
}

/* /v3/company/<realm>/<what>: reads and writes are told apart by the method. */
enum call_class limiter_class(const struct request *request)
{
	static const struct {
		const char *what;
		enum call_class call;
	} names[] = {
		{ "query", CALL_QUERY }, { "cdc", CALL_CDC }, { "reports", CALL_REPORT },
		{ "batch", CALL_BATCH },
	};

	if (request->segment_count == 0 || strcmp(request->segments[0], "v3") != 0)
		return CALL_OAUTH;
	if (request->segment_count < 4)
		return CALL_OTHER;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp(request->segments[3], names[i].what) == 0)
			return names[i].call;
	if (request_is(request, "GET"))
		return CALL_READ;
	return request_is(request, "POST") ? CALL_WRITE : CALL_OTHER;
}

const char *limiter_class_name(enum call_class call)
{
	return class_names[call];
}

/* ---- the counters */

static void calls_add_json(const struct ledger_calls *calls, struct str *out)
{
	const char *comma = "";

	str_add(out, "{\"calls\": {");
	for (size_t i = 0; i < CALL_CLASS_COUNT; i++)
		str_addf(out, "%s\"%s\": %lld", i ? ", " : "", class_names[i],
			 (long long)calls->calls[i]);
	str_add(out, "}, \"statuses\": {");
	for (int status = STATUS_FIRST; status < STATUS_END; status++) {
		if (calls->statuses[status - STATUS_FIRST] == 0)
			continue;
		str_addf(out, "%s\"%d\": %lld", comma, status,
			 (long long)calls->statuses[status - STATUS_FIRST]);
		comma = ", ";
	}
	str_addf(out,
		 "}, \"cut\": %lld, \"throttled\": %lld, \"in_flight\": %lld, "
		 "\"most_in_flight\": %lld, \"bytes_up\": %lld, \"bytes_down\": %lld}",
		 (long long)calls->cut, (long long)calls->throttled, (long long)calls->in_flight,
		 (long long)calls->most_in_flight, (long long)calls->bytes_up,
		 (long long)calls->bytes_down);
}

void limiter_add_json(const struct limiter *limiter, struct str *out)
{
	str_add(out, "{\"companies\": {");
	for (size_t i = 1; i < limiter->count; i++) {
		str_addf(out, "%s\n  \"%s\": ", i > 1 ? "," : "", limiter->companies[i]->realm);
		calls_add_json(limiter->companies[i], out);
	}
	str_add(out, "\n}, \"elsewhere\": ");
	calls_add_json(limiter->companies[0], out);
	str_add(out, "}\n");
}

void limiter_reset(struct limiter *limiter)
{
	for (size_t i = 0; i < limiter->count; i++) {
		struct ledger_calls *calls = limiter->companies[i];

		memset(calls->calls, 0, sizeof(calls->calls));
		memset(calls->statuses, 0, sizeof(calls->statuses));
		calls->cut = 0;
		calls->throttled = 0;
		calls->bytes_up = calls->bytes_down = 0;
		calls->most_in_flight = calls->in_flight;
	}
}
