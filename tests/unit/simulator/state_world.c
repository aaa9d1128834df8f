/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worlds with a state file, for the tests of it. */
#include "state_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"

#include "oauth.h"
#include "state.h"

int state_world_folder(void **state)
{
	struct fixture *fixture = memory_new(sizeof(*fixture));
	const char *temporary = env_variable("TMPDIR");

	entity_start();
	snprintf(fixture->folder, sizeof(fixture->folder), "%s/test-state-XXXXXX",
		 temporary ? temporary : "/tmp");
	assert_non_null(mkdtemp(fixture->folder));
	snprintf(fixture->path, sizeof(fixture->path), "%s/a state?#%%.db", fixture->folder);
	*state = fixture;
	return 0;
}

int state_world_folder_end(void **state)
{
	static const char *const endings[] = { "", "-wal", "-journal", "-shm" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		AUTO(str_clear) struct str path = STR_INIT(400);

		str_addf(&path, "%s%s", fixture->path, endings[i]);
		unlink(path.text);
	}
	/* Nothing else may have been left behind. */
	assert_int_equal(rmdir(fixture->folder), 0);
	free(fixture);
	return 0;
}

static int64_t read_clock(void *ctx)
{
	(void)ctx;
	return NOW_MS;
}

struct simulator *state_world_new(void)
{
	static const struct simulator_config config = { .client_id = "app",
							.client_secret = "hush",
							.auto_consent = true };
	struct simulator *simulator = memory_new(sizeof(*simulator));

	simulator->env.wall_ms = read_clock;
	simulator->base_url = memory_copy_text("http://127.0.0.1:1");
	switches_init(&simulator->switches);
	simulator->oauth = oauth_new(simulator, &config);
	return simulator;
}

void state_world_free(struct simulator *simulator)
{
	state_close(simulator->state);
	for (size_t i = 0; i < simulator->company_count; i++)
		company_free(simulator->companies[i]);
	free(simulator->companies);
	oauth_free(simulator->oauth);
	free(simulator->base_url);
	free(simulator);
}

struct simulator *state_world_start(const char *path)
{
	struct simulator *simulator = state_world_new();
	struct error err = { 0 };
	bool any = true;

	if (!state_open(simulator, path, &simulator->state, &err) ||
	    !state_load(simulator, &any, &err))
		fail_msg("%s", err.text);
	assert_false(any);
	return simulator;
}

struct simulator *state_world_load(const char *path)
{
	struct simulator *simulator = state_world_new();
	struct error err = { 0 };
	bool any = false;

	if (!state_open(simulator, path, &simulator->state, &err) ||
	    !state_load(simulator, &any, &err))
		fail_msg("%s", err.text);
	assert_true(any);
	return simulator;
}

void state_world_refused(const char *path, const char *part)
{
	struct simulator *simulator = state_world_new();
	struct error err = { 0 };
	bool any;

	if (state_open(simulator, path, &simulator->state, &err) &&
	    state_load(simulator, &any, &err))
		fail_msg("not refused: %s", part);
	assert_int_equal(err.code, ERROR_STORE);
	if (!strstr(err.text, part))
		fail_msg("'%s' does not say '%s'", err.text, part);
	state_world_free(simulator);
}

void state_world_save(struct simulator *simulator)
{
	struct error err = { 0 };

	if (!state_save(simulator, &err))
		fail_msg("%s", err.text);
}

struct company *state_world_company(struct simulator *simulator, const char *realm,
				    const char *name)
{
	struct company *company = company_new(simulator, realm, name);
	size_t room = simulator->company_count;

	memory_grow(&simulator->companies, &room, simulator->company_count + 1,
		    sizeof(*simulator->companies));
	simulator->companies[simulator->company_count++] = company;
	return company;
}

struct record *state_world_record(struct company *company, const char *entity, const char *id,
				  const char *text)
{
	struct record *record = company_make(company, entity_by_name(entity, false));

	if (id)
		snprintf(record->id, sizeof(record->id), "%s", id);
	record_set_text(record, memory_copy_text(text), strlen(text));
	company_add(company, record);
	return record;
}

static void add_posting(struct record *record, struct record *account, struct record *party,
			int64_t cents)
{
	record->postings = memory_resize(record->postings,
					 (record->posting_count + 1) * sizeof(*record->postings));
	record->postings[record->posting_count++] = (struct posting){
		.account = account,
		.party = party,
		.cents = cents,
		.foreign = cents * 2,
	};
}

static void add_link(struct record *record, struct record *from, int64_t cents)
{
	record->links =
		memory_resize(record->links, (record->link_count + 1) * sizeof(*record->links));
	record->links[record->link_count++] = (struct link){ .from = from, .cents = cents };
}

void state_world_fill(struct simulator *simulator)
{
	struct company *company =
		state_world_company(simulator, "4620816365", "Quill \"&\" Søns\n");
	struct record *receivable = state_world_record(company, "Account", NULL, "{\"Id\":\"1\"}");
	struct record *income = state_world_record(company, "Account", NULL, "{\"Id\":\"2\"}");
	struct record *customer =
		state_world_record(company, "Customer", "10", "{\"DisplayName\":\"Zo\xc3\xab\"}");
	struct record *job = state_world_record(company, "Customer", "11",
						"{\"ParentRef\":{\"value\":\"10\"},\"Job\":true}");
	struct record *part =
		state_world_record(company, "Customer", "8", "{\"ParentRef\":{\"value\":\"11\"}}");
	struct record *invoice, *payment, *gone;

	customer->balance = 100;
	job->balance = 20;
	part->balance = 3;
	company_place(company, job);
	company_place(company, part);
	assert_int_equal(customer->below, 23);
	state_world_record(company, "Customer", "9", "{}")->active = false;
	company_table(company, customer->entity)->inactive_count = 1;
	state_world_record(company, "Class", "200900000000000008541", "{}");
	state_world_record(company, "Class", "5000000000000503624", "{}");
	state_world_record(company, "TaxCode", "NON", "{}");
	invoice = state_world_record(company, "Invoice", NULL, "{\"TotalAmt\":100.00}");
	payment = state_world_record(company, "Payment", NULL, "{\"TotalAmt\":60.00}");
	invoice->date = date_of(2026, 1, 31);
	invoice->sync_token = 3;
	invoice->balance = 4000;
	add_posting(invoice, receivable, customer, 10000);
	add_posting(invoice, income, NULL, -10000);
	add_link(invoice, payment, 6000);
	add_posting(payment, income, NULL, INT64_C(-4000000000000000000));
	payment->postings[0].foreign = INT64_MIN;
	receivable->balance = INT64_C(-9007199254740993);
	gone = state_world_record(company, "Invoice", NULL, "{}");
	company_remove(company, gone, NOW_MS + 5);
	company->preferences.tax_mode = TAX_VAT;
	company->preferences.book_close = date_of(1999, 12, 31);
	snprintf(company->preferences.home_currency, sizeof(company->preferences.home_currency),
		 "NOK");
	snprintf(company->preferences.custom_field, sizeof(company->preferences.custom_field),
		 "Ref");
	snprintf(company->other_name, sizeof(company->other_name), "Øyvind \\ \"Q\"");
	company->next_list_id[entity_by_name("Class", false)->index] = 77;
	company->next_number = 1042;
	company->suspended = true;
	random_seed(&company->random, 99);
	state_world_company(simulator, "9130347", "Fjord AS");
	simulator->seed = UINT64_MAX - 5;
	simulator->clock_offset_ms = -12345;
	simulator->trace_count = 17;
	random_seed(&simulator->random, 4);
}
