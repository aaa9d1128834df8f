/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the simulated QuickBooks knows of its entities, read once from the rows of schema.c: name,
 * operations, members in the order in which the service writes them. Made from recordings and
 * Intuit's documentation, never from a client's tables.
 */
#ifndef QUICKBOOKS_ENTITY_H
#define QUICKBOOKS_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENTITY_MAX 48

enum value_kind {
	VALUE_TEXT,    /* string, at most `max` characters */
	VALUE_BOOL,
	VALUE_NUMBER,  /* decimal, as sent */
	VALUE_MONEY,   /* decimal with two places, "0" for zero */
	VALUE_INTEGER,
	VALUE_DATE,    /* "2026-01-31" */
	VALUE_TIME,    /* "2026-01-31T12:00:00-08:00" */
	VALUE_REF,     /* {"value":"1","name":".."} to one of `values` */
	VALUE_ENUM,    /* one of `values`, "A|B|C" */
	VALUE_OBJECT,  /* members of `shape` */
	VALUE_LIST,    /* array of objects of `shape` */
	VALUE_ANY,     /* kept as sent */
};

enum {
	MEMBER_REQUIRED = 1, /* 2020 when missing at create and full update */
	MEMBER_READONLY = 2, /* ignored in requests; computed */
	MEMBER_QUERY = 4,    /* may stand in WHERE and ORDERBY */
	MEMBER_HIDDEN = 8,   /* known, accepted and dropped: never in answers */
	MEMBER_TYPED = 16,   /* VALUE_REF that also carries "type" of the party it names */
	MEMBER_BARE = 32,    /* VALUE_REF written without the target's name, as recorded */
};

struct member {
	const char *name;
	enum value_kind kind;
	unsigned flags;            /* MEMBER_* */
	int max;                   /* characters; 0: none stated */
	const char *values;        /* VALUE_ENUM: "A|B"; VALUE_REF: entity names "Customer|Vendor" */
	const struct shape *shape; /* VALUE_OBJECT, VALUE_LIST */
};

struct shape {
	const char *name;          /* "SalesItemLineDetail": the class that 2010 names */
	struct member *members;
	size_t count;
};

enum entity_kind {
	ENTITY_LIST,    /* has Active, cannot be deleted */
	ENTITY_TXN,     /* a transaction */
	ENTITY_SPECIAL, /* CompanyInfo, Preferences, Attachable and their like */
};

enum {
	ENTITY_CAN_QUERY = 1,
	ENTITY_CAN_CREATE = 2,
	ENTITY_CAN_UPDATE = 4,
	ENTITY_CAN_DELETE = 8,
	ENTITY_CAN_VOID = 16,
	ENTITY_CDC = 32,        /* change data capture is documented */
	ENTITY_CDC_UNSURE = 64, /* unconfirmed: see the switch cdc-extra */
	ENTITY_PAYS = 128,      /* its lines settle other records: links */
};

struct entity_rules; /* write.h */

struct entity {
	int index;                 /* place in company.tables */
	const char *name;          /* "Invoice": in queries, CDC, links, messages */
	const char *key;           /* member name in envelopes; mostly the same as name */
	char path[32];             /* "invoice": in addresses */
	const char *internal;      /* in fault 2500: "Accounts", "Klasses", "Names" */
	enum entity_kind kind;
	unsigned can;              /* ENTITY_CAN_*, ENTITY_CDC* */
	const char *name_member;   /* "DisplayName", "Name", "DocNumber"; NULL: none */
	struct shape shape;        /* its members in output order */
	const struct entity_rules *rules; /* what is particular to writing it */
};

/* Reads the rows on first use; call entity_start() once before threads exist. */
void entity_start(void);
size_t entity_count(void);
const struct entity *entity_at(size_t index);
const struct entity *entity_by_name(const char *name, bool any_case); /* NULL: none */
const struct entity *entity_by_path(const char *path, bool any_case);
const struct member *shape_member(const struct shape *shape, const char *name);     /* exact */
/*
 * A property as a query names it: "TotalAmt", "Metadata.LastUpdatedTime", "CustomerRef", in any
 * letter case. Puts its path as it stands in records into `ret_path` ("CustomerRef.value").
 * NULL when the entity has no such property.
 */
const struct member *entity_property(const struct entity *entity, const char *name, char *ret_path,
				     size_t path_size);

#endif
