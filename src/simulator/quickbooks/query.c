/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The query language. First the grammar (code 4000), then the meaning (code 4001), as the
 * service does it: a query with a wrong word and a wrong entity is refused for the word.
 */
#include "quickbooks/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"
#include "quickbooks/lexer.h"
#include "quickbooks/zone.h"
#include "world.h"

#define PAGE_DEFAULT 100
#define PAGE_MAX 1000
#define VALUES_MAX 100000

/* Values of a condition as they were written: quoted, bare (true and false), or both in a list. */
enum { VALUES_QUOTED = 1, VALUES_BARE = 2 };

/* A query on its way: names are looked up when the grammar has been agreed with. */
struct parser {
	struct lexer lexer;
	const struct simulator *simulator; /* borrowed */
	struct query *query;               /* borrowed */
	struct fault *fault;               /* borrowed */
	struct token entity, start, max;   /* kind TOKEN_EOF: not given */
	struct token columns[QUERY_COLUMNS_MAX];
	struct token conditions[QUERY_CONDITIONS_MAX];
	unsigned values[QUERY_CONDITIONS_MAX];
	struct token orders[QUERY_ORDERS_MAX];
	bool has_or, has_iterator;
};

static bool refuse(struct parser *parser, const char *format, const char *name)
{
	AUTO(str_clear) struct str text = STR_INIT(1700);
	const char *at = strstr(format, "%s");

	str_add(&text, "QueryValidationError: ");
	str_add_bytes(&text, format, at ? (size_t)(at - format) : strlen(format));
	if (at)
		str_addf(&text, "%s%s", name, at + 2);
	return fault_set(parser->fault, 4001, NULL, "%s", text.text);
}

static bool refuse_large(struct parser *parser, const char *value, long long most)
{
	return fault_set(
		parser->fault, 4001, NULL,
		"QueryValidationError: value %.64s is too large. Max allowed value is %lld", value,
		most);
}

/* ---- the grammar ---- */

static bool parse_columns(struct parser *parser)
{
	struct query *query = parser->query;

	for (;;) {
		struct token column;

		if (!lexer_take(&parser->lexer, TOKEN_BIT(TOKEN_IDENTIFIER), &column))
			return false;
		if (query->column_count == QUERY_COLUMNS_MAX)
			return refuse_large(parser, "65", QUERY_COLUMNS_MAX);
		parser->columns[query->column_count++] = column;
		if (!lexer_is(&parser->lexer, TOKEN_COMMA))
			return lexer_take(&parser->lexer,
					  TOKEN_BIT(TOKEN_COMMA) | TOKEN_BIT(TOKEN_FROM), NULL);
		if (!lexer_step(&parser->lexer, NULL))
			return false;
	}
}

/* What is asked for, and FROM. */
static bool parse_projection(struct parser *parser)
{
	struct lexer *lexer = &parser->lexer;

	if (lexer_is(lexer, TOKEN_IDENTIFIER))
		return parse_columns(parser);
	if (lexer_is(lexer, TOKEN_COUNT)) {
		parser->query->count = true;
		if (!lexer_step(lexer, NULL) || !lexer_take(lexer, TOKEN_BIT(TOKEN_OPEN), NULL) ||
		    !lexer_take(lexer, TOKEN_BIT(TOKEN_STAR), NULL) ||
		    !lexer_take(lexer, TOKEN_BIT(TOKEN_CLOSE), NULL))
			return false;
	} else if (!lexer_take(lexer, TOKEN_BIT(TOKEN_COUNT) | TOKEN_BIT(TOKEN_IDENTIFIER) |
				      TOKEN_BIT(TOKEN_STAR), NULL)) {
		return false;
	} else if (parser->lexer.next.kind == TOKEN_IDENTIFIER) {
		return lexer_refuse(lexer, TOKEN_BIT(TOKEN_FROM));
	}
	return lexer_take(lexer, TOKEN_BIT(TOKEN_FROM), NULL);
}

static bool parse_value(struct parser *parser, struct query_condition *condition, size_t *room)
{
	struct token token;

	if (!lexer_take(&parser->lexer, TOKEN_BIT(TOKEN_FALSE) | TOKEN_BIT(TOKEN_TRUE) |
					TOKEN_BIT(TOKEN_STRING), &token))
		return false;
	if (condition->value_count == VALUES_MAX)
		return refuse_large(parser, "100001", VALUES_MAX);
	memory_grow(&condition->values, room, condition->value_count + 1,
		    sizeof(*condition->values));
	condition->values[condition->value_count++] =
		(struct query_value){ .text = token_value(&token) };
	parser->values[parser->query->condition_count - 1] |=
		token.kind == TOKEN_STRING ? VALUES_QUOTED : VALUES_BARE;
	return true;
}

static bool parse_list(struct parser *parser, struct query_condition *condition, size_t *room)
{
	struct token end;

	if (!lexer_take(&parser->lexer, TOKEN_BIT(TOKEN_OPEN), NULL))
		return false;
	do {
		if (!parse_value(parser, condition, room) ||
		    !lexer_take(&parser->lexer, TOKEN_BIT(TOKEN_COMMA) | TOKEN_BIT(TOKEN_CLOSE),
				&end))
			return false;
	} while (end.kind == TOKEN_COMMA);
	return true;
}

static bool parse_condition(struct parser *parser)
{
	static const struct {
		enum token_kind kind;
		enum query_operator op;
	} operators[] = {
		{ TOKEN_EQUAL, QUERY_EQUAL },
		{ TOKEN_LESS, QUERY_LESS },
		{ TOKEN_GREATER, QUERY_GREATER },
		{ TOKEN_LESS_EQUAL, QUERY_LESS_EQUAL },
		{ TOKEN_GREATER_EQUAL, QUERY_GREATER_EQUAL },
		{ TOKEN_LIKE, QUERY_LIKE },
		{ TOKEN_IN, QUERY_IN },
	};
	struct query *query = parser->query;
	struct query_condition *condition;
	struct token name, sign;
	uint32_t expected = 0;
	size_t room = 0;

	if (!lexer_take(&parser->lexer, TOKEN_BIT(TOKEN_IDENTIFIER), &name))
		return false;
	if (query->condition_count == QUERY_CONDITIONS_MAX)
		return refuse_large(parser, "33", QUERY_CONDITIONS_MAX);
	parser->conditions[query->condition_count] = name;
	condition = &query->conditions[query->condition_count++];
	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		expected |= TOKEN_BIT(operators[i].kind);
	if (!lexer_take(&parser->lexer, expected, &sign))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (operators[i].kind == sign.kind)
			condition->op = operators[i].op;
	if (condition->op == QUERY_IN)
		return parse_list(parser, condition, &room);
	return parse_value(parser, condition, &room);
}

static bool parse_where(struct parser *parser)
{
	do {
		if (!lexer_step(&parser->lexer, NULL) || !parse_condition(parser))
			return false;
		parser->has_or |= lexer_is(&parser->lexer, TOKEN_OR);
	} while (lexer_is(&parser->lexer, TOKEN_AND) || lexer_is(&parser->lexer, TOKEN_OR));
	return true;
}

static bool parse_orders(struct parser *parser)
{
	struct lexer *lexer = &parser->lexer;
	struct query *query = parser->query;
	struct token name;

	if (lexer_is(lexer, TOKEN_ORDER) &&
	    (!lexer_step(lexer, NULL) ||
	     !(lexer_is(lexer, TOKEN_BY) || lexer_refuse(lexer, TOKEN_BIT(TOKEN_BY)))))
		return false;
	do {
		if (!lexer_step(lexer, NULL) ||
		    !lexer_take(lexer, TOKEN_BIT(TOKEN_IDENTIFIER), &name))
			return false;
		if (query->order_count == QUERY_ORDERS_MAX)
			return refuse_large(parser, "9", QUERY_ORDERS_MAX);
		parser->orders[query->order_count++] = name;
		if (lexer_is(lexer, TOKEN_ASC) || lexer_is(lexer, TOKEN_DESC)) {
			query->orders[query->order_count - 1].descending =
				lexer_is(lexer, TOKEN_DESC);
			if (!lexer_step(lexer, NULL))
				return false;
		}
	} while (lexer_is(lexer, TOKEN_COMMA));
	return true;
}

static bool parse_number(struct parser *parser, struct token *ret_number)
{
	return lexer_step(&parser->lexer, NULL) &&
	       lexer_take(&parser->lexer, TOKEN_BIT(TOKEN_INTEGER), ret_number);
}

/* WHERE, then ORDERBY, then STARTPOSITION and MAXRESULTS in either order, all of them optional. */
static bool parse_tail(struct parser *parser)
{
	const uint32_t paging = TOKEN_BIT(TOKEN_STARTPOSITION) | TOKEN_BIT(TOKEN_MAXRESULTS);
	const uint32_t ordering = TOKEN_BIT(TOKEN_ORDERBY) |
		(switches_is(&parser->simulator->switches, SWITCH_ORDER_BY_WORDS, "accepted")
			 ? TOKEN_BIT(TOKEN_ORDER) : 0);
	struct lexer *lexer = &parser->lexer;
	uint32_t allowed = TOKEN_BIT(TOKEN_EOF) | TOKEN_BIT(TOKEN_ITERATOR) |
			   TOKEN_BIT(TOKEN_WHERE) | ordering | paging;

	for (;;) {
		uint32_t met = TOKEN_BIT(lexer->next.kind);

		if (!(met & allowed))
			return lexer_refuse(lexer, allowed);
		if (met == TOKEN_BIT(TOKEN_EOF))
			return true;
		if (met == TOKEN_BIT(TOKEN_ITERATOR)) {
			parser->has_iterator = true;
			return true;
		}
		allowed &= ~(met | TOKEN_BIT(TOKEN_WHERE) | TOKEN_BIT(TOKEN_AND) |
			     TOKEN_BIT(TOKEN_OR) | TOKEN_BIT(TOKEN_ASC) | TOKEN_BIT(TOKEN_DESC) |
			     TOKEN_BIT(TOKEN_COMMA));
		if (met == TOKEN_BIT(TOKEN_WHERE)) {
			allowed |= TOKEN_BIT(TOKEN_AND) | TOKEN_BIT(TOKEN_OR);
			if (!parse_where(parser))
				return false;
		} else if (met & ordering) {
			allowed &= ~ordering;
			if (!parse_orders(parser))
				return false;
			allowed |= TOKEN_BIT(TOKEN_COMMA);
		} else {
			bool is_start = met == TOKEN_BIT(TOKEN_STARTPOSITION);

			allowed &= ~ordering;
			if (!parse_number(parser, is_start ? &parser->start : &parser->max))
				return false;
		}
	}
}

/* ---- the meaning ---- */

static bool check_entity(struct parser *parser)
{
	AUTO(memory_freep) char *name = token_value(&parser->entity);
	bool any_case = switches_is(&parser->simulator->switches, SWITCH_ENTITY_CASE, "any");

	parser->query->entity = entity_by_name(name, any_case);
	if (!parser->query->entity && strcasecmp(name, "TaxService") == 0)
		return refuse(parser, "Metadata not found for Entity: %s", "TaxService");
	if (!parser->query->entity)
		return refuse(parser, "invalid context declaration: %s", name);
	if (!(parser->query->entity->can & ENTITY_CAN_QUERY))
		return refuse(parser, "Metadata not found for Entity: %s",
			      parser->query->entity->name);
	return true;
}

static bool refuse_property(struct parser *parser, const char *name)
{
	AUTO(str_clear) struct str text = STR_INIT(1700);

	str_addf(&text, "Property %s not found for Entity %s", name, parser->query->entity->name);
	return refuse(parser, "%s", text.text);
}

/* In "MetaData.CreateTime" and "PrimaryEmailAddr.Address" the outer member decides. */
static bool is_queryable(const struct entity *entity, const struct member *member, const char *path)
{
	char outer[96];

	snprintf(outer, sizeof(outer), "%.*s", (int)strcspn(path, "."), path);
	return (member->flags & MEMBER_QUERY) ||
	       (shape_member(&entity->shape, outer)->flags & MEMBER_QUERY);
}

/* A property that conditions and orders may use. */
static bool check_property(struct parser *parser, const struct token *token,
			   const struct member **ret_member, char *path, size_t path_size)
{
	AUTO(memory_freep) char *name = token_value(token);

	*ret_member = entity_property(parser->query->entity, name, path, path_size);
	if (!*ret_member)
		return refuse_property(parser, name);
	if (!is_queryable(parser->query->entity, *ret_member, path))
		return refuse(parser, "property '%s' is not queryable", name);
	return true;
}

static const struct member *member_find(const struct shape *shape, const char *name, size_t len)
{
	for (size_t i = 0; shape && i < shape->count; i++)
		if (strlen(shape->members[i].name) == len &&
		    strncasecmp(shape->members[i].name, name, len) == 0)
			return &shape->members[i];
	return NULL;
}

/* A column may be any member at any depth: "Id", "Line.Amount", "Line.*". */
static bool check_column(struct parser *parser, size_t index)
{
	AUTO(memory_freep) char *name = token_value(&parser->columns[index]);
	char *path = parser->query->columns[index].path;
	const size_t path_size = sizeof(parser->query->columns[index].path);
	const struct shape *shape = &parser->query->entity->shape;
	const struct member *member = NULL;
	size_t used = 0, len;

	for (const char *at = name; *at; at += len + (at[len] == '.')) {
		len = strcspn(at, ".");
		if (strcmp(at, "*") == 0 ||
		    (member && (member->kind == VALUE_REF || member->kind == VALUE_ANY)))
			break; /* all of it */
		member = member_find(shape, at, len);
		if (!member)
			return refuse_property(parser, name);
		shape = member->shape;
		used += (size_t)snprintf(path + used, path_size - used, "%s%s", used ? "." : "",
					 member->name);
		if (used >= path_size)
			return refuse_property(parser, name);
	}
	parser->query->columns[index].member = member;
	return true;
}

static bool refuse_cast(struct parser *parser, const char *from, const char *to)
{
	return fault_set(parser->fault, 10000, NULL,
			 "System Failure Error: java.lang.%s cannot be cast to java.lang.%s", from,
			 to);
}

/* Turn the text into what the member's kind is compared by. A quoted blank stands for null. */
static bool check_value(struct parser *parser, const struct query_condition *condition,
			struct query_value *value)
{
	bool pacific = switches_is(&parser->simulator->switches, SWITCH_DATE_ZONE, "pacific");
	size_t len = strlen(value->text);
	struct date date;

	if (condition->op == QUERY_LIKE || strcmp(value->text, " ") == 0)
		return true;
	switch (condition->member->kind) {
	case VALUE_NUMBER:
	case VALUE_MONEY:
	case VALUE_INTEGER:
		return decimal_parse(value->text, len, &value->number) ||
		       refuse(parser, "invalid number value: %s", value->text);
	case VALUE_DATE:
		/* The day of a time is the one that it names itself. */
		if (len > 10 && zone_parse_stamp(value->text, len, pacific, &value->ms))
			len = 10;
		if (!date_parse(value->text, len, &date))
			return refuse(parser, "invalid date value: %s", value->text);
		value->ms = date.day * DAY_MS;
		return true;
	case VALUE_TIME:
		return zone_parse_stamp(value->text, len, pacific, &value->ms) ||
		       refuse(parser, "invalid date value: %s", value->text);
	default:
		return true;
	}
}

static bool check_condition(struct parser *parser, size_t index)
{
	struct query_condition *condition = &parser->query->conditions[index];
	int64_t most = switches_get(&parser->simulator->switches, SWITCH_IN_MAX);
	bool is_bool;

	if (!check_property(parser, &parser->conditions[index], &condition->member, condition->path,
			    sizeof(condition->path)))
		return false;
	is_bool = condition->member->kind == VALUE_BOOL;
	if (is_bool && (parser->values[index] & VALUES_QUOTED))
		return refuse_cast(parser, "String", "Boolean");
	if (!is_bool && (parser->values[index] & VALUES_BARE))
		return refuse_cast(parser, "Boolean", "String");
	if (most > 0 && condition->value_count > (size_t)most) {
		char count[24];

		snprintf(count, sizeof(count), "%zu", condition->value_count);
		return refuse_large(parser, count, most);
	}
	for (size_t i = 0; i < condition->value_count; i++)
		if (!check_value(parser, condition, &condition->values[i]))
			return false;
	if (strcmp(condition->path, "Active") == 0)
		parser->query->names_active = true;
	return true;
}

static bool check_order(struct parser *parser, size_t index)
{
	struct query_order *order = &parser->query->orders[index];

	if (!check_property(parser, &parser->orders[index], &order->member, order->path,
			    sizeof(order->path)))
		return false;
	if (strcmp(order->path, "Id") == 0 &&
	    switches_is(&parser->simulator->switches, SWITCH_ORDER_BY_ID, "refused"))
		return refuse(parser, "property '%s' is not sortable", "Id");
	return true;
}

/* The digits of a token as a number; INT64_MAX when they are too many. */
static int64_t token_number(const struct token *token)
{
	int64_t number = 0;

	for (size_t i = 0; i < token->len; i++) {
		if (number > (INT64_MAX - 9) / 10)
			return INT64_MAX;
		number = number * 10 + (token->text[i] - '0');
	}
	return number;
}

static bool check_paging(struct parser *parser)
{
	struct query *query = parser->query;

	query->start = 1;
	query->max = PAGE_DEFAULT;
	if (parser->start.kind == TOKEN_INTEGER)
		query->start = token_number(&parser->start);
	if (parser->max.kind == TOKEN_INTEGER)
		query->max = token_number(&parser->max);
	if (query->start < 1)
		return refuse(parser, "value %s is too small. Min allowed value is 1", "0");
	if (query->max > PAGE_MAX &&
	    switches_is(&parser->simulator->switches, SWITCH_MAXRESULTS_OVER, "refused")) {
		AUTO(memory_freep) char *value = token_value(&parser->max);

		return refuse_large(parser, value, PAGE_MAX);
	}
	if (query->max > PAGE_MAX)
		query->max = PAGE_MAX;
	return true;
}

static bool check_all(struct parser *parser)
{
	const struct query *query = parser->query;

	if (parser->has_or)
		return refuse(parser, "operator %s is not supported", "OR");
	if (parser->has_iterator)
		return refuse(parser, "%s is not supported", "iterator");
	if (!check_entity(parser))
		return false;
	if (query->column_count > 0 &&
	    switches_is(&parser->simulator->switches, SWITCH_PROJECTION, "refused"))
		return refuse(parser, "%s are not supported", "projections");
	for (size_t i = 0; i < query->column_count; i++)
		if (!check_column(parser, i))
			return false;
	for (size_t i = 0; i < query->condition_count; i++)
		if (!check_condition(parser, i))
			return false;
	for (size_t i = 0; i < query->order_count; i++)
		if (!check_order(parser, i))
			return false;
	return check_paging(parser);
}

bool query_parse(const struct simulator *simulator, const char *text, size_t len,
		 struct query *query, struct fault *fault)
{
	struct parser parser = { .simulator = simulator, .query = query, .fault = fault };

	if (len == 0)
		return fault_plain(fault, 4000);
	if (!str_is_utf8(text, len))
		return fault_set(fault, 4000, NULL,
				 "QueryParserError: Invalid content. The query is not UTF-8");
	return lexer_start(&parser.lexer, text, len, fault) &&
	       lexer_take(&parser.lexer, TOKEN_BIT(TOKEN_SELECT), NULL) &&
	       parse_projection(&parser) &&
	       lexer_take(&parser.lexer, TOKEN_BIT(TOKEN_IDENTIFIER), &parser.entity) &&
	       parse_tail(&parser) && check_all(&parser);
}

void query_clear(struct query *query)
{
	for (size_t i = 0; i < query->condition_count; i++) {
		for (size_t k = 0; k < query->conditions[i].value_count; k++)
			free(query->conditions[i].values[k].text);
		free(query->conditions[i].values);
	}
	*query = (struct query){ 0 };
}
