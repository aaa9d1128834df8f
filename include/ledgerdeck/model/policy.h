/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies: what an account's operator lets a plan do by itself. Rows of one table; the values are kept per account. Pure. */
#ifndef LEDGERDECK_MODEL_POLICY_H
#define LEDGERDECK_MODEL_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/resource.h"

enum policy {
	POLICY_DIRECTION,      /* push, both, pull */
	POLICY_DUPLICATE,      /* ask, link-if-exact, block, create, skip */
	POLICY_NEW_CUSTOMER,   /* approve, create, refuse: also vendors */
	POLICY_NEW_ITEM,       /* approve, create, refuse */
	POLICY_CONFLICT,       /* ask, ours, theirs */
	POLICY_OWNER,          /* whose fields are once their record is there, by field */
	POLICY_CLOSED,         /* block, first-open-day, ask */
	POLICY_VOID,           /* void, delete, credit-note, block */
	POLICY_TAX_VARIANCE,   /* accept, block, ask */
	POLICY_TRUNCATE,       /* block, shorten */
	POLICY_NUMBERING,      /* keep, ledger, prefix=AC- */
	POLICY_RATE,           /* document, ledger, table */
	POLICY_TAG,            /* note, none */
	POLICY_GO_LIVE,        /* a date, or empty */
	POLICY_RECEIVABLE,     /* ledger, account=1500: where a customer's line goes */
	POLICY_PAYABLE,        /* ledger, account=2400: where a vendor's line goes */
	POLICY_FRESH,          /* how old the mirror may be for a plan */
	POLICY_EXPIRE,         /* how long a plan can be applied */
	POLICY_DEBOUNCE,       /* how long edits are gathered before one is pushed by itself; "off": never */
	POLICY_AUTO_COUNT,     /* plans of more writes don't go by themselves */
	POLICY_AUTO_AMOUNT,    /* nor those of more than this amount of a currency */
	POLICY_AUTO_NEW,       /* wait, go: new customers, vendors and items */
	POLICY_AUTO_VOID,      /* wait, go: what is made void */
	POLICY_APPROVE_COUNT,  /* plans up to so many writes need one person */
	POLICY_APPROVE_AMOUNT, /* and up to this amount */
	POLICY_CONFIRM,        /* in which books a person types the sum before it is written */
	POLICY_WINDOW,         /* when what is queued may be sent: see window.h; empty: always */
	POLICY_STOP,           /* what pauses the rest of a plan that is carried out: see stop.h */
	POLICY_UNEXPLAINED,    /* zero, any: what may be open when a session is signed */
	POLICY_REVIEWER,       /* other, same: who may sign what one has prepared */
	POLICY_TOLERANCE,      /* how far amounts may be apart to be suggested as one: model/tolerance.h */
	POLICY_COUNT
};

#define POLICY_VALUE_MAX 240

struct policy_row {
	const char *name;      /* "duplicate" */
	const char *title;     /* "Documents with a number that is taken" */
	/* Blank-separated words, the first is the default; one with "=" takes any text behind that, its own is an example. NULL: `kind` says. */
	const char *values;
	enum { POLICY_WORDS, POLICY_DATE, POLICY_DURATION, POLICY_AMOUNT, POLICY_TOLERANCES, POLICY_OWNERS, POLICY_STOPS, POLICY_TIMES } kind;
	const char *usual;     /* the default where it is not a word of `values` */
	const char *help;      /* what the values do, a sentence or two */
	bool of_plans;         /* another value may make another plan */
};
const struct policy_row *policy_row(enum policy policy);
/* Its words one by one, from 0 on; false: it has no more. Appended. */
bool policy_value(enum policy policy, size_t at, struct str *out);
/* What one of its values does, of its help; nothing where that says it of none. Appended. */
void policy_add_meaning(enum policy policy, const char *value, struct str *out);
const char *policy_usual(enum policy policy, char *room /* POLICY_VALUE_MAX */); /* its default. room */
bool policy_find(const char *name, enum policy *ret_policy, struct error *err); /* INPUT: names the nearest */
/* Is it a value of the policy? INPUT says what is. */
bool policy_check(enum policy policy, const char *value, struct error *err);

/* The words that a value can have, without examples ("prefix="); of field-owner the fields, each with "=". Appended. */
void policy_words(enum policy policy, struct str *out);

/* An account's, complete: what is not set has its default. */
struct policies {
	char values[POLICY_COUNT][POLICY_VALUE_MAX];
};
void policies_init(struct policies *policies);
bool policy_is(const struct policies *policies, enum policy policy, const char *value);
/* The text that stands behind such a word ("prefix="); NULL: its value is another word. */
const char *policy_text(const struct policies *policies, enum policy policy, const char *word);
/* How a document's own number stands in the ledger where it is written anew. Appended. */
void policy_number(const struct policies *policies, const struct resource_type *type, const char *number, struct str *out);
bool policy_day(const struct policies *policies, enum policy policy, struct date *ret_date); /* false: not set */
/* Whose value of a field stays once the record is there. */
enum field_owner {
	OWNER_SOURCE,          /* ours is written */
	OWNER_LEDGER,          /* the ledger's stays */
	OWNER_MANUAL,          /* a person decides about each difference */
};
const char *field_owner_word(enum field_owner owner);
enum field_owner field_owner(const struct policies *policies, const struct resource_type *type, const struct resource_field *field);
bool field_owner_check(const char *value, struct error *err);  /* INPUT: what can't be, and what is nearest to it */
void field_owner_words(struct str *out);                       /* all fields that can be left to others, each as " name=" */
int64_t policy_seconds(const struct policies *policies, enum policy policy);               /* -1: off */

#endif
