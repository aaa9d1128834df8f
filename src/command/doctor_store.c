/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the doctor sees in the store: is it sound, does the vault open, and how do the accounts and their ledgers fare. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "doctor.h"
#include "ledgerdeck/core/holder.h"

#define SKEW_WARN_MS 60000
#define SKEW_FAIL_MS 900000
#define WEAK_MIB 64

void doctor_look_at_store(struct doctor *doctor)
{
	AUTO(str_clear) struct str wrong = STR_INIT(400);
	struct store *store = doctor->app->store;
	struct error err = { 0 };
	int64_t rows, broken;

	if (!store_check(store, &wrong, &err))
		doctor_tell_error(doctor, "store", NULL, &err);
	else if (wrong.len > 0)
		doctor_tell(doctor, FINDING_FAIL, "store", NULL, "restore a backup: ledgerdeck restore FILE; what is there stays beside it",
			    "it is damaged: %.*s", (int)strcspn(wrong.text, "\n"), wrong.text);
	else
		doctor_tell(doctor, FINDING_OK, "store", NULL, "", "sound, in the format of this program");
	error_clear(&err);
	if (!audit_verify(store, &rows, &broken, &err))
		doctor_tell_error(doctor, "audit", NULL, &err);
	else if (broken)
		doctor_tell(doctor, FINDING_FAIL, "audit", NULL, "compare it with that of a backup: ledgerdeck audit",
			    "row %" PRId64 " was changed outside this program, or one before it", broken);
	else
		doctor_tell(doctor, FINDING_OK, "audit", NULL, "", "%" PRId64 " rows, each fits to the one before", rows);
}

void doctor_look_at_history(struct doctor *doctor)
{
	int64_t versions, bytes;
	struct error err = { 0 };

	if (!history_size(doctor->app->store, &versions, &bytes, &err))
		doctor_tell_error(doctor, "history", NULL, &err);
	else
		doctor_tell(doctor, FINDING_OK, "history", NULL, "", "%" PRId64 " earlier versions of records, %" PRId64 ".%" PRId64 " MB",
			    versions, bytes / 1000000, bytes / 100000 % 10);
}

/* ---- vault */

static void look_at_header(struct doctor *doctor, const struct vault_description *description)
{
	bool weak = description->passphrase && description->memory_kib / 1024 < WEAK_MIB;

	if (description->keys > 1)
		doctor_tell(doctor, FINDING_WARN, "vault", NULL, "ledgerdeck vault rotate", "a change of its key was interrupted");
	if (weak)
		doctor_tell(doctor, FINDING_WARN, "vault", NULL, "ledgerdeck vault passwd", "guessing its passphrase costs only %u MiB a try",
			    description->memory_kib / 1024);
}

/* A passphrase is not asked for here: whoever looks may not know it. */
void doctor_look_at_vault(struct doctor *doctor)
{
	AUTO(str_clear) struct str header = STR_INIT(65536);
	struct vault_description description;
	struct error err = { 0 };

	if (!opener_header(doctor->app, &header, &err) || !vault_describe(header.text, header.len, &description, &err)) {
		doctor_tell(doctor, FINDING_FAIL, "vault", NULL, "ledgerdeck vault init", "%s", err.text);
		return;
	}
	look_at_header(doctor, &description);
	if (doctor->app->vault)
		doctor_tell(doctor, FINDING_OK, "vault", NULL, "", "open");
	else if (description.passphrase)
		doctor_tell(doctor, FINDING_OK, "vault", NULL, "", "sealed by a passphrase that costs %u MiB and %u passes a try",
			    description.memory_kib / 1024, description.passes);
	else if (app_vault(doctor->app, &err))
		doctor_tell(doctor, FINDING_OK, "vault", NULL, "", "sealed, and opened by its key without a person");
	else
		doctor_tell(doctor, FINDING_FAIL, "vault", NULL, "put the key file back, or name it: [vault] key_file = PATH", "%s", err.text);
}

/* ---- accounts and their ledgers */

static void look_at_types(struct doctor *doctor, const struct account *account)
{
	AUTO(object_list_clear) struct object_list objects = { 0 };
	size_t failed = 0, waiting = 0, unknown = 0, behind = 0;
	const struct type *type;
	struct error err = { 0 };
	char act[200];

	if (!objects_all(doctor->app->store, account->id, &objects, &err)) {
		doctor_tell_error(doctor, "types", account, &err);
		return;
	}
	for (size_t i = 0; i < objects.count; i++) {
		failed += objects.items[i].wanted && (objects.items[i].status == OBJECT_FAILED || objects.items[i].status == OBJECT_DEAD);
		waiting += *objects.items[i].guard && strcmp(objects.items[i].guard, "approved") != 0;
		type = catalogue_find(doctor->app->catalogue, account->provider, objects.items[i].type);
		unknown += !type;
		behind += type && !object_is_current(&objects.items[i], type);
	}
	snprintf(act, sizeof(act), "ledgerdeck status %s --state failed", account->id);
	if (failed > 0 || waiting > 0)
		doctor_tell(doctor, FINDING_WARN, "types", account, act, "%zu of %zu types failed, %zu wait for approval", failed, objects.count,
			    waiting);
	else
		doctor_tell(doctor, FINDING_OK, "types", account, "", "%zu, none failed", objects.count);
	if (unknown > 0)
		doctor_tell(doctor, FINDING_WARN, "catalogue", account, "put their rows back into types/ of the configuration, see 'ledgerdeck types'",
			    "%zu mirrored types have no row in the catalogue any more", unknown);
	if (behind > 0)
		doctor_tell(doctor, FINDING_WARN, "catalogue", account, "'ledgerdeck run' or the deck fills them by itself",
			    "the columns of %zu of %zu types are not filled anew yet since their rows, or the program, were changed", behind, objects.count);
}

static void look_at_clock(struct doctor *doctor, const struct account *account, int64_t skew_ms)
{
	int64_t apart_ms = skew_ms < 0 ? -skew_ms : skew_ms;
	enum finding finding = apart_ms > SKEW_FAIL_MS ? FINDING_FAIL : apart_ms > SKEW_WARN_MS ? FINDING_WARN : FINDING_OK;

	doctor_tell(doctor, finding, "clock", account, finding ? "set this machine's clock, or let it be set: timedatectl set-ntp true" : "",
		    "%" PRId64 " s %s the ledger's", apart_ms / 1000, skew_ms < 0 ? "behind" : "ahead of");
}

/* One call for each. */
static void reach(struct doctor *doctor, const struct account *account)
{
	struct error err = { 0 };
	int64_t skew_ms;

	if (sync_reach(doctor->app->sync, account->id, doctor->app->cancel, &skew_ms, &err)) {
		doctor_tell(doctor, FINDING_OK, "ledger", account, "", "it answers");
		look_at_clock(doctor, account, skew_ms);
	} else {
		doctor_tell_error(doctor, "ledger", account, &err);
	}
}

static void look_at_connection(struct doctor *doctor, const struct account *account)
{
	char warning[240], act[200];

	snprintf(act, sizeof(act), "ledgerdeck connect %s --account %s", account->provider, account->id);
	if (account->state == ACCOUNT_RECONNECT)
		doctor_tell(doctor, FINDING_FAIL, "connection", account, act, "must be connected again: %s", account->reason);
	else if (sync_warning(account, verb_now(doctor->app), warning))
		doctor_tell(doctor, FINDING_WARN, "connection", account, act, "%s", warning);
	else
		doctor_tell(doctor, FINDING_OK, "connection", account, "", "%s%s%s", account_state_word(account->state),
			    *account->reason ? ", " : "", account->reason);
}

void doctor_look_at_accounts(struct doctor *doctor)
{
	struct error err = { 0 };
	bool can_ask = !doctor->offline && !doctor->app->readonly && doctor->app->vault && app_sync(doctor->app, &err);

	if (!doctor->offline && !can_ask && doctor->accounts.count > 0)
		doctor_tell(doctor, FINDING_OK, "ledger", NULL, "", "not asked: %s", err.code ? err.text : "the vault is not open here");
	for (size_t i = 0; i < doctor->accounts.count && !cancel_asked(doctor->app->cancel); i++) {
		const struct account *account = &doctor->accounts.items[i];

		look_at_connection(doctor, account);
		look_at_types(doctor, account);
		if (can_ask && (account->state == ACCOUNT_OK || account->state == ACCOUNT_PAUSED))
			reach(doctor, account);
	}
}

/* ---- who is at work, and what may still be done */

void doctor_look_at_leases(struct doctor *doctor)
{
	AUTO(memory_freep) struct lease *leases = NULL;
	size_t count = 0, dead = 0;
	struct error err = { 0 };

	if (!lease_all(doctor->app->store, &leases, &count, &err)) {
		doctor_tell_error(doctor, "leases", NULL, &err);
		return;
	}
	for (size_t i = 0; i < count; i++)
		dead += holder_is_dead(leases[i].holder);
	doctor_tell(doctor, FINDING_OK, "leases", NULL, "", dead ? "%zu accounts are worked on; %zu by processes that are gone, which the next sync "
		    "takes over" : "%zu accounts are worked on", count - dead, dead);
}

static void look_at_quota(struct doctor *doctor, const char *provider, const struct sync_month *month, const struct sync_quota *quota)
{
	enum finding finding = quota_is_used_up(quota) ? FINDING_FAIL : quota_is_short(quota) ? FINDING_WARN : FINDING_OK;
	char act[200] = "";

	if (finding != FINDING_OK)
		snprintf(act, sizeof(act), "read less often (%s, sync.sweep_interval), or raise %s if you may have more",
			 settings_of_provider(provider, "interval"), quota->setting);
	doctor_tell(doctor, finding, "budget", NULL, act, "%s: %" PRId64 " %s this month, %" PRId64 " by its end at this pace, of %" PRId64,
		    month->label, quota->used, quota->what, quota->forecast, quota->limit);
}

void doctor_look_at_budgets(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->accounts.count; i++) {
		const struct account *account = &doctor->accounts.items[i];
		struct error err = { 0 };
		struct sync_month month;

		if (verb_had_month(&doctor->accounts, i))
			continue;
		if (!sync_month(doctor->app->store, doctor->app->settings, account->provider, account->environment, verb_now(doctor->app),
				&month, &err)) {
			doctor_tell_error(doctor, "budget", NULL, &err);
			continue;
		}
		for (int k = 0; k < QUOTA_COUNT; k++)
			if (k == QUOTA_CALLS || month.quotas[k].limit)
				look_at_quota(doctor, account->provider, &month, &month.quotas[k]);
	}
}

void doctor_look_at_backups(struct doctor *doctor)
{
	int64_t interval_ms = settings_number(doctor->app->settings, "backup.interval") * 1000, ago_ms;
	struct sync_backups backups;
	struct error err = { 0 };
	char act[120];

	if (!sync_backup_state(doctor->app->store, doctor->app->settings, &backups, &err)) {
		doctor_tell_error(doctor, "backup", NULL, &err);
		return;
	}
	ago_ms = verb_now(doctor->app) - backups.last_ms;
	if (backups.failures > 0) {
		snprintf(act, sizeof(act), "ledgerdeck retry %" PRId64, backups.failed);
		doctor_tell(doctor, FINDING_FAIL, "backup", NULL, act, "the last one failed: %s", backups.error.text);
	} else if (backups.last_ms == 0) {
		doctor_tell(doctor, FINDING_WARN, "backup", NULL, "ledgerdeck backup FILE; or let them be made by themselves: [backup] directory = PATH",
			    "there is none that the log knows of");
	} else if (ago_ms > 2 * interval_ms) {
		doctor_tell(doctor, FINDING_WARN, "backup", NULL, backups.scheduled ? "they are made while 'ledgerdeck run' or the deck works"
			    : "ledgerdeck backup FILE; or let them be made by themselves: [backup] directory = PATH",
			    "the last one is %" PRId64 " days old", ago_ms / 86400000);
	} else {
		doctor_tell(doctor, FINDING_OK, "backup", NULL, "", "the last one is %" PRId64 " hours old", ago_ms / 3600000);
	}
}
