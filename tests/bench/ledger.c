/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the records as recordings show them, in order of their times, two a second; answers by their places. */
#include "ledger.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/core/str.h"

#define FIRST_S INT64_C(1700000000)
#define A_SECOND 2
#define REQUEST_MAX 16384

/* ---- the records */

static const char *const first_names[] = { "Amy", "Bill", "Cool", "Dukes", "Freeman", "Geeta", "Hazel", "Jeff", "John", "Kate", "Mark",
					   "Paulsen", "Rago", "Red", "Rondonuwu", "Shara", "Sonnenschein", "Sushi", "Travis", "Weiskopf" };
static const char *const last_names[] = { "Lauterbach", "Lucchini", "Whitehead", "Kalinski", "Barr", "Dinsmore", "Huang", "Melton",
					  "Nguyen", "Ortega", "Petrov", "Quist", "Rossi", "Silva", "Tanaka", "Ulrich", "Vega", "Young" };
static const char *const trades[] = { "Bird Sanctuary", "Windsurf Shop", "Cars", "Basketball Camp", "Sporting Goods", "Store",
				      "Electronics", "Landscaping", "Bakery", "Dental Clinic", "Roofing", "Textiles", "Optics" };
static const char *const streets[] = { "Finch St.", "Ocean Dr.", "Foothill Rd.", "Court St.", "Cypress Hill Ave.", "Main Street",
				       "Lake View", "Elm Drive", "Willow Lane", "Bridge Rd.", "Sunset Blvd.", "Harbour Way" };
static const char *const cities[] = { "Bayshore", "Half Moon Bay", "Tucson", "Middlefield", "Menlo Park", "San Tomas", "Palo Alto",
				      "South Orange", "Monlo Park", "Eureka", "Portola Valley", "Sacramento" };
static const char *const words[] = { "rock", "fountain", "pump", "concrete", "installation", "weekly", "gardening", "service", "custom",
				     "design", "trimming", "lighting", "sod", "sprinkler", "heads", "pest", "control", "lawn", "care",
				     "hours", "monthly", "maintenance", "delivery", "of", "spare", "parts", "for", "the", "north", "side",
				     "inspection", "report", "travel", "to", "site", "oak", "boards", "planed", "and", "sanded" };
static const char *const memos[] = { "Thank you for your business and have a great day!", "Please pay within 30 days.",
				     "We appreciate your prompt payment.", "Ask us about our maintenance plans." };

static const char *pick(struct random *random, const char *const *texts, size_t count)
{
	return texts[random_below(random, count)];
}

static int below(struct random *random, int limit)
{
	return (int)random_below(random, (uint64_t)limit);
}

static void add_name(struct str *out, long customer)
{
	struct random random;

	random_seed(&random, (uint64_t)customer);
	str_addf(out, "%s %s's %s %ld", pick(&random, first_names, ARRAY_LEN(first_names)),
		 pick(&random, last_names, ARRAY_LEN(last_names)), pick(&random, trades, ARRAY_LEN(trades)), customer);
}

static void add_address(struct random *random, struct str *out)
{
	str_addf(out, "{\"Id\":\"%d\",\"Line1\":\"%d %s\",\"City\":\"%s\",\"CountrySubDivisionCode\":\"CA\",\"PostalCode\":"
		 "\"9%04d\",\"Lat\":\"3%d.%07d\",\"Long\":\"-12%d.%07d\"},", below(random, 100000), below(random, 9000) + 1,
		 pick(random, streets, ARRAY_LEN(streets)), pick(random, cities, ARRAY_LEN(cities)), below(random, 10000),
		 below(random, 9), below(random, 10000000), below(random, 9), below(random, 10000000));
}

/* Most ship to where they are billed. */
static void add_addresses(struct random *random, struct str *out)
{
	size_t start, len;

	str_add(out, "\"BillAddr\":");
	start = out->len;
	add_address(random, out);
	len = out->len - start;
	str_add(out, "\"ShipAddr\":");
	if (below(random, 4)) {
		str_reserve(out, len);
		str_add_bytes(out, out->text + start, len);
	} else {
		add_address(random, out);
	}
}

static void add_head(struct random *random, long at, struct str *out)
{
	int64_t changed_ms = (FIRST_S + at / A_SECOND) * 1000;
	char made[STAMP_TEXT_MAX], changed[STAMP_TEXT_MAX];

	str_addf(out, "\"domain\":\"QBO\",\"sparse\":false,\"Id\":\"%ld\",\"SyncToken\":\"%d\",\"MetaData\":{\"CreateTime\":\"%s\","
		 "\"LastUpdatedTime\":\"%s\"},", at + 1, below(random, 5),
		 stamp_format(changed_ms - below(random, 9000000) * INT64_C(1000), -8 * 3600, false, made),
		 stamp_format(changed_ms, -8 * 3600, false, changed));
}

static long add_line(struct random *random, int no, struct str *out)
{
	int quantity = below(random, 20) + 1, price = below(random, 20000) + 50, item = below(random, 200);
	int count = below(random, 5) + 2;

	str_addf(out, "{\"Id\":\"%d\",\"LineNum\":%d,\"Description\":\"", no, no);
	for (int i = 0; i < count; i++)
		str_addf(out, "%s%s", i ? " " : "", pick(random, words, ARRAY_LEN(words)));
	str_addf(out, "\",\"Amount\":%d.%02d,\"DetailType\":\"SalesItemLineDetail\",\"SalesItemLineDetail\":{\"ItemRef\":{\"value\":"
		 "\"%d\",\"name\":\"%s %s\"},\"UnitPrice\":%d.%02d,\"Qty\":%d,\"ItemAccountRef\":{\"value\":\"%d\",\"name\":"
		 "\"Landscaping Services:Job Materials:%s\"},\"TaxCodeRef\":{\"value\":\"%s\"}}},", price * quantity / 100,
		 price * quantity % 100, item, words[item % ARRAY_LEN(words)], words[item / 7 % ARRAY_LEN(words)], price / 100,
		 price % 100, quantity, 40 + item % 9, words[item % 9], below(random, 2) ? "TAX" : "NON");
	return (long)price * quantity;
}

static void add_invoice(struct random *random, long at, long customers, struct str *out)
{
	long customer = below(random, (int)customers), total = 0, tax;
	int lines = below(random, 7) + 1, day = (int)(FIRST_S / 86400) - below(random, 400);
	char date[DATE_TEXT_MAX], due[DATE_TEXT_MAX];

	str_add(out, "{\"AllowIPNPayment\":false,\"AllowOnlinePayment\":false,\"AllowOnlineCreditCardPayment\":false,"
		"\"AllowOnlineACHPayment\":false,");
	add_head(random, at, out);
	str_addf(out, "\"CustomField\":[{\"DefinitionId\":\"1\",\"Name\":\"Crew #\",\"Type\":\"StringType\",\"StringValue\":\"%d\"}],"
		 "\"DocNumber\":\"%ld\",\"TxnDate\":\"%s\",\"CurrencyRef\":{\"value\":\"USD\",\"name\":\"United States Dollar\"},"
		 "\"LinkedTxn\":[{\"TxnId\":\"%d\",\"TxnType\":\"Payment\"}],\"Line\":[", below(random, 300), 1000 + at,
		 date_format((struct date){ day }, date), below(random, 900000));
	for (int i = 1; i <= lines; i++)
		total += add_line(random, i, out);
	tax = total * 8 / 100;
	str_addf(out, "{\"Amount\":%ld.%02ld,\"DetailType\":\"SubTotalLineDetail\",\"SubTotalLineDetail\":{}}],\"TxnTaxDetail\":{"
		 "\"TxnTaxCodeRef\":{\"value\":\"2\"},\"TotalTax\":%ld.%02ld,\"TaxLine\":[{\"Amount\":%ld.%02ld,\"DetailType\":"
		 "\"TaxLineDetail\",\"TaxLineDetail\":{\"TaxRateRef\":{\"value\":\"3\"},\"PercentBased\":true,\"TaxPercent\":8,"
		 "\"NetAmountTaxable\":%ld.%02ld}}]},\"CustomerRef\":{\"value\":\"%ld\",\"name\":\"", total / 100, total % 100, tax / 100,
		 tax % 100, tax / 100, tax % 100, total / 100, total % 100, customer + 1);
	add_name(out, customer);
	str_addf(out, "\"},\"CustomerMemo\":{\"value\":\"%s\"},", pick(random, memos, ARRAY_LEN(memos)));
	add_addresses(random, out);
	total += tax;
	str_addf(out, "\"SalesTermRef\":{\"value\":\"%d\",\"name\":\"Net %d\"},\"DueDate\":\"%s\",\"TotalAmt\":%ld.%02ld,"
		 "\"ApplyTaxAfterDiscount\":false,\"PrintStatus\":\"%s\",\"EmailStatus\":\"%s\",\"BillEmail\":{\"Address\":"
		 "\"office%ld@example.com\"},\"Balance\":%ld.%02ld}", 1 + day % 4, 15 * (day % 4 + 1),
		 date_format((struct date){ day + 30 }, due), total / 100, total % 100, day % 3 ? "NeedToPrint" : "NotSet",
		 day % 2 ? "NotSet" : "EmailSent", customer, day % 3 ? total / 100 : 0, day % 3 ? total % 100 : 0);
}

static void add_customer(struct random *random, long at, long customers, struct str *out)
{
	int cents = below(random, 900000);

	(void)customers;
	str_addf(out, "{\"Taxable\":%s,", below(random, 3) ? "true" : "false");
	add_addresses(random, out);
	str_addf(out, "\"Notes\":\"%s\",\"Job\":false,\"BillWithParent\":false,\"Balance\":%d.%02d,\"BalanceWithJobs\":%d.%02d,"
		 "\"CurrencyRef\":{\"value\":\"USD\",\"name\":\"United States Dollar\"},\"PreferredDeliveryMethod\":\"Print\",",
		 below(random, 4) ? "" : pick(random, memos, ARRAY_LEN(memos)), cents / 100, cents % 100, cents / 100, cents % 100);
	add_head(random, at, out);
	str_addf(out, "\"GivenName\":\"%s\",\"FamilyName\":\"%s\",\"FullyQualifiedName\":\"", pick(random, first_names, ARRAY_LEN(first_names)),
		 pick(random, last_names, ARRAY_LEN(last_names)));
	add_name(out, at);
	str_add(out, "\",\"CompanyName\":\"");
	add_name(out, at);
	str_add(out, "\",\"DisplayName\":\"");
	add_name(out, at);
	str_add(out, "\",\"PrintOnCheckName\":\"");
	add_name(out, at);
	str_addf(out, "\",\"Active\":true,\"PrimaryPhone\":{\"FreeFormNumber\":\"(%03d) 555-%04d\"},\"Mobile\":{\"FreeFormNumber\":"
		 "\"(%03d) 555-%04d\"},\"PrimaryEmailAddr\":{\"Address\":\"office%ld@example.com\"},\"WebAddr\":{\"URI\":"
		 "\"http://www.example.com/%ld\"},\"DefaultTaxCodeRef\":{\"value\":\"2\"}}", below(random, 1000), below(random, 10000),
		 below(random, 1000), below(random, 10000), at, at);
}

/* As an edge of Xledger: the node within. */
static void add_edge(struct random *random, long at, long customers, struct str *out)
{
	long id = 20000000 + at;
	char made[STAMP_TEXT_MAX], changed[STAMP_TEXT_MAX];

	(void)customers;
	stamp_format((FIRST_S - below(random, 9000000)) * 1000, 0, false, made);
	stamp_format((FIRST_S + at / A_SECOND) * 1000, 0, false, changed);
	str_addf(out, "{\"cursor\":\"%ld\",\"node\":{\"dbId\":%ld,\"code\":\"%ld\",\"description\":\"", id, id, 10000 + at);
	add_name(out, at);
	str_addf(out, "\",\"number\":%ld,\"email\":\"office%ld@example.com\",\"phone\":null,\"createdAt\":\"%.19s\",\"modifiedAt\":\"%.19s\","
		 "\"ownerDbId\":4711,\"extIdentifier\":null,\"company\":{\"dbId\":%ld,\"name\":\"", 10000 + at, at, made, changed, id - 1);
	add_name(out, at);
	str_add(out, "\",\"description\":\"");
	add_name(out, at);
	str_addf(out, "\",\"email\":\"post%ld@example.com\",\"companyNumber\":\"9%08d\",\"phone\":\"+47 2%07d\",\"address\":{\"streetAddress\":\"%s %d\","
		 "\"zipCode\":\"%04d\",\"place\":\"%s\",\"fullAddress\":\"%s, %s\"},\"billAddress\":null,\"shipAddress\":null},", at,
		 below(random, 100000000), below(random, 10000000), pick(random, streets, ARRAY_LEN(streets)), below(random, 200),
		 below(random, 10000), pick(random, cities, ARRAY_LEN(cities)), pick(random, streets, ARRAY_LEN(streets)),
		 pick(random, cities, ARRAY_LEN(cities)));
	str_add(out, "\"subledgerGroup\":{\"dbId\":\"20000017\",\"description\":\"Kunder Norge\"},\"accountsPayableAccount\":{\"description\":"
		"\"Kundefordringer\",\"code\":\"1500\",\"accountGroup\":{\"description\":\"Kortsiktige fordringer\",\"code\":\"15\"}}}}");
}

/* A type's records, one behind the other with commas between them. */
struct shelf {
	struct str text;
	size_t *starts;        /* of each record, and one behind the last comma */
	long count;
};

static void fill(struct shelf *shelf, long count, long customers,
		 void (*add)(struct random *random, long at, long customers, struct str *out))
{
	struct random random;

	random_seed(&random, 7);
	shelf->count = count;
	shelf->text = (struct str)STR_INIT(STR_NO_LIMIT);
	shelf->starts = memory_new(((size_t)count + 1) * sizeof(*shelf->starts));
	for (long i = 0; i < count; i++) {
		shelf->starts[i] = shelf->text.len;
		add(&random, i, customers, &shelf->text);
		str_add_char(&shelf->text, ',');
	}
	shelf->starts[count] = shelf->text.len;
}

static const struct {
	const char *provider, *name;
	void (*add)(struct random *random, long at, long customers, struct str *out);
} makers[LEDGER_TYPES] = {
	{ "quickbooks", "Invoice", add_invoice }, { "quickbooks", "Customer", add_customer }, { "xledger", "customers", add_edge },
};

/* The number of the type that a text begins with; LEDGER_TYPES: none of them. */
static size_t type_of(const char *text)
{
	size_t len = strcspn(text, " "), type = 0;

	while (type < LEDGER_TYPES && !(strlen(makers[type].name) == len && memcmp(makers[type].name, text, len) == 0))
		type++;
	return type;
}

/* ---- the answers; a process for each connection, since they then need no more than to block */

static void send_all(int fd, struct iovec *parts, int count)
{
	while (count > 0) {
		ssize_t sent = writev(fd, parts, count);

		if (sent < 0)
			_exit(0);
		while (count > 0 && (size_t)sent >= parts->iov_len) {
			sent -= (ssize_t)parts->iov_len;
			parts++;
			count--;
		}
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + sent;
			parts->iov_len -= (size_t)sent;
		}
	}
}

static void answer(int fd, const char *before, const char *records, size_t len, const char *behind)
{
	struct env env = env_real();
	int64_t now_ms = env.wall_ms(env.ctx);
	struct calendar day = date_calendar(date_of_ms(now_ms, 0));
	long second = (long)(now_ms / 1000 % 86400);
	char head[240];
	struct iovec parts[] = { { head, 0 }, { (void *)(uintptr_t)before, strlen(before) }, { (void *)(uintptr_t)records, len },
				 { (void *)(uintptr_t)behind, strlen(behind) } };

	parts[0].iov_len = (size_t)snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
					    "Date: %d %.3s %d %02ld:%02ld:%02ld GMT\r\nContent-Length: %zu\r\n\r\n", day.day,
					    &"JanFebMarAprMayJunJulAugSepOctNovDec"[3 * (day.month - 1)], day.year, second / 3600,
					    second / 60 % 60, second % 60, parts[1].iov_len + len + parts[3].iov_len);
	send_all(fd, parts, 4);
}

/* The place of the first record at or behind a bound of the query; `none` when it has no such bound. */
static long place_of(const struct shelf *shelf, const char *query, const char *bound, long none)
{
	const char *at = strstr(query, bound);
	int64_t ms, place;
	bool has_offset;

	if (!at)
		return none;
	at = strchr(at, '\'') + 1;
	if (!stamp_parse(at, strcspn(at, "'"), &ms, &has_offset))
		return none;
	place = (ms / 1000 - FIRST_S) * A_SECOND;
	return place < 0 ? 0 : place > shelf->count ? shelf->count : (long)place;
}

static long number_behind(const char *query, const char *word, long none)
{
	const char *at = strstr(query, word);

	return at ? strtol(at + strlen(word), NULL, 10) : none;
}

static void answer_query(int fd, const struct shelf *shelves, const char *query, const char *time)
{
	const char *from = strstr(query, " from ");
	size_t type = from ? type_of(from + 6) : LEDGER_TYPES;
	const struct shelf *shelf = &shelves[type];
	char before[100], behind[160];
	long first, last;

	if (type == LEDGER_TYPES) {
		snprintf(behind, sizeof(behind), "{\"QueryResponse\":{},\"time\":\"%s\"}", time);
		answer(fd, behind, "", 0, "");
		return;
	}
	first = place_of(shelf, query, ">=", 0) + number_behind(query, "startposition ", 1) - 1;
	last = place_of(shelf, query, "< ", shelf->count);
	if (first > last)
		first = last;
	if (strstr(query, "count(*)")) {
		snprintf(behind, sizeof(behind), "{\"QueryResponse\":{\"totalCount\":%ld},\"time\":\"%s\"}", last - first, time);
		answer(fd, behind, "", 0, "");
		return;
	}
	if (last > first + number_behind(query, "maxresults ", LEDGER_PAGE))
		last = first + number_behind(query, "maxresults ", LEDGER_PAGE);
	snprintf(before, sizeof(before), "{\"QueryResponse\":{\"%s\":[", makers[type].name);
	snprintf(behind, sizeof(behind), "],\"startPosition\":1,\"maxResults\":%ld},\"time\":\"%s\"}", last - first, time);
	answer(fd, before, shelf->text.text + shelf->starts[first],
	       last > first ? shelf->starts[last] - shelf->starts[first] - 1 : 0, behind);
}

/* Pages behind a cursor; deltas are none. The header's date is the ledger's clock. */
static void answer_document(int fd, const struct shelf *shelves, const char *document)
{
	const char *after = strstr(document, "after: \\\""), *deltas = strstr(document, ": customer_deltas(");
	const struct shelf *shelf = &shelves[LEDGER_TYPES - 1];
	long first, last;
	char before[200];

	if (deltas) {
		const char *alias = deltas;

		while (alias > document && alias[-1] != ' ')
			alias--;
		snprintf(before, sizeof(before), "{\"data\":{\"%.*s\":{\"edges\":[],\"pageInfo\":{\"hasNextPage\":false}}}}",
			 (int)(deltas - alias), alias);
		answer(fd, before, "", 0, "");
		return;
	}
	if (!strstr(document, "customers(")) {
		answer(fd, "{\"data\":{\"__typename\":\"Query\"}}", "", 0, "");
		return;
	}
	first = after ? strtol(after + 9, NULL, 10) - 20000000 + 1 : 0;
	last = first + number_behind(document, "first: ", LEDGER_PAGE);
	last = last < shelf->count ? last : shelf->count;
	snprintf(before, sizeof(before), "],\"pageInfo\":{\"hasNextPage\":%s}}}}", last < shelf->count ? "true" : "false");
	answer(fd, "{\"data\":{\"r\":{\"edges\":[", shelf->text.text + shelf->starts[first],
	       last > first ? shelf->starts[last] - shelf->starts[first] - 1 : 0, before);
}

static void answer_request(int fd, const struct shelf *shelves, const char *request)
{
	AUTO(str_clear) struct str query = STR_INIT(REQUEST_MAX);
	const char *at = strstr(request, "query?query=");
	struct env env = env_real();
	char time[STAMP_TEXT_MAX], company[200];

	stamp_format(env.wall_ms(env.ctx), -8 * 3600, true, time);
	if (strncmp(request, "POST ", 5) == 0) {
		answer_document(fd, shelves, strstr(request, "\r\n\r\n"));
		return;
	}
	if (at) {
		AUTO(memory_freep) char *text = memory_copy(at + 12, strcspn(at + 12, "& "));

		str_add_unpercent(&query, text, strlen(text), true);
		answer_query(fd, shelves, query.text, time);
		return;
	}
	snprintf(company, sizeof(company), "{\"CompanyInfo\":{\"CompanyName\":\"Bench\",\"Country\":\"US\",\"Id\":\"1\"},\"time\":\"%s\"}",
		 time);
	answer(fd, company, "", 0, "");
}

static bool is_whole(const char *request, size_t len)
{
	const char *body = strstr(request, "\r\n\r\n"), *said = strstr(request, "Content-Length: ");

	return body && (!said || said > body || len >= (size_t)(body + 4 - request) + strtoul(said + 16, NULL, 10));
}

static void serve_connection(int fd, const struct shelf *shelves)
{
	static char request[REQUEST_MAX];
	size_t len = 0;
	ssize_t got;

	while (len + 1 < sizeof(request) && (got = read(fd, request + len, sizeof(request) - 1 - len)) > 0) {
		len += (size_t)got;
		request[len] = '\0';
		if (!is_whole(request, len))
			continue;
		answer_request(fd, shelves, request);
		len = 0;
	}
	_exit(0);
}

static void serve(int listener, const struct shelf *shelves)
{
	int one = 1, fd;

	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		if (fork() == 0)
			serve_connection(fd, shelves);
		close(fd);
	}
	_exit(1);
}

static void make_and_serve(int listener, const struct ledger *ledger, int told)
{
	struct shelf shelves[LEDGER_TYPES];
	int64_t bytes[LEDGER_TYPES];

	for (size_t i = 0; i < LEDGER_TYPES; i++) {
		fill(&shelves[i], ledger->types[i].count, ledger->types[1].count, makers[i].add);
		bytes[i] = (int64_t)shelves[i].text.len - shelves[i].count;
	}
	if (write(told, bytes, sizeof(bytes)) != sizeof(bytes))
		_exit(1);
	serve(listener, shelves);
}

static int listen_somewhere(int *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);

	if (listener < 0 || bind(listener, (struct sockaddr *)&address, len) < 0 || listen(listener, 64) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &len) < 0) {
		perror("bench: cannot serve");
		exit(1);
	}
	*ret_port = ntohs(address.sin_port);
	return listener;
}

void ledger_start(struct ledger *ledger, long invoices, long customers, long entity_customers)
{
	int64_t bytes[LEDGER_TYPES];
	int listener, ends[2];

	*ledger = (struct ledger){ .types = { { .count = invoices }, { .count = customers }, { .count = entity_customers } } };
	listener = listen_somewhere(&ledger->port);
	if (pipe(ends) < 0)
		exit(1);
	ledger->process = fork();
	if (ledger->process == 0)
		make_and_serve(listener, ledger, ends[1]);
	if (read(ends[0], bytes, sizeof(bytes)) != sizeof(bytes))
		exit(1);
	for (size_t i = 0; i < LEDGER_TYPES; i++) {
		ledger->types[i].provider = makers[i].provider;
		ledger->types[i].name = makers[i].name;
		ledger->types[i].bytes = bytes[i];
	}
	close(listener);
	close(ends[0]);
	close(ends[1]);
}

void ledger_stop(struct ledger *ledger)
{
	kill(ledger->process, SIGTERM);
	waitpid(ledger->process, NULL, 0);
}
