/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the state share: state.c (the file itself, and writing it), state_load.c
 * (reading it), state_company.c (a company's own members as JSON and back).
 */
#ifndef STATE_IMPL_H
#define STATE_IMPL_H

#include <sqlite3.h>

#include "company.h"
#include "state.h"

enum statement_name {
	STATEMENT_BEGIN,
	STATEMENT_COMMIT,
	STATEMENT_ROLLBACK,
	STATEMENT_WORLD_PUT,
	STATEMENT_WORLD_GET,
	STATEMENT_OAUTH_PUT,
	STATEMENT_OAUTH_GET,
	STATEMENT_COMPANY_PUT,
	STATEMENT_COMPANY_LIST,
	STATEMENT_RECORD_PUT,
	STATEMENT_RECORD_DELETE,
	STATEMENT_RECORD_LIST,
	STATEMENT_RECORD_LAST,
	STATEMENT_TOMBSTONE_PUT,
	STATEMENT_TOMBSTONE_LIST,
	STATEMENT_COUNT
};

/* A record that company.c has removed and the file still holds. */
struct forgotten {
	struct company *company;     /* borrowed: the world */
	const struct entity *entity; /* borrowed: the table of entities */
	char id[ID_MAX];
};

struct state {
	sqlite3 *db;                 /* owned */
	char *path;                  /* owned: for messages */
	sqlite3_stmt *statements[STATEMENT_COUNT]; /* owned */
	struct forgotten *forgotten; /* owned */
	size_t forgotten_count, forgotten_room;
	char **texts;                /* owned: see state_texts(), as the file holds them */
	size_t text_count;
	int64_t clock_offset_ms;     /* as the file holds it */
	int64_t moved;               /* of the record that was written last: later ones get more */
	bool holds_world;            /* the file has been written once */
	bool has_log;                /* SQLite was asked for write-ahead logging */
	bool is_oauth_dirty;         /* taken from oauth.c and not yet written */
};

/* ---- state.c */

/* A statement ready for its parameters. End it with state_end() before it is used again. */
sqlite3_stmt *state_start(struct state *state, enum statement_name name);
void state_end(sqlite3_stmt **statement); /* for AUTO() */
/* What SQLite complains of, as one sentence. Returns false, always. */
bool state_fail(const struct state *state, struct error *err);
/* The file makes no sense although SQLite can read it. Returns false, always. */
bool state_damaged(const struct state *state, struct error *err);

/* ---- state_company.c */

/* Of each company all members that are not records, as one JSON object; NULL at the end. */
char **state_texts(const struct simulator *simulator);
void state_texts_freep(char ***texts); /* for AUTO(): frees, leaves NULL */
/* A new company from that. Error: STORE, without the file's name. */
bool state_company_make(struct simulator *simulator, const char *json, struct company **ret_company,
			struct error *err);

#endif
