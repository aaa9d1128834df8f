/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any text as a query: it is refused with one of the codes for queries, or carried out on small
 * books. The answer is JSON whose pages hold what they say, and whose objects are the books' own
 * unless columns were named.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/json.h"
#include "ledgerdeck/core/memory.h"

#include "company.h"
#include "quickbooks/select.h"
#include "quickbooks/write.h"
#include "world.h"

#define NOW_MS INT64_C(1769889600000)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static int64_t read_clock(void *ctx)
{
	(void)ctx;
	return NOW_MS;
}

/* Books that are made once: queries change nothing. */
static struct company *books(void)
{
	static struct simulator simulator;
	static struct company *company;

	if (company)
		return company;
	entity_start();
	simulator.env = (struct env){ .wall_ms = read_clock, .ticks_ms = read_clock };
	switches_init(&simulator.switches);
	company = company_new(&simulator, "1", "Fuzz");
	snprintf(company->preferences.home_currency, sizeof(company->preferences.home_currency),
		 "USD");
	for (int i = 0; i < 30; i++) {
		char json[160];

		snprintf(json, sizeof(json),
			 "{\"DisplayName\":\"Name %d\",\"CompanyName\":\"%s\",\"Active\":%s}", i,
			 i % 3 ? "It's \xc3\xa9" : "\xce\x91", i % 7 ? "true" : "false");
		write_sample(company, "Customer", json);
		snprintf(json, sizeof(json), "{\"Name\":\"Term %d\",\"DueDays\":%d}", i, i);
		write_sample(company, "Term", json);
	}
	return company;
}

/* As many objects as the answer says, each with an id. */
static void check_page(const struct str *answer)
{
	struct json_slice whole = { .text = answer->text, .len = answer->len, .kind = JSON_OBJECT }, name, value, item;
	struct json_slice stated = json_find(answer->text, answer->len, "maxResults");
	size_t count = 0;
	char text[24];

	for (size_t at = 0; json_each(whole, &at, &name, &value);)
		for (size_t inner = 0;
		     value.kind == JSON_ARRAY && json_each(value, &inner, NULL, &item);) {
			must(item.kind == JSON_OBJECT, "an item is no object");
			must(json_find(item.text, item.len, "Id").kind == JSON_STRING,
			     "an object without Id");
			count++;
		}
	must(count <= 1000, "the page is too long");
	snprintf(text, sizeof(text), "%zu", count);
	if (stated.kind == JSON_NUMBER)
		must(stated.len == strlen(text) && memcmp(stated.text, text, stated.len) == 0,
		     "maxResults is not the number of objects");
	else
		must(count == 0, "objects without maxResults");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	/* Without a NUL behind it, so that a byte too far is seen. */
	AUTO(memory_freep) char *text = memory_resize(NULL, len ? len : 1);
	AUTO(str_clear) struct str answer = STR_INIT((size_t)1 << 24);
	struct fault fault = { 0 };

	memcpy(text, bytes, len);
	if (!select_text(books(), text, len, &answer, &fault)) {
		must(fault.code == 4000 || fault.code == 4001 || fault.code == 10000,
		     "a fault of another kind");
		must(fault.detail[0] && str_is_utf8(fault.detail, strlen(fault.detail)),
		     "a detail that is no text");
		return 0;
	}
	must(json_check(answer.text, answer.len, NULL), "the answer is no JSON");
	check_page(&answer);
	return 0;
}
