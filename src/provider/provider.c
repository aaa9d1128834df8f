/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which accounting systems the program knows, and what they all do with an answer: pages and names. */
#include "ledgerdeck/provider/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/text.h"
#include "quickbooks/quickbooks.h"
#include "xledger/xledger.h"

static const struct provider *const providers[] = { &quickbooks_provider, &xledger_provider, NULL };

const struct provider *const *provider_all(void)
{
	return providers;
}

const struct provider *provider_find(const char *name)
{
	for (size_t i = 0; providers[i]; i++)
		if (strcmp(providers[i]->name, name) == 0)
			return providers[i];
	return NULL;
}

void page_init(struct page *page)
{
	*page = (struct page){ .body = STR_INIT(STR_NO_LIMIT), .reached_ms = INT64_MIN, .ledger_ms = -1 };
}

void page_clear(struct page *page)
{
	str_clear(&page->body);
	json_map_free(page->map);
	free(page->records);
	free(page->gone);
	free(page->position);
	page_init(page);
}

void page_reset(struct page *page)
{
	struct page kept = *page;

	json_map_free(page->map);
	free(page->position);
	page_init(page);
	str_reset(&kept.body);
	page->body = kept.body;
	page->records = kept.records;
	page->room = kept.room;
	page->gone = kept.gone;
	page->gone_room = kept.gone_room;
}

void page_add(struct page *page, struct json_slice record)
{
	memory_grow(&page->records, &page->room, page->count + 1, sizeof(*page->records));
	page->records[page->count++] = record;
}

void page_add_gone(struct page *page, const char *id)
{
	size_t len = strlen(id);

	/* An id that is longer could not have been kept as a record's. */
	if (len == 0 || len >= sizeof(*page->gone))
		return;
	memory_grow(&page->gone, &page->gone_room, page->gone_count + 1, sizeof(*page->gone));
	memcpy(page->gone[page->gone_count++], id, len + 1);
}

void page_take(struct page *page, struct http_answer *answer, int64_t ledger_ms)
{
	str_clear(&page->body);
	page->body = answer->body;
	str_init(&answer->body, answer->body.limit);
	json_map_free(page->map);
	page->map = memory_steal(&answer->map);
	page->ledger_ms = ledger_ms;
	snprintf(page->trace_id, sizeof(page->trace_id), "%s", answer->trace_id);
}

void identity_take(struct json_slice value, char *out, size_t size)
{
	AUTO(str_clear) struct str plain = STR_INIT(4000), line = STR_INIT(size - 1);

	if (value.kind == JSON_STRING)
		json_unquote(value, &plain);
	else if (value.kind == JSON_NUMBER)
		str_add_bytes(&plain, value.text, value.len);
	text_add_line(&line, TEXT_FULL, plain.text, plain.len);
	/* Half a character may stand at the end of what was cut. */
	while (line.len > 0 && !str_is_utf8(line.text, line.len))
		str_truncate(&line, line.len - 1);
	memcpy(out, line.text, line.len + 1);
}
