/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens come from the world's repeatable random numbers; nothing here protects anything. */
#include "xledger/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#include "world.h"

#define TOKEN_BYTES 24 /* 32 letters, without padding */
#define DAYS_MAX 3650

void xl_tokens_clear(struct xl_tokens *tokens)
{
	for (size_t i = 0; i < tokens->count; i++) {
		free(tokens->items[i]->scopes);
		free(tokens->items[i]);
	}
	free(tokens->items);
	*tokens = (struct xl_tokens){ 0 };
}

static struct xl_token *tokens_add(struct xl_tokens *tokens, struct xl_entity *entity)
{
	struct xl_token *token = memory_new(sizeof(*token));

	token->entity = entity;
	memory_grow(&tokens->items, &tokens->room, tokens->count + 1, sizeof(struct xl_token *));
	tokens->items[tokens->count++] = token;
	return token;
}

/* Base64 for addresses: "-" and "_" where others have "+" and "/". */
static void make_text(struct random *random, char *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	for (size_t i = 0; i < TOKEN_BYTES / 3 * 4; i++)
		out[i] = letters[random_below(random, 64)];
	out[TOKEN_BYTES / 3 * 4] = '\0';
}

static bool is_scope(const char *name)
{
	for (size_t i = 0; i < xl_type_count(); i++)
		if (xl_type_at(i)->scope && strcmp(xl_type_at(i)->scope, name) == 0)
			return true;
	return false;
}

static bool take_scopes(json_object *scopes, char **ret_scopes, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(4096);

	if (!scopes) {
		*ret_scopes = NULL;
		return true;
	}
	if (!json_object_is_type(scopes, json_type_array))
		return error_set(err, ERROR_INPUT, "'scopes' must be a list of names, as [\"Customer\"]");
	str_add_char(&text, ',');
	for (size_t i = 0; i < json_object_array_length(scopes); i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(scopes, i));

		if (!name || !is_scope(name))
			return error_set(err, ERROR_INPUT, "there is no scope '%.60s'", name ? name : "");
		str_addf(&text, "%s,", name);
	}
	if (str_is_cut(&text))
		return error_set(err, ERROR_INPUT, "there are too many scopes");
	*ret_scopes = str_take(&text);
	return true;
}

bool xl_token_make(struct xl_tokens *tokens, struct xl_entity *entity, int64_t days, json_object *scopes,
		   const struct xl_token **ret_token, struct error *err)
{
	struct xl_token *token;
	char *texts = NULL;

	if (days < 0 || days > DAYS_MAX)
		return error_set(err, ERROR_INPUT, "'days' must be a whole number from 0 to %d", DAYS_MAX);
	if (!take_scopes(scopes, &texts, err))
		return false;
	token = tokens_add(tokens, entity);
	make_text(&entity->simulator->random, token->text);
	token->expires_ms = world_now_ms(entity->simulator) + days * INT64_C(86400000);
	token->scopes = texts;
	tokens->changed = true;
	*ret_token = token;
	return true;
}

static struct xl_token *token_find(const struct xl_tokens *tokens, const char *text)
{
	for (size_t i = 0; i < tokens->count; i++)
		if (strcmp(tokens->items[i]->text, text) == 0)
			return tokens->items[i];
	return NULL;
}

bool xl_token_revoke(struct xl_tokens *tokens, const char *text)
{
	struct xl_token *token = token_find(tokens, text);

	if (!token)
		return false;
	token->revoked = true;
	tokens->changed = true;
	return true;
}

void xl_token_restore(struct xl_tokens *tokens, struct xl_entity *entity, const char *text, int64_t expires_ms,
		      bool revoked, char *scopes)
{
	struct xl_token *token = tokens_add(tokens, entity);

	snprintf(token->text, sizeof(token->text), "%s", text);
	token->expires_ms = expires_ms;
	token->revoked = revoked;
	token->scopes = scopes;
}

enum xl_verdict xl_token_check(const struct xl_tokens *tokens, const struct request *request,
			       const struct xl_token **ret_token)
{
	static const char word[] = "token ";
	const char *header = request_header(request, "Authorization");
	const struct xl_token *token;

	*ret_token = NULL;
	if (!header || strncmp(header, word, strlen(word)) != 0 || !header[strlen(word)])
		return XL_TOKEN_FORM;
	token = token_find(tokens, header + strlen(word));
	if (!token)
		return XL_TOKEN_UNKNOWN;
	*ret_token = token;
	if (token->revoked)
		return XL_TOKEN_REVOKED;
	return token->expires_ms <= world_now_ms(token->entity->simulator) ? XL_TOKEN_EXPIRED : XL_TOKEN_GOOD;
}

bool xl_token_allows(const struct xl_token *token, const char *scope)
{
	char text[64];

	if (!token->scopes)
		return true;
	snprintf(text, sizeof(text), ",%s,", scope);
	return strstr(token->scopes, text) != NULL;
}
