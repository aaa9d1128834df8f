/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's part of one exception: the things of both sides, what put them together, the record as it is now, the notes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/accounts.h"
#include "ledgerdeck/store/objects.h"
#include "ledgerdeck/store/records.h"
#include "session_view.h"

void session_sight_free(struct session_sight *sight)
{
	if (!sight)
		return;
	str_clear(&sight->notes);
	free(sight);
}

/* ---- reading */

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

static bool take_item(void *ctx, const struct session_item *item)
{
	struct session_sight *sight = ctx;
	struct sight_item *kept;

	if (sight->count == SIGHT_ITEMS_MAX)
		return false;
	kept = &sight->items[sight->count++];
	*kept = (struct sight_item){ .side = item->side, .date = item->date, .amount = item->amount };
	copy(kept->type, sizeof(kept->type), item->type);
	copy(kept->ref, sizeof(kept->ref), item->ref);
	copy(kept->version, sizeof(kept->version), item->version);
	copy(kept->currency, sizeof(kept->currency), item->currency);
	copy(kept->number, sizeof(kept->number), item->number);
	copy(kept->party, sizeof(kept->party), item->party_name && *item->party_name ? item->party_name : item->party);
	copy(kept->memo, sizeof(kept->memo), item->memo);
	return true;
}

static bool take_note(void *ctx, const struct session_note *note)
{
	struct session_sight *sight = ctx;
	char stamp[FORMAT_MAX];

	str_addf(&sight->notes, "%.16s  %s: %s\n", format_stamp(note->at_ms, stamp), note->who, note->text);
	return true;
}

static bool take_match(void *ctx, const struct session_match *match)
{
	struct session_sight *sight = ctx;
	int len;

	if (match->no != sight->exception.match)
		return false;
	len = snprintf(sight->match, sizeof(sight->match), "%s, score %d", match_pass_title(match->pass), match->score);
	if (match->state == SESSION_MATCH_ACCEPTED || match->state == SESSION_MATCH_REJECTED)
		snprintf(sight->match + len, sizeof(sight->match) - (size_t)len, "; %s by %.60s",
			 match->state == SESSION_MATCH_ACCEPTED ? "accepted" : "rejected", match->who);
	return false;
}

/* What no round has found again may be named by numbers that are other things' now. */
static bool read_items(struct session_sight *sight, struct store *store, const struct session *session, struct error *err)
{
	const struct session_exception *exception = &sight->exception;

	if (exception->round != session->rounds)
		return true;
	if (exception->match)
		return session_items_of_match(store, session->no, exception->match, take_item, sight, err) &&
		       session_matches(store, session->no, exception->match - 1, 1, take_match, sight, err);
	return (!exception->source_item || session_item(store, session->no, exception->source_item, take_item, sight, err)) &&
	       (!exception->mirror_item || session_item(store, session->no, exception->mirror_item, take_item, sight, err));
}

/* The ledger's type: the mirrored thing has it; what is about no document of one's own has it itself. */
static const char *record_type(const struct session_sight *sight)
{
	const struct sight_item *mirror = session_sight_of(sight, SIDE_MIRROR);

	return mirror ? mirror->type : sight->exception.resource == 0 ? sight->exception.type : "";
}

static bool read_record(struct session_sight *sight, struct store *store, const struct account *account, struct error *err)
{
	AUTO(str_clear) struct str raw = STR_INIT(STR_NO_LIMIT);
	AUTO(str_clear) struct str texts = STR_INIT(STR_NO_LIMIT);
	struct object object;
	struct record_row row;
	bool found;

	if (!sight->type || !*sight->exception.record)
		return true;
	if (!objects_get(store, account->id, sight->type->name, &object, &found, err))
		return false;
	if (!found || !records_get(store, &object, sight->type, sight->exception.record, &row, &raw, &texts, &found, err))
		return !found;
	if (found)
		snprintf(sight->now, sizeof(sight->now), "%s, version %.60s", record_state_word(row.state), row.version);
	else
		snprintf(sight->now, sizeof(sight->now), "not mirrored");
	return true;
}

struct session_sight *session_sight_read(struct store *store, const struct catalogue *catalogue, const struct session *session,
					 const struct account *account, int64_t no, struct error *err)
{
	struct session_sight *sight = memory_new(sizeof(*sight));
	bool found, good;

	sight->about = no;
	str_init(&sight->notes, STR_NO_LIMIT);
	good = session_exception(store, session->no, no, &sight->exception, &found, err) && found && read_items(sight, store, session, err);
	if (good) {
		sight->type = catalogue_find(catalogue, account->provider, record_type(sight));
		good = read_record(sight, store, account, err) && session_notes(store, session->no, no, take_note, sight, err);
	}
	if (good)
		return sight;
	session_sight_free(sight);
	return NULL;
}

/* ---- looking */

const struct sight_item *session_sight_of(const struct session_sight *sight, enum side side)
{
	for (size_t i = 0; i < sight->count; i++)
		if (sight->items[i].side == side)
			return &sight->items[i];
	return NULL;
}

static int64_t sum_of(const struct session_sight *sight, enum side side, size_t *ret_count)
{
	int64_t sum = 0;

	*ret_count = 0;
	for (size_t i = 0; i < sight->count; i++)
		if (sight->items[i].side == side) {
			sum += sight->items[i].amount;
			++*ret_count;
		}
	return sum;
}

static void put_side(const struct session_sight *sight, enum side side, size_t at, struct sight_line *lines)
{
	const struct sight_item *item = session_sight_of(sight, side);
	char digits[DECIMAL_TEXT_MAX];
	size_t size = sizeof(lines[0].sides[0]), count;
	int64_t sum = sum_of(sight, side, &count);

	if (!item)
		return;
	if (count > 1)
		snprintf(lines[0].sides[at], size, "%.200s and %zu more", item->ref, count - 1);
	else
		snprintf(lines[0].sides[at], size, "%s %.180s", item->type, item->ref);
	date_format(item->date, lines[1].sides[at]);
	snprintf(lines[2].sides[at], size, "%s %s", decimal_format_money(sum, digits), item->currency);
	snprintf(lines[3].sides[at], size, "%s", item->number);
	snprintf(lines[4].sides[at], size, "%s", item->party);
	snprintf(lines[5].sides[at], size, "%s", item->memo);
}

size_t session_sight_lines(const struct session_sight *sight, struct sight_line *lines)
{
	static const char *const labels[SIGHT_LINES] = { "Document", "Date", "Amount", "Number", "Party", "Memo" };
	bool both = session_sight_of(sight, SIDE_SOURCE) && session_sight_of(sight, SIDE_MIRROR);

	for (size_t i = 0; i < SIGHT_LINES; i++)
		lines[i] = (struct sight_line){ .label = labels[i], .amount = i == 2 };
	put_side(sight, SIDE_SOURCE, 0, lines);
	put_side(sight, SIDE_MIRROR, 1, lines);
	/* What one of them does not say is no difference; a party is called otherwise on either side. */
	for (size_t i = 1; both && i < 4; i++)
		lines[i].differs = *lines[i].sides[0] && *lines[i].sides[1] && strcmp(lines[i].sides[0], lines[i].sides[1]) != 0;
	lines[4].differs = both && sight->exception.reason == EXCEPTION_PARTY;
	return *lines[5].sides[0] || *lines[5].sides[1] ? SIGHT_LINES : SIGHT_LINES - 1;
}
