/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is a resource that has no record yet in the ledger all the same? Our mark proves it; a name or number alone never does: what is
 * linked by it, asked about or left out is the account's policy, or a person's decision.
 */
#include <stdio.h>
#include <string.h>

#include "plan_line.h"

struct candidate {
	const char *type;
	char id[RECORD_ID_MAX];
	struct likeness likeness;
	bool mine;    /* it has our mark */
	bool exact;
	bool inactive;
};

static bool same_money(const struct line_work *work, const struct likeness *likeness)
{
	const char *home = work->planner->company.home;
	const char *theirs = *likeness->currency ? likeness->currency : home;
	const char *ours = *work->translation.currency ? work->translation.currency : home;

	return strcmp(theirs, ours) == 0 && likeness->has_total && work->translation.has_total &&
	       decimal_compare(likeness->total, work->translation.total) == 0;
}

/* Has it been linked to something else, or may it be this one? */
static bool look_at(struct line_work *work, const char *type, const char *id, struct candidate *candidate)
{
	struct planner *planner = work->planner;
	const struct known *known = plan_record(planner, type, id);
	struct likeness ours;
	struct link other;
	bool found;

	if (!known || !known->raw || known->state == RECORD_DELETED || known->state == RECORD_VOIDED)
		return false;
	*candidate = (struct candidate){ .type = type, .inactive = known->state == RECORD_INACTIVE };
	snprintf(candidate->id, sizeof(candidate->id), "%s", id);
	planner->push->likeness(type, plan_slice(known), &candidate->likeness);
	planner->push->likeness(type, line_body(work), &ours);
	candidate->mine = strcmp(candidate->likeness.tag, work->resource.id) == 0;
	if (work->resource.type->family == FAMILY_LIST)
		candidate->exact = strcmp(type, work->record_type) == 0 && !candidate->inactive;
	else
		candidate->exact = strcmp(ours.party, candidate->likeness.party) == 0 && ours.has_date && candidate->likeness.has_date &&
				   ours.date.day == candidate->likeness.date.day && same_money(work, &candidate->likeness);
	if (!links_of_record(planner->store, planner->account.id, type, id, &other, &found, &planner->error))
		return false;
	return !found || other.resource == work->resource.no;
}

/* The best one of those with its name or number. */
static bool find_candidate(struct line_work *work, const char *name, struct candidate *best)
{
	const char *const own[] = { work->record_type, NULL };
	const char *const *types = work->planner->push->name_types(work->resource.type);
	char ids[NAMES_FOUND_MAX][RECORD_ID_MAX];
	struct candidate candidate;
	bool found = false;

	for (types = types ? types : own; *types; types++) {
		size_t count = plan_names(work->planner, *types, name, ids);

		for (size_t i = 0; i < count; i++) {
			if (!look_at(work, *types, ids[i], &candidate))
				continue;
			if (!found || candidate.mine > best->mine || (candidate.mine == best->mine && candidate.exact > best->exact))
				*best = candidate;
			found = true;
		}
	}
	return found;
}

static bool link_to(struct line_work *work, const struct candidate *candidate, const char *why)
{
	const struct known *known = plan_record(work->planner, candidate->type, candidate->id);

	snprintf(work->line.record_id, sizeof(work->line.record_id), "%s", candidate->id);
	if (known)
		snprintf(work->line.version, sizeof(work->line.version), "%s", known->version);
	return line_settle(work, PLAN_LINK, REASON_FOUND, "%s", why);
}

static bool ask_duplicate(struct line_work *work, const struct candidate *candidate)
{
	const struct likeness *likeness = &candidate->likeness;
	char theirs[DECIMAL_TEXT_MAX] = "", ours[DECIMAL_TEXT_MAX] = "";

	if (work->resource.type->family == FAMILY_LIST)
		return line_settle(work, PLAN_DECIDE, REASON_DUPLICATE, "%s %s has that name%s", candidate->type, candidate->id,
			      candidate->inactive ? ", and is inactive" : "");
	if (likeness->has_total)
		decimal_format(likeness->total, theirs);
	if (work->translation.has_total)
		decimal_format(work->translation.total, ours);
	if (candidate->exact)
		return line_settle(work, PLAN_DECIDE, REASON_DUPLICATE, "%s %s has number %s and is the same in party, date and total", candidate->type,
			      candidate->id, likeness->number);
	return line_settle(work, PLAN_DECIDE, REASON_DUPLICATE, "%s %s has number %s with %s; yours is %s", candidate->type, candidate->id,
		      likeness->number, *theirs ? theirs : "another total", *ours ? ours : "not foretold");
}

bool line_has_duplicate(struct line_work *work)
{
	const struct policies *policies = &work->planner->policies;
	bool list = work->resource.type->family == FAMILY_LIST;
	const char *name = work->resource.summary.number, *decision;
	struct candidate candidate;
	char wanted[80], number[64], id[RECORD_ID_MAX];

	if (!list && plan_tagged(work->planner, work->record_type, work->resource.id, id) &&
	    look_at(work, work->record_type, id, &candidate))
		return link_to(work, &candidate, "it has our mark: an earlier write of ours, from after the backup");
	line_number(work, number);
	name = list ? name : number;
	/* A sub-level's name is its own only below its parent. */
	if (!*name || (list && json_member(line_data(work), "parent").kind != JSON_NONE) || !find_candidate(work, name, &candidate))
		return false;
	if (candidate.mine)
		return link_to(work, &candidate, "it has our mark: an earlier write of ours");
	if (list && strcmp(candidate.type, work->record_type) != 0)
		return line_settle(work, PLAN_BLOCKED, REASON_NAME_TAKEN, "%s %s has that name, and names are unique over %s", candidate.type,
			      candidate.id, "customers, vendors and employees");
	decision = line_decision(work, "duplicate:%s", candidate.id);
	snprintf(wanted, sizeof(wanted), "link %s", candidate.id);
	if (decision && strcmp(decision, wanted) == 0)
		return link_to(work, &candidate, "chosen by a person");
	if (decision && strcmp(decision, "skip") == 0)
		return line_settle(work, PLAN_SKIP, REASON_DUPLICATE, "left out by a person: %s %s has its number", candidate.type, candidate.id);
	if (decision && strcmp(decision, "create") == 0)
		return false;
	if (candidate.exact && policy_is(policies, POLICY_DUPLICATE, "link-if-exact"))
		return link_to(work, &candidate, list ? "the same name" : "the same number, party, currency, date and total");
	if (policy_is(policies, POLICY_DUPLICATE, "create") && !list)
		return false;
	ask_duplicate(work, &candidate);
	if (policy_is(policies, POLICY_DUPLICATE, "block"))
		work->line.act = PLAN_BLOCKED;
	if (policy_is(policies, POLICY_DUPLICATE, "skip"))
		work->line.act = PLAN_SKIP;
	return true;
}

