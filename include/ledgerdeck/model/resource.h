/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resources: things of the operator's own system (a customer, an invoice), known by their organization, type and external
 * id. Their types are rows of one table, for every ledger alike; what a ledger makes of them is its provider's. Pure.
 */
#ifndef LEDGERDECK_MODEL_RESOURCE_H
#define LEDGERDECK_MODEL_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/str.h"

#define RESOURCE_ID_MAX 32           /* "rsrc_" and 26 letters and digits, with the NUL */
#define RESOURCE_EXTERNAL_MAX 256    /* bytes of an external id, with the NUL */
#define RESOURCE_TYPE_MAX 24
#define RESOURCE_LINES_MAX 10000     /* of one resource */
#define RESOURCE_BYTES_MAX ((size_t)16 << 20)

/*
 * What a code of the operator's can stand for. Those that are resources too (a customer) may be codes that are mapped or
 * external ids; a document (an invoice) can only be a resource.
 */
enum target {
	TARGET_NONE,
	TARGET_ACCOUNT, TARGET_ITEM, TARGET_TAX_CODE, TARGET_CLASS, TARGET_DEPARTMENT, TARGET_TERM, TARGET_PAYMENT_METHOD,
	TARGET_CUSTOMER, TARGET_VENDOR, TARGET_CURRENCY,
	TARGET_MAPPED_COUNT,         /* those before it can be mapped */
	TARGET_INVOICE = TARGET_MAPPED_COUNT, TARGET_CREDIT_MEMO, TARGET_BILL,
	TARGET_COUNT
};
const char *target_word(enum target target);            /* "tax_code" */
const char *target_title(enum target target);           /* "tax code", for people */
bool target_parse(const char *word, enum target *ret_target); /* word or title, any letter case */

enum value_kind {
	VALUE_TEXT,
	VALUE_DATE,      /* "2026-01-31" */
	VALUE_MONEY,     /* an amount of the resource's currency */
	VALUE_NUMBER,    /* quantity, price, rate: a decimal with the places that it needs */
	VALUE_FLAG,
	VALUE_CODE,      /* of a `target` */
	VALUE_WORD,      /* one of `words` */
	VALUE_LINES,     /* objects with the type's line fields */
};

struct resource_field {
	const char *name;            /* "due_date" */
	const char *alias;           /* another name that it is known by; NULL: none */
	enum value_kind kind;
	enum target target;          /* VALUE_CODE */
	const char *words;           /* VALUE_WORD: blank-separated, the first is the usual one */
	bool required;
};

enum resource_family { FAMILY_LIST, FAMILY_DOCUMENT };
#define RESOURCE_DEPTH_MAX 3

struct resource_type {
	const char *name;            /* "credit_memo" */
	const char *title;           /* "credit memo" */
	const char *titles;          /* "credit memos" */
	enum resource_family family;
	enum target target;          /* what a code of this type stands for; TARGET_NONE: nothing refers to it */
	int rank;                    /* what others refer to has a lower one: the order of writing */
	const char *number;          /* the field that people call it by: "number", "name" */
	const char *date;            /* of a document; NULL */
	const char *party;           /* the field with its customer or vendor; NULL */
	const char *total;           /* the field with its total; NULL: the sum of its lines' amounts */
	const struct resource_field *fields, *lines;
	size_t field_count, line_count; /* line_count 0: it has no lines */
};

/* In the order of writing. */
const struct resource_type *resource_type_at(size_t index); /* NULL behind the last */
/* Any letter case, "-" and blanks as "_", also the plural; NULL: none. */
const struct resource_type *resource_type_find(const char *name, size_t len);
const struct resource_type *resource_type_of(enum target target); /* NULL: it is no resource */
const struct resource_field *resource_field(const struct resource_type *type, bool line, const char *name, size_t len); /* or alias */

/* What is wrong with a resource, and where. */
struct resource_problem {
	char path[80];               /* "lines[3].amount", the third line; "" : all of it */
	char text[200];              /* one sentence: what, and what it should be */
	size_t at;                   /* where in the data's text it stands: 0 for all of it */
};
#define RESOURCE_PROBLEMS_MAX 100
struct resource_problems {
	struct resource_problem items[RESOURCE_PROBLEMS_MAX];
	size_t count;                /* kept */
	size_t more;                 /* beyond that */
};

/*
 * Look through a resource's data (checked JSON, an object): every field known and of its kind, what is required there, sums
 * right (a line's amount is quantity times price to the hundredth, debits are credits). True: `ret_data`, appended to, has it
 * in the one form that all equal data has: members in the table's order under their own names, decimals and dates as strings
 * (money with two places, numbers with those that they need), texts without blanks around them, nothing empty, a line's amount
 * worked out where only quantity and price came. Members with null or "" count as absent, and of a journal's line so does the
 * side that is zero. Money may also come in hundredths, as an integer named after its field: "amount_minor". False: `problems`
 * says why, and `ret_data` is as it was.
 */
bool resource_check(const struct resource_type *type, struct json_slice data, struct str *ret_data,
		    struct resource_problems *problems);

/* What lists show of it, from data that was checked. Texts are unescaped and cut to their room. */
struct resource_summary {
	char number[128];
	char party[128];             /* the code of its customer or vendor */
	char currency[8];            /* "" : the home currency of whoever it goes to */
	bool has_date;
	struct date date;
	bool has_total;
	struct decimal total;        /* as the data says, else of its lines and tax; of a journal its debits */
	size_t lines;
};
void resource_summarize(const struct resource_type *type, struct json_slice data, struct resource_summary *ret_summary);

/*
 * Can it be the external id of an object whose own ids begin with `prefix` ("rsrc")? If not, `ret_text` says why, as a
 * sentence's end: "cannot start with rsrc_."
 */
#define EXTERNAL_ID_TEXT_MAX 100
bool external_id_check(const char *external_id, const char *prefix, char *ret_text);

#endif
