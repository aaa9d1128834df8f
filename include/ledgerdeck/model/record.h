/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record as the ledger has it, and what the catalogue takes out of it. */
#ifndef LEDGERDECK_MODEL_RECORD_H
#define LEDGERDECK_MODEL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/model/personal.h"

#define RECORD_ID_MAX 64      /* bytes with the NUL; longer ids are a problem of the record */
#define RECORD_VERSION_MAX 40

enum record_state {
	RECORD_LIVE,
	RECORD_INACTIVE, /* a list object switched off in the ledger */
	RECORD_VOIDED,   /* a transaction made void: zero, with its note */
	RECORD_DELETED,  /* proven gone */
	RECORD_STATE_COUNT
};
const char *record_state_word(enum record_state state); /* "live", ... */
/* As it is for a type: what is gone from a list whose records can't be deleted was "merged" into another. */
const char *record_state_word_of(const struct type *type, enum record_state state);

enum cell_kind { CELL_NONE, CELL_INTEGER, CELL_TEXT };

/*
 * One extracted value, in a form that sorts and compares as people expect: money and numbers as
 * integers of a millionth (as text when they don't fit), dates as days and instants as milliseconds
 * since 1970, flags as 0 and 1.
 */
struct cell {
	enum cell_kind kind;
	int64_t integer;
	const char *text; /* borrowed: the page or the scratch of record_extract() */
	size_t len;
};
#define CELL_SCALE 6

struct record {
	struct json_slice raw;   /* borrowed: the page; the ledger's own bytes */
	char id[RECORD_ID_MAX];
	char version[RECORD_VERSION_MAX];
	bool has_time;
	int64_t time_ms;         /* of its last change, the ledger's word */
	enum record_state state;
	uint64_t hash;           /* of the raw bytes */
	const char *title;       /* borrowed as cells; never NULL */
	size_t title_len;
	struct cell cells[TYPE_FIELDS_MAX];
};

/* What tells whether a record is already here as it is. */
struct record_key {
	char id[RECORD_ID_MAX]; /* "": it can't be kept as a record */
	char version[RECORD_VERSION_MAX];
	uint64_t hash;
};
/* Only that much of a record, as record_extract() would read it. `scratch` is for texts on the way. */
void record_key(const struct type *type, struct json_slice raw, struct str *scratch, struct record_key *ret_key);

/*
 * Take a record apart by its type. Unescaped texts are appended to `scratch`, which must live as
 * long as the record and be large enough not to move (str_reserve() of the page's length is).
 * False with INPUT when it can't be kept as a record (no id, id too long, no time where one is due, a
 * date out of range): the caller parks it.
 */
bool record_extract(const struct type *type, struct json_slice raw, struct str *scratch,
		    struct record *ret_record, struct error *err);

/* Another record that one names in a list, see struct type_refers. */
struct record_reference {
	char type[64];           /* as the ledger calls it; catalogue_called() knows whose type that is */
	char id[RECORD_ID_MAX];
};
/* All that it names, each once, in its order; how many. `ret_more`: there was no room for all. Checked text. */
size_t record_references(const struct type *type, struct json_slice raw, struct record_reference *ret_references, size_t room,
			 bool *ret_more);

/* A cell as people read it: "1,200.50" is never written, "1200.50" is; what is personal and masked is PERSONAL_MASK. Appended. */
void cell_add_text(const struct cell *cell, const struct type_field *field, enum personal personal, struct str *out);
/* As a JSON value: decimals as numbers with their own digits, dates and times as strings. Appended. */
void cell_add_json(const struct cell *cell, enum field_kind kind, struct str *out);

#endif
