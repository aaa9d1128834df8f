/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last days of the event rental, from comparing to evidence. */
#include "demo_books.h"

#include <stdio.h>

#include "demo_push.h"
#include "demo_steps.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/store/plans.h"
#include "ledgerdeck/sync/reconcile.h"
#include "verbs.h"

#define FILE_NAME "correction.jsonl"
static bool correct(struct steps *steps, const char *session, struct error *err)
{
	struct plan plan;

	return steps_do(steps, (const char *const[]){ "resolve", session, "--reason", "amount", "--step", "plan", NULL }, err) &&
	       plans_find(steps->app->store, steps->account, "", &plan, NULL, NULL, err) &&
	       steps_do(steps, (const char *const[]){ "apply", plan.id, NULL }, err);
}

/* What is left, by its reasons; which ones there are depends on what the ledger has in these days. */
static bool explain(struct steps *steps, const struct session *session, struct error *err)
{
	static const struct {
		const char *note, *step;
	} answers[EXCEPTION_REASON_COUNT] = {
		[EXCEPTION_AMOUNT] = { "its number is another document's: see attention", NULL },
		[EXCEPTION_NOT_IN_SOURCE] = { "the front desk enters these in QuickBooks", "adopt" },
		[EXCEPTION_NOT_IN_LEDGER] = { "each waits for a person: see attention", NULL },
		[EXCEPTION_UNKNOWN] = { "what stock costs, QuickBooks alone knows", "accept" },
	};
	struct session_totals totals;
	bool good = session_totals(steps->app->store, session->no, session->to, &totals, err);

	for (int reason = 0; good && reason < EXCEPTION_REASON_COUNT; reason++) {
		const char *note = answers[reason].note ? answers[reason].note : "looked at, and as it should be";
		const char *words[] = { "resolve", session->id, "--reason", exception_row((enum exception_reason)reason)->word, "--note", note,
					answers[reason].step ? "--step" : NULL, answers[reason].step, NULL };

		if (totals.exceptions[reason] > 0)
			good = steps_do(steps, words, err);
	}
	return good;
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
	AUTO(str_clear) struct str path = STR_INIT(4200), correction = STR_INIT(1000);
	struct demo_days days = demo_days(app);
	char from[DATE_TEXT_MAX], to[DATE_TEXT_MAX], period[2 * DATE_TEXT_MAX + 4];
	struct session session;
	struct steps steps;

	str_addf(&path, "%s/" FILE_NAME, directory);
	snprintf(period, sizeof(period), "%s..%s", date_format(days.from, from), date_format(days.to, to));
	/* The yard's bill has become another one since it was written. */
	demo_bill(&days, "655.00", &correction);
	return steps_begin(&steps, app, DEMO_COMPANY, printer, err) &&
	       file_write(path.text, correction.text, correction.len, 0600, err) &&
	       steps_do(&steps, (const char *const[]){ "import", path.text, "--account", steps.account, "--write", NULL }, err) &&
	       steps_do(&steps, (const char *const[]){ "reconcile", steps.account, "--period", period, NULL }, err) &&
	       sessions_find(app->store, steps.account, "", &session, err) && correct(&steps, session.id, err) &&
	       explain(&steps, &session, err) &&
	       steps_do(&steps, (const char *const[]){ "reconcile", steps.account, "--period", period, NULL }, err) &&
	       count(&steps, &session, ret_tied, ret_ties, err) && sign(&steps, session.id, err) && prove(&steps, session.id, directory, err) &&
	       /* What waits for a person lies open, to be worked on. */
	       steps_do(&steps, (const char *const[]){ "plan", steps.account, NULL }, err);
}
