/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a record has otherwise than we want it, and what an update says. Updates are sparse: members that we know nothing of
 * stay as they are. Lines are replaced as a whole by the ledger, so all go along, each with the id that it has there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "push.h"

#define PATH_MAX_BYTES 80

struct comparing {
	struct push_changes *changes;
	char path[PATH_MAX_BYTES];
};

static void add(struct comparing *comparing, struct json_slice before, struct json_slice after)
{
	struct push_changes *changes = comparing->changes;
	struct push_change *change;

	memory_grow(&changes->items, &changes->room, changes->count + 1, sizeof(*changes->items));
	change = &changes->items[changes->count++];
	*change = (struct push_change){ .before = before, .after = after };
	snprintf(change->field, sizeof(change->field), "%s", comparing->path);
}

static bool same_text(struct json_slice a, struct json_slice b)
{
	AUTO(str_clear) struct str one = STR_INIT(STR_NO_LIMIT), other = STR_INIT(STR_NO_LIMIT);

	if (a.kind == JSON_STRING && b.kind == JSON_STRING) {
		json_unquote(a, &one);
		json_unquote(b, &other);
		return one.len == other.len && memcmp(one.text, other.text, one.len) == 0;
	}
	return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

static bool same_value(struct json_slice want, struct json_slice have)
{
	struct decimal a, b;

	if (push_is_nothing(want) && push_is_nothing(have))
		return true;
	if (want.kind == JSON_NUMBER && have.kind == JSON_NUMBER && decimal_parse(want.text, want.len, &a) &&
	    decimal_parse(have.text, have.len, &b))
		return decimal_compare(a, b) == 0;
	return want.kind == have.kind && same_text(want, have);
}

static void compare_value(struct comparing *comparing, struct json_slice want, struct json_slice have);

/* What an update is sent with. */
static bool is_envelope(struct json_slice name)
{
	return json_equals(name, "sparse") || json_equals(name, "Id") || json_equals(name, "SyncToken");
}

/* Of amounts that include the tax the ledger keeps the net, and the amount itself in the detail. */
static struct json_slice amount_of(struct json_slice line)
{
	static const char *const paths[] = { "SalesItemLineDetail.TaxInclusiveAmt", "AccountBasedExpenseLineDetail.TaxInclusiveAmt",
					     "ItemBasedExpenseLineDetail.TaxInclusiveAmt" };
	struct json_slice amount;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		amount = json_member(line, paths[i]);
		if (amount.kind == JSON_NUMBER)
			return amount;
	}
	return json_member(line, "Amount");
}

static struct json_slice member_of(struct json_slice have, const char *member)
{
	if (have.kind != JSON_OBJECT)
		return (struct json_slice){ 0 };
	return strcmp(member, "Amount") == 0 ? amount_of(have) : json_member(have, member);
}

static void compare_object(struct comparing *comparing, struct json_slice want, struct json_slice have)
{
	size_t len = strlen(comparing->path), at = 0;
	struct json_slice name, value;
	char member[60];

	while (json_each(want, &at, &name, &value)) {
		if (len == 0 && is_envelope(name))
			continue;
		snprintf(member, sizeof(member), "%.*s", (int)(name.len - 2), name.text + 1);
		snprintf(comparing->path + len, sizeof(comparing->path) - len, "%s%s", len > 0 ? "." : "", member);
		compare_value(comparing, value, member_of(have, member));
		comparing->path[len] = '\0';
	}
}

/* Lines that the ledger computes are not ours to write. */
static bool is_computed(struct json_slice line)
{
	return json_equals(json_member(line, "DetailType"), "SubTotalLineDetail");
}

/* A kind of line that no resource of ours makes. */
static bool is_foreign(struct json_slice line)
{
	static const char *const ours[] = { "SalesItemLineDetail", "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail",
					    "JournalEntryLineDetail", "TaxLineDetail" };
	struct json_slice kind = json_member(line, "DetailType");

	if (kind.kind == JSON_NONE)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		if (json_equals(kind, ours[i]))
			return false;
	return true;
}

/* ---- which of the ledger's lines is which of ours */

#define NO_LINE SIZE_MAX

struct line_list {
	struct json_slice *items;    /* owned */
	size_t count, room;
};
struct pairing {
	struct line_list want, have;
	size_t *of;                  /* owned: for each that we want, its place in `have`; NO_LINE: it is not there */
	bool *taken;                 /* owned: of `have` */
};

static void pairing_clear(struct pairing *pairing)
{
	free(pairing->want.items);
	free(pairing->have.items);
	free(pairing->of);
	free(pairing->taken);
}

static void take_lines(struct json_slice lines, struct line_list *list)
{
	struct json_slice line;
	size_t at = 0;

	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		if (line.kind == JSON_OBJECT && is_computed(line))
			continue;
		memory_grow(&list->items, &list->room, list->count + 1, sizeof(*list->items));
		list->items[list->count++] = line;
	}
}

static bool is_same_id(struct json_slice want, struct json_slice have)
{
	struct json_slice id = member_of(want, "Id");

	return id.kind == JSON_STRING && same_value(id, member_of(have, "Id"));
}

/* The same item or account, as far as we name one. */
static bool is_same_thing(struct json_slice want, struct json_slice have)
{
	static const char *const paths[] = { "DetailType", "SalesItemLineDetail.ItemRef.value", "ItemBasedExpenseLineDetail.ItemRef.value",
					     "AccountBasedExpenseLineDetail.AccountRef.value", "JournalEntryLineDetail.AccountRef.value",
					     "JournalEntryLineDetail.PostingType" };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct json_slice value = member_of(want, paths[i]);

		if (value.kind != JSON_NONE && !same_value(value, member_of(have, paths[i])))
			return false;
	}
	return true;
}

static bool is_same_sum(struct json_slice want, struct json_slice have)
{
	return same_value(member_of(want, "Amount"), member_of(have, "Amount")) && is_same_thing(want, have);
}

static bool is_equal(struct json_slice want, struct json_slice have)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };
	struct comparing comparing = { .changes = &changes };

	if (!is_same_sum(want, have))
		return false;
	compare_value(&comparing, want, have);
	return changes.count == 0;
}

static void pair_by(struct pairing *pairing, bool (*is_it)(struct json_slice want, struct json_slice have))
{
	for (size_t i = 0; i < pairing->want.count; i++)
		for (size_t k = 0; k < pairing->have.count && pairing->of[i] == NO_LINE; k++)
			if (!pairing->taken[k] && is_it(pairing->want.items[i], pairing->have.items[k])) {
				pairing->of[i] = k;
				pairing->taken[k] = true;
			}
}

/*
 * By the id that an update carries; else by what a line says, the surest likeness first, so that one that is put in or taken out
 * does not move what people have set on the others. What is like none is the one in its place, written over.
 */
static void pair_lines(struct json_slice want, struct json_slice have, struct pairing *pairing)
{
	*pairing = (struct pairing){ 0 };
	take_lines(want, &pairing->want);
	take_lines(have, &pairing->have);
	pairing->of = memory_new((pairing->want.count + 1) * sizeof(*pairing->of));
	pairing->taken = memory_new((pairing->have.count + 1) * sizeof(*pairing->taken));
	for (size_t i = 0; i < pairing->want.count; i++)
		pairing->of[i] = NO_LINE;
	pair_by(pairing, is_same_id);
	pair_by(pairing, is_equal);
	pair_by(pairing, is_same_sum);
	pair_by(pairing, is_same_thing);
	for (size_t i = 0; i < pairing->want.count && i < pairing->have.count; i++)
		if (pairing->of[i] == NO_LINE && !pairing->taken[i]) {
			pairing->of[i] = i;
			pairing->taken[i] = true;
		}
}

/* Lines bear the numbers that they have with us; what the ledger has besides comes behind them. */
static void compare_array(struct comparing *comparing, struct json_slice want, struct json_slice have)
{
	AUTO(pairing_clear) struct pairing pairing;
	size_t len = strlen(comparing->path), no = 0, furthest = 0;

	pair_lines(want, have, &pairing);
	for (size_t i = 0; i < pairing.want.count; i++) {
		struct json_slice wanted = pairing.want.items[i], had = { 0 };
		size_t of = pairing.of[i];

		if (of != NO_LINE)
			had = pairing.have.items[of];
		snprintf(comparing->path + len, sizeof(comparing->path) - len, "[%zu]", ++no);
		/* Not there, or in another order. */
		if (of == NO_LINE || of < furthest)
			add(comparing, had, wanted);
		else
			furthest = of;
		if (of != NO_LINE)
			compare_value(comparing, wanted, had);
		comparing->path[len] = '\0';
	}
	for (size_t k = 0; k < pairing.have.count; k++) {
		struct json_slice had = pairing.have.items[k];

		if (had.kind == JSON_OBJECT && is_foreign(had))
			comparing->changes->foreign_lines = true;
		if (pairing.taken[k])
			continue;
		snprintf(comparing->path + len, sizeof(comparing->path) - len, "[%zu]", ++no);
		add(comparing, had, (struct json_slice){ 0 });
		comparing->path[len] = '\0';
	}
}

static void compare_value(struct comparing *comparing, struct json_slice want, struct json_slice have)
{
	if (want.kind == JSON_OBJECT)
		compare_object(comparing, want, have);
	else if (want.kind == JSON_ARRAY)
		compare_array(comparing, want, have);
	else if (!same_value(want, have))
		add(comparing, have, want);
}

void quickbooks_compare(const char *type, struct json_slice body, struct json_slice raw, struct push_changes *changes)
{
	struct comparing comparing = { .changes = changes };

	(void)type;
	changes->count = 0;
	changes->foreign_lines = false;
	compare_object(&comparing, body, raw);
}

/* ---- updates */

static bool is_changed(const struct push_changes *changes, struct json_slice name)
{
	size_t len = name.len - 2;

	for (size_t i = 0; i < changes->count; i++) {
		const char *field = changes->items[i].field;

		if (strncmp(field, name.text + 1, len) == 0 && (field[len] == '\0' || field[len] == '.' || field[len] == '['))
			return true;
	}
	return false;
}

/* Without these the ledger refuses an update, sparse or not. */
static bool is_always_due(struct json_slice name)
{
	static const char *const names[] = { "CustomerRef", "VendorRef", "TotalAmt" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (json_equals(name, names[i]))
			return true;
	return false;
}

/* What people set on a line in the ledger: it stays where we say nothing of it. Sums and prices are not among them. */
static bool is_kept(struct json_slice name)
{
	static const char *const names[] = { "Id", "Description", "LinkedTxn", "ClassRef", "ServiceDate", "TaxCodeRef", "CustomerRef",
					     "BillableStatus", "DepartmentRef", "Entity", "MarkupInfo" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (json_equals(name, names[i]))
			return true;
	return false;
}

static struct json_slice member_named(struct json_slice object, struct json_slice name)
{
	struct json_slice other, value;
	size_t at = 0;

	while (object.kind == JSON_OBJECT && json_each(object, &at, &other, &value))
		if (other.len == name.len && memcmp(other.text, name.text, name.len) == 0)
			return value;
	return (struct json_slice){ 0 };
}

static void add_merged(struct json_slice want, struct json_slice have, bool line, struct str *out);

static void add_member(struct json_slice name, struct json_slice value, struct json_slice have, bool line, struct str *out)
{
	if (out->text[out->len - 1] != '{')
		str_add_char(out, ',');
	str_add_bytes(out, name.text, name.len);
	str_add_char(out, ':');
	/* A line's details, whose name is that of their kind. */
	if (line && value.kind == JSON_OBJECT && have.kind == JSON_OBJECT)
		add_merged(value, have, false, out);
	else
		str_add_bytes(out, value.text, value.len);
}

static void add_merged(struct json_slice want, struct json_slice have, bool line, struct str *out)
{
	struct json_slice name, value;
	size_t at = 0;

	str_add_char(out, '{');
	while (json_each(want, &at, &name, &value))
		add_member(name, value, member_named(have, name), line, out);
	at = 0;
	while (have.kind == JSON_OBJECT && json_each(have, &at, &name, &value))
		if (is_kept(name) && member_named(want, name).kind == JSON_NONE)
			add_member(name, value, (struct json_slice){ 0 }, line, out);
	str_add_char(out, '}');
}

/* Our lines with the ids of those that they are there, and with what was added to them there. */
static void add_lines(struct json_slice want, struct json_slice have, struct str *out)
{
	AUTO(pairing_clear) struct pairing pairing;

	pair_lines(want, have, &pairing);
	str_add_char(out, '[');
	for (size_t i = 0; i < pairing.want.count; i++) {
		size_t of = pairing.of[i];

		if (i > 0)
			str_add_char(out, ',');
		add_merged(pairing.want.items[i], of == NO_LINE ? (struct json_slice){ 0 } : pairing.have.items[of], true, out);
	}
	str_add_char(out, ']');
}

static void add_id(struct json_slice raw, struct str *out)
{
	struct json_slice id = json_member(raw, "Id"), version = json_member(raw, "SyncToken");

	str_add(out, "{\"sparse\":true,\"Id\":");
	str_add_bytes(out, id.text, id.len);
	str_add(out, ",\"SyncToken\":");
	str_add_bytes(out, version.text, version.len);
}

/* With new lines the ledger computes the tax anew, unless what was to stand instead goes along. */
static bool is_due_with_lines(const struct push_changes *changes, struct json_slice name, struct json_slice value)
{
	static const struct json_slice lines = { .text = "\"Line\"", .len = 6, .kind = JSON_STRING };

	return json_equals(name, "TxnTaxDetail") && json_member(value, "TaxLine").kind != JSON_NONE && is_changed(changes, lines);
}

void quickbooks_update(const char *type, struct json_slice body, struct json_slice raw, struct str *out)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };
	struct json_slice name, value;
	size_t at = 0;

	quickbooks_compare(type, body, raw, &changes);
	add_id(raw, out);
	while (json_each(body, &at, &name, &value)) {
		if (is_envelope(name) ||
		    (!is_changed(&changes, name) && !is_always_due(name) && !is_due_with_lines(&changes, name, value)))
			continue;
		str_add_char(out, ',');
		str_add_bytes(out, name.text, name.len);
		str_add_char(out, ':');
		if (json_equals(name, "Line"))
			add_lines(value, json_member(raw, "Line"), out);
		else
			str_add_bytes(out, value.text, value.len);
	}
	str_add_char(out, '}');
}

/* ---- what came back */

static void add_unapplied(struct json_slice body, struct json_slice raw, struct str *out)
{
	struct json_slice unapplied = json_member(raw, "UnappliedAmt"), total = json_member(body, "TotalAmt"), line;
	struct json_slice lines = json_member(body, "Line"), amount;
	struct decimal left, part, is;
	size_t at = 0;

	if (unapplied.kind != JSON_NUMBER || total.kind != JSON_NUMBER || !decimal_parse(unapplied.text, unapplied.len, &is) ||
	    !decimal_parse(total.text, total.len, &left))
		return;
	while (lines.kind == JSON_ARRAY && json_each(lines, &at, NULL, &line)) {
		amount = json_member(line, "Amount");
		if (amount.kind == JSON_NUMBER && decimal_parse(amount.text, amount.len, &part))
			decimal_subtract(left, part, &left);
	}
	if (left.digits >= 0 && decimal_compare(left, is) != 0) {
		char asked[DECIMAL_TEXT_MAX], came[DECIMAL_TEXT_MAX];

		str_addf(out, "unapplied: asked %s, is %s\n", decimal_format(left, asked), decimal_format(is, came));
	}
}

void quickbooks_landed(const char *type, struct json_slice body, struct json_slice raw, struct str *out)
{
	AUTO(push_changes_clear) struct push_changes changes = { 0 };

	quickbooks_compare(type, body, raw, &changes);
	for (size_t i = 0; i < changes.count; i++) {
		const struct push_change *change = &changes.items[i];

		/* Lines of an update carry the ids that they had. */
		if (strstr(change->field, "].Id"))
			continue;
		str_addf(out, "%s: asked ", change->field);
		push_add_short(change->after, out);
		str_add(out, ", is ");
		push_add_short(change->before, out);
		str_add_char(out, '\n');
	}
	if (strcmp(type, "Payment") == 0)
		add_unapplied(body, raw, out);
}

static void copy_text(struct json_slice raw, const char *path, char *out, size_t size)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	if (*out != '\0')
		return;
	json_unquote(json_member(raw, path), &text);
	snprintf(out, size, "%s", text.text);
}

void quickbooks_likeness(const char *type, struct json_slice raw, struct likeness *ret_likeness)
{
	static const char *const numbers[] = { "DocNumber", "PaymentRefNum", "DisplayName", "Name" };
	struct json_slice total = json_member(raw, "TotalAmt");
	AUTO(str_clear) struct str note = STR_INIT(STR_NO_LIMIT);
	char day[DATE_TEXT_MAX] = "";
	const char *tag;

	(void)type;
	*ret_likeness = (struct likeness){ 0 };
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		copy_text(raw, numbers[i], ret_likeness->number, sizeof(ret_likeness->number));
	copy_text(raw, "CustomerRef.value", ret_likeness->party, sizeof(ret_likeness->party));
	copy_text(raw, "VendorRef.value", ret_likeness->party, sizeof(ret_likeness->party));
	copy_text(raw, "CurrencyRef.value", ret_likeness->currency, sizeof(ret_likeness->currency));
	copy_text(raw, "TxnDate", day, sizeof(day));
	ret_likeness->has_date = date_parse(day, strlen(day), &ret_likeness->date);
	ret_likeness->has_total = total.kind == JSON_NUMBER && decimal_parse(total.text, total.len, &ret_likeness->total);
	json_unquote(json_member(raw, "PrivateNote"), &note);
	tag = strstr(note.text, PUSH_TAG "rsrc_");
	if (tag)
		snprintf(ret_likeness->tag, sizeof(ret_likeness->tag), "%.31s", tag + strlen(PUSH_TAG));
}

static bool number_of(struct json_slice raw, const char *path, struct decimal *ret_value)
{
	struct json_slice value = json_member(raw, path);

	return value.kind == JSON_NUMBER && decimal_parse(value.text, value.len, ret_value);
}

/* The ledger keeps a balance of what can be paid, and of payments what is not applied to anything. */
void quickbooks_standing(const char *type, struct json_slice raw, struct standing *ret_standing)
{
	struct decimal total;

	*ret_standing = (struct standing){ 0 };
	if (strcmp(type, "Customer") == 0 || strcmp(type, "Vendor") == 0 || !number_of(raw, "TotalAmt", &total))
		return;
	ret_standing->has_open = number_of(raw, strcmp(type, "Payment") == 0 ? "UnappliedAmt" : "Balance", &ret_standing->open);
	if (!ret_standing->has_open || strcmp(type, "Payment") == 0)
		return;
	ret_standing->word = decimal_is_zero(ret_standing->open) ? STANDING_PAID
			     : decimal_compare(ret_standing->open, total) < 0 ? STANDING_PARTLY : STANDING_OPEN;
}

static void copy_first(struct json_slice raw, const char *const *paths, char *out, size_t size)
{
	struct json_slice value;

	for (; *paths && !*out; paths++) {
		value = json_member(raw, *paths);
		if (value.kind == JSON_NUMBER)
			snprintf(out, size, "%.*s", (int)(value.len < size ? value.len : size - 1), value.text);
		else
			copy_text(raw, *paths, out, size);
	}
}

void quickbooks_facts(enum target target, struct json_slice raw, struct target_facts *ret_facts)
{
	static const char *const names[] = { "FullyQualifiedName", "DisplayName", "Name", "Code", NULL };
	static const char *const numbers[] = { "AcctNum", "Sku", NULL }, *const kinds[] = { "AccountType", "Type", NULL };
	static const char *const balances[] = { "CurrentBalance", "Balance", "UnitPrice", NULL };

	(void)target;
	*ret_facts = (struct target_facts){ 0 };
	copy_first(raw, names, ret_facts->name, sizeof(ret_facts->name));
	copy_first(raw, numbers, ret_facts->number, sizeof(ret_facts->number));
	copy_first(raw, kinds, ret_facts->kind, sizeof(ret_facts->kind));
	copy_first(raw, balances, ret_facts->balance, sizeof(ret_facts->balance));
}

/* What stands in the way of making it void, or of deleting it. */
bool quickbooks_voidable(const char *type, bool delete, struct json_slice raw, char *ret_why)
{
	struct json_slice links = json_member(raw, "LinkedTxn"), link;
	AUTO(str_clear) struct str id = STR_INIT(60), kind = STR_INIT(60);
	bool can_void = strcmp(type, "Invoice") == 0 || strcmp(type, "Payment") == 0;
	size_t at = 0;

	if (!delete && !can_void) {
		snprintf(ret_why, 200, "QuickBooks makes a %s void only on its own pages; the policy void=delete lets it be deleted", type);
		return false;
	}
	while (links.kind == JSON_ARRAY && json_each(links, &at, NULL, &link)) {
		str_reset(&id);
		str_reset(&kind);
		json_unquote(json_member(link, "TxnId"), &id);
		json_unquote(json_member(link, "TxnType"), &kind);
		if (strcmp(kind.text, "Estimate") == 0 || strcmp(kind.text, "ReimburseCharge") == 0)
			continue;
		snprintf(ret_why, 200, "%s %s is linked to it; take that off in QuickBooks first", kind.text, id.text);
		return false;
	}
	return true;
}
