/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What OAuth has given out as one JSON text and back, for the state file. Open consent pages do
 * not survive; of access tokens there is nothing but a digest.
 */
#include "oauth_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "ledgerdeck/core/memory.h"

/* ---- out */

static void add_text(struct str *out, const char *name, const char *text)
{
	str_addf(out, ",\"%s\":", name);
	str_add_json(out, text, strlen(text));
}

static void add_number(struct str *out, const char *name, int64_t number)
{
	str_addf(out, ",\"%s\":%lld", name, (long long)number);
}

static void add_code(const struct oauth_code *code, struct str *out)
{
	str_addf(out, "{\"scopes\":%u", code->scopes);
	add_text(out, "text", code->text);
	add_text(out, "realm", code->realm);
	add_text(out, "client", code->client_id);
	add_text(out, "redirect", code->redirect_uri);
	add_text(out, "challenge", code->challenge);
	add_number(out, "consent", code->consent_ms);
	add_number(out, "expires", code->expires_ms);
	str_add_char(out, '}');
}

static void add_grant(const struct oauth_grant *grant, struct str *out)
{
	str_addf(out, "{\"scopes\":%u", grant->scopes);
	add_number(out, "number", grant->number);
	add_text(out, "realm", grant->realm);
	add_text(out, "client", grant->client_id);
	add_number(out, "consent", grant->consent_ms);
	add_text(out, "refresh", grant->refresh);
	add_number(out, "made", grant->refresh_made_ms);
	add_number(out, "expires", grant->refresh_expires_ms);
	str_add(out, ",\"replaced\":[");
	for (size_t i = 0; i < grant->replaced_count; i++) {
		str_addf(out, "%s{\"good_until\":%lld", i ? "," : "",
			 (long long)grant->replaced[i].good_until_ms);
		add_text(out, "text", grant->replaced[i].text);
		str_add_char(out, '}');
	}
	str_add(out, "]}");
}

static void add_access(const struct oauth_access *access, struct str *out)
{
	str_addf(out, "{\"grant\":%lld", (long long)access->grant);
	add_number(out, "expires", access->expires_ms);
	str_add(out, ",\"digest\":\"");
	for (size_t i = 0; i < sizeof(access->digest); i++)
		str_addf(out, "%02x", access->digest[i]);
	str_add(out, "\"}");
}

void oauth_save(const struct oauth *oauth, struct str *out)
{
	str_addf(out, "{\"next_company\":%zu,\"next_grant\":%lld,\"codes\":[", oauth->next_company,
		 (long long)oauth->next_grant);
	for (size_t i = 0; i < oauth->code_count; i++) {
		str_add(out, i ? "," : "");
		add_code(&oauth->codes[i], out);
	}
	str_add(out, "],\"grants\":[");
	for (size_t i = 0; i < oauth->grant_count; i++) {
		str_add(out, i ? "," : "");
		add_grant(&oauth->grants[i], out);
	}
	str_add(out, "],\"accesses\":[");
	for (size_t i = 0; i < oauth->access_count; i++) {
		str_add(out, i ? "," : "");
		add_access(&oauth->accesses[i], out);
	}
	str_add(out, "]}");
}

/* ---- in: each says false when the member is not there, or is something else */

static bool get_number(json_object *object, const char *name, int64_t *ret_number)
{
	json_object *member;

	if (!json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, json_type_int))
		return false;
	*ret_number = json_object_get_int64(member);
	return true;
}

static bool get_scopes(json_object *object, unsigned *ret_scopes)
{
	int64_t number;

	if (!get_number(object, "scopes", &number) || number < 0 || number > UINT32_MAX)
		return false;
	*ret_scopes = (unsigned)number;
	return true;
}

/* A text without NULs, borrowed: the object. */
static bool get_string(json_object *object, const char *name, const char **ret_text)
{
	json_object *member;

	if (!json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, json_type_string))
		return false;
	*ret_text = json_object_get_string(member);
	return strlen(*ret_text) == (size_t)json_object_get_string_len(member);
}

static bool get_text(json_object *object, const char *name, char *text, size_t size)
{
	const char *found;

	return get_string(object, name, &found) && (size_t)snprintf(text, size, "%s", found) < size;
}

static bool get_copy(json_object *object, const char *name, char **ret_text)
{
	const char *found;

	if (!get_string(object, name, &found))
		return false;
	*ret_text = memory_copy_text(found);
	return true;
}

static bool get_array(json_object *object, const char *name, size_t max, json_object **ret_array)
{
	return json_object_object_get_ex(object, name, ret_array) &&
	       json_object_is_type(*ret_array, json_type_array) &&
	       json_object_array_length(*ret_array) <= max;
}

/* Half-read entries are counted first, so that clearing the lists releases them. */
static bool load_codes(struct oauth *oauth, json_object *array)
{
	size_t count = json_object_array_length(array);

	memory_grow(&oauth->codes, &oauth->code_room, count + 1, sizeof(*oauth->codes));
	for (size_t i = 0; i < count; i++) {
		json_object *object = json_object_array_get_idx(array, i);
		struct oauth_code *code = &oauth->codes[oauth->code_count++];

		*code = (struct oauth_code){ 0 };
		if (!get_scopes(object, &code->scopes) ||
		    !get_text(object, "text", code->text, sizeof(code->text)) ||
		    !get_text(object, "realm", code->realm, sizeof(code->realm)) ||
		    !get_copy(object, "client", &code->client_id) ||
		    !get_copy(object, "redirect", &code->redirect_uri) ||
		    !get_copy(object, "challenge", &code->challenge) ||
		    !get_number(object, "consent", &code->consent_ms) ||
		    !get_number(object, "expires", &code->expires_ms))
			return false;
	}
	return true;
}

static bool load_replaced(struct oauth_grant *grant, json_object *array)
{
	size_t count = json_object_array_length(array);

	memory_grow(&grant->replaced, &grant->replaced_room, count + 1, sizeof(*grant->replaced));
	for (size_t i = 0; i < count; i++) {
		json_object *object = json_object_array_get_idx(array, i);
		struct oauth_replaced *replaced = &grant->replaced[grant->replaced_count++];

		if (!get_text(object, "text", replaced->text, sizeof(replaced->text)) ||
		    !get_number(object, "good_until", &replaced->good_until_ms))
			return false;
	}
	return true;
}

static bool load_grants(struct oauth *oauth, json_object *array)
{
	size_t count = json_object_array_length(array);

	memory_grow(&oauth->grants, &oauth->grant_room, count + 1, sizeof(*oauth->grants));
	for (size_t i = 0; i < count; i++) {
		json_object *object = json_object_array_get_idx(array, i);
		struct oauth_grant *grant = &oauth->grants[oauth->grant_count++];
		json_object *replaced;

		*grant = (struct oauth_grant){ 0 };
		if (!get_scopes(object, &grant->scopes) ||
		    !get_number(object, "number", &grant->number) ||
		    !get_text(object, "realm", grant->realm, sizeof(grant->realm)) ||
		    !get_copy(object, "client", &grant->client_id) ||
		    !get_number(object, "consent", &grant->consent_ms) ||
		    !get_text(object, "refresh", grant->refresh, sizeof(grant->refresh)) ||
		    !get_number(object, "made", &grant->refresh_made_ms) ||
		    !get_number(object, "expires", &grant->refresh_expires_ms) ||
		    !get_array(object, "replaced", OAUTH_REPLACED_MAX, &replaced) ||
		    !load_replaced(grant, replaced))
			return false;
	}
	return true;
}

static bool get_digest(json_object *object, unsigned char digest[OAUTH_DIGEST])
{
	const char *text;

	if (!get_string(object, "digest", &text) || strlen(text) != OAUTH_DIGEST * 2 ||
	    strspn(text, "0123456789abcdef") != OAUTH_DIGEST * 2)
		return false;
	for (size_t i = 0; i < OAUTH_DIGEST; i++)
		digest[i] = (unsigned char)strtoul((char[]){ text[i * 2], text[i * 2 + 1], '\0' },
						   NULL, 16);
	return true;
}

static bool load_accesses(struct oauth *oauth, json_object *array)
{
	size_t count = json_object_array_length(array);

	memory_grow(&oauth->accesses, &oauth->access_room, count + 1, sizeof(*oauth->accesses));
	for (size_t i = 0; i < count; i++) {
		json_object *object = json_object_array_get_idx(array, i);
		struct oauth_access *access = &oauth->accesses[oauth->access_count++];

		if (!get_number(object, "grant", &access->grant) ||
		    !get_number(object, "expires", &access->expires_ms) ||
		    !get_digest(object, access->digest))
			return false;
	}
	return true;
}

static bool load_lists(struct oauth *oauth, json_object *root)
{
	json_object *codes, *grants, *accesses;
	int64_t next_company;

	if (!get_number(root, "next_company", &next_company) || next_company < 0 ||
	    !get_number(root, "next_grant", &oauth->next_grant) ||
	    !get_array(root, "codes", OAUTH_LIVE_MAX, &codes) ||
	    !get_array(root, "grants", OAUTH_LIVE_MAX, &grants) ||
	    !get_array(root, "accesses", OAUTH_LIVE_MAX, &accesses))
		return false;
	oauth->next_company = (size_t)next_company;
	return load_codes(oauth, codes) && load_grants(oauth, grants) &&
	       load_accesses(oauth, accesses);
}

static void json_freep(json_object **object)
{
	json_object_put(*object);
}

bool oauth_load(struct oauth *oauth, const char *json, struct error *err)
{
	AUTO(json_freep) json_object *root = json_tokener_parse(json);

	oauth_lists_clear(oauth);
	if (!json_object_is_type(root, json_type_object) || !load_lists(oauth, root)) {
		oauth_lists_clear(oauth);
		return error_set(err, ERROR_STORE, "the connections in the state file are damaged");
	}
	oauth->dirty = false;
	return true;
}
