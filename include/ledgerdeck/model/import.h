/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents of the operator's own system, out of a file: JSON (sync requests and plain resources), JSON Lines, or CSV. Bytes go
 * in as they come; documents that are whole and right, and refusals of all others, come out by callbacks. A refused row refuses
 * its whole document, never more. Pure: opens nothing, knows no store. See docs/import.md for what files may look like.
 *
 * Memory does not grow with the file, but for twelve bytes a document at two thirds full (IMPORT_DOCUMENTS_MAX bounds them),
 * from which a second document of the same name is known.
 */
#ifndef LEDGERDECK_MODEL_IMPORT_H
#define LEDGERDECK_MODEL_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/model/resource.h"

#define IMPORT_JSON_MAX ((size_t)64 << 20)  /* bytes of a JSON text; JSON Lines and CSV have no such limit */
#define IMPORT_DOCUMENTS_MAX ((size_t)6000000) /* of one file */
#define IMPORT_REFERENCES_MAX 10000         /* resources of one sync request */

enum import_method { IMPORT_UPSERT, IMPORT_CREATE, IMPORT_FIND, IMPORT_UPDATE, IMPORT_METHOD_COUNT };
const char *import_method_word(enum import_method method); /* "upsert" */
bool import_method_parse(const char *word, size_t len, enum import_method *ret_method); /* any letter case */

enum import_form { IMPORT_ANY_FORM /* its beginning tells */, IMPORT_CSV, IMPORT_JSON, IMPORT_JSON_LINES };

/*
 * A resource that came in. The resources of a sync request share its number and come one behind the other, those that others
 * refer to first, and only when all of them are right. All pointers are borrowed for the call.
 */
struct import_document {
	const struct resource_type *type;
	const char *external_id;
	struct json_slice data;      /* as resource_check() makes it */
	size_t line;                 /* of the file, where it begins */
	enum import_method method;   /* what others refer to is upserted; this is the root's */
	size_t request;              /* from 1; a plain resource is a request of its own */
	bool is_root;                /* what the request is about */
	bool is_sync;                /* the request came as a sync request: it has a place in its organization's queue */
	bool without_create_confirmation; /* of the request */
	const char *organization;    /* id or external id of the request's; "" : not said */
};

struct import_refusal {
	size_t line;                 /* of the file */
	size_t column;               /* CSV: which column, JSON: where in the line; from 1, 0: none */
	const char *name;            /* the column's header, or the field "lines[3].amount"; "" : none */
	const char *text;            /* what stands there, made short; "" : nothing */
	const char *why;             /* one sentence without its dot */
	const struct resource_type *type; /* of the document that is refused; NULL: not known */
	const char *external_id;     /* of that document; "" : not known */
};

struct import_sink {
	/* False ends the import; `err` says why. */
	bool (*document)(void *ctx, const struct import_document *document, struct error *err);
	bool (*refusal)(void *ctx, const struct import_refusal *refusal, struct error *err);
	void *ctx;
};

struct import_profile;

struct import_options {
	enum import_form form;
	const struct resource_type *type;     /* of the rows of a CSV file; NULL: its columns tell */
	const struct import_profile *profile; /* borrowed: must outlive the import; NULL: none */
};

struct import_counts {
	size_t documents;            /* that were given out */
	size_t refused;              /* documents; a sync request counts once */
	size_t refusals;             /* reasons; a document may have many */
};

struct import;
struct import *import_new(const struct import_options *options, const struct import_sink *sink); /* the sink is copied */
void import_free(struct import *import);     /* NULL does nothing */
void import_freep(struct import **import);
/*
 * The next bytes of the file, and its end. Error INPUT: no more of the file can be read, since it is no text, no JSON, of an
 * unknown type, or has columns that nobody knows; whoever keeps documents lets go of those that came. After an error nothing
 * more is read.
 */
bool import_feed(struct import *import, const char *bytes, size_t len, struct error *err);
bool import_end(struct import *import, struct error *err);
/*
 * The same file once more, from its start: for whoever looks at all of it before anything is kept. Names that came twice are
 * known now, so that the first document of such a name is refused too: it may be one whose rows don't stand together.
 */
void import_again(struct import *import);
struct import_counts import_counts(const struct import *import);
/* What the rows of the CSV file are, given or recognised; NULL: not known yet, or no CSV. */
const struct resource_type *import_type(const struct import *import);

/*
 * A profile says what the columns of a CSV file are and how its values are written. Error INPUT names file (`name`) and line.
 */
bool import_profile_parse(const char *text, const char *name, struct import_profile **ret_profile, struct error *err);
void import_profile_free(struct import_profile *profile); /* NULL does nothing */
void import_profile_freep(struct import_profile **profile);

#endif
