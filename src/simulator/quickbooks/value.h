/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checking what was sent against the schema, kind by kind, with the service's own refusals. */
#ifndef QUICKBOOKS_VALUE_H
#define QUICKBOOKS_VALUE_H

#include <json-c/json.h>

#include "company.h"
#include "quickbooks/fault.h"

/* No member that the shape does not know: 2010, naming those that it does. */
bool value_known(const struct shape *shape, json_object *sent, struct fault *fault);

/*
 * Check one member's value and hand out its normal form (owned by the caller): money with two
 * places, references with the target's name. `ret_value` is NULL for what counts as not sent
 * (null, "", {}). `path` names it in faults ("Line.Amount"). `old` is the same member as it stands
 * in the books, or NULL: what is unchanged may point to what has become inactive.
 */
bool value_check(struct company *company, const struct member *member, json_object *sent,
		 const char *path, json_object *old, json_object **ret_value, struct fault *fault);

/* The members of an object in the order of its shape, objects and lists within included. New object. */
json_object *value_arrange(const struct shape *shape, json_object *object);

#endif
