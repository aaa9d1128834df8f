/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that OAuth has given out: open consent pages, codes, grants with their refresh
 * tokens, access tokens. Each list is bounded; the oldest goes when there is no more room. Which
 * request may have what is decided in oauth_token.c.
 */
#include "oauth_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define SECOND_MS 1000
#define ACCESS_BODY 862 /* characters: makes a token about as long as Intuit's */

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
static const char base64_letters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void add_random(struct oauth *oauth, const char *alphabet, size_t len, struct str *out)
{
	size_t size = strlen(alphabet);

	for (size_t i = 0; i < len; i++)
		str_add_char(out, alphabet[random_below(&oauth->simulator->random, size)]);
}

/* "AB1", ten digits of the second in which it ends, then noise: 50 characters, as Intuit's are. */
static void make_text(struct oauth *oauth, int64_t ends_ms, char text[OAUTH_TEXT_MAX])
{
	AUTO(str_clear) struct str out = STR_INIT(OAUTH_TEXT_MAX - 1);

	str_addf(&out, "AB1%010lld", (long long)(ends_ms / SECOND_MS));
	add_random(oauth, letters, 50 - out.len, &out);
	snprintf(text, OAUTH_TEXT_MAX, "%s", out.text);
}

/* ---- open consent pages */

void oauth_consent_clear(struct oauth_consent *consent)
{
	free(consent->redirect_uri);
	free(consent->state);
	free(consent->challenge);
	*consent = (struct oauth_consent){ 0 };
}

static void consent_remove(struct oauth *oauth, size_t at)
{
	oauth->consent_count--;
	memmove(&oauth->consents[at], &oauth->consents[at + 1],
		(oauth->consent_count - at) * sizeof(*oauth->consents));
}

struct oauth_consent *oauth_consent_add(struct oauth *oauth, struct oauth_consent consent)
{
	AUTO(str_clear) struct str form = STR_INIT(OAUTH_TEXT_MAX - 1);
	struct oauth_consent *added;

	if (oauth->consent_count == OAUTH_LIVE_MAX) {
		oauth_consent_clear(&oauth->consents[0]);
		consent_remove(oauth, 0);
	}
	add_random(oauth, letters, 32, &form);
	snprintf(consent.form, sizeof(consent.form), "%s", form.text);
	memory_grow(&oauth->consents, &oauth->consent_room, oauth->consent_count + 1,
		    sizeof(*oauth->consents));
	added = &oauth->consents[oauth->consent_count++];
	*added = consent;
	return added;
}

bool oauth_consent_take(struct oauth *oauth, const char *form, struct oauth_consent *ret_consent)
{
	for (size_t i = 0; i < oauth->consent_count; i++) {
		if (strcmp(oauth->consents[i].form, form) != 0)
			continue;
		*ret_consent = oauth->consents[i];
		consent_remove(oauth, i);
		return true;
	}
	return false;
}

/* ---- codes */

static void code_clear(struct oauth_code *code)
{
	free(code->client_id);
	free(code->redirect_uri);
	free(code->challenge);
	*code = (struct oauth_code){ 0 };
}

void oauth_code_end(struct oauth *oauth, struct oauth_code *code)
{
	size_t at = (size_t)(code - oauth->codes);

	code_clear(code);
	oauth->code_count--;
	memmove(code, code + 1, (oauth->code_count - at) * sizeof(*code));
	oauth->dirty = true;
}

/* Room for one more: the expired ones go, and the oldest when that is not enough. */
static void codes_trim(struct oauth *oauth)
{
	int64_t now = world_now_ms(oauth->simulator);

	for (size_t i = oauth->code_count; i-- > 0;)
		if (now >= oauth->codes[i].expires_ms)
			oauth_code_end(oauth, &oauth->codes[i]);
	if (oauth->code_count == OAUTH_LIVE_MAX)
		oauth_code_end(oauth, &oauth->codes[0]);
}

struct oauth_code *oauth_code_add(struct oauth *oauth, struct oauth_code code)
{
	const struct switches *switches = &oauth->simulator->switches;
	struct oauth_code *added;

	codes_trim(oauth);
	code.consent_ms = world_now_ms(oauth->simulator);
	code.expires_ms =
		code.consent_ms + switches_get(switches, SWITCH_CODE_LIFETIME_S) * SECOND_MS;
	code.client_id = memory_copy_text(oauth->client_id);
	make_text(oauth, code.expires_ms, code.text);
	memory_grow(&oauth->codes, &oauth->code_room, oauth->code_count + 1, sizeof(*oauth->codes));
	added = &oauth->codes[oauth->code_count++];
	*added = code;
	oauth->dirty = true;
	return added;
}

struct oauth_code *oauth_code_find(struct oauth *oauth, const char *text)
{
	int64_t now = world_now_ms(oauth->simulator);

	for (size_t i = 0; i < oauth->code_count; i++)
		if (strcmp(oauth->codes[i].text, text) == 0)
			return now < oauth->codes[i].expires_ms ? &oauth->codes[i] : NULL;
	return NULL;
}

/* ---- grants */

static void grant_clear(struct oauth_grant *grant)
{
	free(grant->client_id);
	free(grant->replaced);
	*grant = (struct oauth_grant){ 0 };
}

void oauth_grant_end(struct oauth *oauth, struct oauth_grant *grant)
{
	size_t at = (size_t)(grant - oauth->grants);

	oauth_access_end(oauth, grant->number);
	grant_clear(grant);
	oauth->grant_count--;
	memmove(grant, grant + 1, (oauth->grant_count - at) * sizeof(*grant));
	oauth->dirty = true;
}

void oauth_grant_extend(struct oauth *oauth, struct oauth_grant *grant)
{
	const struct switches *switches = &oauth->simulator->switches;
	int64_t rolling = world_now_ms(oauth->simulator) +
			  switches_get(switches, SWITCH_REFRESH_LIFETIME_S) * SECOND_MS;
	int64_t hard = grant->consent_ms + OAUTH_HARD_END_MS;

	grant->refresh_expires_ms = rolling < hard ? rolling : hard;
	oauth->dirty = true;
}

struct oauth_grant *oauth_grant_add(struct oauth *oauth, const struct oauth_code *code)
{
	struct oauth_grant *grant;

	if (oauth->grant_count == OAUTH_LIVE_MAX)
		oauth_grant_end(oauth, &oauth->grants[0]);
	memory_grow(&oauth->grants, &oauth->grant_room, oauth->grant_count + 1,
		    sizeof(*oauth->grants));
	grant = &oauth->grants[oauth->grant_count++];
	*grant = (struct oauth_grant){
		.number = oauth->next_grant++,
		.client_id = memory_copy_text(code->client_id),
		.scopes = code->scopes,
		.consent_ms = code->consent_ms,
		.refresh_made_ms = world_now_ms(oauth->simulator),
	};
	snprintf(grant->realm, sizeof(grant->realm), "%s", code->realm);
	oauth_grant_extend(oauth, grant);
	make_text(oauth, grant->refresh_expires_ms, grant->refresh);
	return grant;
}

struct oauth_grant *oauth_grant_find(struct oauth *oauth, int64_t number)
{
	for (size_t i = 0; i < oauth->grant_count; i++)
		if (oauth->grants[i].number == number)
			return &oauth->grants[i];
	return NULL;
}

struct oauth_grant *oauth_grant_by_refresh(struct oauth *oauth, const char *text,
					   struct oauth_replaced **ret_replaced)
{
	for (size_t i = 0; i < oauth->grant_count; i++) {
		struct oauth_grant *grant = &oauth->grants[i];

		*ret_replaced = NULL;
		if (strcmp(grant->refresh, text) == 0)
			return grant;
		for (size_t k = 0; k < grant->replaced_count; k++) {
			*ret_replaced = &grant->replaced[k];
			if (strcmp(grant->replaced[k].text, text) == 0)
				return grant;
		}
	}
	*ret_replaced = NULL;
	return NULL;
}

bool oauth_grant_live(const struct oauth *oauth, const char *realm)
{
	int64_t now = world_now_ms(oauth->simulator);

	for (size_t i = 0; i < oauth->grant_count; i++)
		if (strcmp(oauth->grants[i].realm, realm) == 0 &&
		    now < oauth->grants[i].refresh_expires_ms)
			return true;
	return false;
}

void oauth_grant_rotate(struct oauth *oauth, struct oauth_grant *grant, int64_t good_until_ms)
{
	struct oauth_replaced *replaced;

	if (grant->replaced_count == OAUTH_REPLACED_MAX) {
		grant->replaced_count--;
		memmove(grant->replaced, grant->replaced + 1,
			grant->replaced_count * sizeof(*grant->replaced));
	}
	memory_grow(&grant->replaced, &grant->replaced_room, grant->replaced_count + 1,
		    sizeof(*grant->replaced));
	replaced = &grant->replaced[grant->replaced_count++];
	memcpy(replaced->text, grant->refresh, sizeof(replaced->text));
	replaced->good_until_ms = good_until_ms;
	grant->refresh_made_ms = world_now_ms(oauth->simulator);
	oauth_grant_extend(oauth, grant);
	make_text(oauth, grant->refresh_expires_ms, grant->refresh);
}

/* ---- access tokens */

static void access_remove(struct oauth *oauth, size_t at)
{
	oauth->access_count--;
	memmove(&oauth->accesses[at], &oauth->accesses[at + 1],
		(oauth->access_count - at) * sizeof(*oauth->accesses));
	oauth->dirty = true;
}

void oauth_access_end(struct oauth *oauth, int64_t grant)
{
	for (size_t i = oauth->access_count; i-- > 0;)
		if (oauth->accesses[i].grant == grant)
			access_remove(oauth, i);
}

static void accesses_trim(struct oauth *oauth)
{
	int64_t now = world_now_ms(oauth->simulator);

	for (size_t i = oauth->access_count; i-- > 0;)
		if (now >= oauth->accesses[i].expires_ms)
			access_remove(oauth, i);
	if (oauth->access_count == OAUTH_LIVE_MAX)
		access_remove(oauth, 0);
}

void oauth_access_add(struct oauth *oauth, const struct oauth_grant *grant, struct str *out)
{
	const struct switches *switches = &oauth->simulator->switches;
	AUTO(str_clear) struct str token = STR_INIT(STR_NO_LIMIT);
	struct oauth_access *access;

	accesses_trim(oauth);
	/*
	 * Five parts as in an encrypted JWT: header, no key, vector, text, tag. Only the header
	 * says anything: dir, A128CBC-HS256.
	 */
	str_add(&token, "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..");
	add_random(oauth, base64_letters, 22, &token);
	str_add_char(&token, '.');
	add_random(oauth, base64_letters, ACCESS_BODY, &token);
	str_add_char(&token, '.');
	add_random(oauth, base64_letters, 22, &token);
	memory_grow(&oauth->accesses, &oauth->access_room, oauth->access_count + 1,
		    sizeof(*oauth->accesses));
	access = &oauth->accesses[oauth->access_count++];
	access->grant = grant->number;
	access->expires_ms = world_now_ms(oauth->simulator) +
			     switches_get(switches, SWITCH_ACCESS_LIFETIME_S) * SECOND_MS;
	oauth_digest(token.text, access->digest);
	oauth->dirty = true;
	str_add(out, token.text);
}

struct oauth_grant *oauth_access_find(struct oauth *oauth, const char *text)
{
	unsigned char digest[OAUTH_DIGEST];
	int64_t now = world_now_ms(oauth->simulator);

	oauth_digest(text, digest);
	for (size_t i = oauth->access_count; i-- > 0;)
		if (memcmp(oauth->accesses[i].digest, digest, sizeof(digest)) == 0)
			return now < oauth->accesses[i].expires_ms
				       ? oauth_grant_find(oauth, oauth->accesses[i].grant)
				       : NULL;
	return NULL;
}

void oauth_lists_clear(struct oauth *oauth)
{
	for (size_t i = 0; i < oauth->consent_count; i++)
		oauth_consent_clear(&oauth->consents[i]);
	for (size_t i = 0; i < oauth->code_count; i++)
		code_clear(&oauth->codes[i]);
	for (size_t i = 0; i < oauth->grant_count; i++)
		grant_clear(&oauth->grants[i]);
	oauth->consent_count = oauth->code_count = oauth->grant_count = oauth->access_count = 0;
}
