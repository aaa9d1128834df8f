/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sync requests: a queue for each organization, and which of them says what may become of a resource. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/requests.h"

#include "tests.h"

#define RESOURCES 3

struct queue {
	struct books books;
	struct organization organizations[2];
	struct resource resources[2][RESOURCES]; /* customers of each */
};

static void put(struct queue *queue, size_t whose, size_t which, const char *name)
{
	struct resource *resource = &queue->resources[whose][which];
	AUTO(store_end) struct store *transaction = queue->books.store;
	struct resource_counts counts = { 0 };
	struct error err = { 0 };
	char data[80];

	*resource = (struct resource){ .type = resource_type_find("customer", 8) };
	memcpy(resource->organization, queue->organizations[whose].id, sizeof(resource->organization));
	snprintf(resource->external_id, sizeof(resource->external_id), "c%zu", which);
	snprintf(data, sizeof(data), "{\"name\":\"%s\"}", name);
	expect_ok(store_begin(transaction, &err) &&
		  resources_put(transaction, resource, data, strlen(data), "test", NOW, &counts, &err) && store_commit(transaction, &err), &err);
}

static void queue_init(struct queue *queue)
{
	struct error err = { 0 };

	*queue = (struct queue){ .organizations = { { .external_id = "one", .name = "One" }, { .external_id = "other", .name = "Other" } } };
	books_init(&queue->books);
	for (size_t i = 0; i < 2; i++) {
		AUTO(store_end) struct store *transaction = queue->books.store;

		expect_ok(store_begin(transaction, &err) && organizations_add(transaction, &queue->organizations[i], &err) &&
			  store_commit(transaction, &err), &err);
	}
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < RESOURCES; k++)
			put(queue, i, k, "Kestrel");
}

static void queue_clear(struct queue *queue)
{
	books_clear(&queue->books);
}

/* About the first of `count` resources; the others are what it refers to. */
static struct request add(struct queue *queue, size_t whose, size_t first, size_t count, enum import_method method)
{
	AUTO(store_end) struct store *transaction = queue->books.store;
	struct request request = { .status = REQUEST_QUEUED, .method = method, .made_ms = NOW, .changed_ms = NOW };
	struct request_member members[RESOURCES];
	struct error err = { 0 };

	memcpy(request.organization, queue->organizations[whose].id, sizeof(request.organization));
	request.resource = queue->resources[whose][first].no;
	for (size_t i = 0; i < count; i++)
		members[i] = (struct request_member){ queue->resources[whose][first + i].no, queue->resources[whose][first + i].revision };
	expect_ok(store_begin(transaction, &err) && requests_add(transaction, &request, members, count, &err) &&
		  store_commit(transaction, &err), &err);
	return request;
}

static void settle(struct queue *queue, struct request *request, enum request_status status)
{
	AUTO(store_end) struct store *transaction = queue->books.store;
	struct error err = { 0 };

	request->status = status;
	request->changed_ms++;
	snprintf(request->message, sizeof(request->message), "now it is %s", request_status_word(status));
	expect_ok(store_begin(transaction, &err) && requests_save(transaction, request, &err) && store_commit(transaction, &err), &err);
}

static bool tell(void *ctx, const struct request *request)
{
	str_addf(ctx, "%lld %s %s;", (long long)request->position, import_method_word(request->method), request_status_word(request->status));
	return true;
}

static void expect_listed(struct queue *queue, const char *organization, int64_t before, int64_t limit, const char *expected)
{
	AUTO(str_clear) struct str text = STR_INIT(1000);
	struct error err = { 0 };

	expect_ok(requests_list(queue->books.store, organization, before, limit, tell, &text, &err), &err);
	assert_string_equal(text.text, expected);
}

static void expect_same(const struct request *found, const struct request *expected)
{
	assert_int_equal(found->position, expected->position);
	assert_string_equal(found->id, expected->id);
	assert_string_equal(found->organization, expected->organization);
	assert_int_equal(found->resource, expected->resource);
	assert_int_equal(found->method, expected->method);
	assert_int_equal(found->unconfirmed, expected->unconfirmed);
	assert_int_equal(found->status, expected->status);
	assert_string_equal(found->message, expected->message);
	assert_int_equal(found->made_ms, expected->made_ms);
	assert_int_equal(found->changed_ms, expected->changed_ms);
}

static void requests_come_back(void **state)
{
	static const char *const wildcards[] = { "____", "%%%%", "sync%", "%____" };
	AUTO(queue_clear) struct queue queue;
	AUTO(memory_freep) struct request_member *members = NULL;
	struct request first, second, found;
	struct error err = { 0 };
	size_t count;
	bool is_there;

	(void)state;
	queue_init(&queue);
	first = add(&queue, 0, 0, 2, IMPORT_CREATE);
	second = add(&queue, 1, 0, 1, IMPORT_FIND);
	assert_true(second.position > first.position && strcmp(first.id, second.id) != 0);
	assert_int_equal(strncmp(first.id, "sync_", 5), 0);
	expect_listed(&queue, NULL, 0, 0, "2 find queued;1 create queued;");
	expect_listed(&queue, queue.organizations[0].id, 0, 0, "1 create queued;");
	expect_listed(&queue, NULL, second.position, 1, "1 create queued;");
	settle(&queue, &first, REQUEST_FAILED);
	expect_ok(requests_find(queue.books.store, first.id + 20, &found, &err), &err);
	expect_same(&found, &first);
	expect_ok(requests_members(queue.books.store, first.position, &members, &count, &err), &err);
	assert_int_equal(count, 2);
	assert_int_equal(members[1].resource, queue.resources[0][1].no);
	assert_int_equal(members[1].revision, 1);
	expect_ok(requests_get(queue.books.store, first.position, &found, &is_there, &err), &err);
	assert_true(is_there);
	expect_same(&found, &first);
	expect_ok(requests_get(queue.books.store, second.position + 1, &found, &is_there, &err), &err);
	assert_false(is_there);
	expect_error(requests_find(queue.books.store, "sync_none", &found, &err), &err, ERROR_INPUT, "no sync request");
	error_clear(&err);
	expect_error(requests_find(queue.books.store, first.id + strlen(first.id) - 2, &found, &err), &err, ERROR_INPUT, "no sync request");
	/* No character of it stands for others. */
	for (size_t i = 0; i < ARRAY_LEN(wildcards); i++) {
		error_clear(&err);
		expect_error(requests_find(queue.books.store, wildcards[i], &found, &err), &err, ERROR_INPUT, "no sync request");
	}
}

static void each_organization_has_its_queue(void **state)
{
	AUTO(queue_clear) struct queue queue;
	struct request first, second, other, open[3], failed;
	struct error err = { 0 };
	size_t count;
	bool found;

	(void)state;
	queue_init(&queue);
	first = add(&queue, 0, 0, 1, IMPORT_UPSERT);
	other = add(&queue, 1, 0, 1, IMPORT_UPSERT);
	second = add(&queue, 0, 1, 1, IMPORT_UPSERT);
	settle(&queue, &other, REQUEST_FAILED);
	expect_ok(requests_open(queue.books.store, queue.organizations[0].id, 0, open, 3, &count, &err), &err);
	assert_int_equal(count, 2);
	assert_int_equal(open[0].position, first.position);
	expect_ok(requests_open(queue.books.store, queue.organizations[0].id, first.position, open, 3, &count, &err), &err);
	assert_int_equal(count, 1);
	assert_int_equal(open[0].position, second.position);
	expect_ok(requests_failed(queue.books.store, queue.organizations[0].id, &failed, &found, &err), &err);
	assert_false(found);
	settle(&queue, &second, REQUEST_FAILED);
	expect_ok(requests_failed(queue.books.store, queue.organizations[0].id, &failed, &found, &err), &err);
	assert_true(found && failed.position == second.position);
	/* What has ended holds nothing. */
	settle(&queue, &second, REQUEST_SKIPPED);
	settle(&queue, &first, REQUEST_SUCCEEDED);
	expect_ok(requests_open(queue.books.store, queue.organizations[0].id, 0, open, 3, &count, &err), &err);
	assert_int_equal(count, 0);
}

static int64_t ruling(struct queue *queue, const struct resource *resource)
{
	struct request request;
	struct error err = { 0 };
	int64_t revision;
	bool found;

	expect_ok(requests_of(queue->books.store, resource->no, resource->revision, &request, &revision, &found, &err), &err);
	return found ? request.position : 0;
}

/* The open one that comes first; else the newest that has it as it is. */
static void one_request_rules(void **state)
{
	AUTO(queue_clear) struct queue queue;
	struct request first, second, third;
	const struct resource *resource;

	(void)state;
	queue_init(&queue);
	resource = &queue.resources[0][1];
	assert_int_equal(ruling(&queue, resource), 0);
	first = add(&queue, 0, 1, 1, IMPORT_UPSERT);
	second = add(&queue, 0, 0, 2, IMPORT_UPSERT);
	assert_int_equal(ruling(&queue, resource), first.position);
	settle(&queue, &first, REQUEST_SKIPPED);
	assert_int_equal(ruling(&queue, resource), second.position);
	settle(&queue, &second, REQUEST_SUCCEEDED);
	assert_int_equal(ruling(&queue, resource), second.position);
	/* Another revision is none of theirs. */
	put(&queue, 0, 1, "Heron");
	assert_int_equal(ruling(&queue, resource), 0);
	third = add(&queue, 0, 1, 1, IMPORT_UPDATE);
	put(&queue, 0, 1, "Raven");
	assert_int_equal(ruling(&queue, resource), third.position);
}

static void the_same_is_known(void **state)
{
	AUTO(queue_clear) struct queue queue;
	struct request request;
	struct error err = { 0 };
	bool same;

	(void)state;
	queue_init(&queue);
	request = add(&queue, 0, 0, 2, IMPORT_CREATE);
	expect_ok(requests_same(queue.books.store, &request, 1, &same, &err), &err);
	assert_true(same);
	expect_ok(requests_same(queue.books.store, &request, 2, &same, &err), &err);
	assert_false(same);
	request.method = IMPORT_UPSERT;
	expect_ok(requests_same(queue.books.store, &request, 1, &same, &err), &err);
	assert_false(same);
	request.method = IMPORT_CREATE;
	request.unconfirmed = true;
	expect_ok(requests_same(queue.books.store, &request, 1, &same, &err), &err);
	assert_false(same);
	/* It is about another one. */
	request.unconfirmed = false;
	request.resource = queue.resources[0][1].no;
	expect_ok(requests_same(queue.books.store, &request, 1, &same, &err), &err);
	assert_false(same);
}

/* Nothing is kept of it, rather than a part that cannot be read. */
static void what_is_too_large_is_not_kept(void **state)
{
	AUTO(queue_clear) struct queue queue;
	AUTO(str_clear) struct str data = STR_INIT(STR_NO_LIMIT);
	struct resource_counts counts = { 0 };
	struct store *transaction;
	struct error err = { 0 };
	struct resource resource;

	(void)state;
	queue_init(&queue);
	resource = queue.resources[0][0];
	str_add(&data, "{\"name\":\"");
	while (data.len <= COMPRESS_RECORD_MAX)
		str_add(&data, "all work and no play ");
	str_add(&data, "\"}");
	expect_ok(store_begin(queue.books.store, &err), &err);
	expect_error(resources_put(queue.books.store, &resource, data.text, data.len, "test", NOW, &counts, &err), &err, ERROR_INPUT,
		     "c0: it is too large");
	assert_int_equal(counts.changed, 0);
	transaction = queue.books.store;
	store_end(&transaction);
}

int test_requests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_come_back),
		cmocka_unit_test(each_organization_has_its_queue),
		cmocka_unit_test(one_request_rules),
		cmocka_unit_test(the_same_is_known),
		cmocka_unit_test(what_is_too_large_is_not_kept),
	};

	return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
