/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the schema says of itself. */
#ifndef XLEDGER_INTROSPECT_H
#define XLEDGER_INTROSPECT_H

#include "ledgerdeck/core/str.h"

#include "xledger/plan.h"

/* `plan` is that of the field __schema, or __type; its selections are answered. */
void gql_introspect_schema(const struct gql_schema *schema, const struct gql_plan *plan, struct str *out);
void gql_introspect_type(const struct gql_schema *schema, const char *name, const struct gql_plan *plan,
			 struct str *out);

#endif
