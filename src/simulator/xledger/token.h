/* SPDX-License-Identifier: GPL-3.0-or-later */
/* API tokens: each is for one entity, lasts for some days, and may be kept to some areas. */
#ifndef XLEDGER_TOKEN_H
#define XLEDGER_TOKEN_H

#include <json-c/json.h>

#include "ledgerdeck/core/error.h"

#include "request.h"
#include "xledger/books.h"

#define XL_TOKEN_MAX 40

struct xl_token {
	char text[XL_TOKEN_MAX];
	struct xl_entity *entity; /* borrowed: the world */
	int64_t expires_ms;
	char *scopes;             /* owned: ",Customer,Supplier,"; NULL: all */
	bool revoked;
};

struct xl_tokens {
	struct xl_token **items; /* owned */
	size_t count, room;
	bool changed;            /* other than in the state file */
};

enum xl_verdict { XL_TOKEN_GOOD, XL_TOKEN_FORM, XL_TOKEN_UNKNOWN, XL_TOKEN_EXPIRED, XL_TOKEN_REVOKED };

void xl_tokens_clear(struct xl_tokens *tokens);
/* A new one. `scopes`: an array of names, or NULL for all. Error: INPUT. Borrowed: the tokens. */
bool xl_token_make(struct xl_tokens *tokens, struct xl_entity *entity, int64_t days, json_object *scopes,
		   const struct xl_token **ret_token, struct error *err);
bool xl_token_revoke(struct xl_tokens *tokens, const char *text); /* false: there is none such */
/* One from the state file; takes `scopes`. */
void xl_token_restore(struct xl_tokens *tokens, struct xl_entity *entity, const char *text, int64_t expires_ms,
		      bool revoked, char *scopes);
/* What an Authorization header is worth. `ret_token` is NULL for forms and unknown ones. */
enum xl_verdict xl_token_check(const struct xl_tokens *tokens, const struct request *request,
			       const struct xl_token **ret_token);
bool xl_token_allows(const struct xl_token *token, const char *scope);

#endif
