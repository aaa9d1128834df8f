/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing: create, full and sparse update, delete, void, for every entity by one path. A draft
 * is checked and completed as a whole before anything of it reaches the books, so a refused
 * request leaves nothing behind.
 */
#ifndef QUICKBOOKS_WRITE_H
#define QUICKBOOKS_WRITE_H

#include <json-c/json.h>

#include "company.h"
#include "quickbooks/fault.h"

enum write_operation { WRITE_SAVE /* create or update, by Id */, WRITE_DELETE, WRITE_VOID };

struct write_options {
	bool allow_duplicate_number; /* include=allowduplicatedocnum */
	bool as_other;               /* the user in the browser, not the API's */
	const char *id;              /* MAY: the id of a new record; NULL: the next of its sequence */
};

/*
 * Carry out one write of one object as sent (not the envelope). Appends the answer's object, the
 * stored record or the deletion's stub, to `out`. False with a fault; then nothing has changed.
 */
bool write_run(struct company *company, const struct entity *entity, enum write_operation operation,
	       json_object *sent, const struct write_options *options, struct str *out,
	       struct fault *fault);

/* The same for one's own data (sample companies), from JSON text; ends the program when refused. */
struct record *write_sample(struct company *company, const char *entity, const char *json);
/* The same with an id of its own: the tax codes TAX and NON. */
struct record *write_sample_as(struct company *company, const char *entity, const char *id, const char *json);

/* The service's own writing outside of sample data: entities that clients cannot create. */
struct record *write_own(struct company *company, const char *entity, const char *json);

/* POST taxservice/taxcode: makes rates and a code; the answer is not wrapped. */
bool write_tax_service(struct company *company, json_object *sent, struct str *out, struct fault *fault);

#endif
