/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An app that connects to a simulated world of two companies and looks at what comes back: what
 * all tests of OAuth share. Its id is "app", its secret "hush". Whatever goes wrong in a call
 * below fails the test.
 */
#ifndef LEDGERDECK_TESTS_UNIT_SIMULATOR_APP_H
#define LEDGERDECK_TESTS_UNIT_SIMULATOR_APP_H

#include "ledgerdeck/core/date.h"

#include "oauth.h"
#include "world.h"
#include "test_simulator.h"

#define START_MS INT64_C(1769860800000) /* 2026-01-31T12:00:00Z */
#define HOUR_MS INT64_C(3600000)
#define BASE "http://127.0.0.1:8080"
#define BACK "http://localhost:3000/callback"
#define ACCOUNTING "com.intuit.quickbooks.accounting"
#define REALM_A "4620816365"
#define REALM_B "9130347"
#define TOKEN_MAX 2048

#define AUTHORIZE(scope)                                                                           \
	"/connect/oauth2?client_id=app&response_type=code&scope=" scope                            \
	"&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback&state=s1"

#define INVALID_GRANT "{\"error\":\"invalid_grant\"}"
#define TOKEN_INVALID "{\"error_description\":\"Token invalid\",\"error\":\"invalid_grant\"}"

struct app {
	struct simulator *simulator;	/* owned */
	struct simulator_answer answer; /* to the last call */
	int64_t now_ms;			/* the world's clock: moves when a test moves it */
};

struct tokens {
	char access[TOKEN_MAX];
	char refresh[TOKEN_MAX];
};

extern const struct simulator_header app_form_header; /* says that a body is a form */

/* ---- the world; those with `state` are for cmocka's setup and teardown */

struct app *app_make(const struct simulator_config *config, uint64_t seed);
int app_make_asking(void **state); /* a person decides */
int app_make_auto(void **state);   /* nobody is asked */
int app_free(void **state);
void app_set(struct app *app, const char *name, const char *value); /* a switch */

/* ---- calling */

/* `headers` ends with a NULL name; it and `body` may be NULL. */
void app_call(struct app *app, const char *method, const char *target,
	      const struct simulator_header *headers, const char *body);
void app_get(struct app *app, const char *target);
/* "Basic ..." for id:secret; `out` holds 200 bytes and is returned. */
const char *app_basic(const char *pair, char *out);
void app_post_token_as(struct app *app, const char *pair, const char *body);
void app_post_token(struct app *app, const char *body);
void app_exchange(struct app *app, const char *code);
void app_refresh(struct app *app, const char *token);
void app_revoke(struct app *app, const char *pair, const char *body); /* NULL pair: no header */
void app_revoke_token(struct app *app, const char *token);
/* Consent without a person, to company `realm`, and the first tokens. */
void app_connect(struct app *app, const char *realm, const char *scope, struct tokens *ret_tokens);
/* What an Authorization header (may be NULL), or a token, is worth to the API. */
enum oauth_verdict app_check(struct app *app, const char *authorization, const char *realm);
enum oauth_verdict app_check_token(struct app *app, const char *token, const char *realm);

/* ---- the last answer; `out` holds TOKEN_MAX bytes and is returned */

void app_assert_body(const struct app *app, int status, const char *body);
void app_assert_has(const struct app *app, const char *text);
void app_assert_tokens(const struct app *app, struct tokens *ret_tokens);
const char *app_location(const struct app *app); /* where it redirects to */
int64_t app_number(const struct app *app, const char *name);
char *app_member(const struct app *app, const char *name, char *out); /* a string */
size_t app_member_count(const struct app *app);
/* What stands behind `name` in any text, up to the next of "&\",}". */
char *app_take_after(const char *text, const char *name, char *out);

#define ASKING(test) cmocka_unit_test_setup_teardown(test, app_make_asking, app_free)
#define AUTO_CONSENT(test) cmocka_unit_test_setup_teardown(test, app_make_auto, app_free)

int test_oauth_token(void); /* the second half of test_oauth() */

#endif
