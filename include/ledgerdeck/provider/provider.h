/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every accounting system is to the rest of the program. A provider translates: requests out,
 * records in. It has no database, no settings, no screen and no retry loop; tokens come through the
 * connection's function. Callers ask `can`, never the name. The contract is written against two very
 * different ledgers: REST with offsets and a list of changes that ends after a thousand, and GraphQL
 * with cursors and deltas that are kept three days; with idempotency keys and without.
 */
#ifndef LEDGERDECK_PROVIDER_PROVIDER_H
#define LEDGERDECK_PROVIDER_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/model/account.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/net/http.h"

enum {
	PROVIDER_OAUTH = 1,      /* connects by authorization code; otherwise by a token that a person enters */
	PROVIDER_REFRESHES = 2,  /* access tokens are renewed with a refresh token */
	PROVIDER_CHANGES = 4,    /* has a list of changes with deletions */
	PROVIDER_COUNTS = 8,     /* can count a type's records, of a time range too, without reading them */
	PROVIDER_IDEMPOTENT = 16, /* takes an idempotency key with writes */
	PROVIDER_SLICES = 32,    /* time ranges of a type can be read side by side, and tell how far each has come */
	PROVIDER_METERS_ALL = 64, /* writes are of what a month may have, too; otherwise reads alone are */
};

/* Addresses of one environment; the user's settings may replace any of them (for the simulator). */
struct provider_addresses {
	char api[256];
	char authorize[256];
	char token[256];
	char revoke[256];
	char web[256];           /* of a record's page for people; "" unknown */
};

/* A living connection to one account: one thread's. Built by connect/, borrowed by the provider. */
struct connection {
	const struct provider *provider;
	const struct provider_addresses *addresses;
	enum environment environment;
	const char *realm;       /* company id, in clear: never logged, never in an error text */
	struct http *http;
	int page_max;            /* records of one page, as far as the ledger lets; 0: as many as it gives */
	/*
	 * The Authorization header's value ("Bearer .."), valid until the next call of it. `rejected` says that
	 * the ledger refused the last one with 401: then it is renewed once. Errors: AUTH (needs reconnect),
	 * NETWORK, REMOTE.
	 */
	bool (*authorization)(void *ctx, bool rejected, const struct secret **ret_value, struct error *err);
	void *ctx;
	/* The ledger's own words when it refused the last call, in full as far as they are harmless; "" none. NULL: not kept. */
	struct str *said;
};
#define CONNECTION_SAID_MAX 16384 /* bytes of it */

/* Records of one answer. The slices point into `body`. */
struct page {
	struct str body;              /* owned: the answer as it came */
	struct json_map *map;         /* owned: of the body; NULL: none */
	struct json_slice *records;   /* owned array */
	size_t count, room;
	char (*gone)[64];             /* owned array: ids that the ledger says are deleted */
	size_t gone_count, gone_room;
	char *position;               /* owned: where the next page starts, the provider's own words; NULL: this was the last */
	int64_t reached_ms;           /* beside `position`: all from before this time has been given; INT64_MIN: not said */
	bool overflow;                /* of a list of changes: it was cut, "at least these" */
	int64_t ledger_ms;            /* the ledger's clock when it answered; -1: not said */
	char trace_id[96];
};
void page_init(struct page *page);
void page_clear(struct page *page);   /* releases; can be used again */
void page_reset(struct page *page);   /* empty; keeps its memory for the next one, which is as large */
void page_add(struct page *page, struct json_slice record);
/* The page takes the body that its records point into, and the rest that an answer says: whose time it is, its trace id. */
void page_take(struct page *page, struct http_answer *answer, int64_t ledger_ms);
void page_add_gone(struct page *page, const char *id);

struct identity {
	char realm[64];
	char name[ACCOUNT_NAME_MAX];
	char country[8], currency[8];
	char created[40];             /* when the company was made, the ledger's words */
};

/* A text or number of an answer as one harmless line, as much of it as fits into `size` bytes. */
void identity_take(struct json_slice value, char *out, size_t size);

enum found { FOUND, ABSENT, UNKNOWN_FOUND };

struct provider_push;
struct provider_books;
struct provider_schema;

struct provider {
	const char *name;             /* "quickbooks" */
	const char *title;            /* "QuickBooks Online" */
	const char *word;             /* the same where there is little room: "QuickBooks" */
	unsigned can;                 /* PROVIDER_* */
	enum environment environments[ENVIRONMENT_COUNT]; /* that it has, in the order offered */
	size_t environment_count;
	struct budget_limits limits;  /* safe below what the ledger enforces */
	size_t changes_max;           /* most records of one answer of changes; 0: no such end */
	int64_t changes_kept_ms;      /* how far back the list of changes reaches */
	int64_t overlap_ms;           /* how late a record may show with an older time */

	/* MUST. The usual addresses of an environment. False: it has none (INPUT). */
	bool (*addresses)(enum environment environment, struct provider_addresses *ret_addresses, struct error *err);
	/* MUST. Who is it that we are connected to? */
	bool (*identity)(struct connection *connection, struct identity *ret_identity, struct error *err);
	/*
	 * MUST. The next page of a type: records changed at or after `from_ms` and before `to_ms` (both on the
	 * ledger's clock; INT64_MIN and INT64_MAX: no bound), inactive ones included, in order of time and
	 * without gaps even when records change underneath. `position` NULL starts, else what the last
	 * page gave; `to_ms` may be an earlier one from page to page (PROVIDER_SLICES). Fills `page`.
	 */
	bool (*read)(struct connection *connection, const struct type *type, int64_t from_ms, int64_t to_ms,
		     const char *position, struct page *page, struct error *err);
	/*
	 * MAY (PROVIDER_CHANGES). What changed and what was deleted since a mark each, for types that are asked about
	 * together; marks are the provider's own words ("" for all of them: from now on, nothing is read, the pages tell
	 * the ledger's time). Each type's page is filled on its own; `ret_marks` (NULL each before; owned by the caller)
	 * are the marks for the next time, NULL for one that stays. Error INPUT with text "too old": the ledger no longer knows that far back.
	 */
	bool (*changes)(struct connection *connection, const struct type *const *types, size_t count,
			const char *const *marks, struct page *pages, char **ret_marks, struct error *err);
	/* MUST. A page of ids and versions of all records that exist, for the sweep: pages as read() gives them,
	 * records with as little in them as the ledger allows. */
	bool (*sweep)(struct connection *connection, const struct type *type, const char *position,
		      struct page *page, struct error *err);
	/* MAY (PROVIDER_COUNTS). Bounds as read() has them. */
	bool (*count)(struct connection *connection, const struct type *type, int64_t from_ms, int64_t to_ms, int64_t *ret_count,
		      struct error *err);
	/* MUST. One record by id; ABSENT only when the ledger itself says that there is none. */
	enum found (*find)(struct connection *connection, const struct type *type, const char *id,
			   struct page *page, struct error *err);
	/* MUST. The ledger's time now. */
	bool (*now)(struct connection *connection, int64_t *ret_ms, struct error *err);

	/* MAY. Writing; NULL: nothing can be written. See push.h. */
	const struct provider_push *push;
	/* MAY. What records post, and the ledger's own reports; NULL: neither can be told. See books.h. */
	const struct provider_books *books;
	/* MAY. What can be asked of it, in its own words; NULL: it doesn't say. See schema.h. */
	const struct provider_schema *schema;

	/* OAuth (PROVIDER_OAUTH): the words of this ledger's sign-in. */
	const char *scopes;
	const char *hard_expiry_header;  /* sent with token requests; NULL: none */
	/* MAY. Turn a refused sign-in answer into its error (AUTH, with what to do); false always. */
	bool (*sign_in_error)(const struct http_answer *answer, struct error *err);
};

/* All providers of the program, NULL at the end. */
const struct provider *const *provider_all(void);
const struct provider *provider_find(const char *name); /* NULL: none */

#endif
