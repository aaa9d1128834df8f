/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The catalogue: the rows that are built in, the form of rows, each mistake in them, and the
 * user's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#include "tests.h"

#define HEAD "provider = demo\nkey = Id\n" /* two lines */

/* ---- what is built in ---- */

static const char *const quickbooks_types[] = {
	"Account",
	"Attachable",
	"Bill",
	"BillPayment",
	"Budget",
	"Class",
	"CompanyCurrency",
	"CompanyInfo",
	"CreditCardPayment",
	"CreditMemo",
	"Customer",
	"CustomerType",
	"Department",
	"Deposit",
	"Employee",
	"Estimate",
	"ExchangeRate",
	"InventoryAdjustment",
	"Invoice",
	"Item",
	"JournalCode",
	"JournalEntry",
	"Payment",
	"PaymentMethod",
	"Preferences",
	"Purchase",
	"PurchaseOrder",
	"RecurringTransaction",
	"RefundReceipt",
	"ReimburseCharge",
	"SalesReceipt",
	"TaxAgency",
	"TaxCode",
	"TaxRate",
	"Term",
	"TimeActivity",
	"Transfer",
	"Vendor",
	"VendorCredit",
};
static const char *const xledger_types[] = {
	"accounts",
	"apTransactions",
	"arTransactions",
	"customers",
	"employees",
	"products",
	"projects",
	"suppliers",
	"taxRules",
	"timesheets",
	"transactions",
};

static void check_builtin(const struct catalogue *catalogue, const char *provider, const char *const *names, size_t count)
{
	AUTO(str_clear) struct str file = STR_INIT(100);
	size_t of_it = 0;

	str_addf(&file, "%s.catalogue:", provider);
	for (size_t i = 0; i < catalogue_count(catalogue); i++)
		of_it += strcmp(catalogue_at(catalogue, i)->provider, provider) == 0;
	assert_int_equal(of_it, count);
	for (size_t i = 0; i < count; i++) {
		const struct type *type = catalogue_find(catalogue, provider, names[i]);

		assert_non_null(type);
		assert_string_equal(type->name, names[i]);
		assert_string_equal(type->query, names[i]);
		assert_string_equal(type->provider, provider);
		assert_int_equal(strlen(type->digest), 16);
		assert_true(type->field_count > 0);
		assert_non_null(strstr(type->origin, file.text));
	}
}

static void all_types_are_built_in(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	struct error err = { 0 };

	(void)state;
	if (!catalogue_load(NULL, &catalogue, &err))
		fail_msg("%s", err.text);
	check_builtin(catalogue, "quickbooks", quickbooks_types, ARRAY_LEN(quickbooks_types));
	check_builtin(catalogue, "xledger", xledger_types, ARRAY_LEN(xledger_types));
}

static size_t place_of(const struct catalogue *catalogue, const struct type *of, const char *name)
{
	size_t place = 0;

	while (strcmp(catalogue_at(catalogue, place)->name, name) != 0 || strcmp(catalogue_at(catalogue, place)->provider, of->provider) != 0)
		place++;
	return place;
}

static void dependencies_come_first(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	size_t pairs = 0;

	(void)state;
	assert_true(catalogue_load(NULL, &catalogue, NULL));
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct type *type = catalogue_at(catalogue, i);

		for (size_t j = 0; type->depends[j]; j++, pairs++)
			assert_true(place_of(catalogue, type, type->depends[j]) < i);
	}
	assert_true(pairs > 50);
}

static void what_the_ledger_says_of_its_types_is_there(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	const struct type *invoice, *tax, *info, *rate;

	(void)state;
	assert_true(catalogue_load(NULL, &catalogue, NULL));
	invoice = catalogue_find(catalogue, "quickbooks", "Invoice");
	assert_string_equal(invoice->key, "Id");
	assert_string_equal(invoice->version, "SyncToken");
	assert_string_equal(invoice->time, "MetaData.LastUpdatedTime");
	assert_string_equal(invoice->title, "DocNumber");
	assert_string_equal(invoice->active, "");
	assert_int_equal(invoice->reading, TYPE_BY_TIME);
	assert_int_equal(invoice->deletion, TYPE_DELETED_BY_CHANGES);
	assert_int_equal(invoice->operations, TYPE_CREATE | TYPE_UPDATE | TYPE_DELETE | TYPE_VOID);
	assert_string_equal(type_field(invoice, "CustomerRef.value")->refers_to, "Customer");
	assert_int_equal(type_field(invoice, "TotalAmt")->kind, FIELD_MONEY);
	assert_null(type_field(invoice, "totalamt"));
	tax = catalogue_find(catalogue, "quickbooks", "TaxCode");
	assert_string_equal(tax->extra, "cdc=no");
	assert_int_equal(tax->operations, 0);
	assert_int_equal(tax->deletion, TYPE_NEVER_DELETED);
	info = catalogue_find(catalogue, "quickbooks", "CompanyInfo");
	assert_int_equal(info->reading, TYPE_SINGLE);
	rate = catalogue_find(catalogue, "quickbooks", "ExchangeRate");
	assert_string_equal(rate->key, "SourceCurrencyCode AsOfDate");
	assert_string_equal(rate->version, "");
	assert_int_equal(rate->reading, TYPE_WHOLE);
}

/* ---- finding ---- */

static void types_are_found_by_what_people_type(void **state)
{
	AUTO(catalogue_freep)
	struct catalogue *catalogue = catalogue_of(
		HEAD "[Customer]\nquery = a\n[CustomerType]\nquery = b\n[Item]\nquery = c\n");

	(void)state;
	assert_string_equal(catalogue_find(catalogue, "demo", "Customer")->name, "Customer");
	assert_string_equal(catalogue_find(catalogue, "demo", "customer")->name, "Customer");
	assert_string_equal(catalogue_find(catalogue, "demo", "CUSTOMERT")->name, "CustomerType");
	assert_string_equal(catalogue_find(catalogue, "demo", "i")->name, "Item");
	assert_null(catalogue_find(catalogue, "demo", "cust"));
	assert_null(catalogue_find(catalogue, "demo", "Items"));
	assert_null(catalogue_find(catalogue, "demo", ""));
	assert_null(catalogue_find(catalogue, "other", "Item"));
}

/* ---- the form of rows ---- */

static void rows_say_everything_about_a_type(void **state)
{
	AUTO(catalogue_freep)
	struct catalogue *catalogue = catalogue_of("# a comment\r\n"
						   "provider = demo\r\n"
						   "\t key=Id \r\n"
						   "version = Token   # behind a value\r\n"
						   "\r\n"
						   "[ Part ]\r\n"
						   "query = parts#1\r\n"
						   "time = Changed\r\n"
						   "title = Names.Short\r\n"
						   "active = IsActive\r\n"
						   "deleted = never\r\n"
						   "allow = create\tdelete\r\n"
						   "extra = a=b   c\r\n"
						   "field = Price money as price of Part listed\r\n"
						   "field = Since date\r\n"
						   "[Other]\r\n"
						   "query = others\r\n"
						   "version =\r\n"
						   "read = delta\r\n"
						   "select = code owner.name\r\n"
						   "zone = central-european\r\n"
						   "select = a.b\r\n"
						   "personal = e-mail   home\r\n"
						   "personal =\tage\r\n"
						   "depends = Part");
	const struct type *part = catalogue_at(catalogue, 0), *other = catalogue_at(catalogue, 1);

	(void)state;
	assert_string_equal(part->name, "Part");
	assert_string_equal(part->query, "parts#1");
	assert_string_equal(part->key, "Id");
	assert_string_equal(part->version, "Token");
	assert_string_equal(part->time, "Changed");
	assert_string_equal(part->title, "Names.Short");
	assert_string_equal(part->active, "IsActive");
	assert_int_equal(part->reading, TYPE_BY_TIME);
	assert_int_equal(part->deletion, TYPE_NEVER_DELETED);
	assert_int_equal(part->operations, TYPE_CREATE | TYPE_DELETE);
	assert_string_equal(part->extra, "a=b   c");
	assert_string_equal(part->origin, "rows:6");
	assert_null(part->depends[0]);
	assert_int_equal(part->field_count, 2);
	assert_string_equal(part->fields[0].name, "price");
	assert_string_equal(part->fields[0].path, "Price");
	assert_int_equal(part->fields[0].kind, FIELD_MONEY);
	assert_string_equal(part->fields[0].refers_to, "Part");
	assert_true(part->fields[0].listed);
	assert_string_equal(part->fields[1].name, "Since");
	assert_int_equal(part->fields[1].kind, FIELD_DATE);
	assert_null(part->fields[1].refers_to);
	assert_false(part->fields[1].listed);
	assert_string_equal(other->version, "");
	assert_string_equal(other->title, "");
	assert_int_equal(other->reading, TYPE_BY_DELTA);
	assert_int_equal(other->deletion, TYPE_DELETED_BY_SWEEP);
	assert_string_equal(other->depends[0], "Part");
	assert_null(other->depends[1]);
	assert_string_equal(other->select, "code owner.name a.b");
	assert_int_equal(other->zone, TYPE_CENTRAL_EUROPEAN);
	assert_string_equal(part->select, "");
	assert_string_equal(other->personal, "e-mail home age");
	assert_string_equal(part->personal, "");
	assert_int_equal(part->zone, TYPE_UTC);
}

static void words_of_rows_are_found(void **state)
{
	AUTO(catalogue_freep)
	struct catalogue *catalogue =
		catalogue_of("provider = quickbooks\nkey = Id\n[A]\nquery = a\nextra = one=1 flag  "
			     "three=x=y oneandahalf=2\n");
	const struct type *type = catalogue_at(catalogue, 0);
	const char *value;
	size_t len;

	(void)state;
	assert_true(type_extra(type, "one", &value, &len));
	assert_int_equal(len, 1);
	assert_int_equal(*value, '1');
	assert_true(type_extra(type, "flag", NULL, NULL));
	assert_true(type_extra(type, "three", &value, &len));
	assert_int_equal(strncmp(value, "x=y", len), 0);
	assert_int_equal(len, 3);
	assert_false(type_extra(type, "two", &value, &len));
	assert_false(type_extra(type, "thre", &value, &len));
}

static void rows_keep_their_order_but_for_dependencies(void **state)
{
	AUTO(catalogue_freep)
	struct catalogue *catalogue = catalogue_of(
		HEAD "[A]\nquery=a\ndepends = D "
		     "C\n[B]\nquery=b\n[C]\nquery=c\n[D]\nquery=d\ndepends = B\n[E]\nquery=e\n");
	char order[6] = "";

	(void)state;
	for (size_t i = 0; i < catalogue_count(catalogue); i++)
		order[i] = catalogue_at(catalogue, i)->name[0];
	assert_string_equal(order, "BDCAE");
}

static void an_empty_text_has_no_types(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = catalogue_of("");
	AUTO(catalogue_freep)
	struct catalogue *blank = catalogue_of("\n# nothing\n \nprovider = demo");

	(void)state;
	assert_int_equal(catalogue_count(catalogue), 0);
	assert_int_equal(catalogue_count(blank), 0);
}

static const char *digest_of(const char *rows, char *out)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = catalogue_of(rows);

	snprintf(out, 20, "%s", catalogue_at(catalogue, 0)->digest);
	return out;
}

static void a_digest_tells_what_decides_extraction(void **state)
{
	static const char *const same[] = {
		HEAD "[A]\nquery = b\nfield = X text\n",
		HEAD "[A]\nquery = a\nfield = X text listed as y\nallow = create\n",
		HEAD "[B]\nextra = c\nquery = a\nfield = X text of B\n",
	};
	static const char *const different[] = {
		HEAD "[A]\nquery = a\nfield = Y text\n",
		HEAD "[A]\nquery = a\nfield = X number\n",
		HEAD "[A]\nquery = a\nfield = X text\nfield = Z text\n",
		HEAD "[A]\nquery = a\ntitle = T\nfield = X text\n",
		HEAD "[A]\nquery = a\nversion = T\nfield = X text\n",
		HEAD "[A]\nquery = a\nvoided = X =1\nfield = X text\n",
		"provider = demo\n[A]\nkey = Key\nquery = a\nfield = X text\n",
	};
	char digest[20], other[20];

	(void)state;
	digest_of(HEAD "[A]\nquery = a\nfield = X text\n", digest);
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		assert_string_equal(digest, digest_of(same[i], other));
	for (size_t i = 0; i < ARRAY_LEN(different); i++)
		assert_string_not_equal(digest, digest_of(different[i], other));
}

/* ---- mistakes ---- */

static const struct {
	const char *rows, *error;
} mistakes[] = {
	{ "[A]\nquery = a\nkey = Id\n",
	  "rows:1: 'A' has no provider: say 'provider = ..' before it" },
	{ HEAD "[A]\n", "rows:3: 'A' has no 'query'" },
	{ "provider = demo\n[A]\nquery = a\n", "rows:2: 'A' has no 'key'" },
	{ HEAD "[A]\nquery = a\nkey =\n", "rows:3: 'A' has no 'key'" },
	{ HEAD "[A]\nquery = a\ntitel = x\n",
	  "rows:5: there is no key 'titel', did you mean 'title'?" },
	{ HEAD "[A]\nquery = a\nzzzzzz = x\n", "rows:5: there is no key 'zzzzzz'" },
	{ HEAD "[A]\nquery = a\nfield = X mony\n",
	  "rows:5: there is no kind 'mony', did you mean 'money'?" },
	{ HEAD "[A]\nquery = a\nfield = X\n", "rows:5: a field needs a path and a kind" },
	{ HEAD "[A]\nquery = a\nfield =\n", "rows:5: a field needs a path and a kind" },
	{ HEAD "[A]\nquery = a\nfield = X text lsited\n",
	  "rows:5: there is no word for a field 'lsited', did you mean 'listed'?" },
	{ HEAD "[A]\nquery = a\nfield = X text as\n", "rows:5: 'as' needs a name behind it" },
	{ HEAD "[A]\nquery = a\nfield = X text of\n", "rows:5: 'of' needs a name behind it" },
	{ HEAD "[A]\nquery = a\nfield = X text as 1a\n",
	  "rows:5: '1a' is no name for a field, give it one with 'as'" },
	{ HEAD "[A]\nquery = a\nfield = *.X text\n",
	  "rows:5: '*.X' is no name for a field, give it one with 'as'" },
	{ HEAD "[A]\nquery = a\nfield = X text as state\n",
	  "rows:5: 'state' is a word of the filter language, name the field otherwise" },
	{ HEAD "[A]\nquery = a\nfield = X text\nfield = X date\n",
	  "rows:6: 'A' has a field 'X' already" },
	{ HEAD "[A]\nquery = a\nfield = X..Y text as z\n",
	  "rows:5: 'X..Y' is no path, expected names with points between them" },
	{ HEAD "[A]\nquery = a\ntitle = a\"b\n",
	  "rows:5: 'a\"b' is no path, expected names with points between them" },
	{ HEAD "[A]\nquery = a\ntitle = a.b.c.d.e.f.g.h.i\n",
	  "rows:5: 'a.b.c.d.e.f.g.h.i' is no path, expected names with points between them" },
	{ HEAD "[A]\nquery = a\nweb = page?no=id\n", "rows:5: 'web' has no {id} where the record's id belongs" },
	{ HEAD "[A]\nquery = a\nrefers = Links Id\n", "rows:5: 'Links' needs two names behind it: what of its items is the id, and what the type" },
	{ HEAD "[A]\nquery = a\nrefers = Links Id a..b\n", "rows:5: 'a..b' is no path, expected names with points between them" },
	{ HEAD "[A]\nquery = a\nrefers = a b c a b c a b c a b c a b c\n", "rows:5: more than 4 lists of references" },
	{ HEAD "[A]\nquery = a\nread = always\n", "rows:5: there is no way to read 'always'" },
	{ HEAD "[A]\nquery = a\nread = tine\n",
	  "rows:5: there is no way to read 'tine', did you mean 'time'?" },
	{ HEAD "[A]\nquery = a\nread = whole single\n",
	  "rows:5: 'read' takes one word, and 'single' is one more" },
	{ HEAD "[A]\nquery = a\nread = time\n", "rows:5: 'A' is read by time, but has no 'time'" },
	{ HEAD "[A]\nquery = a\ndeleted = sweeps\n",
	  "rows:5: there is no proof of deletion 'sweeps', did you mean 'sweep'?" },
	{ HEAD "[A]\nquery = a\nallow = create updat\n",
	  "rows:5: there is no operation 'updat', did you mean 'update'?" },
	{ HEAD "[A]\nquery = a\nvoided = Note\n",
	  "rows:5: 'Note' needs a test behind it: ^text (begins with) or =text (is)" },
	{ HEAD "[A]\nquery = a\nvoided = Note Voided\n",
	  "rows:5: 'Note' needs a test behind it: ^text (begins with) or =text (is)" },
	{ HEAD "[A]\nquery = a\nvoided = A =1 B =2 C =3 D =4 E =5\n",
	  "rows:5: more than 4 conditions" },
	{ HEAD "[A]\nquery = a\nquery = b\n", "rows:5: 'query' stands in line 4 already" },
	{ HEAD "[A]\nquery = a\nzone = CET\n", "rows:5: there is no zone 'CET'" },
	{ HEAD "[A]\nquery = a\nevery = soon\n", "rows:5: 'soon' is no time between two reads, such as 6h or 1d" },
	{ HEAD "[A]\nquery = a\nselect = a b.\n", "rows:5: 'b.' is no path, expected names with points between them" },
	{ HEAD "key = x\n", "rows:3: 'key' stands in line 2 already" },
	{ HEAD "field = X text\n", "rows:3: 'field' stands below a type" },
	{ HEAD "[A]\nprovider = demo\n",
	  "rows:4: 'provider' stands before the first type of a file" },
	{ "provider = Demo\n", "rows:1: a provider's name has 1 to 15 small letters and digits" },
	{ "provider =\n", "rows:1: a provider's name has 1 to 15 small letters and digits" },
	{ HEAD "[A\n", "rows:3: ']' is missing behind '[A'" },
	{ HEAD "[]\n", "rows:3: a type's name has 1 to 63 letters" },
	{ HEAD "[A B]\n", "rows:3: 'A B' is no name for a type: letters, digits, '_' and '.'" },
	{ HEAD "nonsense\n", "rows:3: expected '[Type]' or 'key = value', not 'nonsense'" },
	{ HEAD "[A]\nquery = a\n[A]\nquery = b\n", "rows:5: 'A' stands in rows:3 already" },
	{ HEAD "[Invoice]\nquery = a\n[B]\nquery = b\ndepends = Invoise\n",
	  "rows:7: 'B' points to 'Invoise', which is no type of demo, did you mean 'Invoice'?" },
	{ HEAD "[Invoice]\nquery = a\nfield = X text of Bill\n",
	  "rows:5: 'Invoice' points to 'Bill', which is no type of demo" },
	{ HEAD "[A]\nquery = a\ndepends = A\n", "rows:5: types depend on each other: A -> A" },
	{ HEAD "[X]\nquery = x\ndepends = A\n[A]\nquery = a\ndepends = B\n[B]\nquery = b\ndepends "
	       "= C\n[C]\nquery = c\n"
	       "depends = A\n",
	  "rows:8: types depend on each other: A -> B -> C -> A" },
	{ HEAD "[A]\nquery = a\n[B]\nquery = b\ndepends = A A\n", "rows:7: 'A' is named twice" },
	{ HEAD "[A]\nquery = \xff\n", "rows: not a text in UTF-8" },
};

static void each_mistake_is_told_with_file_and_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		struct catalogue *catalogue = NULL;
		struct error err = { 0 };

		if (catalogue_parse(mistakes[i].rows, "rows", &catalogue, &err))
			fail_msg("accepted: %s", mistakes[i].rows);
		assert_null(catalogue);
		assert_int_equal(err.code, ERROR_INPUT);
		assert_string_equal(err.text, mistakes[i].error);
	}
}

/* `count` lines of a kind behind a good type; the error, or "". */
static const char *error_of_many(const char *format, int count, struct error *err)
{
	AUTO(str_clear) struct str rows = STR_INIT(STR_NO_LIMIT);
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;

	str_add(&rows, HEAD "[A]\nquery = a\n");
	for (int i = 0; i < count; i++) {
		AUTO(str_clear) struct str number = STR_INIT(20);
		const char *at = strchr(format, '@');

		str_addf(&number, "%d", i);
		str_add_bytes(&rows, format, (size_t)(at - format));
		str_addf(&rows, "%s%s", number.text, at + 1);
	}
	error_clear(err);
	catalogue_parse(rows.text, "rows", &catalogue, err);
	return err->text;
}

static void limits_are_told(void **state)
{
	struct error err;

	(void)state;
	assert_string_equal(error_of_many("field = X@ text\n", TYPE_FIELDS_MAX, &err), "");
	assert_string_equal(error_of_many("field = X@ text\n", TYPE_FIELDS_MAX + 1, &err),
			    "rows:21: more than 16 fields");
	assert_string_equal(error_of_many("[B@]\nquery = b\n", 999, &err), "");
	assert_string_equal(error_of_many("[B@]\nquery = b\n", 1000, &err),
			    "rows:2003: more than 1000 types");
	assert_string_equal(error_of_many("depends = A@ B C D E F G H I J K L\n", 1, &err),
			    "rows:5: more than 11 types to depend on");
}

/* ---- the user's rows ---- */

struct folder {
	char path[64];
};

static void folder_make(struct folder *folder)
{
	snprintf(folder->path, sizeof(folder->path), "/tmp/test-catalogue-XXXXXX");
	assert_non_null(mkdtemp(folder->path));
}

static const char *folder_file(const struct folder *folder, const char *name, char *out)
{
	snprintf(out, 128, "%s/%s", folder->path, name);
	return out;
}

static void folder_put(const struct folder *folder, const char *name, const char *text)
{
	char path[128];
	FILE *file = fopen(folder_file(folder, name, path), "w");

	assert_non_null(file);
	assert_int_equal(fputs(text, file) < 0, 0);
	assert_int_equal(fclose(file), 0);
}

static void folder_remove(struct folder *folder)
{
	static const char *const names[] = { "a.catalogue", "b.catalogue", "c.txt",
					     ".hidden.catalogue", ".catalogue" };
	char path[128];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(folder_file(folder, names[i], path));
	rmdir(folder->path);
}

static void a_user_adds_and_replaces_types(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL, *plain = NULL;
	AUTO(folder_remove) struct folder folder;
	const struct type *term, *report;
	struct error err = { 0 };

	(void)state;
	folder_make(&folder);
	folder_put(&folder, "a.catalogue",
		   "provider = quickbooks\nkey = Id\n[Term]\nquery = Term\ntime = "
		   "MetaData.LastUpdatedTime\n"
		   "field = Name text listed\n");
	folder_put(&folder, "b.catalogue",
		   "provider = quickbooks\nkey = Id\n[ProjectNote]\nquery = ProjectNote\ndepends = "
		   "Customer Term\n");
	folder_put(&folder, "c.txt", "nonsense");
	folder_put(&folder, ".hidden.catalogue", "nonsense");
	folder_put(&folder, ".catalogue", "nonsense");
	assert_true(catalogue_load(NULL, &plain, NULL));
	if (!catalogue_load(folder.path, &catalogue, &err))
		fail_msg("%s", err.text);
	assert_int_equal(catalogue_count(catalogue), catalogue_count(plain) + 1);
	term = catalogue_find(catalogue, "quickbooks", "Term");
	assert_int_equal(term->field_count, 1);
	assert_non_null(strstr(term->origin, "a.catalogue:3"));
	assert_string_not_equal(term->digest, catalogue_find(plain, "quickbooks", "Term")->digest);
	report = catalogue_at(catalogue, catalogue_count(catalogue) - 1);
	assert_string_equal(report->name, "ProjectNote");
	assert_int_equal(report->reading, TYPE_WHOLE);
}

static void a_users_mistake_names_the_users_file(void **state)
{
	AUTO(folder_remove) struct folder folder;
	struct catalogue *catalogue = NULL;
	struct error err = { 0 };

	(void)state;
	folder_make(&folder);
	folder_put(&folder, "a.catalogue", "provider = quickbooks\n[Term]\nkey = Id\n");
	assert_false(catalogue_load(folder.path, &catalogue, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	assert_non_null(strstr(err.text, "/a.catalogue:2: 'Term' has no 'query'"));
	/* Two of the user's files must not fight about a type either. */
	folder_put(&folder, "a.catalogue",
		   "provider = quickbooks\n[Term]\nkey = Id\nquery = Term\n");
	folder_put(&folder, "b.catalogue",
		   "provider = quickbooks\n[Term]\nkey = Id\nquery = Term\n");
	assert_false(catalogue_load(folder.path, &catalogue, &err));
	assert_non_null(strstr(err.text, "/b.catalogue:2: 'Term' stands in "));
	assert_null(catalogue);
}

static void no_directory_is_no_mistake_but_a_file_is(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	AUTO(folder_remove) struct folder folder;
	struct catalogue *none = NULL;
	struct error err = { 0 };
	char path[128];

	(void)state;
	folder_make(&folder);
	assert_true(catalogue_load(folder_file(&folder, "absent", path), &catalogue, &err));
	folder_put(&folder, "c.txt", "");
	assert_false(catalogue_load(folder_file(&folder, "c.txt", path), &none, &err));
	assert_int_equal(err.code, ERROR_INPUT);
}

static void places_of_what_rows_say(void **state)
{
	static const struct {
		const char *word, *path, *place;
	} cases[] = {
		{ "query", "", "rows:4" },	 { "select", "a", "rows:5" }, { "select", "c.d", "rows:5" }, { "select", "e", "rows:8" },
		{ "select", "f", "rows:9" },	 { "field", "b", "rows:6" },  { "field", "g", "rows:7" },    { "key", "", "rows:2" },
		{ "select", "none", "rows:5" }, { "title", "", "rows:3" },   { "field", "none", "rows:3" },
	};
	AUTO(catalogue_freep)
	struct catalogue *catalogue = catalogue_of("provider = demo\nkey = Id\n[A]\nquery = a\nselect = a  c.d\n"
						   "field = b text\nfield = g text\nselect = e\nselect = f\n");

	(void)state;
	assert_string_equal(catalogue_at(catalogue, 0)->select, "a c.d e f");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str place = STR_INIT(STR_NO_LIMIT);

		type_add_place(catalogue_at(catalogue, 0), cases[i].word, cases[i].path, &place);
		assert_string_equal(place.text, cases[i].place);
	}
}

/* The example of docs/catalogue.md depends on a type of the program's own. */
static void a_file_is_tried_above_the_built_in_rows(void **state)
{
	AUTO(catalogue_freep) struct catalogue *catalogue = NULL;
	struct error err = { 0 };
	size_t own = 0;

	(void)state;
	assert_true(catalogue_try("provider = quickbooks\n[ChargeNote]\nquery = ChargeNote\nkey = Id\ndepends = Customer\n"
				  "[Invoice]\nquery = Invoice\nkey = Id\n", "mine", &catalogue, &err));
	for (size_t i = 0; i < catalogue_count(catalogue); i++)
		own += type_is_own(catalogue_at(catalogue, i));
	assert_int_equal(own, 2);
	assert_true(type_is_own(catalogue_find(catalogue, "quickbooks", "ChargeNote")));
	assert_false(type_is_own(catalogue_find(catalogue, "quickbooks", "Customer")));
	catalogue_freep(&catalogue);
	catalogue = NULL;
	assert_false(catalogue_try("provider = quickbooks\n[A]\nquery = a\nkey = Id\ndepends = Custmer\n", "mine", &catalogue, &err));
	assert_string_equal(err.text, "mine:5: 'A' points to 'Custmer', which is no type of quickbooks, did you mean 'Customer'?");
}

int test_catalogue(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_types_are_built_in),
		cmocka_unit_test(dependencies_come_first),
		cmocka_unit_test(what_the_ledger_says_of_its_types_is_there),
		cmocka_unit_test(types_are_found_by_what_people_type),
		cmocka_unit_test(rows_say_everything_about_a_type),
		cmocka_unit_test(words_of_rows_are_found),
		cmocka_unit_test(rows_keep_their_order_but_for_dependencies),
		cmocka_unit_test(an_empty_text_has_no_types),
		cmocka_unit_test(a_digest_tells_what_decides_extraction),
		cmocka_unit_test(each_mistake_is_told_with_file_and_line),
		cmocka_unit_test(limits_are_told),
		cmocka_unit_test(a_user_adds_and_replaces_types),
		cmocka_unit_test(a_users_mistake_names_the_users_file),
		cmocka_unit_test(no_directory_is_no_mistake_but_a_file_is),
		cmocka_unit_test(places_of_what_rows_say),
		cmocka_unit_test(a_file_is_tried_above_the_built_in_rows),
	};

	return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
