/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names, addresses and texts for sample companies, in many scripts. All are made up; the n-th name
 * of a company is always the same, and no two of a company are.
 */
#ifndef SAMPLE_NAMES_H
#define SAMPLE_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/str.h"

enum language {
	LANGUAGE_EN,
	LANGUAGE_DE,
	LANGUAGE_FR,
	LANGUAGE_ES,
	LANGUAGE_PL,
	LANGUAGE_NO,
	LANGUAGE_TR,
	LANGUAGE_VI,
	LANGUAGE_EL,
	LANGUAGE_RU,
	LANGUAGE_ZH,
	LANGUAGE_JA,
	LANGUAGE_KO,
	LANGUAGE_AR,
	LANGUAGE_HE,
	LANGUAGE_TH,
	LANGUAGE_HI,
	LANGUAGE_COUNT
};

/* How far the names of one company have been used up. */
struct names {
	uint32_t persons[LANGUAGE_COUNT];
	uint32_t businesses[LANGUAGE_COUNT];
	size_t hard;
};

struct person {
	struct str given, family; /* the caller clears */
	struct str full;	  /* as the language writes them */
};

/* Each call gives another name; what the texts held before is replaced. */
void names_person(struct names *names, enum language language, struct person *ret_person);
void names_business(struct names *names, enum language language, struct str *out);
/* The next name that clients have trouble with (quotes, signs, look-alikes); NULL: no more. */
const char *names_hard(struct names *names);
void person_clear(struct person *person);

/* The i-th of a row of names without end, none of which names_business() gives. */
void names_numbered(uint64_t i, struct str *out);

/* An address object as QuickBooks has it, without an id; `country` says whether it names one. */
void names_address(enum language language, uint64_t i, bool country, struct str *out);

/* Exactly so many characters (not bytes) of prose in several scripts. */
void names_prose(int characters, struct str *out);

#endif
