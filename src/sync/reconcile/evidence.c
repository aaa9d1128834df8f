/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session as a directory of files that stand for themselves. Nothing in them comes from anywhere but the store, times and names
 * included, so that the same store gives the same bytes. It is written beside the place that it is for, and gets its name when
 * all of it is there.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reconcile/evidence.h"
#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/model/csv.h"
#include "ledgerdeck/store/mappings.h"
#include "ledgerdeck/store/outbox.h"
#include "ledgerdeck/store/plans.h"
#include "ledgerdeck/store/resources.h"
#include "ledgerdeck/sync/reconcile.h"

struct matched {
	enum match_pass pass;
	int score;
};

struct pack {
	struct store *store;
	const struct catalogue *catalogue;
	struct session session;      /* as it is in the moment of the store that all of it comes from */
	struct directory_draft draft; /* owned */
	struct account account;
	struct str out;              /* owned: the file at hand */
	struct str manifest;         /* owned */
	struct digest_stream *mirror; /* owned: each of the mirror's items with its version */
	struct matched *matches;     /* owned: by their numbers, from 1 */
	size_t match_count, match_room;
	int64_t reports;
	struct error *err;
	bool good;
};

/* ---- cells */

static void cell(struct pack *pack, const char *text)
{
	if (pack->out.len > 0 && pack->out.text[pack->out.len - 1] != '\n')
		str_add_char(&pack->out, ',');
	csv_add_cell(text, &pack->out);
}

static void cell_number(struct pack *pack, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	cell(pack, text);
}

static void cell_money(struct pack *pack, int64_t millionths)
{
	char text[DECIMAL_TEXT_MAX];

	cell(pack, decimal_format_money(millionths, text));
}

static void cell_date(struct pack *pack, bool has_date, struct date date)
{
	char text[DATE_TEXT_MAX] = "";

	cell(pack, has_date ? date_format(date, text) : "");
}

static void cell_time(struct pack *pack, int64_t ms)
{
	char text[STAMP_TEXT_MAX] = "";

	cell(pack, ms ? stamp_format(ms, 0, true, text) : "");
}

static void end_row(struct pack *pack)
{
	str_add_char(&pack->out, '\n');
}

/* ---- files */

static void begin_file(struct pack *pack, const char *head)
{
	str_reset(&pack->out);
	str_add(&pack->out, head);
	if (*head)
		end_row(pack);
}

static bool end_file(struct pack *pack, const char *name)
{
	AUTO(str_clear) struct str path = STR_INIT(4200);
	struct digest digest = digest_sha256(pack->out.text, pack->out.len);
	char hex[DIGEST_HEX];

	str_addf(&path, "%s/%s", pack->draft.temporary.text, name);
	str_addf(&pack->manifest, "%s  %s\n", digest_hex(&digest, hex), name);
	return file_write(path.text, pack->out.text, pack->out.len, 0600, pack->err);
}

/* ---- what was compared */

static void hash_item(struct pack *pack, const struct session_item *item)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);

	str_addf(&text, "%s %s %s\n", item->type, item->ref, item->version);
	digest_stream_add(pack->mirror, text.text, text.len);
}

static bool add_item(void *ctx, const struct session_item *item)
{
	struct pack *pack = ctx;
	struct matched none = { MATCH_NONE, 0 };
	const struct matched *matched = (size_t)item->match < pack->match_count ? &pack->matches[item->match] : &none;

	cell_number(pack, item->no);
	cell(pack, side_word(item->side));
	cell(pack, item->type);
	cell(pack, item->ref);
	cell(pack, item->version);
	cell_date(pack, true, item->date);
	cell_money(pack, item->amount);
	cell(pack, item->currency);
	cell(pack, item->number);
	cell(pack, item->party);
	cell(pack, item->party_name);
	cell(pack, item->memo);
	cell_number(pack, item->match);
	cell(pack, matched->pass == MATCH_NONE ? "" : match_pass_word(matched->pass));
	if (matched->pass == MATCH_NONE)
		cell(pack, "");
	else
		cell_number(pack, matched->score);
	end_row(pack);
	if (item->side == SIDE_MIRROR)
		hash_item(pack, item);
	return true;
}

static bool write_items(struct pack *pack)
{
	begin_file(pack, "item,side,type,ref,version,date,amount,currency,number,party,party_name,memo,match,pass,score");
	return session_items(pack->store, pack->session.no, false, 0, 0, add_item, pack, pack->err) && end_file(pack, "items.csv");
}

static const char *match_state(const struct session_match *match)
{
	static const char *const words[] = { [SESSION_MATCH_SURE] = "sure", [SESSION_MATCH_SUGGESTED] = "suggested",
					     [SESSION_MATCH_ACCEPTED] = "accepted", [SESSION_MATCH_REJECTED] = "rejected" };

	return words[match->state];
}

static bool add_match(void *ctx, const struct session_match *match)
{
	struct pack *pack = ctx;
	size_t before = pack->match_count;

	if ((size_t)match->no >= before) {
		pack->match_count = (size_t)match->no + 1;
		memory_grow(&pack->matches, &pack->match_room, pack->match_count, sizeof(*pack->matches));
		memset(pack->matches + before, 0, (pack->match_count - before) * sizeof(*pack->matches));
	}
	pack->matches[match->no] = (struct matched){ match->pass, match->score };

	cell_number(pack, match->no);
	cell(pack, match_pass_word(match->pass));
	cell_number(pack, match->score);
	cell_money(pack, match->difference);
	cell(pack, match->currency);
	cell(pack, match_state(match));
	cell(pack, match->who);
	cell_time(pack, match->at_ms);
	end_row(pack);
	return true;
}

static bool write_matches(struct pack *pack)
{
	begin_file(pack, "match,pass,score,difference,currency,state,who,at");
	return session_matches(pack->store, pack->session.no, 0, 0, add_match, pack, pack->err) && end_file(pack, "matches.csv");
}

static bool add_exception(void *ctx, const struct session_exception *exception)
{
	struct pack *pack = ctx;

	cell_number(pack, exception->no);
	cell(pack, exception_row(exception->reason)->word);
	cell(pack, exception_state_word(exception->state));
	cell(pack, exception->type);
	cell(pack, exception->ref);
	cell(pack, exception->record);
	cell_date(pack, exception->has_date, exception->date);
	cell_money(pack, exception->amount);
	cell(pack, exception->currency);
	cell(pack, exception->cause);
	cell(pack, exception->text);
	cell(pack, exception->assignee);
	cell(pack, exception->plan);
	cell(pack, exception->who);
	cell_time(pack, exception->since_ms);
	cell_time(pack, exception->changed_ms);
	end_row(pack);
	return true;
}

static bool write_exceptions(struct pack *pack)
{
	struct session_exception_query query = { .session = pack->session.no, .reason = -1 };

	begin_file(pack, "exception,reason,state,type,ref,record,date,amount,currency,cause,text,assignee,plan,who,since,changed");
	return session_exceptions(pack->store, &query, add_exception, pack, pack->err) && end_file(pack, "exceptions.csv");
}

static bool add_note(void *ctx, const struct session_note *note)
{
	struct pack *pack = ctx;

	cell_number(pack, note->no);
	cell_number(pack, note->exception);
	cell_time(pack, note->at_ms);
	cell(pack, note->who);
	cell(pack, note->text);
	end_row(pack);
	return true;
}

static bool write_notes(struct pack *pack)
{
	begin_file(pack, "note,exception,at,who,text");
	return session_notes(pack->store, pack->session.no, -1, add_note, pack, pack->err) && end_file(pack, "notes.csv");
}

static bool add_act(void *ctx, const struct session_act *act)
{
	struct pack *pack = ctx;

	cell_number(pack, act->no);
	cell_time(pack, act->at_ms);
	cell(pack, act->who);
	cell(pack, act->what);
	cell(pack, act->undone ? "undone" : "");
	end_row(pack);
	return true;
}

static bool write_acts(struct pack *pack)
{
	begin_file(pack, "act,at,who,what,undone");
	return session_acts(pack->store, pack->session.no, add_act, pack, pack->err) && end_file(pack, "acts.csv");
}

static bool add_tie(void *ctx, const struct session_tie *tie)
{
	struct pack *pack = ctx;

	cell(pack, tie_word(tie->tie));
	cell(pack, tie->key);
	cell(pack, tie->name);
	cell(pack, tie->currency);
	cell_money(pack, tie->mirror);
	cell_money(pack, tie->ledger);
	cell(pack, tie->equal ? "equal" : "differs");
	cell(pack, tie->detail);
	end_row(pack);
	return true;
}

static bool write_ties(struct pack *pack)
{
	begin_file(pack, "tie,key,name,currency,mirror,ledger,result,detail");
	return session_ties(pack->store, pack->session.no, add_tie, pack, pack->err) && end_file(pack, "ties.csv");
}

/* ---- the ledger's reports, as it gave them */

static void report_name(const struct session_report *report, int64_t no, char *out, size_t size)
{
	snprintf(out, size, "report-%03" PRId64 "-%s.json", no, report->report);
}

static bool add_report(void *ctx, const struct session_report *report, const char *raw, size_t len)
{
	struct pack *pack = ctx;
	char name[80];

	report_name(report, ++pack->reports, name, sizeof(name));
	str_reset(&pack->out);
	str_add_bytes(&pack->out, raw, len);
	pack->good = end_file(pack, name);
	return pack->good;
}

static bool add_report_row(void *ctx, const struct session_report *report, const char *raw, size_t len)
{
	struct pack *pack = ctx;
	char name[80];

	(void)raw;
	report_name(report, ++pack->reports, name, sizeof(name));
	cell(pack, name);
	cell(pack, report->report);
	cell(pack, report->args);
	cell_number(pack, report->reading);
	cell_time(pack, report->read_ms);
	cell_time(pack, report->ledger_ms > 0 ? report->ledger_ms : 0);
	cell(pack, report->trace_id);
	cell(pack, report->digest);
	cell_number(pack, (int64_t)len);
	end_row(pack);
	return true;
}

static bool write_reports(struct pack *pack)
{
	if (!session_reports(pack->store, pack->session.no, add_report, pack, pack->err) || !pack->good)
		return false;
	pack->reports = 0;
	begin_file(pack, "file,report,asked_for,reading,read,ledger_time,trace_id,sha256,bytes");
	return session_reports(pack->store, pack->session.no, add_report_row, pack, pack->err) && end_file(pack, "reports.csv");
}

/* ---- what was planned and written because of it */

static bool add_line(void *ctx, const struct plan_line *line)
{
	struct pack *pack = ctx;

	cell_number(pack, line->line);
	cell(pack, plan_act_word(line->act));
	cell(pack, plan_reason_word(line->reason));
	cell(pack, line->record_type);
	cell(pack, line->record_id);
	cell(pack, line->number);
	cell(pack, line->party);
	if (line->has_total)
		cell_money(pack, line->total);
	else
		cell(pack, "");
	cell(pack, line->currency);
	cell(pack, line->why);
	end_row(pack);
	return true;
}

struct plan_names {
	char (*ids)[PLAN_ID_MAX];    /* owned */
	size_t count, room;
};

static bool name_plan(void *ctx, const struct session_exception *exception)
{
	struct plan_names *names = ctx;

	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->ids[i], exception->plan) == 0)
			return true;
	if (!*exception->plan)
		return true;
	memory_grow(&names->ids, &names->room, names->count + 1, sizeof(*names->ids));
	snprintf(names->ids[names->count++], PLAN_ID_MAX, "%s", exception->plan);
	return true;
}

static bool write_plan(struct pack *pack, const char *id)
{
	char name[80];

	snprintf(name, sizeof(name), "%s.csv", id);
	begin_file(pack, "line,act,reason,type,record,number,party,total,currency,why");
	return plans_lines(pack->store, id, 1, 0, add_line, pack, pack->err) && end_file(pack, name);
}

static bool add_write(void *ctx, const struct intent *intent)
{
	struct pack *pack = ctx;

	cell(pack, intent->id);
	cell(pack, intent->plan);
	cell(pack, plan_act_word(intent->act));
	cell(pack, intent_state_word(intent->state));
	cell(pack, intent->record_type);
	cell(pack, intent->record_id);
	cell(pack, intent->version);
	cell(pack, intent->number);
	if (intent->has_total)
		cell_money(pack, intent->total);
	else
		cell(pack, "");
	cell(pack, intent->currency);
	cell(pack, intent->who);
	cell_time(pack, intent->made_ms);
	cell_time(pack, intent->since_ms);
	cell(pack, intent->why);
	end_row(pack);
	return true;
}

static bool write_plans(struct pack *pack)
{
	struct session_exception_query query = { .session = pack->session.no, .reason = -1 };
	struct intent_query writes = { .account_id = pack->session.account_id };
	struct plan_names names = { 0 };
	bool good = session_exceptions(pack->store, &query, name_plan, &names, pack->err);

	for (size_t i = 0; good && i < names.count; i++)
		good = write_plan(pack, names.ids[i]);
	if (good)
		begin_file(pack, "write,plan,act,state,type,record,version,number,total,currency,who,made,since,why");
	for (size_t i = 0; good && i < names.count; i++) {
		writes.plan = names.ids[i];
		good = intents_list(pack->store, &writes, add_write, pack, pack->err);
	}
	memory_freep(&names.ids);
	return good && end_file(pack, "writes.csv");
}

/* ---- by which rules */

static bool write_policies(struct pack *pack)
{
	struct policies policies;

	if (!policies_get(pack->store, pack->session.account_id, &policies, pack->err))
		return false;
	begin_file(pack, "policy,value");
	for (int policy = 0; policy < POLICY_COUNT; policy++) {
		cell(pack, policy_row((enum policy)policy)->name);
		cell(pack, policies.values[policy]);
		end_row(pack);
	}
	return end_file(pack, "policies.csv");
}

static bool add_rule(void *ctx, const struct mapping *mapping)
{
	struct pack *pack = ctx;

	cell(pack, target_word(mapping->target));
	cell(pack, mapping->code);
	cell(pack, mapping->record_id);
	cell(pack, mapping->name);
	cell(pack, mapping->number);
	cell_number(pack, mapping->version);
	cell(pack, mapping->who);
	cell_time(pack, mapping->at_ms);
	end_row(pack);
	return true;
}

static bool write_rules(struct pack *pack)
{
	begin_file(pack, "target,code,record,name,number,version,who,at");
	return mappings_all(pack->store, pack->session.account_id, add_rule, pack, pack->err) && end_file(pack, "mapping.csv");
}

/* ---- the summary, for people */

static void line(struct pack *pack, const char *title, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void line(struct pack *pack, const char *title, const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	str_addf(&pack->out, "%-22s %s\n", title, text);
}

static bool add_sum(void *ctx, const struct session_sum *sum)
{
	char source[DECIMAL_TEXT_MAX], mirror[DECIMAL_TEXT_MAX], unexplained[DECIMAL_TEXT_MAX];

	decimal_format_money(sum->source, source);
	decimal_format_money(sum->mirror, mirror);
	decimal_format_money(sum->unexplained, unexplained);
	line(ctx, sum->currency, "source %s, ledger %s, unexplained %s", source, mirror, unexplained);
	return true;
}

static void add_signatures(struct pack *pack)
{
	const struct session *session = &pack->session;
	char at[STAMP_TEXT_MAX];

	line(pack, "State", "%s", session_state_word(session->state));
	if (*session->preparer)
		line(pack, "Prepared by", "%s, %s", session->preparer, stamp_format(session->prepared_ms, 0, false, at));
	if (*session->reviewer)
		line(pack, "Reviewed by", "%s, %s", session->reviewer, stamp_format(session->signed_ms, 0, false, at));
	if (*session->reopened)
		line(pack, "Opened again", "%s", session->reopened);
}

static bool write_summary(struct pack *pack)
{
	const struct session *session = &pack->session;
	struct session_totals totals;
	char from[DATE_TEXT_MAX], to[DATE_TEXT_MAX], at[STAMP_TEXT_MAX], hex[DIGEST_HEX];
	struct digest digest = digest_stream_end(memory_steal(&pack->mirror));

	if (!session_totals(pack->store, session->no, session->to, &totals, pack->err))
		return false;
	begin_file(pack, "");
	str_add(&pack->out, "RECONCILIATION\n\n");
	line(pack, "Session", "%s", session->id);
	line(pack, "Company", "%s (%s, %s)", pack->account.name, pack->account.provider, environment_word(pack->account.environment));
	line(pack, "Account", "%s", session->account_id);
	line(pack, "Period", "%s to %s", date_format(session->from, from), date_format(session->to, to));
	line(pack, "Basis", "accrual");
	line(pack, "Source", "%s%s%s", session->source, *session->source_digest ? ", sha256 " : "", session->source_digest);
	line(pack, "Compared", "%" PRId64 " times, last %s", session->rounds, session->read_ms ? stamp_format(session->read_ms, 0, false, at) : "never");
	add_signatures(pack);
	str_add(&pack->out, "\nSUMS\n\n");
	if (!session_sums(pack->store, session->no, add_sum, pack, pack->err))
		return false;
	str_add(&pack->out, "\nWHAT WAS COMPARED\n\n");
	line(pack, "Of the source", "%" PRId64 ", %" PRId64 " matched, %" PRId64 " suggested", totals.items[SIDE_SOURCE], totals.matched,
	     totals.suggested);
	line(pack, "Of the mirror", "%" PRId64, totals.items[SIDE_MIRROR]);
	line(pack, "Sums tied", "%" PRId64 " of %" PRId64, totals.ties_equal, totals.ties);
	for (int pass = MATCH_NONE + 1; pass < MATCH_PASS_COUNT; pass++)
		if (totals.passes[pass])
			line(pack, "Matched by", "%s: %" PRId64, match_pass_title((enum match_pass)pass), totals.passes[pass]);
	str_add(&pack->out, "\nEXCEPTIONS\n\n");
	for (int state = 0; state < EXCEPTION_STATE_COUNT; state++)
		line(pack, exception_state_word((enum exception_state)state), "%" PRId64, totals.states[state]);
	str_add(&pack->out, "\nPROVENANCE\n\n");
	line(pack, "Program", "ledgerdeck %s", PACKAGE_VERSION);
	line(pack, "Store", "%s, epoch %" PRId64, store_uuid(pack->store), store_epoch(pack->store));
	line(pack, "Mirror", "sha256 %s of its items and their versions", digest_hex(&digest, hex));
	str_add(&pack->out, "\nThe files beside this one are CSV (RFC 4180, UTF-8) and the ledger's own answers (JSON).\n"
			    "Of the ledger's side there is no list made by us: what it has stands in its reports, as it gave them.\n"
			    "'ledgerdeck evidence --verify DIRECTORY' finds any byte that is not as it was written.\n");
	return end_file(pack, "README.txt");
}

/* ---- the chain */

struct chaining {
	const struct session *session;
	char previous[DIGEST_HEX];
	int64_t no;
};

/* The newest session before this one that has a pack. */
static bool note_previous(void *ctx, const struct session *session)
{
	struct chaining *chaining = ctx;

	if (session->no >= chaining->session->no || session->no <= chaining->no || !*session->evidence)
		return true;
	chaining->no = session->no;
	snprintf(chaining->previous, sizeof(chaining->previous), "%s", session->evidence);
	return true;
}

static bool write_manifest(struct pack *pack, char *ret_digest)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT), path = STR_INIT(4200);
	struct chaining chaining = { .session = &pack->session };
	struct digest digest;
	char hex[DIGEST_HEX];

	if (!sessions_all(pack->store, pack->session.account_id, 0, note_previous, &chaining, pack->err))
		return false;
	str_addf(&text, EVIDENCE_HEAD "%s\n" EVIDENCE_PREVIOUS "%s\n%s", pack->session.id, *chaining.previous ? chaining.previous : "none",
		 pack->manifest.text);
	digest = digest_sha256(text.text, text.len);
	digest_hex(&digest, ret_digest);
	/* What is above, so that no byte of this file can change either. */
	str_addf(&text, EVIDENCE_SEAL "%s\n", digest_hex(&digest, hex));
	str_addf(&path, "%s/%s", pack->draft.temporary.text, EVIDENCE_MANIFEST);
	return file_write(path.text, text.text, text.len, 0600, pack->err);
}

static bool write_all(struct pack *pack, char *ret_digest)
{
	return write_matches(pack) && write_items(pack) && write_exceptions(pack) && write_notes(pack) && write_acts(pack) &&
	       write_ties(pack) && write_reports(pack) && write_plans(pack) && write_policies(pack) && write_rules(pack) &&
	       write_summary(pack) && write_manifest(pack, ret_digest);
}

static bool keep_digest(struct store *store, const struct session *session, const char *digest, struct error *err)
{
	AUTO(store_end) struct store *transaction = store;
	struct session kept;

	if (strcmp(session->evidence, digest) == 0)
		return true;
	/* As it is now: what was said or signed meanwhile stays. */
	if (!store_begin(transaction, err) || !sessions_find(store, session->account_id, session->id, &kept, err))
		return false;
	snprintf(kept.evidence, sizeof(kept.evidence), "%s", digest);
	return sessions_save(transaction, &kept, err) && store_commit(transaction, err);
}

/* ---- where it goes */

static bool note_entry(void *ctx, const char *name)
{
	(void)name;
	*(bool *)ctx = true;
	return false;
}

static bool note_fault(void *ctx, const struct evidence_fault *fault)
{
	(void)fault;
	*(bool *)ctx = true;
	return false;
}

/* What stands there already: nothing, or a whole pack, which may be this one. Else it is refused. */
static bool look_there(const char *directory, char *ret_digest, struct error *err)
{
	bool occupied = false, broken = false;
	int64_t files;

	*ret_digest = '\0';
	if (!directory_each(directory, note_entry, &occupied, err))
		return false;
	if (!occupied)
		return true;
	return (evidence_verify(directory, NULL, note_fault, &broken, &files, ret_digest, err) && !broken) ||
	       error_set(err, ERROR_INPUT, "'%s' is not empty; evidence goes into a directory of its own", directory);
}

static void pack_clear(struct pack *pack)
{
	directory_draft_clear(&pack->draft);
	if (pack->mirror)
		digest_stream_end(pack->mirror);
	str_clear(&pack->out);
	str_clear(&pack->manifest);
	memory_freep(&pack->matches);
}

static bool write_pack(struct pack *pack, const struct session *session, char *ret_digest)
{
	bool good, found;

	if (!store_read_begin(pack->store, pack->err))
		return false;
	good = sessions_find(pack->store, session->account_id, session->id, &pack->session, pack->err) &&
	       accounts_get(pack->store, session->account_id, &pack->account, &found, pack->err) && write_all(pack, ret_digest);
	store_read_end(pack->store);
	return good;
}

bool evidence_write(struct store *store, const struct catalogue *catalogue, const struct session *session, const char *directory,
		    char *ret_digest, struct error *err)
{
	AUTO(pack_clear) struct pack pack = { .store = store, .catalogue = catalogue, .err = err, .good = true, .mirror = digest_stream_new(),
					      .out = STR_INIT(STR_NO_LIMIT), .manifest = STR_INIT(STR_NO_LIMIT) };
	char there[DIGEST_HEX];

	directory_draft_init(&pack.draft);
	if (!directory_draft_open(&pack.draft, directory, err) || !look_there(directory, there, err) ||
	    !write_pack(&pack, session, ret_digest))
		return false;
	/* Whoever was killed behind the last step has written it already. */
	if (*there && strcmp(there, ret_digest) != 0)
		return error_set(err, ERROR_INPUT, "'%s' holds another pack; evidence goes into a directory of its own", directory);
	return (*there || directory_draft_commit(&pack.draft, err)) && keep_digest(store, &pack.session, ret_digest, err);
}
