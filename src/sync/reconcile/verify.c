/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a pack of evidence again: every byte of it is covered by the manifest, and the manifest by its own last line. */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reconcile/evidence.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/map.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/reconcile.h"

#define MANIFEST_MAX ((size_t)64 << 20)
#define FILE_MAX ((size_t)4 << 30)

struct verifying {
	const char *directory;
	bool (*each)(void *ctx, const struct evidence_fault *fault);
	void *ctx;
	struct map listed;           /* owned: names of files */
	int64_t files;
	bool stopped;
};

static void fault(struct verifying *verifying, const char *file, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void fault(struct verifying *verifying, const char *file, const char *format, ...)
{
	struct evidence_fault one = { .text = "" };
	va_list args;

	if (verifying->stopped)
		return;
	snprintf(one.file, sizeof(one.file), "%s", file);
	va_start(args, format);
	vsnprintf(one.text, sizeof(one.text), format, args);
	va_end(args);
	verifying->stopped = !verifying->each(verifying->ctx, &one);
}

static void read_manifest(const char *directory, struct str *out, bool *ret_there, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200);

	str_addf(&path, "%s/%s", directory, EVIDENCE_MANIFEST);
	*ret_there = file_read(path.text, MANIFEST_MAX, out, err);
}

/* The manifest's own digest is its last line. False: it is not as it was written. */
static bool check_seal(const struct str *manifest, size_t *ret_end, char *ret_digest)
{
	const char *seal = NULL, *at = manifest->text;
	char line[DIGEST_HEX + 16];
	struct digest digest;

	while ((at = strstr(at, "\n" EVIDENCE_SEAL))) {
		seal = ++at;
	}
	if (!seal)
		return false;
	*ret_end = (size_t)(seal - manifest->text);
	digest = digest_sha256(manifest->text, *ret_end);
	digest_hex(&digest, ret_digest);
	snprintf(line, sizeof(line), EVIDENCE_SEAL "%s\n", ret_digest);
	return strcmp(seal, line) == 0 && strlen(manifest->text) == manifest->len;
}

static void check_file(struct verifying *verifying, const char *hex, const char *name)
{
	AUTO(str_clear) struct str path = STR_INIT(4200), bytes = STR_INIT(STR_NO_LIMIT);
	struct digest digest;
	struct error why = { 0 };
	char own[DIGEST_HEX];

	if (strchr(name, '/') || *name == '.' || *name == '\0') {
		fault(verifying, name, "is no name of a file of a pack");
		return;
	}
	*map_place(&verifying->listed, name, strlen(name)) = verifying;
	verifying->files++;
	str_addf(&path, "%s/%s", verifying->directory, name);
	if (!file_read(path.text, FILE_MAX, &bytes, &why)) {
		fault(verifying, name, "cannot be read: %.120s", why.text);
		return;
	}
	digest = digest_sha256(bytes.text, bytes.len);
	if (strcmp(digest_hex(&digest, own), hex) != 0)
		fault(verifying, name, "is not as it was written");
}

static void check_lines(struct verifying *verifying, struct str *manifest, size_t end, const char *previous)
{
	char *line = manifest->text, *next;

	for (; line < manifest->text + end; line = next) {
		next = strchr(line, '\n');
		if (!next)
			break;
		*next++ = '\0';
		if (strncmp(line, EVIDENCE_PREVIOUS, strlen(EVIDENCE_PREVIOUS)) == 0) {
			if (previous && strcmp(line + strlen(EVIDENCE_PREVIOUS), previous) != 0)
				fault(verifying, EVIDENCE_MANIFEST, "follows another pack than that one");
		} else if (strlen(line) > DIGEST_HEX && strncmp(line + DIGEST_HEX - 1, "  ", 2) == 0) {
			line[DIGEST_HEX - 1] = '\0';
			check_file(verifying, line, line + DIGEST_HEX + 1);
		}
	}
}

/* What nobody wrote there. */
static bool check_strangers(struct verifying *verifying, struct error *err)
{
	DIR *dir = opendir(verifying->directory);
	const struct dirent *entry;

	if (!dir)
		return error_set(err, ERROR_INPUT, "cannot read '%s': %s", verifying->directory, strerror(errno));
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || strcmp(entry->d_name, EVIDENCE_MANIFEST) == 0)
			continue;
		if (!map_get(&verifying->listed, entry->d_name, strlen(entry->d_name)))
			fault(verifying, entry->d_name, "does not belong to the pack");
	}
	closedir(dir);
	return true;
}

static bool previous_digest(const char *directory, char *ret_digest, struct error *err)
{
	AUTO(str_clear) struct str manifest = STR_INIT(STR_NO_LIMIT);
	bool there;
	size_t end;

	read_manifest(directory, &manifest, &there, err);
	return there && (check_seal(&manifest, &end, ret_digest) ||
			 error_set(err, ERROR_INPUT, "the manifest of '%s' is not as it was written", directory));
}

bool evidence_verify(const char *directory, const char *previous, bool (*each)(void *ctx, const struct evidence_fault *fault), void *ctx,
		     int64_t *ret_files, char *ret_digest, struct error *err)
{
	struct verifying verifying = { .directory = directory, .each = each, .ctx = ctx };
	AUTO(str_clear) struct str manifest = STR_INIT(STR_NO_LIMIT);
	char before[DIGEST_HEX] = "";
	size_t end = 0;
	bool there, good;

	*ret_files = 0;
	ret_digest[0] = '\0';
	if (previous && !previous_digest(previous, before, err))
		return false;
	read_manifest(directory, &manifest, &there, err);
	if (!there)
		return false;
	if (!check_seal(&manifest, &end, ret_digest)) {
		fault(&verifying, EVIDENCE_MANIFEST, "is not as it was written");
		return true;
	}
	check_lines(&verifying, &manifest, end, previous ? before : NULL);
	good = check_strangers(&verifying, err);
	*ret_files = verifying.files;
	map_clear(&verifying.listed, NULL);
	return good;
}
