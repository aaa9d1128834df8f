/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exports of the demo, by the same command that a user types. */
#include "demo_lake.h"

#include <string.h>
#include <unistd.h>

#include "demo_push.h"
#include "demo_steps.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"
#include "verbs.h"

#define PATH_LIMIT 4200
#define LAKE "lake"

static bool export(struct app *app, const char *company, const char *lake, const struct printer *printer, struct error *err)
{
	struct steps steps;

	return steps_begin(&steps, app, company, printer, err) &&
	       steps_do(&steps, (const char *const[]){ "export", steps.account, "--format", "parquet", "--to", lake, "--changes", NULL }, err);
}

bool demo_lake(struct app *app, const char *directory, const struct printer *printer, struct error *err)
{
	AUTO(str_clear) struct str lake = STR_INIT(PATH_LIMIT);

	str_addf(&lake, "%s/" LAKE, directory);
	return export(app, DEMO_COMPANY, lake.text, printer, err) && export(app, DEMO_ENTITY, lake.text, printer, err);
}

void demo_lake_question(struct app *app, const char *directory, struct str *out)
{
	struct account account;
	struct error ignored;

	if (!accounts_find(app->store, DEMO_COMPANY, &account, &ignored))
		return;
	str_addf(out,
		 "duckdb -c \"SELECT customer_ref_name AS customer, sum(balance) AS open FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY "
		 "filename DESC) AS latest FROM read_parquet('%s/" LAKE "/%s/Invoice/*.parquet', filename = true)) WHERE latest = 1 AND "
		 "mutationType <> 'DELETED' GROUP BY customer ORDER BY open DESC LIMIT 5\"",
		 directory, account.id);
}

/* ---- what an earlier one has left */

static bool is_ours(const char *name)
{
	static const char *const starts[] = { "full_sync-", "sync_changes-", "manifest-", ".full_sync-", ".sync_changes-", ".manifest-" };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (strncmp(name, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/* Three levels: the accounts, their types, the files. A directory that has something else stays. */
static void forget(const char *path, int levels);

struct level {
	const char *path;
	int levels;
};

static bool forget_name(void *ctx, const char *name)
{
	AUTO(str_clear) struct str path = STR_INIT(PATH_LIMIT);
	const struct level *level = ctx;

	str_addf(&path, "%s/%s", level->path, name);
	if (is_ours(name))
		unlink(path.text);
	else if (level->levels > 0)
		forget(path.text, level->levels - 1);
	return true;
}

static void forget(const char *path, int levels)
{
	struct level level = { path, levels };
	struct error ignored;

	directory_each(path, forget_name, &level, &ignored);
	rmdir(path);
}

void demo_lake_forget(const char *directory)
{
	AUTO(str_clear) struct str lake = STR_INIT(PATH_LIMIT);

	str_addf(&lake, "%s/" LAKE, directory);
	if (!str_is_cut(&lake))
		forget(lake.text, 2);
}
