/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Matching: which things of one side are which of the other. Passes are gone through in a fixed order, each item leaves
 * with the first that takes it, and equal input gives equal matches, whatever order it comes in. Exact passes are sure;
 * passes with a tolerance only suggest; where two would do, neither is taken. Amounts are compared exactly, not as they
 * are shown. Pure.
 *
 * Memory: what the caller holds, and while it works 88 bytes an item and 40 for each kind and currency. Time: that of
 * sorting the items a few times, whatever stands in them: where very many are alike, it is not looked which fits best.
 */
#ifndef LEDGERDECK_MODEL_MATCH_H
#define LEDGERDECK_MODEL_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledgerdeck/core/date.h"

enum match_pass {
	MATCH_NONE,
	MATCH_LINK,          /* a link says so, which a write or a person made; amounts and dates may differ */
	MATCH_TAG,           /* a mark or reference that only these two have; within `reference_days`; amounts may differ */
	MATCH_NUMBER_PARTY,  /* number, party, total and date */
	MATCH_NUMBER,        /* number and total; within `number_days`, no other has them */
	MATCH_PARTY,         /* party and total; within `party_days`, no other has them */
	MATCH_MANY,          /* several of one side make one of the other, to the cent, in one way only */
	MATCH_TOLERANCE,     /* number or party, one or several, the difference within tolerance: suggested */
	MATCH_SCORE,         /* alike in several things: suggested */
	MATCH_HAND,          /* a person said so; no pass of match_run() */
	MATCH_PASS_COUNT
};
const char *match_pass_word(enum match_pass pass);   /* "number-party" */
const char *match_pass_title(enum match_pass pass);  /* "number, party, total and date", for people */
bool match_pass_parse(const char *word, enum match_pass *ret_pass);
bool match_pass_is_sure(enum match_pass pass);

/* All texts are borrowed, NULL or "" where there is none, and are compared in the form of str_add_alike(). */
struct match_item {
	uint32_t kind;       /* only items of one kind can match: documents of one type, movements of money */
	struct date date;
	int64_t amount;      /* millionths; signed */
	char currency[4];    /* only items of one currency can match */
	const char *link;    /* equal on both sides, and on no other of the kind and currency: they are linked */
	const char *tag;     /* mark or external reference */
	const char *number;
	const char *party;   /* an id that both sides have, or a name */
	const char *text;    /* memo, description */
};

/* How much one side may be off, for a kind and currency; the stricter of amount and share holds. Zero: not at all. */
struct match_tolerance {
	int64_t above, below;        /* millionths, of the second side over and under the first */
	int32_t above_share, below_share; /* of the first side's amount, or of the one's against several; in millionths */
	int32_t days_before, days_after;  /* of the second side before and behind the first */
};

struct match_rules {
	int32_t reference_days;      /* 45 */
	int32_t number_days;         /* 3 */
	int32_t party_days;          /* 5 */
	int32_t score_least;         /* a suggestion has this score at least: 5 */
	/* NULL: no tolerance at all. Asked once for each kind and currency. */
	struct match_tolerance (*tolerance)(void *ctx, uint32_t kind, const char *currency);
	void *ctx;
};
struct match_rules match_rules_usual(void);

/*
 * How alike two are: amount +3 equal, +2 within tolerance, -5 else; date +3 the same, +2 within `party_days`, -5 else;
 * number +4 equal, -2 different; text +2 equal, +1 one within the other; party +2 equal, -2 different. What one lacks
 * counts nothing.
 */
int match_score(const struct match_item *first, const struct match_item *second, const struct match_rules *rules);

#define MATCH_MANY_MAX 12    /* items of which a sum is sought, and of one match's side */
struct match {
	enum match_pass pass;
	int score;                   /* of the first two */
	int64_t difference;          /* millionths: second side less first; at the ends of int64_t where it is beyond */
	/* Places in the arrays; one of the sides has one item. */
	uint32_t first[MATCH_MANY_MAX], second[MATCH_MANY_MAX];
	uint8_t first_count, second_count;
};

/*
 * Match two sides of at most UINT32_MAX - 1 items together. `each` gets the matches pass by pass, within a pass in the
 * order of the first side's date, amount and number; false ends it. Items without a match are not told. `stopped` (may
 * be NULL) is asked now and then, with `ctx` too. False: it said so, or `each` did.
 */
bool match_run(const struct match_item *first, size_t first_count, const struct match_item *second, size_t second_count,
	       const struct match_rules *rules, bool (*each)(void *ctx, const struct match *match), void *ctx,
	       bool (*stopped)(void *ctx));

#endif
