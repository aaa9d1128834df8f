/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of oauth share: oauth.c (routing, documents, the check of an access token),
 * oauth_consent.c and oauth_page.c (what a person sees and decides), oauth_token.c (the rules of
 * tokens), oauth_grant.c (everything given out) and oauth_state.c (that, in the state file).
 */
#ifndef OAUTH_IMPL_H
#define OAUTH_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "company.h"
#include "jwt.h"
#include "oauth.h"
#include "request.h"
#include "world.h"

#define OAUTH_TEXT_MAX 64    /* bytes of a code, refresh token or form token, with its NUL */
#define OAUTH_DIGEST 32      /* bytes of a SHA-256 */
#define OAUTH_LIVE_MAX 1000  /* most codes, grants, access tokens, open consent pages: each */
#define OAUTH_REPLACED_MAX 32 /* replaced refresh tokens that a grant remembers */
#define OAUTH_CODE_PATH "/oauth2/code" /* the page that shows the code for pasting */
#define OAUTH_PLAYGROUND "https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl"
#define OAUTH_HARD_END_MS (INT64_C(157680000) * 1000) /* five years: no grant lives longer */

/* Scopes are bits, in the order of the table in oauth_consent.c. */
enum {
	SCOPE_ACCOUNTING = 1,
	SCOPE_PAYMENT = 2,
	SCOPE_OPENID = 4,
	SCOPE_PROFILE = 8,
	SCOPE_EMAIL = 16,
	SCOPE_PHONE = 32,
	SCOPE_ADDRESS = 64,
};

/* Somebody has a consent page open. */
struct oauth_consent {
	char form[OAUTH_TEXT_MAX]; /* what the form must bring back, once */
	unsigned scopes;
	char *redirect_uri;        /* owned */
	char *state;               /* owned */
	char *challenge;           /* owned: PKCE, "" when it plays no part */
};

/* An authorization code that has not been exchanged. */
struct oauth_code {
	char text[OAUTH_TEXT_MAX];
	char realm[ID_MAX];
	char *client_id;           /* owned */
	char *redirect_uri;        /* owned */
	char *challenge;           /* owned */
	unsigned scopes;
	int64_t consent_ms;
	int64_t expires_ms;
};

/* A refresh token that a newer one has taken the place of. */
struct oauth_replaced {
	char text[OAUTH_TEXT_MAX];
	int64_t good_until_ms;     /* grace; 0: none */
};

/* A connection of the app to a company. */
struct oauth_grant {
	int64_t number;            /* from 1, never used again */
	char realm[ID_MAX];
	char *client_id;           /* owned */
	unsigned scopes;
	int64_t consent_ms;
	char refresh[OAUTH_TEXT_MAX];
	int64_t refresh_made_ms;   /* when this value was first given out */
	int64_t refresh_expires_ms;
	struct oauth_replaced *replaced; /* owned: oldest first */
	size_t replaced_count, replaced_room;
};

/* An access token: only its digest is kept. */
struct oauth_access {
	unsigned char digest[OAUTH_DIGEST];
	int64_t grant;             /* its number */
	int64_t expires_ms;
};

struct oauth {
	struct simulator *simulator; /* borrowed: its world */
	char *client_id;             /* owned */
	char *client_secret;         /* owned */
	char **redirect_uris;        /* owned, each; NULL: the usual ones on loopback */
	size_t redirect_count;
	bool auto_consent;
	struct jwt_key *key;         /* owned; NULL until somebody needs it */
	size_t next_company;         /* where auto consent looks next */
	int64_t next_grant;
	struct oauth_consent *consents; /* owned, as all lists here: oldest first */
	struct oauth_code *codes;
	struct oauth_grant *grants;
	struct oauth_access *accesses;
	size_t consent_count, code_count, grant_count, access_count;
	size_t consent_room, code_room, grant_room, access_room;
	bool dirty;
};

/* ---- oauth_grant.c: pointers into the lists are borrowed until the next call that adds or ends */

/* Takes over the strings of `consent`; its form token is made here. */
struct oauth_consent *oauth_consent_add(struct oauth *oauth, struct oauth_consent consent);
/* Hand out the open page with that form token and forget it; false: none. The caller clears it. */
bool oauth_consent_take(struct oauth *oauth, const char *form, struct oauth_consent *ret_consent);
void oauth_consent_clear(struct oauth_consent *consent);

/* A new code; text, client and times are filled in here. Takes over the other strings. */
struct oauth_code *oauth_code_add(struct oauth *oauth, struct oauth_code code);
/* NULL: none of that text, or too old. */
struct oauth_code *oauth_code_find(struct oauth *oauth, const char *text);
void oauth_code_end(struct oauth *oauth, struct oauth_code *code);

/* A new grant with a first refresh token, for what a code says. */
struct oauth_grant *oauth_grant_add(struct oauth *oauth, const struct oauth_code *code);
struct oauth_grant *oauth_grant_find(struct oauth *oauth, int64_t number);
/*
 * By a refresh token, the current or a replaced one; NULL: none. `ret_replaced` is NULL for the
 * current one.
 */
struct oauth_grant *oauth_grant_by_refresh(struct oauth *oauth, const char *text,
					   struct oauth_replaced **ret_replaced);
bool oauth_grant_live(const struct oauth *oauth, const char *realm); /* has the company one? */
/* A new refresh token; the old one is good until then (0: no longer). */
void oauth_grant_rotate(struct oauth *oauth, struct oauth_grant *grant, int64_t good_until_ms);
/* The rolling end of the refresh token moves, but never behind the hard one. */
void oauth_grant_extend(struct oauth *oauth, struct oauth_grant *grant);
/* The grant and its access tokens. */
void oauth_grant_end(struct oauth *oauth, struct oauth_grant *grant);

/* A new access token of a grant; its text is appended to `out` and nowhere else. */
void oauth_access_add(struct oauth *oauth, const struct oauth_grant *grant, struct str *out);
/* The grant of a live access token; NULL: unknown or expired. */
struct oauth_grant *oauth_access_find(struct oauth *oauth, const char *text);
/* The access tokens of a grant end; the grant does not. */
void oauth_access_end(struct oauth *oauth, int64_t grant);

void oauth_lists_clear(struct oauth *oauth);

/* ---- oauth_consent.c */

/* Bits of space-separated scopes; 0 when there is none or one that is not known. */
unsigned oauth_scopes(const char *text);
void oauth_authorize(struct oauth *oauth, const struct request *request,
		     struct simulator_answer *answer);
void oauth_decide(struct oauth *oauth, const struct request *request,
		  struct simulator_answer *answer);

/* ---- oauth_page.c */

/* An HTML page up to its own text, which goes where the result says. The title is plain text. */
struct str *oauth_page_open(struct simulator_answer *answer, int status, const char *title);
void oauth_page_text(struct str *out, const char *text); /* escaped, for attributes too */
void oauth_page_close(struct simulator_answer *answer);
/*
 * The page for a request that is wrong in a way that must not reach the app: its redirect address
 * can't be trusted, or there is no sense in going on. Returns false, always.
 */
bool oauth_page_refuse(struct simulator_answer *answer, const char *error, const char *description);
void oauth_code_page(struct oauth *oauth, const struct request *request,
		     struct simulator_answer *answer);

/* ---- oauth_token.c */

void oauth_token(struct oauth *oauth, const struct request *request,
		 struct simulator_answer *answer);
void oauth_revoke(struct oauth *oauth, const struct request *request,
		  struct simulator_answer *answer);

/* ---- oauth.c */

/* 200 with the headers of all token answers; the body is left for the caller to fill. */
void oauth_open(struct simulator_answer *answer);
void oauth_digest(const char *text, unsigned char ret_digest[OAUTH_DIGEST]);
/* Are they the same? Takes the same time whatever they hold. */
bool oauth_same(const char *a, const char *b);
/* The one person who owns all simulated companies: a UUID made from the seed. */
void oauth_add_user(const struct oauth *oauth, struct str *out);
/* {"error":..} with the headers of all token answers; `description` may be NULL. */
void oauth_error(struct simulator_answer *answer, int status, const char *error,
		 const char *description);
/* The key of id tokens, made when first asked for. Error: INTERNAL. */
bool oauth_key(struct oauth *oauth, const struct jwt_key **ret_key, struct error *err);

#endif
