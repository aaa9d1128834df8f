/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a pack of evidence again: every byte of it is covered by the manifest, and the manifest by its own last line. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reconcile/evidence.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/map.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/reconcile.h"

#define MANIFEST_MAX ((size_t)64 << 20)

struct verifying {
	const char *directory;
	bool (*each)(void *ctx, const struct evidence_fault *fault);
	void *ctx;
	const char *previous;        /* seal of the pack before; NULL: any */
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

static bool read_manifest(const char *directory, struct str *out, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200);
	struct digest digest;

	str_addf(&path, "%s/%s", directory, EVIDENCE_MANIFEST);
	/* Asked for its digest only since that takes no links. */
	return file_digest(path.text, &digest, err) && file_read(path.text, MANIFEST_MAX, out, err);
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
	AUTO(str_clear) struct str path = STR_INIT(4200);
	void **listed = map_place(&verifying->listed, name, strlen(name));
	struct digest digest;
	struct error why = { 0 };
	char own[DIGEST_HEX];

	if (strchr(name, '/') || *name == '.' || *name == '\0' || *listed) {
		fault(verifying, name, *listed ? "is listed twice" : "is no name of a file of a pack");
		return;
	}
	*listed = verifying;
	verifying->files++;
	str_addf(&path, "%s/%s", verifying->directory, name);
	if (!file_digest(path.text, &digest, &why))
		fault(verifying, name, "cannot be read: %.120s", why.text);
	else if (strcmp(digest_hex(&digest, own), hex) != 0)
		fault(verifying, name, "is not as it was written");
}

static bool is_digest(const char *text)
{
	return strspn(text, "0123456789abcdef") == DIGEST_HEX - 1;
}

static bool begins(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

/* Its lines are: of what, behind what, and one for each file. */
static void check_line(struct verifying *verifying, size_t number, char *line)
{
	const char *before = line + strlen(EVIDENCE_PREVIOUS);

	if (number == 0 && begins(line, EVIDENCE_HEAD))
		return;
	if (number == 1 && begins(line, EVIDENCE_PREVIOUS)) {
		if (verifying->previous && strcmp(before, verifying->previous) != 0)
			fault(verifying, EVIDENCE_MANIFEST, "follows another pack than that one");
	} else if (number > 1 && is_digest(line) && strncmp(line + DIGEST_HEX - 1, "  ", 2) == 0) {
		line[DIGEST_HEX - 1] = '\0';
		check_file(verifying, line, line + DIGEST_HEX + 1);
	} else {
		fault(verifying, EVIDENCE_MANIFEST, "has a line %zu that no pack has", number + 1);
	}
}

static void check_lines(struct verifying *verifying, struct str *manifest, size_t end)
{
	char *line = manifest->text;

	for (size_t number = 0; line < manifest->text + end; number++) {
		char *next = strchr(line, '\n');

		*next = '\0'; /* the seal stands behind one */
		check_line(verifying, number, line);
		line = next + 1;
	}
}

/* What nobody wrote there. */
static bool check_stranger(void *ctx, const char *name)
{
	struct verifying *verifying = ctx;

	if (strcmp(name, EVIDENCE_MANIFEST) != 0 && !map_get(&verifying->listed, name, strlen(name)))
		fault(verifying, name, "does not belong to the pack");
	return !verifying->stopped;
}

static bool previous_digest(const char *directory, char *ret_digest, struct error *err)
{
	AUTO(str_clear) struct str manifest = STR_INIT(STR_NO_LIMIT);
	size_t end;

	return read_manifest(directory, &manifest, err) &&
	       (check_seal(&manifest, &end, ret_digest) ||
		error_set(err, ERROR_INPUT, "the manifest of '%s' is not as it was written", directory));
}

static bool nothing(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return false;
}

bool evidence_verify(const char *directory, const char *previous, bool (*each)(void *ctx, const struct evidence_fault *fault), void *ctx,
		     int64_t *ret_files, char *ret_digest, struct error *err)
{
	char before[DIGEST_HEX] = "";
	struct verifying verifying = { .directory = directory, .previous = previous ? before : NULL, .each = each, .ctx = ctx };
	AUTO(str_clear) struct str manifest = STR_INIT(STR_NO_LIMIT);
	struct error why = { 0 };
	size_t end = 0;
	bool good;

	*ret_files = 0;
	ret_digest[0] = '\0';
	if ((previous && !previous_digest(previous, before, err)) || !directory_each(directory, nothing, NULL, err))
		return false;
	if (!read_manifest(directory, &manifest, &why)) {
		fault(&verifying, EVIDENCE_MANIFEST, "cannot be read, so this is no whole pack: %.120s", why.text);
		return true;
	}
	if (!check_seal(&manifest, &end, ret_digest)) {
		fault(&verifying, EVIDENCE_MANIFEST, "is not as it was written");
		return true;
	}
	check_lines(&verifying, &manifest, end);
	good = directory_each(directory, check_stranger, &verifying, err);
	*ret_files = verifying.files;
	map_clear(&verifying.listed, NULL);
	return good;
}
