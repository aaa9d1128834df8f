/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stop rules: what has to go wrong with a plan that is carried out before the rest of it is paused. The words of the policy "stop",
 * such as "untold 25%"; any of them is enough. Pure.
 */
#ifndef LEDGERDECK_MODEL_STOP_H
#define LEDGERDECK_MODEL_STOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STOP_SHARE_FROM 10 /* errors: of a few writes a share says nothing */

struct stop_rule {
	bool untold;         /* an outcome that a person has to find out */
	bool uncertain;      /* an outcome that is not known yet */
	int64_t errors;      /* so many; 0: their number doesn't matter */
	int percent;         /* of what was answered, from STOP_SHARE_FROM errors on; 0: their share doesn't matter */
};
bool stop_parse(const char *text, struct stop_rule *ret_rule); /* false: it is none */

/* How a plan has fared since it was begun, or gone on with. */
struct stop_seen {
	int64_t untold, uncertain;
	int64_t errors;      /* ended so that a person has to look */
	int64_t answered;    /* ended, one way or the other */
};
/* True: what is left is to be paused, `ret_why` says why in a sentence without its full stop. */
bool stop_is_met(const struct stop_rule *rule, const struct stop_seen *seen, char *ret_why /* STOP_WHY_MAX */);
#define STOP_WHY_MAX 160

#endif
