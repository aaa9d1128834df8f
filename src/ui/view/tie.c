/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sum that was tied to the ledger's report: both amounts, and the records that explain what they differ by. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"
#include "pager.h"
#include "session_view.h"
#include "trail.h"

#define RECORDS_MAX 20 /* that are named */

struct tie_record {
	const struct type *type;     /* NULL: the catalogue has none of that name */
	char id[RECORD_ID_MAX];
};

struct tie_answer {
	struct question question;
	char session_id[SESSION_ID_MAX];
	enum tie tie;
	char key[RECORD_ID_MAX], currency[8];
	struct session session;
	struct account account;
	struct session_tie found;    /* its detail is the one below */
	bool has;
	struct str detail;           /* owned */
};

struct tie_view {
	struct view view;
	char session_id[SESSION_ID_MAX];
	enum tie tie;
	char key[RECORD_ID_MAX], currency[8];
	struct tie_answer *found;    /* owned; NULL: nothing yet */
	struct tie_record records[RECORDS_MAX]; /* by their links */
	struct pager pager;
};

static struct tie_view *of(struct view *view)
{
	return (struct tie_view *)view;
}

static const struct tie_view *of_const(const struct view *view)
{
	return (const struct tie_view *)view;
}

/* ---- the reader's thread */

static void free_answer(struct question *question)
{
	struct tie_answer *answer = (struct tie_answer *)question;

	str_clear(&answer->detail);
	free(answer);
}

static bool take(void *ctx, const struct session_tie *tie)
{
	struct tie_answer *answer = ctx;

	if (tie->tie != answer->tie || strcmp(tie->key, answer->key) != 0 || strcmp(tie->currency, answer->currency) != 0)
		return true;
	answer->has = true;
	answer->found = *tie;
	str_add(&answer->detail, tie->detail);
	return false;
}

static bool work(struct question *question, struct store *store, struct error *err)
{
	struct tie_answer *answer = (struct tie_answer *)question;
	bool found;

	return sessions_find(store, NULL, answer->session_id, &answer->session, err) &&
	       accounts_get(store, answer->session.account_id, &answer->account, &found, err) &&
	       session_ties(store, answer->session.no, take, answer, err) &&
	       (answer->has || error_set(err, ERROR_INPUT, "the last comparing has tied no such sum"));
}

static void refresh(struct view *base)
{
	struct tie_view *view = of(base);
	struct tie_answer *answer = memory_new(sizeof(*answer));

	answer->question = (struct question){ .work = work, .free = free_answer };
	memcpy(answer->session_id, view->session_id, sizeof(answer->session_id));
	memcpy(answer->key, view->key, sizeof(answer->key));
	memcpy(answer->currency, view->currency, sizeof(answer->currency));
	answer->tie = view->tie;
	str_init(&answer->detail, STR_NO_LIMIT);
	view_ask(base, &answer->question);
}

/* ---- its text */

static void write_records(struct tie_view *view)
{
	const struct tie_answer *found = view->found;
	struct json_slice records = json_find(found->detail.text, found->detail.len, "records"), record;
	struct pager *pager = &view->pager;
	size_t at = 0, count = 0;

	while (records.kind == JSON_ARRAY && count < RECORDS_MAX && json_each(records, &at, NULL, &record)) {
		AUTO(str_clear) struct str type = STR_INIT(64), id = STR_INIT(RECORD_ID_MAX - 1);
		struct json_slice off = json_member(record, "difference");
		struct tie_record *kept = &view->records[count++];

		json_unquote(json_member(record, "type"), &type);
		json_unquote(json_member(record, "id"), &id);
		if (count == 1)
			pager_add(pager, ROLE_COLUMN, "Records behind it");
		kept->type = catalogue_find(deck_app(view->view.deck)->catalogue, found->account.provider, type.text);
		snprintf(kept->id, sizeof(kept->id), "%s", id.text);
		pager_addf(pager, ROLE_TEXT, "  %s %s  %.*s", type.text, id.text, off.len < 40 ? (int)off.len : 40, off.len ? off.text : "");
		pager_link(pager, count);
	}
	if (count == 0 && !found->found.equal)
		pager_add(pager, ROLE_WARN, "No record is known that explains it. An exception stands for it.");
}

static void write(struct tie_view *view)
{
	const struct session_tie *tie = &view->found->found;
	struct pager *pager = &view->pager;
	char text[DECIMAL_TEXT_MAX + 10], digits[DECIMAL_TEXT_MAX];

	pager_clear(pager);
	pager_addf(pager, ROLE_TITLE, "%s", *tie->name ? tie->name : tie->key);
	pager_field(pager, "State", tie->equal ? ROLE_OK : ROLE_FAILED, tie->equal ? "= ties to the cent" : "x differs");
	pager_field(pager, "Sum", ROLE_TEXT, tie_title(tie->tie));
	snprintf(text, sizeof(text), "%s %s", decimal_format_money(tie->mirror, digits), tie->currency);
	pager_field(pager, "Mirror", ROLE_TEXT, text);
	snprintf(text, sizeof(text), "%s %s", decimal_format_money(tie->ledger, digits), tie->currency);
	pager_field(pager, "Ledger", ROLE_TEXT, text);
	snprintf(text, sizeof(text), "%s %s", decimal_format_money(tie->ledger - tie->mirror, digits), tie->currency);
	pager_field(pager, "Difference", tie->equal ? ROLE_TEXT : ROLE_FAILED, text);
	pager_field(pager, "Key", ROLE_DIM, tie->key);
	write_records(view);
}

static void answer(struct view *base, struct question *question)
{
	struct tie_view *view = of(base);

	if (!view_keeps(base, question, view->found ? &view->found->question : NULL))
		return;
	view->found = (struct tie_answer *)question;
	write(view);
}

/* ---- the view */

static void draw(struct view *base, struct canvas *canvas, struct rect rect)
{
	view_draw_text(base, of(base)->found ? &of(base)->pager : NULL, canvas, rect);
}

/* The one that is chosen, or else the first. */
static const struct tie_record *chosen(const struct tie_view *view)
{
	size_t link = view->pager.link ? view->pager.link : 1;

	return link <= pager_links(&view->pager) && view->records[link - 1].type ? &view->records[link - 1] : NULL;
}

static bool act(struct view *base, enum action action)
{
	struct tie_view *view = of(base);

	if (pager_act(&view->pager, action))
		return true;
	switch (action) {
	case ACTION_OPEN:
		deck_push(base->deck, record_new(view->found->account.id, chosen(view)->type, chosen(view)->id));
		return true;
	case ACTION_NEXT_PANE:
	case ACTION_LAST_PANE:
		pager_step_link(&view->pager, action == ACTION_NEXT_PANE ? 1 : -1);
		return true;
	case ACTION_COPY:
		deck_copy(base->deck, "Key", view->key);
		return true;
	default:
		return false;
	}
}

static const char *refuses(const struct view *base, enum action action)
{
	const struct tie_view *view = of_const(base);

	if (action == ACTION_OPEN && (!view->found || !chosen(view)))
		return "no record is known that it leads to";
	if ((action == ACTION_NEXT_PANE || action == ACTION_LAST_PANE) && pager_links(&view->pager) == 0)
		return "nothing here leads further";
	return NULL;
}

static void title(const struct view *base, struct str *out)
{
	str_addf(out, "sum, %s", tie_word(of_const(base)->tie));
}

static bool subject(const struct view *base, struct account *ret_account)
{
	const struct tie_view *view = of_const(base);

	if (view->found)
		*ret_account = view->found->account;
	return view->found != NULL;
}

static struct pager *pager_of(struct view *base)
{
	return &of(base)->pager;
}

static void cli(const struct view *base, struct str *out)
{
	str_addf(out, "ties %s --tie %s", of_const(base)->session_id, tie_word(of_const(base)->tie));
}

static void save(const struct view *base, struct str *out)
{
	const struct tie_view *view = of_const(base);

	trail_put(out, "session", view->session_id);
	trail_put(out, "sum", tie_word(view->tie));
	trail_put(out, "key", view->key);
	trail_put(out, "currency", view->currency);
}

static void load(struct view *base, const char *text)
{
	(void)base;
	(void)text;
}

static void free_view(struct view *base)
{
	struct tie_view *view = of(base);

	if (view->found)
		question_free(&view->found->question);
	pager_clear(&view->pager);
	free(view);
}

static const struct view_kind kind = {
	.name = "tie", .where = WHERE_MOVE | WHERE_TEXT | WHERE_LINKS, .title = title, .draw = draw, .act = act, .refuses = refuses,
	.refresh = refresh, .answer = answer, .subject = subject, .pager = pager_of, .cli = cli, .save = save, .load = load, .free = free_view,
};

struct view *tie_view_new(const char *session, enum tie tie, const char *key, const char *currency)
{
	struct tie_view *view = memory_new(sizeof(*view));

	view->view.kind = &kind;
	view->tie = tie;
	snprintf(view->session_id, sizeof(view->session_id), "%s", session);
	snprintf(view->key, sizeof(view->key), "%s", key);
	snprintf(view->currency, sizeof(view->currency), "%s", currency);
	return &view->view;
}

struct view *tie_view_again(struct deck *deck, const char *text)
{
	char session[SESSION_ID_MAX], word[40], key[RECORD_ID_MAX], currency[8];
	enum tie tie;

	(void)deck;
	if (!trail_get(text, "session", session, sizeof(session)) || !trail_get(text, "sum", word, sizeof(word)) || !tie_parse(word, &tie))
		return NULL;
	trail_get(text, "key", key, sizeof(key));
	trail_get(text, "currency", currency, sizeof(currency));
	return tie_view_new(session, tie, key, currency);
}
