/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the settings share. */
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"

static const char *const names[LAYER_FILES] = {
	[FILE_SYSTEM] = "system.conf", [FILE_USER] = "user.conf", [FILE_LOCAL] = "local.conf", [FILE_ENV] = "service.env",
};

void layers_init(struct layers *layers)
{
	const char *base = env_variable("TMPDIR");
	char directory[sizeof(layers->directory)];

	if (!base || strlen(base) > 30)
		base = "/tmp";
	*layers = (struct layers){ 0 };
	snprintf(directory, sizeof(directory), "%s/settings-test-XXXXXX", base);
	assert_non_null(mkdtemp(directory));
	memcpy(layers->directory, directory, sizeof(directory));
	for (int i = 0; i < LAYER_FILES; i++)
		snprintf(layers->paths[i], sizeof(layers->paths[i]), "%s/%s", directory, names[i]);
	layers->sources.system_file = layers->paths[FILE_SYSTEM];
	layers->sources.user_file = layers->paths[FILE_USER];
	layers->sources.local_file = layers->paths[FILE_LOCAL];
}

void layers_clear(struct layers *layers)
{
	settings_free(layers->settings);
	for (int i = 0; i < LAYER_FILES; i++)
		unlink(layers->paths[i]);
	rmdir(layers->directory);
}

void layers_write_bytes(struct layers *layers, enum layer_file file, const char *bytes, size_t len)
{
	struct error err = { 0 };

	if (!file_write(layers->paths[file], bytes, len, 0, &err))
		fail_msg("%s", err.text);
}

void layers_write(struct layers *layers, enum layer_file file, const char *text)
{
	layers_write_bytes(layers, file, text, strlen(text));
}

void layers_load(struct layers *layers)
{
	settings_free(layers->settings);
	layers->settings = NULL;
	if (!settings_load(&layers->sources, &layers->settings, &layers->err))
		fail_msg("expected success, got code %d and '%s'", (int)layers->err.code, layers->err.text);
}

void layers_refuse(struct layers *layers, const char *const *parts)
{
	settings_free(layers->settings);
	layers->settings = NULL;
	if (settings_load(&layers->sources, &layers->settings, &layers->err))
		fail_msg("expected '%s', but it was loaded", parts[0]);
	assert_null(layers->settings);
	for (; *parts; parts++)
		if (layers->err.code != ERROR_INPUT || !strstr(layers->err.text, *parts))
			fail_msg("expected '%s', got code %d and '%s'", *parts, (int)layers->err.code, layers->err.text);
}

const char *layers_place(struct layers *layers, enum layer_file file, int line)
{
	static char place[160];

	snprintf(place, sizeof(place), "%s:%d", layers->paths[file], line);
	return place;
}

void layers_expect(const struct layers *layers, const char *name, const char *text, const char *origin)
{
	assert_string_equal(settings_text(layers->settings, name), text);
	if (origin)
		assert_string_equal(settings_origin(layers->settings, name), origin);
}

void layers_expect_secret(const struct layers *layers, const char *name, const char *text)
{
	const struct secret *secret = settings_secret(layers->settings, name);

	/* It has no text form. */
	assert_string_equal(settings_text(layers->settings, name), "");
	if (!text) {
		assert_null(secret);
		return;
	}
	assert_non_null(secret);
	assert_int_equal(secret_len(secret), strlen(text));
	assert_string_equal(secret_reveal(secret), text);
}
