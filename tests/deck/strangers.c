/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and texts of strangers, wherever others have a say in what the store holds. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "ledgerdeck/store/log.h"
#include "ledgerdeck/store/records.h"

#define ACCENT "\xcc\x81"
#define ACCENTS ACCENT ACCENT ACCENT ACCENT ACCENT ACCENT ACCENT ACCENT

const char *const strangers[] = {
	"\033[2J\033]0;gone\007 Ltd",                                     /* clears the screen, renames the window */
	"\xc2\x9b" "31mC1\xc2\x9d" "0;x\xc2\x9c",                        /* the same in one character */
	("Amount \xe2\x80\xae" "0001"),                                  /* turned round from here */
	"\xe2\x81\xa6" "99\xe2\x81\xa9\xd8\x9c\xe2\x80\x8f" "end",     /* isolates and marks of direction */
	"zero\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbfwidth",
	"tab\there\r\nand\vthere\xe2\x80\xa8" "next",
	"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 family \xf0\x9f\x87\xb3\xf0\x9f\x87\xb4",
	"\xe6\x9d\xb1\xe4\xba\xac\xe6\xa0\xaa\xe5\xbc\x8f\xe4\xbc\x9a\xe7\xa4\xbe\xef\xbc\xa1\xef\xbd\xb1", /* wide */
	"e" ACCENTS ACCENTS ACCENTS "x",
	ACCENT "begins with a mark",
	"\xff\xfe broken \xc3( \xed\xa0\x80 \xf0\x9f",
	"averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongwordwithoutanyblankinit",
	"$(reboot) `reboot` '; reboot #\" %s%n",
};
const size_t stranger_count = ARRAY_LEN(strangers);

static void put_attempt(struct stage *stage, const char *account_id, const char *text)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct attempt attempt = { .run = 1, .job = "read", .cause = "schedule", .started_ms = NOW - 60000, .tries = 1 };
	struct error err = { 0 };

	snprintf(attempt.account_id, sizeof(attempt.account_id), "%s", account_id);
	snprintf(attempt.type, sizeof(attempt.type), "Invoice");
	assert_true(store_begin(transaction, &err) && attempt_start(transaction, &attempt, &err));
	error_set(&attempt.error, ERROR_REMOTE, "%s", text);
	snprintf(attempt.error.ledger_code, sizeof(attempt.error.ledger_code), "%s", text);
	snprintf(attempt.error.trace_id, sizeof(attempt.error.trace_id), "%s", text);
	attempt.took_ms = 4711;
	assert_true(attempt_end(transaction, &attempt, text, &err) && store_commit(transaction, &err));
}

/* All that others have a say in, of one type of the account. */
static void spoil(struct stage *stage, const char *account_id, const char *text)
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct object object;
	struct error err = { 0 };

	stage_object(stage, account_id, "Invoice", OBJECT_FAILED, ERROR_REMOTE, text);
	assert_true(store_begin(transaction, &err) && objects_ensure(transaction, account_id, "Invoice", &object, &err));
	snprintf(object.drift, sizeof(object.drift), "%s", text);
	snprintf(object.last_error.ledger_code, sizeof(object.last_error.ledger_code), "%s", text);
	assert_true(objects_save(transaction, &object, 0, &err) &&
		    records_park(transaction, &object, "77", "{}", 2, text, NOW, &err) && store_commit(transaction, &err));
}

void stage_strangers(struct stage *stage)
{
	struct account account, acme;
	struct error err = { 0 };

	assert_true(accounts_find(stage->store, "Acme", &acme, &err));
	for (size_t i = 0; i < stranger_count; i++) {
		stage_account(stage, strangers[i], ENVIRONMENT_SANDBOX, i % 5 == 4 ? ACCOUNT_RECONNECT : ACCOUNT_OK, &account);
		spoil(stage, account.id, strangers[i]);
		put_attempt(stage, account.id, strangers[i]);
		stage_act(stage, account.id, strangers[i], strangers[i], strangers[i], strangers[stranger_count - 1 - i], 60000);
		stage_invoice(stage, acme.id, 1 + (int)i, strangers[i], "4711.25");
		stage_invoice(stage, acme.id, 1 + (int)i, strangers[stranger_count - 1 - i], "4711.25");
	}
}

/* ---- what became of it */

/* What turns text round, or stands there without being seen. */
static bool is_unseen(uint32_t code)
{
	return code < ' ' || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200b || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

static void check_cell(const struct canvas_cell *cell)
{
	size_t len = strnlen(cell->bytes, CANVAS_BYTES);

	for (size_t at = 0, step; at < len; at += step) {
		step = utf8_len(cell->bytes + at, len - at);
		if (step == 0 || is_unseen(utf8_decode(cell->bytes + at, step)))
			fail_msg("a cell has what nobody sees: '%s'", cell->bytes);
	}
}

void stage_check(struct stage *stage)
{
	const struct canvas *canvas = &stage->deck.canvas;

	deck_paint(&stage->deck, &stage->deck.canvas);
	for (int y = 0; y < canvas->rows; y++) {
		int columns = 0;

		for (int x = 0; x < canvas->columns; x++) {
			check_cell(canvas_at(canvas, y, x));
			columns += canvas_at(canvas, y, x)->width;
		}
		assert_int_equal(columns, canvas->columns);
	}
}
