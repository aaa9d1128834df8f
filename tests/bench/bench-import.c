/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast a file of invoices is read, as CSV and as JSON Lines, and how much memory that takes, beside a bound: passing over
 * the same bytes once and counting their lines. Nothing is kept of the documents. `bench-import 1000` reads 1000 MB of each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "ledgerdeck/model/import.h"

#define MEGABYTES 100
#define LINES 5 /* of an invoice */

static const char header[] = "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),ItemDescription,ItemQuantity,ItemRate,"
			     "*ItemAmount,Taxable\n";

static void add_rows(struct str *out, size_t number)
{
	for (int line = 1; line <= LINES; line++)
		str_addf(out, "%zu,Customer number %zu,2026-01-31,2026-02-28,Net 30,Hall,Thanks for it,Widget %d,\"A thing, blue\",%d,3.50,%d.%s,Y\n",
			 number, number % 5000, line, line, line * 7 / 2, line % 2 ? "50" : "00");
}

static void add_json(struct str *out, size_t number)
{
	str_addf(out,
		 "{\"type\":\"invoice\",\"external_id\":\"%zu\",\"data\":{\"number\":\"%zu\",\"customer\":\"Customer number %zu\",\"date\":\"2026-01-31\","
		 "\"due_date\":\"2026-02-28\",\"term\":\"Net 30\",\"memo\":\"Thanks for it\",\"lines\":[",
		 number, number, number % 5000);
	for (int line = 1; line <= LINES; line++)
		str_addf(out, "%s{\"item\":\"Widget %d\",\"description\":\"A thing, blue\",\"quantity\":%d,\"unit_price\":3.50,\"amount\":%d.%s,\"taxable\":true}",
			 line > 1 ? "," : "", line, line, line * 7 / 2, line % 2 ? "50" : "00");
	str_add(out, "]}}\n");
}

static bool take_document(void *ctx, const struct import_document *document, struct error *err)
{
	size_t *bytes = ctx;

	(void)err;
	*bytes += document->data.len;
	return true;
}

static bool take_refusal(void *ctx, const struct import_refusal *refusal, struct error *err)
{
	(void)ctx;
	return error_set(err, ERROR_INTERNAL, "line %zu: %s", refusal->line, refusal->why);
}

static long peak_mib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss / 1024;
}

static int64_t cpu_ms(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000) + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static size_t count_lines(const struct str *text)
{
	size_t lines = 0;

	for (const char *at = text->text; (at = memchr(at, '\n', (size_t)(text->text + text->len - at))) != NULL; at++)
		lines++;
	return lines;
}

static void measure(const char *what, size_t megabytes, void (*add)(struct str *out, size_t number), const char *start)
{
	AUTO(str_clear) struct str text = STR_INIT(STR_NO_LIMIT);
	size_t bytes = 0, read = strlen(start), number = 0, lines = 0;
	const struct import_sink sink = { .document = take_document, .refusal = take_refusal, .ctx = &bytes };
	const struct import_options options = { 0 };
	AUTO(import_freep) struct import *import = import_new(&options, &sink);
	int64_t reading_ms = 0, bound_ms = 0, from;
	struct error err = { 0 };
	bool is_good = import_feed(import, start, strlen(start), &err);

	while (is_good && read < megabytes * 1000000) {
		str_reset(&text);
		while (text.len < 1000000)
			add(&text, number++);
		from = cpu_ms();
		lines += count_lines(&text);
		bound_ms += cpu_ms() - from;
		from = cpu_ms();
		is_good = import_feed(import, text.text, text.len, &err);
		reading_ms += cpu_ms() - from;
		read += text.len;
	}
	if (!is_good || !import_end(import, &err)) {
		fprintf(stderr, "bench-import: %s\n", err.text);
		exit(1);
	}
	printf("import %-10s %zu MB, %zu documents: %zu MB/s, %zu documents/s; passing over its %zu lines %zu MB/s; %ld MiB at most\n", what,
	       read / 1000000, import_counts(import).documents, read / 1000 / (size_t)(reading_ms + 1),
	       import_counts(import).documents * 1000 / (size_t)(reading_ms + 1), lines, read / 1000 / (size_t)(bound_ms + 1), peak_mib());
}

int main(int argc, char **argv)
{
	size_t megabytes = argc > 1 ? strtoul(argv[1], NULL, 10) : MEGABYTES;

	measure("CSV", megabytes, add_rows, header);
	measure("JSON Lines", megabytes, add_json, "");
	return 0;
}
