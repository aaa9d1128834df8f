/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An entity's books in memory: per type a table of records in order of their dbIds, and the
 * deltas of the last three days. A record holds its fields packed, as texts; references are
 * dbIds, so that what is read through them is always current.
 */
#ifndef XLEDGER_BOOKS_H
#define XLEDGER_BOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/map.h"
#include "ledgerdeck/core/str.h"

#include "xledger/type.h"

#define XL_REALM_MAX 24
#define XL_OWNERS_MAX 4
#define XL_DELTA_KEPT_MS (3 * INT64_C(86400000))

/* A value as text; `text` NULL: null. Of a part: its own packed fields. */
struct xl_value {
	const char *text;
	size_t len;
};

struct xl_record {
	int64_t dbid;
	int64_t owner;        /* dbId of the entity or one below it */
	int64_t created_ms, modified_ms; /* whole seconds */
	char *pack;           /* owned */
	uint32_t len;
	bool dirty;           /* the state file lacks it */
	const struct xl_type *type;
	struct xl_record *next_dirty; /* borrowed */
};

enum xl_change { XL_ADDED, XL_UPDATED, XL_DELETED };

struct xl_delta {
	int64_t position;   /* ascending over all types of an entity */
	int64_t ms;         /* ascending */
	int64_t dbid, owner;
	enum xl_change change;
};

struct xl_table {
	struct xl_record **records; /* owned, ascending by dbId */
	size_t count, room;
	struct xl_delta *deltas;    /* owned, ascending by position */
	size_t delta_count, delta_room, delta_saved; /* the state file has the first `delta_saved` */
	struct map codes;           /* code to record; valid while `has_codes` */
	bool has_codes;
};

struct xl_gone { /* a record that the state file still holds */
	size_t type;
	int64_t dbid;
};

struct simulator;

struct xl_entity {
	struct simulator *simulator; /* borrowed: its world */
	char realm[XL_REALM_MAX];    /* its owner dbId, digits */
	int64_t dbid;                /* the same as a number */
	char *name;                  /* owned */
	int64_t owners[XL_OWNERS_MAX]; /* itself, then those below it */
	size_t owner_count;
	struct xl_table tables[XL_TYPE_MAX];
	int64_t next_dbid, next_position;
	int64_t next_voucher, next_invoice, next_order, next_customer, next_supplier, next_project;
	int64_t last_delta_ms;
	int64_t imported;            /* journal lines that were looked at, in the order they came */
	int64_t credits_used, credits_since_ms; /* not kept */
	int64_t open_orders;         /* not yet invoiced; -1: not counted yet */
	bool loading;                /* sample data is being made: no deltas, times are given */
	bool changed;                /* something but records is other than in the state file */
	struct xl_record *dirty;     /* borrowed: the list's head */
	struct xl_gone *gone;        /* owned */
	size_t gone_count, gone_room;
};

struct xl_entity *xl_entity_new(struct simulator *simulator, const char *realm, const char *name);
void xl_entity_free(struct xl_entity *entity); /* NULL does nothing */

struct xl_table *xl_table_of(struct xl_entity *entity, const struct xl_type *type);
/* First place whose dbId is at least `dbid`. */
size_t xl_table_bound(const struct xl_table *table, int64_t dbid);
/* NULL: there is none. */
struct xl_record *xl_find(struct xl_entity *entity, const struct xl_type *type, int64_t dbid);
/* By code; NULL: none. The first of several. */
struct xl_record *xl_find_code(struct xl_entity *entity, const struct xl_type *type, const char *code);

/* ---- packed fields */

void xl_pack_add(struct str *pack, size_t field, const char *text, size_t len);
struct xl_value xl_pack_get(const char *pack, size_t len, size_t field);
/* Walk through: start with `*at` 0. */
bool xl_pack_each(const char *pack, size_t len, size_t *at, size_t *ret_field, struct xl_value *ret_value);
/* Is it well-formed for the type? */
bool xl_pack_check(const struct xl_type *type, const char *pack, size_t len, int depth);

/* An object that is looked at: a record, or a part inside one. */
struct xl_object {
	const struct xl_type *type;
	const struct xl_record *record;
	const char *pack;
	size_t len;
};
struct xl_object xl_object_of(const struct xl_record *record);
/*
 * A field's value, through `from` as well. `scratch` (32 bytes) holds what is made of numbers;
 * XL_CREATED and XL_MODIFIED are milliseconds as digits.
 */
struct xl_value xl_object_get(struct xl_entity *entity, const struct xl_object *object,
			      const struct xl_field *field, char *scratch);
/* The object behind a reference, a part or an owner. False: null. */
bool xl_object_follow(struct xl_entity *entity, const struct xl_object *object, const struct xl_field *field,
		      struct xl_object *ret_object);

/* ---- changes */

/* A new record with the next dbId; `pack` is copied. Leaves a delta unless loading. */
struct xl_record *xl_add(struct xl_entity *entity, const struct xl_type *type, int64_t owner, const char *pack,
			 size_t len);
/* The same with a time of its own, for samples. */
struct xl_record *xl_add_at(struct xl_entity *entity, const struct xl_type *type, int64_t owner, int64_t ms,
			    const char *pack, size_t len);
/* And with a dbId of its own, which must be free. */
struct xl_record *xl_add_as(struct xl_entity *entity, const struct xl_type *type, int64_t dbid, int64_t owner,
			    int64_t ms, const char *pack, size_t len);
void xl_update(struct xl_entity *entity, struct xl_record *record, const char *pack, size_t len);
/* Nothing in it changed but what points to it or is computed. */
void xl_touch(struct xl_entity *entity, struct xl_record *record);
void xl_remove(struct xl_entity *entity, struct xl_record *record); /* frees it */
/* One more entry of the delta log, as of now. */
void xl_delta_add(struct xl_entity *entity, const struct xl_type *type, int64_t dbid, int64_t owner,
		  enum xl_change change, int64_t ms);
/* First entry that is still kept. */
size_t xl_delta_first(const struct xl_entity *entity, const struct xl_table *table);
/* Put a record that was read from the state file at its place. Takes it; ascending is fast. */
void xl_restore(struct xl_entity *entity, struct xl_record *record);
void xl_record_free(struct xl_record *record);

int64_t xl_now_ms(const struct xl_entity *entity); /* whole seconds */

#endif
