/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of sessions share: books with a session for each account, and short ways to fill it. */
#ifndef LEDGERDECK_TESTS_UNIT_STORE_SESSION_WORLD_H
#define LEDGERDECK_TESTS_UNIT_STORE_SESSION_WORLD_H

#include "ledgerdeck/store/sessions.h"

#include "tests.h"

struct session_world {
	struct books books;
	struct session sessions[BOOKS_ACCOUNTS]; /* of January 2026, all types, against the resources */
	struct error err;
};
void session_world_init(struct session_world *world);
void session_world_clear(struct session_world *world);
void session_world_begin(struct session_world *world);  /* a transaction */
void session_world_commit(struct session_world *world);

/* Each returns the number that it got. */
int64_t add_item(struct session_world *world, size_t account, enum side side, const char *ref, int64_t amount);
int64_t add_match(struct session_world *world, size_t account, enum match_pass pass, bool suggested, int64_t first, int64_t second);
struct session_exception an_exception(enum exception_reason reason, const char *ref, int64_t amount);
int64_t add_exception(struct session_world *world, size_t account, enum exception_reason reason, const char *ref, int64_t amount,
		      int64_t now_ms);
/* In a transaction of its own. */
void set_state(struct session_world *world, size_t account, enum session_state state);

/* All of them as text: "1 source c1 10 0;" and so on. */
void expect_items(struct session_world *world, size_t account, const char *expected);
void expect_matches(struct session_world *world, size_t account, const char *expected);
void expect_exceptions(struct session_world *world, size_t account, const char *expected);
void expect_notes(struct session_world *world, size_t account, int64_t exception, const char *expected);

#endif
