/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A month of the event rental, from comparing to evidence. */
#include "demo_books.h"

#include "demo_push.h"
#include "demo_steps.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/store/plans.h"
#include "ledgerdeck/sync/reconcile.h"
#include "verbs.h"

#define FILE_NAME "correction.jsonl"
#define PERIOD "2026-11"

/* The yard's bill has become another one since it was written. */
static const char correction[] =
	"{\"type\":\"bill\",\"external_id\":\"GAS-11\",\"data\":{\"number\":\"G-11\",\"vendor\":\"YARD\",\"date\":\"2026-11-24\",\"lines\":"
	"[{\"account\":\"RENT\",\"description\":\"Yard, November\",\"amount\":\"655.00\"}]}}\n";

static bool correct(struct steps *steps, const char *session, struct error *err)
{
	struct plan plan;

	return steps_do(steps, (const char *const[]){ "resolve", session, "--reason", "amount", "--step", "plan", NULL }, err) &&
	       plans_find(steps->app->store, steps->account, "", &plan, NULL, NULL, err) &&
	       steps_do(steps, (const char *const[]){ "apply", plan.id, NULL }, err);
}

static bool explain(struct steps *steps, const char *session, struct error *err)
{
	return steps_do(steps, (const char *const[]){ "resolve", session, "--reason", "amount", "--note",
						      "its number is another document's: see attention", NULL }, err) &&
	       steps_do(steps, (const char *const[]){ "resolve", session, "--reason", "not-in-source", "--step", "adopt", "--note",
						      "the front desk enters these in QuickBooks", NULL }, err) &&
	       steps_do(steps, (const char *const[]){ "resolve", session, "--reason", "not-in-ledger", "--note",
						      "each waits for a person: see attention", NULL }, err) &&
	       steps_do(steps, (const char *const[]){ "resolve", session, "--reason", "unknown", "--step", "accept", "--note",
						      "what stock costs, QuickBooks alone knows", NULL }, err);
}

static bool sign(struct steps *steps, const char *session, struct error *err)
{
	return steps_do(steps, (const char *const[]){ "policy", steps->account, "reviewer", "same", NULL }, err) &&
	       steps_do(steps, (const char *const[]){ "sign", session, NULL }, err) &&
	       steps_do(steps, (const char *const[]){ "sign", session, NULL }, err);
}

static bool prove(struct steps *steps, const char *session, const char *directory, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200);

	str_addf(&path, "%s/evidence-%s", directory, session);
	return steps_do(steps, (const char *const[]){ "evidence", session, path.text, NULL }, err) &&
	       steps_do(steps, (const char *const[]){ "evidence", "--verify", path.text, NULL }, err);
}

static bool count(struct steps *steps, struct session *session, int64_t *ret_tied, int64_t *ret_ties, struct error *err)
{
	struct session_totals totals;

	if (!session_totals(steps->app->store, session->no, session->to, &totals, err))
		return false;
	*ret_tied = totals.ties_equal;
	*ret_ties = totals.ties;
	return true;
}

bool demo_books(struct app *app, const char *directory, const struct printer *printer, int64_t *ret_tied, int64_t *ret_ties,
		struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4200);
	struct session session;
	struct steps steps;

	str_addf(&path, "%s/" FILE_NAME, directory);
	return steps_begin(&steps, app, DEMO_COMPANY, printer, err) &&
	       file_write(path.text, correction, sizeof(correction) - 1, 0600, err) &&
	       steps_do(&steps, (const char *const[]){ "import", path.text, "--account", steps.account, "--write", NULL }, err) &&
	       steps_do(&steps, (const char *const[]){ "reconcile", steps.account, "--period", PERIOD, NULL }, err) &&
	       sessions_find(app->store, steps.account, "", &session, err) && correct(&steps, session.id, err) &&
	       explain(&steps, session.id, err) &&
	       steps_do(&steps, (const char *const[]){ "reconcile", steps.account, "--period", PERIOD, NULL }, err) &&
	       count(&steps, &session, ret_tied, ret_ties, err) && sign(&steps, session.id, err) && prove(&steps, session.id, directory, err);
}
