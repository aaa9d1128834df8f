/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `export`: documents of an organization as files that another program takes in. Records of an account are export_records.c's, told by
 * the format.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/lake/layout.h"
#include "ledgerdeck/model/export.h"
#include "ledgerdeck/store/mappings.h"
#include "ledgerdeck/store/resources.h"
#include "verbs.h"

static const struct printer_column columns[] = {
	{ "what", false }, { "file", false }, { "documents", false }, { "external_id", false }, { "why", false }, { NULL, false },
};

struct exporting {
	struct app *app;
	const struct printer *printer;
	const char *directory;       /* NULL: to standard output */
	bool replaces;
	char organization[RESOURCE_ID_MAX];
	char account_id[ACCOUNT_ID_MAX]; /* whose rules name the codes; "" : none */
	struct export_options options;
	struct export *export;       /* owned */
	struct file_draft draft;     /* owned: of the file that is being written */
	struct str page;             /* owned: of standard output, until it is known that there is one file only */
	size_t told;                 /* documents in the files before this one */
	char name[MAPPING_NAME_MAX]; /* of the code that was asked for last */
	struct error *err;
	bool failed;
};

static void exporting_clear(struct exporting *exporting)
{
	export_free(exporting->export);
	file_draft_clear(&exporting->draft);
	str_clear(&exporting->page);
}

/* ---- what a code is called */

static bool rule_name(struct exporting *exporting, enum target target, const char *code)
{
	struct mapping mapping;
	struct error ignored;
	bool found;

	if (!*exporting->account_id || target >= TARGET_MAPPED_COUNT ||
	    !mappings_get(exporting->app->store, exporting->account_id, target, code, &mapping, &found, &ignored) || !found ||
	    !*mapping.record_id)
		return false;
	snprintf(exporting->name, sizeof(exporting->name), "%s", mapping.name);
	return true;
}

/* As a plan has it: a resource goes before a rule, a rule before the default. */
static const char *name_of(void *ctx, enum target target, const char *code)
{
	struct exporting *exporting = ctx;
	const struct resource_type *type = resource_type_of(target);
	struct resource resource;
	struct error ignored;
	bool found;

	if (type && resources_get(exporting->app->store, exporting->organization, type, code, &resource, NULL, &found, &ignored) && found &&
	    *resource.summary.number) {
		snprintf(exporting->name, sizeof(exporting->name), "%s", resource.summary.number);
		return exporting->name;
	}
	if (target == TARGET_CURRENCY || (!rule_name(exporting, target, code) && !rule_name(exporting, target, "")))
		return NULL;
	return exporting->name;
}

/* ---- files */

static void add_path(const struct exporting *exporting, size_t file, struct str *out)
{
	if (strcmp(exporting->directory, ".") != 0)
		str_addf(out, "%s/", exporting->directory);
	str_addf(out, "%ss-%zu.%s", exporting->options.type->name, file, exporting->options.format == EXPORT_IIF ? "iif" : "csv");
}

static bool may_write(const struct exporting *exporting, const char *path, struct error *err)
{
	return exporting->replaces || !file_exists(path) ||
	       error_set(err, ERROR_INPUT, "'%.200s' is there already; --force replaces it", path);
}

static void print_row(const struct exporting *exporting, const char *what, const char *file, const char *documents,
		      const char *external_id, const char *why)
{
	const struct printer *printer = exporting->printer;

	printer->row(printer->ctx);
	printer->text(printer->ctx, "what", what);
	printer->text(printer->ctx, "file", file);
	printer->decimal(printer->ctx, "documents", documents);
	printer->text(printer->ctx, "external_id", external_id);
	printer->text(printer->ctx, "why", why);
}

/* What was written so far gets its name. */
static bool end_file(struct exporting *exporting, struct error *err)
{
	size_t documents = export_counts(exporting->export).documents;
	char count[24];

	if (!exporting->directory || exporting->draft.fd < 0)
		return true;
	if (!file_draft_commit(&exporting->draft, 0, err))
		return false;
	snprintf(count, sizeof(count), "%zu", documents - exporting->told);
	exporting->told = documents;
	print_row(exporting, "file", exporting->draft.path.text, count, NULL, NULL);
	return true;
}

static bool begin(void *ctx, size_t file, struct error *err)
{
	AUTO(str_clear) struct str path = STR_INIT(4000);
	struct exporting *exporting = ctx;

	if (!exporting->directory)
		return file == 1 || error_set(err, ERROR_INPUT, "it takes several files, since QuickBooks takes %d invoices and %d rows at a time: "
					      "name a directory with --to", EXPORT_CSV_INVOICES_MAX, EXPORT_CSV_ROWS_MAX);
	add_path(exporting, file, &path);
	return end_file(exporting, err) && may_write(exporting, path.text, err) && file_draft_open(&exporting->draft, path.text, err);
}

static bool put(void *ctx, const char *bytes, size_t len, struct error *err)
{
	struct exporting *exporting = ctx;

	if (exporting->directory)
		return file_draft_write(&exporting->draft, bytes, len, err);
	/* An IIF file is always a single one, and may be large. */
	if (exporting->options.format == EXPORT_IIF)
		exporting->printer->raw(exporting->printer->ctx, bytes, len);
	else
		str_add_bytes(&exporting->page, bytes, len);
	return true;
}

static bool note(void *ctx, const struct export_note *note, struct error *err)
{
	struct exporting *exporting = ctx;

	(void)err;
	if (exporting->directory)
		print_row(exporting, note->is_left_out ? "left out" : "note", NULL, NULL, note->external_id, note->text);
	else
		verb_note(exporting->printer, "%.200s%s: %.600s.", note->external_id, note->is_left_out ? " was left out" : "", note->text);
	return true;
}

static bool add(void *ctx, const struct resource *resource, const char *data, size_t len)
{
	struct exporting *exporting = ctx;
	struct json_slice slice = { .text = data, .len = len, .kind = JSON_OBJECT };

	if (cancel_asked(exporting->app->cancel))
		exporting->failed = !error_set(exporting->err, ERROR_CANCELLED, "interrupted");
	else
		exporting->failed = !export_add(exporting->export, resource->external_id, slice, exporting->err);
	return !exporting->failed && !exporting->printer->is_broken(exporting->printer->ctx);
}

/* All of one moment, whoever imports meanwhile. */
static bool export_all(struct exporting *exporting, struct error *err)
{
	struct resource_query query = { .organization = exporting->organization, .type = exporting->options.type };
	bool good;

	exporting->err = err;
	if (!store_read_begin(exporting->app->store, err))
		return false;
	good = resources_list(exporting->app->store, &query, add, exporting, err) && !exporting->failed;
	store_read_end(exporting->app->store);
	return good && end_file(exporting, err);
}

/* ---- what is asked for */

static bool take_form(struct exporting *exporting, const struct arguments *arguments, struct error *err)
{
	const char *format = argument(arguments, "--format"), *type = argument(arguments, "--type");
	struct export_options *options = &exporting->options;

	if (!format || !export_format_parse(format, &options->format))
		return error_set(err, ERROR_INPUT, "--format is parquet, csv or jsonl for an account's records, or quickbooks-csv or iif for documents");
	if (argument_given(arguments, "TYPE"))
		return error_set(err, ERROR_INPUT, "which documents is said by --type");
	options->type = type ? resource_type_find(type, strlen(type)) : NULL;
	if (!options->type || !export_takes(options->format, options->type))
		return error_set(err, ERROR_INPUT, "--type is invoice or customer: such files have a form for these");
	options->has_iso_dates = argument_given(arguments, "--iso-dates");
	options->receivable = argument(arguments, "--receivable");
	options->income = argument(arguments, "--income");
	options->tax_account = argument(arguments, "--tax-account");
	options->tax_item = argument(arguments, "--tax-item");
	options->tax_agency = argument(arguments, "--tax-agency");
	return true;
}

static bool take_owner(struct exporting *exporting, const struct arguments *arguments, struct error *err)
{
	const char *account_word = argument(arguments, "ACCOUNT"), *word = argument(arguments, "--organization");
	struct organization organization;
	struct account account;

	if (!account_word == !word)
		return error_set(err, ERROR_INPUT, "whose documents? name an account, or an organization with --organization");
	if (word) {
		if (!organizations_find(exporting->app->store, word, &organization, err))
			return false;
		memcpy(exporting->organization, organization.id, sizeof(exporting->organization));
		return true;
	}
	if (!accounts_find(exporting->app->store, account_word, &account, err))
		return false;
	memcpy(exporting->account_id, account.id, sizeof(exporting->account_id));
	return organization_of_account(exporting->app->store, account.id, exporting->organization, err);
}

static bool take_place(struct exporting *exporting, const struct arguments *arguments, struct error *err)
{
	AUTO(str_clear) struct str first = STR_INIT(4000);
	const char *to = argument(arguments, "--to");
	struct stat status;

	exporting->replaces = argument_given(arguments, "--force");
	if (to && strcmp(to, "-") == 0)
		return true;
	exporting->directory = to ? to : ".";
	if (stat(exporting->directory, &status) < 0 || !S_ISDIR(status.st_mode))
		return error_set(err, ERROR_INPUT, "'%.200s' is no directory", exporting->directory);
	add_path(exporting, 1, &first);
	return may_write(exporting, first.text, err);
}

/* The files of a larger export before this one don't belong to it. */
static void warn_of_others(const struct exporting *exporting, size_t files)
{
	AUTO(str_clear) struct str next = STR_INIT(4000);

	if (!exporting->directory)
		return;
	add_path(exporting, files + 1, &next);
	if (file_exists(next.text))
		verb_note(exporting->printer, "'%.200s' is of an earlier export.", next.text);
}

static enum command_exit export_documents(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	AUTO(exporting_clear) struct exporting exporting = { .app = app, .printer = printer, .page = STR_INIT(STR_NO_LIMIT) };
	struct export_sink sink = { .begin = begin, .write = put, .note = note, .ctx = &exporting };
	struct export_counts counts;

	file_draft_init(&exporting.draft);
	exporting.options.name = name_of;
	exporting.options.ctx = &exporting;
	if (!take_form(&exporting, arguments, err) || !take_owner(&exporting, arguments, err) || !take_place(&exporting, arguments, err))
		return verb_failed(err);
	exporting.export = export_new(&exporting.options, &sink);
	if (exporting.directory)
		printer->begin(printer->ctx, "export", columns);
	if (!export_all(&exporting, err))
		return verb_failed(err);
	if (exporting.directory)
		printer->end(printer->ctx);
	else if (exporting.page.len > 0)
		printer->raw(printer->ctx, exporting.page.text, exporting.page.len);
	counts = export_counts(exporting.export);
	verb_note(printer, "%zu %s in %zu file%s, %zu left out.", counts.documents,
		  counts.documents == 1 ? exporting.options.type->title : exporting.options.type->titles, counts.files,
		  counts.files == 1 ? "" : "s", counts.left_out);
	warn_of_others(&exporting, counts.files);
	return counts.left_out > 0 ? EXIT_PARTLY : EXIT_DONE;
}

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer, struct error *err)
{
	const char *format = argument(arguments, "--format");
	enum table_format table;

	if (format && table_format_parse(format, &table))
		return verb_export_records(app, table, arguments, printer, err);
	return export_documents(app, arguments, printer, err);
}

static const struct argument_row rows[] = {
	{ "ACCOUNT", NULL, false, false, "whose records; or the documents of its organization, with the names that its rules give to codes" },
	{ "TYPE", NULL, true, false, "records of these types; without it of all" },
	{ "--organization", "ORGANIZATION", false, false, "the documents of this organization, by id, external id or name" },
	{ "--format", "FORMAT", false, false, "of records: parquet, csv or jsonl; of documents: quickbooks-csv, for QuickBooks Online, or iif, for QuickBooks Desktop" },
	{ "--to", "PLACE", false, false, "where the files go: a directory, of records also az://ACCOUNT/CONTAINER or s3://BUCKET; of documents '-' prints them, and without it they come here" },
	{ "--changes", NULL, false, false, "records: only what has changed since the last export there" },
	{ "--every", "TIME", false, false, "records: 'run' and the deck write what has changed again and again, such as 15m or 1h" },
	{ "--layout", "LAYOUT", false, false, "records: the files' paths there; without it " LAYOUT_DEFAULT },
	{ "--names", "WAY", false, false, "records: columns are called plain (customer_ref_value), or path, as the ledger has them (CustomerRef.value)" },
	{ "--raw", NULL, false, false, "records: a column with each as the ledger sent it" },
	{ "--level", "N", false, false, "records: how hard Parquet is packed, from 1 to 19, 0 not at all; without it 3" },
	{ "--personal", NULL, false, false, "records: with the values about persons, which else are left out" },
	{ "--type", "TYPE", false, false, "documents: invoice or customer" },
	{ "--force", NULL, false, false, "documents: replace the files of an earlier export" },
	{ "--iso-dates", NULL, false, false, "documents: dates as 2026-01-31 instead of 01/31/2026" },
	{ "--receivable", "NAME", false, false, "iif: the account that invoices are owed on" },
	{ "--income", "NAME", false, false, "iif: the account that they are earned on" },
	{ "--tax-account", "NAME", false, false, "iif: the account of their tax" },
	{ "--tax-item", "NAME", false, false, "iif: the item of their tax" },
	{ "--tax-agency", "NAME", false, false, "iif: whom the tax is owed to" },
};
static const char *const examples[] = { "ledgerdeck export Acme --format parquet --to /srv/lake --every 1h",
					"ledgerdeck export Acme Invoice Payment --format csv --to out --changes",
					"ledgerdeck export --organization tenant-7 --format quickbooks-csv --type invoice --to out",
					"ledgerdeck export Acme --format iif --type customer --to -", NULL };

const struct command command_export = {
	.name = "export", .summary = "write records to files for other engines, or documents to files that QuickBooks imports", .needs = NEEDS_STORE, .arguments = rows,
	.argument_count = ARRAY_LEN(rows), .examples = examples, .run = run,
};
