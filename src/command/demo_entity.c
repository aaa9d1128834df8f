/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few documents into the other ledger, by the same commands: what becomes a record there becomes a voucher here. */
#include "demo_push.h"

#include <string.h>

#include "demo_steps.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/sync/push.h"
#include "verbs.h"

#define FILE_NAME "dokumenter.jsonl"

static void add_documents(const struct demo_days *days, struct str *out)
{
	char date[DATE_TEXT_MAX], due[DATE_TEXT_MAX];

	demo_day(days, 3, date);
	demo_day(days, DEMO_DAYS_LAST, due);
	str_add(out, "{\"type\":\"customer\",\"external_id\":\"KARI\",\"data\":{\"name\":\"Kari & Søn AS\",\"email\":\"post@example.no\",\"street\":\"Storgata 1\","
		"\"zip\":\"0155\",\"city\":\"Oslo\"}}\n");
	str_addf(out, "{\"type\":\"invoice\",\"external_id\":\"NR-501\",\"data\":{\"number\":\"NR-501\",\"customer\":\"KARI\",\"date\":\"%s\",\"due_date\":\"%s\","
		 "\"total\":\"15100.00\",\"lines\":[{\"item\":\"HOURS\",\"description\":\"Rådgivning\",\"quantity\":\"10\",\"unit_price\":\"1200.00\",\"tax_code\":"
		 "\"high\"},{\"item\":\"COURSE\",\"quantity\":\"1\",\"unit_price\":\"100.00\",\"tax_code\":\"none\"}]}}\n", date, due);
	str_addf(out, "{\"type\":\"credit_memo\",\"external_id\":\"NR-502\",\"data\":{\"number\":\"NR-502\",\"customer\":\"KARI\",\"date\":\"%s\",\"total\":\"1500.00\","
		 "\"lines\":[{\"item\":\"HOURS\",\"quantity\":\"1\",\"unit_price\":\"1200.00\",\"tax_code\":\"high\"}]}}\n", due);
}

/* What of its codes stands for what, and what its import is told beside the documents. */
static bool prepare(struct steps *steps, struct error *err)
{
	return steps_do(steps, (const char *const[]){ "map", steps->account, "--rule", "item:HOURS=TIME", "--rule", "item:COURSE=KURS", "--rule",
						      "tax_code:high=3", "--rule", "tax_code:none=0", NULL }, err) &&
	       steps_do(steps, (const char *const[]){ "policy", steps->account, "receivable", "account=1500", NULL }, err) &&
	       steps_do(steps, (const char *const[]){ "policy", steps->account, "new-customer", "create", NULL }, err);
}

bool demo_entity(struct app *app, const char *directory, const struct printer *printer, int64_t *written, struct error *err)
{
	struct demo_days days = demo_days(app);
	AUTO(str_clear) struct str path = STR_INIT(4200), head = STR_INIT(STR_NO_LIMIT), documents = STR_INIT(STR_NO_LIMIT);
	struct steps steps;
	struct plan plan;

	str_addf(&path, "%s/" FILE_NAME, directory);
	add_documents(&days, &documents);
	if (!steps_begin(&steps, app, DEMO_ENTITY, printer, err) || !file_write(path.text, documents.text, documents.len, 0600, err) ||
	    !steps_do(&steps, (const char *const[]){ "import", path.text, "--account", steps.account, "--write", NULL }, err) ||
	    !prepare(&steps, err) || !steps_do(&steps, (const char *const[]){ "plan", steps.account, NULL }, err) ||
	    !plans_find(app->store, steps.account, "", &plan, NULL, &head, err) ||
	    !steps_do(&steps, (const char *const[]){ "apply", plan.id, NULL }, err))
		return false;
	/* The lines of what was posted are records, too. */
	return demo_count(app, plan.id, written, err) &&
	       steps_do(&steps, (const char *const[]){ "sync", steps.account, NULL }, err);
}
