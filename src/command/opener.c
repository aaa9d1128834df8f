/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What opens the vault: a credential of the service manager, a key file, or a passphrase that a person
 * types. Environment variables are no place for it: other processes can read them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "verbs.h"

#define KEY_FILE_MAX 4096
#define HEADER "vault.header"

void opener_clear(struct opener *opener)
{
	secret_free(opener->passphrase);
	secret_free(opener->key);
	*opener = (struct opener){ 0 };
}

struct vault_opener opener_of(const struct opener *opener)
{
	return (struct vault_opener){ .passphrase = opener->passphrase, .key = opener->key };
}

bool opener_header(struct app *app, struct str *ret_header, struct error *err)
{
	if (store_get(app->store, HEADER, ret_header, err))
		return true;
	if (err->code != ERROR_NONE)
		return false;
	return error_set(err, ERROR_AUTH, "'%.200s' has no vault yet; make one with 'ledgerdeck vault init'", app->store_path);
}

static bool read_key(const char *path, struct opener *ret_opener, struct error *err)
{
	AUTO(str_clear) struct str text = STR_INIT(KEY_FILE_MAX);
	bool good;

	str_reserve(&text, KEY_FILE_MAX);
	good = file_read(path, KEY_FILE_MAX, &text, err) && vault_key_file_parse(text.text, text.len, &ret_opener->key, err);
	secret_wipe(text.text, text.len);
	return good || error_prefix(err, "cannot use the key of '%.160s'", path);
}

static bool make_key(const char *path, struct error *err)
{
	AUTO(secret_freep) struct secret *key = secret_random(VAULT_KEY_BYTES);
	AUTO(secret_freep) struct secret *text = NULL;

	vault_key_file_text(key, &text);
	return file_write(path, secret_reveal(text), secret_len(text), 0600, err) || error_prefix(err, "cannot make the key file");
}

bool opener_key_file(const char *path, bool make, struct opener *ret_opener, bool *ret_made, struct error *err)
{
	*ret_made = false;
	if (!file_exists(path)) {
		if (!make)
			return error_set(err, ERROR_AUTH, "the key file '%.160s' is not there; put it back, or name another with "
					 "--set vault.key_file=PATH", path);
		if (!make_key(path, err))
			return false;
		*ret_made = true;
	}
	if (!file_check_private(path, err))
		return error_prefix(err, "the key file is not safe");
	ret_opener->source = "key file";
	return read_key(path, ret_opener, err);
}

bool opener_credential(struct app *app, struct opener *ret_opener, bool *ret_found, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4096);
	const char *directory = env_variable("CREDENTIALS_DIRECTORY"), *name = settings_text(app->settings, "vault.credential");

	*ret_found = false;
	if (!directory || !*directory || !*name || strchr(name, '/'))
		return true;
	str_addf(&path, "%s/%s", directory, name);
	if (str_is_cut(&path) || !file_exists(path.text))
		return true;
	ret_opener->source = "credential";
	*ret_found = true;
	return file_check_not_public(path.text, err) && read_key(path.text, ret_opener, err);
}

bool opener_get(struct app *app, const char *header, size_t len, struct opener *ret_opener, struct error *err)
{
	const char *path = settings_text(app->settings, "vault.key_file");
	struct vault_description description;
	bool found, made;

	if (!vault_describe(header, len, &description, err))
		return error_prefix(err, "cannot read the vault's header");
	if (description.passphrase) {
		ret_opener->source = "passphrase";
		if (app->ask(app->ask_ctx, "Passphrase of the vault: ", ASK_HIDDEN, NULL, &ret_opener->passphrase, err)) {
			if (secret_len(ret_opener->passphrase) > 0)
				return true;
			return error_set(err, ERROR_AUTH, "the vault stays locked: no passphrase was given");
		}
		if (err->code == ERROR_INPUT)
			return error_set(err, ERROR_AUTH, "the vault is locked and nobody is there to type its passphrase; give it on "
					 "standard input, or change to a key file with 'ledgerdeck vault passwd --key-file PATH'");
		return false;
	}
	if (!opener_credential(app, ret_opener, &found, err))
		return false;
	if (found)
		return true;
	if (!*path)
		return error_set(err, ERROR_AUTH, "the vault opens with a key file; name it with the setting 'vault.key_file'");
	return opener_key_file(path, false, ret_opener, &made, err);
}

bool opener_ask_new(struct app *app, struct opener *ret_opener, struct error *err)
{
	AUTO(secret_freep) struct secret *first = NULL;
	AUTO(secret_freep) struct secret *second = NULL;

	if (!app->ask(app->ask_ctx, "New passphrase for the vault: ", ASK_HIDDEN, NULL, &first, err) ||
	    !app->ask(app->ask_ctx, "The same again: ", ASK_HIDDEN, NULL, &second, err))
		return error_prefix(err, "no passphrase was given (for work without a person use --key-file PATH)");
	if (secret_len(first) == 0)
		return error_set(err, ERROR_INPUT, "an empty passphrase protects nothing; nothing was changed");
	if (!secret_equals(first, second))
		return error_set(err, ERROR_INPUT, "the two passphrases differ; nothing was changed");
	ret_opener->passphrase = memory_steal(&first);
	ret_opener->source = "passphrase";
	return true;
}
