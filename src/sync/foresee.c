/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan would come to, without keeping one. */
#include "ledgerdeck/core/memory.h"
#include "plan.h"

static bool count_line(void *ctx, const struct plan_line *line, struct error *err)
{
	struct push_totals *totals = ctx;

	(void)err;
	totals->acts[line->act]++;
	totals->lines++;
	return true;
}

bool push_foresee(struct store *store, const struct catalogue *catalogue, const struct push_wish *wish, struct push_totals *ret_totals,
		  struct error *err)
{
	AUTO(planner_close) struct planner planner = { 0 };

	*ret_totals = (struct push_totals){ 0 };
	if (!planner_open(&planner, store, catalogue, wish, err))
		return false;
	planner.line = count_line;
	planner.ctx = ret_totals;
	return planner_run(&planner, err);
}
