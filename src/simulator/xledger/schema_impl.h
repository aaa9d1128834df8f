/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that make the schema share: schema.c, schema_mutation.c and introspect.c. */
#ifndef XLEDGER_SCHEMA_IMPL_H
#define XLEDGER_SCHEMA_IMPL_H

#include "ledgerdeck/core/str.h"

#include "xledger/schema.h"

struct gql_argument_row {
	const char *name;
	const char *type;
	unsigned wrap;
};

/* The type of that name, made if it is not there. */
struct gql_type *gql_type_make(struct gql_schema *schema, const char *name, enum gql_form form, enum gql_shape shape,
			       const struct xl_type *of);
/* Valid until the next one is added to the type. */
struct gql_slot *gql_type_add(struct gql_schema *schema, struct gql_type *type, const char *name,
			      const struct gql_type *of, unsigned wrap, enum gql_role role);
void gql_slot_set_arguments(struct gql_schema *schema, struct gql_slot *slot, const struct gql_argument_row *rows,
			    size_t count);
const struct gql_type *gql_scalar_of(const struct gql_schema *schema, const struct xl_type *type,
				     const struct xl_field *field, bool reversed);

/* The type Mutation and all inputs. */
const struct gql_type *gql_schema_add_mutations(struct gql_schema *schema);
/* __schema, __type and the types of what they answer. */
void gql_schema_add_meta(struct gql_schema *schema);

#endif
