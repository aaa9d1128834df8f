/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acme's reconciliation of a month, as comparing would have left it: what agrees, what does not, and the sums. */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/resources.h"
#include "ledgerdeck/store/sessions.h"

#define CENT INT64_C(10000)

static void must(bool good, const struct error *err)
{
	if (!good)
		fail_msg("%s", err->text);
}

static int64_t put_item(struct stage *stage, const struct session *session, enum side side, const char *ref, const char *number, int day, int64_t cents, const char *party)
{
	struct session_item item = { .side = side, .type = side == SIDE_SOURCE ? "invoice" : "Invoice", .ref = ref, .version = "0",
				     .date = date_of(2026, 9, day), .amount = cents * CENT, .currency = "USD", .number = number, .party = party,
				     .party_name = party };
	struct error err = { 0 };

	must(session_add_item(stage->store, session, &item, &err), &err);
	return item.no;
}

static int64_t put_match(struct stage *stage, const struct session *session, enum match_pass pass, int64_t off, int64_t source, int64_t mirror)
{
	struct session_match match = { .pass = pass, .score = pass == MATCH_SCORE ? 9 : 14, .difference = off * CENT, .currency = "USD",
				       .state = match_pass_is_sure(pass) ? SESSION_MATCH_SURE : SESSION_MATCH_SUGGESTED };
	const int64_t items[] = { source, mirror };
	struct error err = { 0 };

	must(session_add_match(stage->store, session, &match, items, 2, &err), &err);
	return match.no;
}

static struct session_exception exception_of(struct stage *stage, const struct session *session, enum exception_reason reason, const char *ref,
					     int day, int64_t cents, const char *text)
{
	struct session_exception exception = { .reason = reason, .has_date = true, .date = date_of(2026, 9, day), .amount = cents * CENT,
					       .since_ms = NOW - 3600000, .currency = "USD" };
	char organization[ACCOUNT_ID_MAX];
	struct resource resource;
	struct error err = { 0 };
	bool found = false;

	must(organization_of_account(stage->store, session->account_id, organization, &err) &&
	     resources_get(stage->store, organization, NULL, ref, &resource, NULL, &found, &err), &err);
	exception.resource = found ? resource.no : 0;
	snprintf(exception.key, sizeof(exception.key), "%s %s", exception_row(reason)->word, ref);
	snprintf(exception.cause, sizeof(exception.cause), "%s", exception_row(reason)->title);
	snprintf(exception.text, sizeof(exception.text), "%s", text);
	snprintf(exception.type, sizeof(exception.type), "%s", found ? "invoice" : "Invoice");
	snprintf(exception.ref, sizeof(exception.ref), "%s", ref);
	return exception;
}

static void put(struct stage *stage, const struct session *session, struct session_exception *exception)
{
	struct error err = { 0 };

	must(session_add_exception(stage->store, session, exception, NOW - 3600000, &err), &err);
}

static void put_exceptions(struct stage *stage, const struct session *session)
{
	struct session_exception exception;
	int64_t source, mirror;

	source = put_item(stage, session, SIDE_SOURCE, "INV-1", "INV-1", 10, 125000, "Amy's Bird Sanctuary");
	mirror = put_item(stage, session, SIDE_MIRROR, "901", "INV-1", 10, 125000, "Amy's Bird Sanctuary");
	put_match(stage, session, MATCH_LINK, 0, source, mirror);
	source = put_item(stage, session, SIDE_SOURCE, "INV-2", "INV-2", 10, 125000, "Amy's Bird Sanctuary");
	mirror = put_item(stage, session, SIDE_MIRROR, "902", "INV-2", 10, 120000, "Amy's Bird Sanctuary");
	exception = exception_of(stage, session, EXCEPTION_AMOUNT, "INV-2", 10, -5000, "it is 1250.00, Invoice 902 is 1200.00");
	exception.match = put_match(stage, session, MATCH_LINK, -5000, source, mirror);
	snprintf(exception.record, sizeof(exception.record), "902");
	put(stage, session, &exception);
	for (int i = 5; i <= 6; i++) {
		char ref[16];

		snprintf(ref, sizeof(ref), "INV-%d", i);
		source = put_item(stage, session, SIDE_SOURCE, ref, ref, 6 + i, i == 5 ? 8050 : 1200, "Cool Cars");
		exception = exception_of(stage, session, EXCEPTION_NOT_IN_LEDGER, ref, 6 + i, i == 5 ? -8050 : -1200, "it was never written");
		exception.source_item = source;
		put(stage, session, &exception);
	}
	for (int i = 0; i < 2; i++) {
		source = put_item(stage, session, SIDE_SOURCE, i ? "INV-8" : "INV-7", i ? "INV-8" : "INV-7", 12, i ? 1000 : 9900, "Cool Cars");
		mirror = put_item(stage, session, SIDE_MIRROR, i ? "903" : "900", i ? "" : "INV-7", 2, i ? 100 : 9900, "Cool Cars");
		exception = exception_of(stage, session, EXCEPTION_SUGGESTED, i ? "INV-8" : "INV-7", 12, i ? -900 : 0,
					 i ? "Invoice 903 may be it: they differ by -9.00" : "Invoice 900 may be it: they differ by 0.00");
		exception.match = put_match(stage, session, MATCH_SCORE, i ? -900 : 0, source, mirror);
		snprintf(exception.record, sizeof(exception.record), "%s", i ? "903" : "900");
		put(stage, session, &exception);
	}
	exception = exception_of(stage, session, EXCEPTION_NOT_IN_SOURCE, "27", 4, 4210, "Invoice 27, nobody here wrote it");
	exception.mirror_item = put_item(stage, session, SIDE_MIRROR, "27", "1027", 4, 4210, "Freeman Sporting Goods");
	snprintf(exception.record, sizeof(exception.record), "27");
	put(stage, session, &exception);
}

static void put_ties(struct stage *stage, const struct session *session)
{
	struct session_tie ties[] = {
		{ .tie = TIE_ACCOUNT, .key = "1", .name = "Sales", .mirror = -1250000000, .ledger = -1250000000, .equal = true, .detail = "" },
		{ .tie = TIE_ZERO, .key = "", .name = "all accounts", .equal = true, .detail = "" },
		{ .tie = TIE_RECEIVABLES, .key = "22", .name = "Cool Cars", .mirror = 90000000, .ledger = 81000000,
		  .detail = "{\"records\":[{\"type\":\"Invoice\",\"id\":\"900\",\"difference\":-9.00}],\"traced\":true}" },
		{ .tie = TIE_CONTROL, .key = "3", .name = "receivables", .mirror = 1340000000, .ledger = 1331000000, .detail = "" },
	};
	struct error err = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(ties); i++) {
		snprintf(ties[i].currency, sizeof(ties[i].currency), "USD");
		must(session_add_tie(stage->store, session, &ties[i], &err), &err);
	}
}

static struct session session_like(const char *account_id, int month)
{
	struct session session = { .from = date_of(2026, month, 1), .to = date_of(2026, month + 1, 0), .source = "resources", .currency = "USD",
				   .who = "ann", .made_ms = NOW - 7200000, .changed_ms = NOW - 7200000 };

	snprintf(session.account_id, sizeof(session.account_id), "%s", account_id);
	return session;
}

void stage_round(struct stage *stage, struct session *session, void (*fill)(struct stage *stage, const struct session *session))
{
	AUTO(store_end) struct store *transaction = stage->store;
	struct error err = { 0 };

	must(store_begin(transaction, &err) && (session->no || sessions_add(transaction, session, &err)) &&
	     session_round_begin(transaction, session, &err), &err);
	if (fill)
		fill(stage, session);
	must(session_round_end(transaction, session, true, NOW, &err) && store_commit(transaction, &err), &err);
}

static void fill(struct stage *stage, const struct session *session)
{
	put_exceptions(stage, session);
	put_ties(stage, session);
}

void stage_session(struct stage *stage, const char *account_id, struct session *ret_session)
{
	struct session august = session_like(account_id, 8);
	const int64_t first = 1;
	struct reconcile_act act = { .session = ret_session, .exceptions = &first, .count = 1, .note = "asked Amy about the discount", .who = "ann",
				     .env = stage->app.env };
	struct error err = { 0 };

	stage_round(stage, &august, NULL);
	must(reconcile_sign(stage->store, stage->catalogue, &august, "ann", NOW - 500000, &err) &&
	     reconcile_sign(stage->store, stage->catalogue, &august, "ruth", NOW - 400000, &err), &err);
	*ret_session = session_like(account_id, 9);
	stage_round(stage, ret_session, fill);
	must(reconcile_assign(stage->store, &act, "ruth", &err), &err);
}
