/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much of a plan goes by itself: what is created beside documents, what is made void, and plans that are larger than the
 * account's policies let wait for a person. Looked at by what the plan comes to, so that whoever shows it says the same.
 */
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/push.h"
#include "plan.h"

bool auto_waits(const struct policies *policies, enum plan_act act, const struct resource_type *type)
{
	if (act == PLAN_VOID)
		return policy_is(policies, POLICY_AUTO_VOID, "wait");
	return act == PLAN_CREATE && type && type->family == FAMILY_LIST && policy_is(policies, POLICY_AUTO_NEW, "wait");
}

struct group {
	enum plan_act act;
	const struct resource_type *type;
	char currency[8];
	int64_t count, total;        /* millionths */
};

static bool read_group(struct json_slice object, struct group *group)
{
	AUTO(str_clear) struct str act = STR_INIT(20), type = STR_INIT(RESOURCE_TYPE_MAX - 1), currency = STR_INIT(7);

	json_unquote(json_member(object, "act"), &act);
	json_unquote(json_member(object, "type"), &type);
	json_unquote(json_member(object, "currency"), &currency);
	*group = (struct group){ 0 };
	plan_number(json_member(object, "count"), 0, &group->count);
	plan_number(json_member(object, "total"), 6, &group->total);
	snprintf(group->currency, sizeof(group->currency), "%s", currency.text);
	group->type = resource_type_find(type.text, type.len);
	return plan_act_parse(act.text, &group->act);
}

static void hold(struct push_auto *found, const struct group *group)
{
	found->waits += group->count;
	if (group->act == PLAN_VOID)
		snprintf(found->why, sizeof(found->why), "what is made void is applied by a person (policy auto-void)");
	else
		snprintf(found->why, sizeof(found->why), "a new %s is applied by a person (policy auto-new)", group->type->title);
}

/* Nothing of it goes: part of it would be an arbitrary one. */
static void hold_all(struct push_auto *found)
{
	found->waits += found->goes;
	found->goes = 0;
}

static void check_limits(struct push_auto *found, const struct policies *policies, const struct push_sums *sums)
{
	const char *count = policies->values[POLICY_AUTO_COUNT], *amount = policies->values[POLICY_AUTO_AMOUNT];
	char digits[DECIMAL_TEXT_MAX];
	struct decimal most;

	if (decimal_parse(count, strlen(count), &most) && decimal_compare(decimal_of(sums->writes, 0), most) > 0) {
		snprintf(found->why, sizeof(found->why), "%lld writes are more than go by themselves (policy auto-count %.40s)",
			 (long long)sums->writes, count);
		hold_all(found);
		return;
	}
	if (!decimal_parse(amount, strlen(amount), &most))
		return;
	for (size_t i = 0; i < sums->count; i++) {
		if (decimal_compare(sums->items[i].total, most) <= 0)
			continue;
		snprintf(found->why, sizeof(found->why), "%.40s %s is more than goes by itself (policy auto-amount %.40s)",
			 push_sum_text(sums->items[i].total, digits), sums->items[i].currency, amount);
		hold_all(found);
		return;
	}
}

void push_auto(const char *head, const struct policies *policies, struct push_auto *ret_auto)
{
	struct json_slice groups = json_find(head, strlen(head), "acts"), each;
	struct push_sums sums = { 0 };
	struct group group;
	size_t at = 0;

	*ret_auto = (struct push_auto){ 0 };
	while (groups.kind == JSON_ARRAY && json_each(groups, &at, NULL, &each)) {
		if (!read_group(each, &group) || (!plan_act_writes(group.act) && group.act != PLAN_LINK))
			continue;
		if (auto_waits(policies, group.act, group.type)) {
			hold(ret_auto, &group);
			continue;
		}
		ret_auto->goes += group.count;
		push_sums_add(&sums, group.act, group.currency, true, group.total);
		/* It is told of lines, one by one. */
		sums.writes += plan_act_writes(group.act) ? group.count - 1 : 0;
	}
	check_limits(ret_auto, policies, &sums);
}
