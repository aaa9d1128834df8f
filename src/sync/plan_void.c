/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a document that is taken back: made void, deleted, or credited where its owner made it void, or undone with its plan. */
#include <string.h>

#include "plan_line.h"

/* Made to take an invoice back, which is not to be done any more. */
bool line_is_uncredited(struct line_work *work)
{
	const char *why = plan_uncredited(work->planner, &work->resource, work->has_link);

	return why && line_settle(work, PLAN_SKIP, REASON_VOIDED, "%s", why);
}

/* By a credit note the invoice stays as it is: what belongs to that has lines of its own. */
static bool is_credited(struct line_work *work)
{
	bool wanted = policy_is(&work->planner->policies, POLICY_VOID, "credit-note"), written = false;

	if (work->resource.type->target != TARGET_INVOICE)
		return false;
	if (plan_credits(work->planner, work->resource.no, &written) && written)
		return line_settle(work, PLAN_SKIP, REASON_VOIDED, "void with you; a credit note takes it back");
	return wanted && line_settle(work, PLAN_SKIP, REASON_VOIDED, "void with you; a credit note is to take it back");
}

/* The operator's system made it void. */
bool line_is_voided(struct line_work *work)
{
	const struct policies *policies = &work->planner->policies;
	struct json_slice flag = json_member(line_data(work), "voided");
	bool delete = policy_is(policies, POLICY_VOID, "delete");
	char why[200];

	if (flag.kind != JSON_BOOL || flag.text[0] != 't')
		return false;
	if (!work->has_link || !work->known || !work->known->raw || work->known->state == RECORD_VOIDED ||
	    work->known->state == RECORD_DELETED)
		return line_settle(work, PLAN_SKIP, REASON_VOIDED, "void with you, and not open in the ledger");
	if (is_credited(work))
		return true;
	if (policy_is(policies, POLICY_VOID, "block"))
		return line_settle(work, PLAN_BLOCKED, REASON_VOIDED, "the policy lets nothing be made void");
	line_check_closed(work);
	if (work->closed)
		return line_is_obstructed(work);
	if (!work->planner->push->voidable(work->record_type, delete, plan_slice(work->known), why))
		return line_settle(work, PLAN_BLOCKED, REASON_LINKS, "%s", why);
	if (delete)
		str_add(&work->body, "delete");
	return line_settle(work, PLAN_VOID, REASON_VOIDED, delete ? "void with you; it is deleted in the ledger" : "void with you");
}

/* ---- undoing */

/* What a plan has created is made void, as long as nobody has touched it since. */
void line_undo(struct line_work *work)
{
	bool delete = policy_is(&work->planner->policies, POLICY_VOID, "delete"), list = work->resource.type->family == FAMILY_LIST;
	char why[200];

	if (!work->has_link || !work->known->raw || work->known->state == RECORD_DELETED || work->known->state == RECORD_VOIDED) {
		line_settle(work, PLAN_SKIP, REASON_GONE, "it is not in the ledger any more");
	} else if (list) {
		line_settle(work, PLAN_SKIP, REASON_UNFIT, "entries of lists stay: they are switched off in the ledger, never made void");
	} else if (strcmp(work->known->version, work->link.version) != 0) {
		line_settle(work, PLAN_BLOCKED, REASON_LEDGER_CHANGED, "somebody has changed it in the ledger since it was written");
	} else if (!work->planner->push->voidable(work->record_type, delete, plan_slice(work->known), why)) {
		line_settle(work, PLAN_BLOCKED, REASON_LINKS, "%s", why);
	} else {
		if (delete)
			str_add(&work->body, "delete");
		line_settle(work, PLAN_VOID, REASON_VOIDED, "created by plan %s, which is undone", work->planner->wish->undo);
	}
}
