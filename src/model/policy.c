/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of policies. */
#include "ledgerdeck/model/policy.h"

#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/decimal.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/nearest.h"
#include "ledgerdeck/model/stop.h"
#include "ledgerdeck/model/tolerance.h"
#include "ledgerdeck/model/window.h"

static const struct policy_row rows[] = {
	[POLICY_DIRECTION] = { "direction", "Which way documents go", "push both pull", POLICY_WORDS, NULL,
		"push: documents of yours are written, what the ledger changes is shown; both: payments and deletions in the ledger "
		"come back to your documents, too; pull: nothing is ever written.", true },
	[POLICY_DUPLICATE] = { "duplicate", "A document whose number is taken", "ask link-if-exact block create skip", POLICY_WORDS, NULL,
		"ask: a person decides each; link-if-exact: linked when number, party, currency, total and date are the same, else a person "
		"decides; block: held back; create: written all the same; skip: left out.", true },
	[POLICY_NEW_CUSTOMER] = { "new-customer", "A customer or vendor that the ledger lacks", "approve create refuse", POLICY_WORDS, NULL,
		"approve: each is created once a person has approved it; create: created with what needs it; refuse: what needs it is blocked.", true },
	[POLICY_NEW_ITEM] = { "new-item", "An item that the ledger lacks", "approve create refuse", POLICY_WORDS, NULL,
		"approve: each is created once a person has approved it; create: created with what needs it; refuse: what needs it is blocked.", true },
	[POLICY_CONFLICT] = { "conflict", "A field that both sides changed", "ask ours theirs", POLICY_WORDS, NULL,
		"ask: a person decides; ours: your document's value is written; theirs: the ledger's stays.", true },
	[POLICY_OWNER] = { "field-owner", "Fields that are not always yours", NULL, POLICY_OWNERS, "",
		"Whose value of a field stays once its record is there. 'due_date=ledger memo=ledger' leaves them to the ledger after they were "
		"created, 'term=manual' has a person decide about each difference, and 'invoice.term=source' says of one type something else; "
		"what is not named is yours.", true },
	[POLICY_CLOSED] = { "closed-books", "A document dated in closed books", "block first-open-day ask", POLICY_WORDS, NULL,
		"block: held back; first-open-day: written on the first open day, its own date in the memo; ask: a person decides.", true },
	[POLICY_VOID] = { "void", "A document that your system made void", "void delete credit-note block", POLICY_WORDS, NULL,
		"void: made void in the ledger, where the ledger can; delete: deleted there; credit-note: an invoice stays, and a credit memo of the "
		"same lines is made and applied to it, all else is made void; block: held back.", true },
	[POLICY_TAX_VARIANCE] = { "tax-variance", "Tax that the ledger computes otherwise", "accept block ask", POLICY_WORDS, NULL,
		"accept: up to one minor unit a line, and shown, more is held back; block: none; ask: a person accepts the ledger's tax, has "
		"yours written, or leaves the document out.", true },
	[POLICY_TRUNCATE] = { "truncate", "A text that is too long for the ledger", "block shorten", POLICY_WORDS, NULL,
		"block: held back; shorten: cut, and shown in the plan.", true },
	[POLICY_NUMBERING] = { "numbering", "Numbers of new documents", "keep ledger prefix=AC-", POLICY_WORDS, NULL,
		"keep: your document's number; ledger: the ledger gives the next of its own; prefix=AC-: your document's number behind a text of "
		"the account's own, as in AC-1042. Bills keep their vendor's number.", true },
	[POLICY_RATE] = { "rate", "Exchange rates", "document ledger table", POLICY_WORDS, NULL,
		"document: a foreign document without a rate is blocked; ledger: the ledger's own rate of the day is taken; table: that of the "
		"account's own table (rates). What a document says itself comes first.", true },
	[POLICY_TAG] = { "tag", "A mark of ours in written documents", "note none", POLICY_WORDS, NULL,
		"note: a short mark at the end of the private note proves whose it is after an answer was lost; none: such a document may "
		"need a person.", true },
	[POLICY_GO_LIVE] = { "go-live", "Documents from which day on", NULL, POLICY_DATE, "",
		"Documents dated before it are left out; empty: all are pushed.", true },
	[POLICY_RECEIVABLE] = { "receivable", "Account of what customers owe", "ledger account=1500", POLICY_WORDS, NULL,
		"ledger: the ledger's own choice, where it has one; account=1500: the account that a customer's line goes to, where the ledger is "
		"told so (Xledger).", true },
	[POLICY_PAYABLE] = { "payable", "Account of what is owed to vendors", "ledger account=2400", POLICY_WORDS, NULL,
		"ledger: the ledger's own choice, where it has one; account=2400: the account that a vendor's line goes to, where the ledger is "
		"told so (Xledger).", true },
	[POLICY_FRESH] = { "fresh", "How old the mirror may be for a plan", NULL, POLICY_DURATION, "15m",
		"What is older is read again before a plan is made.", false },
	[POLICY_EXPIRE] = { "expire", "How long a plan can be applied", NULL, POLICY_DURATION, "1h", "Then it is made again.", false },
	[POLICY_DEBOUNCE] = { "debounce", "Pushing by itself after an edit", NULL, POLICY_DURATION, "off",
		"So long after the last edit of a document it is planned, and applied where no person is needed; off: only when asked.", false },
	[POLICY_AUTO_COUNT] = { "auto-count", "Writes that go by themselves", NULL, POLICY_AMOUNT, "100",
		"What debounce plans goes by itself up to so many writes at once; more of them wait for a person.", false },
	[POLICY_AUTO_AMOUNT] = { "auto-amount", "Amount that goes by itself", NULL, POLICY_AMOUNT, "",
		"What debounce plans goes by itself up to this amount, for each currency in it; more waits for a person; empty: no limit.", false },
	[POLICY_AUTO_NEW] = { "auto-new", "New customers, vendors and items by themselves", "wait go", POLICY_WORDS, NULL,
		"wait: what debounce would create of them waits for a person, with what needs it; go: it is created by itself, where the policies "
		"new-customer and new-item let a plan do so.", false },
	[POLICY_AUTO_VOID] = { "auto-void", "Making void by itself", "wait go", POLICY_WORDS, NULL,
		"wait: what debounce would make void waits for a person; go: it is made void by itself.", false },
	[POLICY_APPROVE_COUNT] = { "approve-count", "Writes that one person may apply", NULL, POLICY_AMOUNT, "1000",
		"A plan with more of them is applied by somebody else than who made it.", false },
	[POLICY_APPROVE_AMOUNT] = { "approve-amount", "Amount that one person may apply", NULL, POLICY_AMOUNT, "",
		"A plan of more, in the home currency, is applied by somebody else than who made it; empty: no limit.", false },
	[POLICY_CONFIRM] = { "confirm", "Typing the sum before it is written", "production always never", POLICY_WORDS, NULL,
		"production: whoever applies a plan to production books types the largest sum of money in it; always: in all books; never: "
		"nobody does. What debounce pushes by itself asks nobody.", false },
	[POLICY_WINDOW] = { "window", "When writes may be sent", NULL, POLICY_TIMES, "",
		"Hours such as 22:00-05:00, with days before them if need be: Mon-Fri 22:00-05:00; in this machine's own time, a night is of the "
		"day that it begins on. What is queued waits for them, and a person who applies a plan outside of them is asked to say --now or "
		"--queue; empty: always.", false },
	[POLICY_STOP] = { "stop", "What pauses the rest of a plan", NULL, POLICY_STOPS, "untold 25%",
		"What of a plan was not sent yet is paused, until a person goes on with it, by any of these: untold: an outcome that a person "
		"has to find out; uncertain: also one that the engine finds out by itself; a number such as 5: so many writes have gone "
		"wrong; a share such as 25%: of those answered, once ten have; never: by nothing.", false },
	[POLICY_UNEXPLAINED] = { "unexplained", "Differences when a period is signed", "zero any", POLICY_WORDS, NULL,
		"zero: a reconciliation is signed when every difference is explained or accepted; any: also before.", false },
	[POLICY_REVIEWER] = { "reviewer", "Who reviews a reconciliation", "other same", POLICY_WORDS, NULL,
		"other: somebody else than who prepared it; same: one person may do both.", false },
	[POLICY_TOLERANCE] = { "tolerance", "How far two amounts may be apart", NULL, POLICY_TOLERANCES, "0",
		"When books are reconciled, what differs by no more is suggested as one, and a person accepts it. One word for all ('0.05'), or "
		"for a currency ('JPY=5'), a class of ledger accounts ('bank=0', 'receivable=1'), or both ('receivable/EUR=1'): an amount, a "
		"percentage, days, with commas between ('1,0.5%,5d'); all that are given must hold. '+1,-0.10': the ledger may have 1 more, "
		"0.10 less.", false },
};
_Static_assert(ARRAY_LEN(rows) == POLICY_COUNT, "a row for each policy");

const struct policy_row *policy_row(enum policy policy)
{
	return &rows[policy];
}

bool policy_find(const char *name, enum policy *ret_policy, struct error *err)
{
	struct nearest nearest = nearest_start(name, strlen(name));
	char hint[NEAREST_HINT_MAX];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		nearest_try(&nearest, rows[i].name);
		if (strcmp(rows[i].name, name) == 0) {
			*ret_policy = (enum policy)i;
			return true;
		}
	}
	return error_set(err, ERROR_INPUT, "there is no policy '%.60s'%s", name, nearest_hint(&nearest, hint));
}

bool policy_value(enum policy policy, size_t at, struct str *out)
{
	const char *word = rows[policy].values ? rows[policy].values : "";

	for (; *word && at > 0; at--) {
		word += strcspn(word, " ");
		word += strspn(word, " ");
	}
	str_add_bytes(out, word, strcspn(word, " "));
	return *word != '\0';
}

/* Of a word that takes a text ("prefix=AC-") what stands before that; 0: it takes none. */
static size_t open_len(const char *word, size_t len)
{
	const char *sign = memchr(word, '=', len);

	return sign ? (size_t)(sign - word) + 1 : 0;
}

void policy_words(enum policy policy, struct str *out)
{
	AUTO(str_clear) struct str words = STR_INIT(STR_NO_LIMIT), word = STR_INIT(STR_NO_LIMIT);

	if (rows[policy].kind == POLICY_OWNERS)
		field_owner_words(&words);
	for (size_t at = 0; policy_value(policy, at, &word); at++, str_reset(&word)) {
		size_t open = open_len(word.text, word.len);

		str_add_char(&words, ' ');
		str_add_bytes(&words, word.text, open ? open : word.len);
	}
	str_add(out, words.len > 0 ? words.text + 1 : "");
}

/* The help goes "word: what it does; word: ...", the last with a full stop. */
void policy_add_meaning(enum policy policy, const char *value, struct str *out)
{
	const char *at = rows[policy].help, *end;
	size_t len = open_len(value, strlen(value));

	len = len ? len : strlen(value);
	while (strncmp(at, value, len) != 0 || (value[len - 1] != '=' && at[len] != ':')) {
		at = strstr(at, "; ");
		if (!at)
			return;
		at += 2;
	}
	at = strstr(at, ": ") + 2;
	end = strstr(at, "; ");
	str_add_bytes(out, at, end ? (size_t)(end - at) : strcspn(at, "."));
}

const char *policy_usual(enum policy policy, char *room)
{
	const char *usual = rows[policy].values ? rows[policy].values : rows[policy].usual;

	snprintf(room, POLICY_VALUE_MAX, "%.*s", (int)(rows[policy].values ? strcspn(usual, " ") : strlen(usual)), usual);
	return room;
}

/* A text of the operator's: something, and nothing that doesn't show. */
static bool is_text(const char *text)
{
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f)
			return false;
	return *text != '\0' && str_is_utf8(text, strlen(text));
}

/* Is it one of the blank-separated words, or one of them with another text? */
static bool is_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; *at;) {
		size_t here = strcspn(at, " "), open = open_len(at, here);

		if (open ? len > open && strncmp(at, word, open) == 0 && is_text(word + open) : here == len && strncmp(at, word, len) == 0)
			return true;
		at += here;
		at += strspn(at, " ");
	}
	return false;
}

bool policy_check(enum policy policy, const char *value, struct error *err)
{
	const struct policy_row *row = &rows[policy];
	struct stop_rule stop;
	struct window window;
	struct decimal amount;
	struct date date;
	int64_t seconds;

	if (strlen(value) >= POLICY_VALUE_MAX)
		return error_set(err, ERROR_INPUT, "%s takes at most %d characters", row->name, POLICY_VALUE_MAX - 1);
	switch (row->kind) {
	case POLICY_WORDS:
		return is_word(row->values, value) || error_set(err, ERROR_INPUT, "%s is one of: %s", row->name, row->values);
	case POLICY_DATE:
		return !*value || date_parse(value, strlen(value), &date) ||
		       error_set(err, ERROR_INPUT, "%s takes a day such as 2026-01-31, or nothing", row->name);
	case POLICY_DURATION:
		return strcmp(value, "off") == 0 || duration_parse(value, strlen(value), &seconds) ||
		       error_set(err, ERROR_INPUT, "%s takes a time such as 90s, 15m or 1h, or off", row->name);
	case POLICY_TOLERANCES:
		return tolerance_check(value, err);
	case POLICY_OWNERS:
		return field_owner_check(value, err);
	case POLICY_STOPS:
		return stop_parse(value, &stop) ||
		       error_set(err, ERROR_INPUT, "%s takes untold, uncertain, a number of errors such as 5 and a share of them such as 25%%, one or several; or never",
				 row->name);
	case POLICY_TIMES:
		return !*value || window_parse(value, &window) ||
		       error_set(err, ERROR_INPUT, "%s takes hours such as 22:00-05:00, days before them such as Mon-Fri or Sat,Sun, or nothing", row->name);
	case POLICY_AMOUNT:
		break;
	}
	return !*value || (decimal_parse(value, strlen(value), &amount) && amount.digits >= 0) ||
	       error_set(err, ERROR_INPUT, "%s takes a number such as 1000, or nothing", row->name);
}

void policies_init(struct policies *policies)
{
	/* All bytes of it are the same for the same policies. */
	memset(policies, 0, sizeof(*policies));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		policy_usual((enum policy)i, policies->values[i]);
}

bool policy_is(const struct policies *policies, enum policy policy, const char *value)
{
	return strcmp(policies->values[policy], value) == 0;
}

const char *policy_text(const struct policies *policies, enum policy policy, const char *word)
{
	size_t len = strlen(word);

	return strncmp(policies->values[policy], word, len) == 0 ? policies->values[policy] + len : NULL;
}

/* One that begins so already stays as it is. */
void policy_number(const struct policies *policies, const struct resource_type *type, const char *number, struct str *out)
{
	const char *prefix = policy_text(policies, POLICY_NUMBERING, "prefix=");
	bool own = type->number && strcmp(type->number, "number") == 0 && type->target != TARGET_BILL;

	if (prefix && own && *number && strncmp(number, prefix, strlen(prefix)) != 0)
		str_add(out, prefix);
	str_add(out, number);
}

bool policy_day(const struct policies *policies, enum policy policy, struct date *ret_date)
{
	return date_parse(policies->values[policy], strlen(policies->values[policy]), ret_date);
}

int64_t policy_seconds(const struct policies *policies, enum policy policy)
{
	int64_t seconds;

	return duration_parse(policies->values[policy], strlen(policies->values[policy]), &seconds) ? seconds : -1;
}
