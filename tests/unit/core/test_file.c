/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and directories, in a directory of this test's own that is gone afterwards. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"

#include "tests.h"

#define PATH_ROOM 512

/* Made by the setup, the working directory while the tests run. */
static char *top;
static char *before;

static int set_up(void **state)
{
	const char *tmp = env_variable("TMPDIR");
	AUTO(str_clear) struct str path = STR_INIT(PATH_ROOM);

	(void)state;
	str_addf(&path, "%s/ledgerdeck-file-XXXXXX", tmp && tmp[0] == '/' ? tmp : "/tmp");
	before = getcwd(NULL, 0);
	top = str_take(&path);
	umask(0027);
	return before && mkdtemp(top) && chdir(top) == 0 ? 0 : -1;
}

static void remove_all(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char inner[PATH_ROOM];

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		if (unlink(inner) < 0)
			remove_all(inner);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

static int tear_down(void **state)
{
	int done = chdir(before);

	(void)state;
	remove_all(top);
	free(top);
	free(before);
	return done;
}

static mode_t mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	return status.st_mode & 07777;
}

static size_t count_entries(const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void assert_content(const char *path, const char *bytes, size_t len)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);
	struct error err = { 0 };

	str_add(&out, "<");
	assert_true(file_read(path, len, &out, &err));
	assert_int_equal(out.len, len + 1);
	assert_memory_equal(out.text + 1, bytes, len);
}

static void written_is_read(void **state)
{
	AUTO(memory_freep) char *large = memory_new(300000);
	struct error err = { 0 };

	(void)state;
	memset(large, 'x', 300000);
	assert_int_equal(mkdir("w", 0700), 0);
	assert_true(file_write("w/a", "one\0two", 7, 0, &err));
	assert_content("w/a", "one\0two", 7);
	assert_int_equal(mode_of("w/a"), 0600);
	/* Over another, and exactly this mode whatever the umask takes away. */
	assert_true(file_write("w/a", large, 300000, 0666, &err));
	assert_content("w/a", large, 300000);
	assert_int_equal(mode_of("w/a"), 0666);
	assert_true(file_write("w/a", NULL, 0, 0400, &err));
	assert_content("w/a", "", 0);
	assert_true(file_write("here", "x", 1, 0, &err));
	assert_content("here", "x", 1);
	assert_int_equal(count_entries("w"), 1);
}

static void failed_writes_leave_nothing(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(mkdir("f", 0700), 0);
	assert_int_equal(mkdir("f/taken", 0700), 0);
	assert_false(file_write("f/taken", "x", 1, 0, &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_int_equal(count_entries("f"), 1);
	error_clear(&err);
	assert_false(file_write("f/absent/x", "x", 1, 0, &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_non_null(strstr(err.text, strerror(ENOENT)));
}

static void a_draft_is_whole_or_nothing(void **state)
{
	struct error err = { 0 };
	struct file_draft draft;

	(void)state;
	assert_int_equal(mkdir("drafts", 0700), 0);
	file_draft_init(&draft);
	assert_true(file_draft_open(&draft, "drafts/a", &err));
	assert_true(file_draft_write(&draft, "one", 3, &err));
	assert_false(file_exists("drafts/a"));
	assert_true(file_draft_write(&draft, "two", 3, &err));
	assert_true(file_draft_commit(&draft, 0, &err));
	assert_content("drafts/a", "onetwo", 6);
	assert_int_equal(mode_of("drafts/a"), 0600);
	/* Another one by the same draft, which never ends. */
	assert_true(file_draft_open(&draft, "drafts/b", &err));
	assert_true(file_draft_write(&draft, "three", 5, &err));
	file_draft_clear(&draft);
	file_draft_clear(&draft);
	assert_int_equal(count_entries("drafts"), 1);
}

static bool count_name(void *ctx, const char *name)
{
	assert_string_not_equal(name, "..");
	return ++*(int *)ctx < 2;
}

static void a_directory_is_whole_or_nothing(void **state)
{
	struct error err = { 0 };
	struct directory_draft draft;
	char path[PATH_ROOM];
	int count = 0;

	(void)state;
	directory_draft_init(&draft);
	/* Beside an empty one that is there, which it replaces. */
	assert_true(directory_draft_open(&draft, "packs/a//", &err));
	snprintf(path, sizeof(path), "%s/one", draft.temporary.text);
	assert_true(file_write(path, "1", 1, 0, &err));
	assert_int_equal(count_entries("packs/a"), 0);
	assert_true(directory_draft_commit(&draft, &err));
	assert_content("packs/a/one", "1", 1);
	assert_int_equal(mode_of("packs/a"), 0700);
	assert_int_equal(count_entries("packs"), 1);
	/* Never on top of what is there. */
	assert_true(directory_draft_open(&draft, "packs/a", &err));
	snprintf(path, sizeof(path), "%s/two", draft.temporary.text);
	assert_true(file_write(path, "2", 1, 0, &err));
	assert_false(directory_draft_commit(&draft, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	directory_draft_clear(&draft);
	directory_draft_clear(&draft);
	assert_int_equal(count_entries("packs"), 1);
	assert_content("packs/a/one", "1", 1);
	assert_true(file_write("packs/a/two", "2", 1, 0, &err));
	assert_true(file_write("packs/a/three", "3", 1, 0, &err));
	assert_true(directory_each("packs/a", count_name, &count, &err));
	assert_int_equal(count, 2);
	assert_false(directory_each("packs/none", count_name, &count, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_false(directory_each("packs/a/one", count_name, &count, &err));
}

static void files_have_digests(void **state)
{
	AUTO(memory_freep) char *large = memory_new(300000);
	struct digest digest, wanted = digest_sha256(large, 300000);
	struct error err = { 0 };

	(void)state;
	assert_true(file_write("zeros", large, 300000, 0, &err));
	assert_true(file_digest("zeros", &digest, &err));
	assert_memory_equal(digest.bytes, wanted.bytes, DIGEST_BYTES);
	assert_int_equal(symlink("zeros", "to-zeros"), 0);
	for (const char *const *name = (const char *const[]){ "to-zeros", "nothing", ".", "/dev/null", NULL }; *name; name++) {
		error_clear(&err);
		assert_false(file_digest(*name, &digest, &err));
		assert_int_equal(err.code, ERROR_INPUT);
	}
}

/* The link is replaced, and what it pointed at stays. */
static void writing_follows_no_link(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_true(file_write("target", "old", 3, 0, &err));
	assert_int_equal(symlink("target", "link"), 0);
	assert_true(file_write("link", "new", 3, 0, &err));
	assert_content("target", "old", 3);
	assert_content("link", "new", 3);
}

static void assert_unreadable(const char *path, size_t limit, size_t out_limit,
			      enum error_code code)
{
	AUTO(str_clear) struct str out = STR_INIT(out_limit);
	struct error err = { 0 };

	str_add(&out, "<");
	assert_false(file_read(path, limit, &out, &err));
	assert_int_equal(err.code, code);
	assert_string_equal(out.text, "<");
	assert_false(str_is_cut(&out));
}

static void some_cannot_be_read(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_true(file_write("ten", "0123456789", 10, 0, &err));
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("dir", 0700), 0);
	assert_content("ten", "0123456789", 10);
	assert_unreadable("ten", 9, 100, ERROR_INPUT);
	assert_unreadable("ten", 10, 10, ERROR_INPUT);
	assert_unreadable("none", 10, 100, ERROR_INPUT);
	assert_unreadable("ten/none", 10, 100, ERROR_INPUT);
	assert_unreadable("dir", 10, 100, ERROR_INPUT);
	/* It would be waited for without end. */
	assert_unreadable("fifo", 10, 100, ERROR_INPUT);
	assert_unreadable("/dev/null", 10, 100, ERROR_INPUT);
	/* Its size says 0: only reading tells. */
	assert_unreadable("/proc/self/status", 20, 100, ERROR_INPUT);
}

static void existing_is_said(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_true(file_write("e", "", 0, 0, &err));
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_true(file_exists("e"));
	assert_true(file_exists("."));
	assert_false(file_exists("dangling"));
	assert_false(file_exists("e/x"));
	assert_false(file_exists("absent"));
}

static void directories_are_private(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_true(file_make_private_directory("p/q/r", &err));
	assert_int_equal(mode_of("p/q/r"), 0700);
	assert_int_equal(mode_of("p"), 0700);
	assert_true(file_make_private_directory("p/q/r/", &err));
	assert_true(file_make_private_directory("p//s///", &err));
	assert_int_equal(mode_of("p/s"), 0700);
	assert_true(file_make_private_directory("single", &err));
	assert_int_equal(mode_of("single"), 0700);
	/* Who let others read keeps that; who lets them write is told. */
	assert_int_equal(chmod("single", 0755), 0);
	assert_true(file_make_private_directory("single", &err));
	assert_int_equal(mode_of("single"), 0755);
	assert_int_equal(chmod("single", 0720), 0);
	assert_false(file_make_private_directory("single", &err));
	assert_int_equal(err.code, ERROR_STORE);
	assert_true(file_write("plain", "", 0, 0, &err));
	error_clear(&err);
	assert_false(file_make_private_directory("plain", &err));
	assert_int_equal(err.code, ERROR_STORE);
	error_clear(&err);
	assert_false(file_make_private_directory("plain/x", &err));
	assert_int_equal(err.code, ERROR_STORE);
	error_clear(&err);
	assert_false(file_make_private_directory("", &err));
	assert_int_equal(err.code, ERROR_STORE);
}

static void assert_not_private(const char *path, const char *why)
{
	struct error err = { 0 };

	assert_false(file_check_private(path, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_non_null(strstr(err.text, why));
}

static void keys_must_be_private(void **state)
{
	static const mode_t open_modes[] = { 0640, 0620, 0610, 0604, 0602, 0601, 0660, 0777 };
	struct error err = { 0 };

	(void)state;
	assert_true(file_write("key", "x", 1, 0, &err));
	assert_true(file_check_private("key", &err));
	assert_int_equal(chmod("key", 0400), 0);
	assert_true(file_check_private("key", &err));
	for (size_t i = 0; i < ARRAY_LEN(open_modes); i++) {
		assert_int_equal(chmod("key", open_modes[i]), 0);
		assert_not_private("key", "others can use");
	}
	assert_int_equal(chmod("key", 0600), 0);
	assert_int_equal(symlink("key", "key-link"), 0);
	assert_not_private("key-link", "symbolic link");
	assert_not_private("key-absent", strerror(ENOENT));
	assert_int_equal(mkfifo("key-fifo", 0600), 0);
	assert_not_private("key-fifo", "not a file");
	/* Root's, but if this is root itself, then nobody's. */
	if (geteuid() != 0) {
		assert_not_private("/etc/passwd", "somebody else");
	} else {
		assert_int_equal(chown("key", 65534, 65534), 0);
		assert_not_private("key", "somebody else");
	}
}

static void credentials_must_not_be_public(void **state)
{
	static const mode_t open_modes[] = { 0604, 0602, 0601, 0444 };
	struct error err = { 0 };

	(void)state;
	assert_true(file_write("credential", "x", 1, 0, &err));
	assert_int_equal(chmod("credential", 0440), 0);
	assert_true(file_check_not_public("credential", &err));
	for (size_t i = 0; i < ARRAY_LEN(open_modes); i++) {
		assert_int_equal(chmod("credential", open_modes[i]), 0);
		assert_false(file_check_not_public("credential", &err));
		assert_int_equal(err.code, ERROR_INPUT);
		assert_non_null(strstr(err.text, "everybody can use"));
	}
	assert_false(file_check_not_public("credential-absent", &err));
}

static void room_is_told(void **state)
{
	(void)state;
	assert_true(file_room(".") > 0);
	assert_true(file_room("absent/there") == INT64_MAX);
}

struct variables {
	const char *xdg, *home, *expected;
};

static void set_variable(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void places_follow_xdg(void **state)
{
	static const struct {
		enum file_place place;
		const char *variable, *below_home;
	} places[] = {
		{ FILE_CONFIG, "XDG_CONFIG_HOME", ".config" },
		{ FILE_DATA, "XDG_DATA_HOME", ".local/share" },
		{ FILE_STATE, "XDG_STATE_HOME", ".local/state" },
		{ FILE_CACHE, "XDG_CACHE_HOME", ".cache" },
	};
	static const struct variables cases[] = {
		{ "/x", "/home/u", "/x/ledgerdeck" },
		{ "/x", NULL, "/x/ledgerdeck" },
		{ NULL, "/home/u", NULL },
		{ "", "/home/u", NULL },
		{ "relative", "/home/u", NULL },
		{ "~/x", "/home/u", NULL },
	};

	(void)state;
	for (size_t p = 0; p < ARRAY_LEN(places); p++) {
		for (size_t c = 0; c < ARRAY_LEN(cases); c++) {
			AUTO(str_clear) struct str out = STR_INIT(100), expected = STR_INIT(100);
			struct error err = { 0 };

			set_variable(places[p].variable, cases[c].xdg);
			set_variable("HOME", cases[c].home);
			str_add(&expected, "at ");
			if (cases[c].expected)
				str_add(&expected, cases[c].expected);
			else
				str_addf(&expected, "/home/u/%s/ledgerdeck", places[p].below_home);
			str_add(&out, "at ");
			assert_true(file_add_place(places[p].place, &out, &err));
			assert_string_equal(out.text, expected.text);
		}
		unsetenv(places[p].variable);
	}
}

static void no_home_is_an_error(void **state)
{
	static const char *const homes[] = { NULL, "", "relative" };

	(void)state;
	unsetenv("XDG_DATA_HOME");
	for (size_t i = 0; i < ARRAY_LEN(homes); i++) {
		AUTO(str_clear) struct str out = STR_INIT(100);
		struct error err = { 0 };

		set_variable("HOME", homes[i]);
		assert_false(file_add_place(FILE_DATA, &out, &err));
		assert_int_equal(err.code, ERROR_INPUT);
		assert_int_equal(out.len, 0);
	}
}

int test_file(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_is_read),
		cmocka_unit_test(failed_writes_leave_nothing),
		cmocka_unit_test(a_draft_is_whole_or_nothing),
		cmocka_unit_test(a_directory_is_whole_or_nothing),
		cmocka_unit_test(files_have_digests),
		cmocka_unit_test(writing_follows_no_link),
		cmocka_unit_test(some_cannot_be_read),
		cmocka_unit_test(existing_is_said),
		cmocka_unit_test(directories_are_private),
		cmocka_unit_test(keys_must_be_private),
		cmocka_unit_test(credentials_must_not_be_public),
		cmocka_unit_test(room_is_told),
		cmocka_unit_test(places_follow_xdg),
		cmocka_unit_test(no_home_is_an_error),
	};

	return cmocka_run_group_tests_name("file", tests, set_up, tear_down);
}
