/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the doctor sees around the store: settings, files and whose they are, room, terminal. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor.h"
#include "ledgerdeck/core/file.h"

#define LONG_LOG (INT64_C(256) << 20)

void doctor_look_at_settings(struct doctor *doctor)
{
	const struct settings *settings = doctor->app->settings;
	size_t count, set = 0;
	const struct setting_row *all = settings_rows(&count);

	for (size_t i = 0; i < count; i++) {
		const char *origin = settings_origin(settings, all[i].name);

		set += strcmp(origin, "built in") != 0;
		if ((all[i].flags & SETTING_SENSITIVE) && settings_secret(settings, all[i].name))
			doctor_tell(doctor, FINDING_WARN, "settings", NULL, "once 'ledgerdeck connect' has sealed it, take it out of there",
				    "%s stands in clear in %s", all[i].name, origin);
	}
	/* A name or value that is none ends the program before this. */
	doctor_tell(doctor, FINDING_OK, "settings", NULL, "", "%zu of %zu settings are set, all of them known", set, count);
	doctor_tell(doctor, FINDING_OK, "catalogue", NULL, "", "%zu types, no row with a mistake", catalogue_count(doctor->app->catalogue));
}

/* ---- files: ours, and nobody else's business */

static bool look_at_mode(struct doctor *doctor, const char *path, mode_t others, const char *wanted)
{
	char act[200];
	struct stat info;

	if (stat(path, &info) != 0)
		return true;
	if (info.st_uid != geteuid()) {
		doctor_tell(doctor, FINDING_FAIL, "files", NULL, "run ledgerdeck as its owner, or give it to you with chown",
			    "'%s' belongs to somebody else (uid %ld)", path, (long)info.st_uid);
		return false;
	}
	if ((info.st_mode & others) == 0)
		return true;
	snprintf(act, sizeof(act), "chmod %s '%.150s'", wanted, path);
	doctor_tell(doctor, FINDING_FAIL, "files", NULL, act, "others can use '%s' (mode %04o)", path, (unsigned)(info.st_mode & 07777));
	return false;
}

static void add_directory(struct str *out, const char *path)
{
	const char *slash = strrchr(path, '/');

	str_add_bytes(out, slash ? path : ".", slash ? (size_t)(slash - path) + (slash == path) : 1);
}

void doctor_look_at_files(struct doctor *doctor)
{
	static const char *const beside[] = { "", "-wal", "-shm", "-bell", "-budget" };
	const char *key = settings_text(doctor->app->settings, "vault.key_file");
	const char *backups = settings_text(doctor->app->settings, "backup.directory");
	AUTO(str_clear) struct str directory = STR_INIT(4096);
	bool good;

	add_directory(&directory, doctor->app->store_path);
	/* Whoever could put another file there could read what is written next. */
	good = look_at_mode(doctor, directory.text, S_IWGRP | S_IWOTH, "go-w");
	for (size_t i = 0; i < ARRAY_LEN(beside); i++) {
		AUTO(str_clear) struct str path = STR_INIT(4200);

		str_addf(&path, "%s%s", doctor->app->store_path, beside[i]);
		good = look_at_mode(doctor, path.text, S_IRWXG | S_IRWXO, "go=") && good;
	}
	if (*key)
		good = look_at_mode(doctor, key, S_IRWXG | S_IRWXO, "go=") && good;
	if (*backups)
		good = look_at_mode(doctor, backups, S_IWGRP | S_IWOTH, "go-w") && good;
	if (good && file_exists(directory.text))
		doctor_tell(doctor, FINDING_OK, "files", NULL, "", "'%s' and what is kept there are yours alone", doctor->app->store_path);
}

/* ---- room */

static int64_t size_of(const char *path, const char *ending)
{
	AUTO(str_clear) struct str whole = STR_INIT(4200);
	struct stat info;

	str_addf(&whole, "%s%s", path, ending);
	return stat(whole.text, &info) == 0 ? info.st_size : 0;
}

void doctor_look_at_room(struct doctor *doctor)
{
	const char *path = doctor->app->store_path;
	int64_t room = file_room(path), reserve = settings_number(doctor->app->settings, "store.reserve");
	int64_t size = size_of(path, ""), log = size_of(path, "-wal");
	bool scarce = room < size + log + reserve;

	if (!file_exists(path))
		return;
	doctor_tell(doctor, room < reserve ? FINDING_FAIL : scarce ? FINDING_WARN : FINDING_OK, "room", NULL,
		    room < reserve ? "make room: nothing is read until there is more than the setting store.reserve"
		    : scarce       ? "make room: there is too little for a copy of the store, as a backup or a restore makes beside it"
				   : "",
		    "%lld MB are free, the store takes %lld MB", (long long)(room >> 20), (long long)((size + log) >> 20) + 1);
	doctor_tell(doctor, log > LONG_LOG ? FINDING_WARN : FINDING_OK, "write-ahead log", NULL,
		    log > LONG_LOG ? "something has been reading for long and keeps it from being taken into the file: end it" : "",
		    "%lld MB", (long long)(log >> 20));
}

/* ---- terminal */

void doctor_look_at_terminal(struct doctor *doctor)
{
	struct terminal_facts facts;

	if (!doctor->app->terminal) {
		doctor_tell(doctor, FINDING_OK, "terminal", NULL, "", "none to be looked at from here");
		return;
	}
	doctor->app->terminal(&facts);
	if (!facts.known)
		doctor_tell(doctor, FINDING_WARN, "terminal", NULL, "the deck takes it for a plain one; set TERM to what it is, or install its "
			    "description (package ncurses-term)", "TERM is '%s', which is not known here", facts.type);
	else
		doctor_tell(doctor, FINDING_OK, "terminal", NULL, "", "%s with %d colours", facts.type, facts.colours);
	doctor_tell(doctor, facts.utf8 ? FINDING_OK : FINDING_WARN, "locale", NULL,
		    facts.utf8 ? "" : "the deck writes ASCII only; a locale such as LC_ALL=C.UTF-8 shows names as they are",
		    facts.utf8 ? "UTF-8" : "it is not UTF-8");
}
