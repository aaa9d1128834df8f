/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Executable documents of GraphQL by recursive descent, one word ahead. Depth is bounded, so
 * that no document can exhaust the stack.
 */
#include "xledger/parser.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#define MEMBERS_MAX 1000 /* each is held against all before it */

struct parser {
	struct gql_lexer lexer;
	struct gql_token token; /* the next one */
	struct arena *arena;    /* borrowed */
	int depth;
};

/* ---- words */

static bool advance(struct parser *parser, struct error *err)
{
	return gql_lexer_next(&parser->lexer, &parser->token, err);
}

static bool is_mark(const struct parser *parser, char mark)
{
	return parser->token.kind == GQL_TOKEN_MARK && *parser->token.text == mark;
}

static bool is_word(const struct parser *parser, const char *word)
{
	return parser->token.kind == GQL_TOKEN_NAME && parser->token.len == strlen(word) &&
	       memcmp(parser->token.text, word, parser->token.len) == 0;
}

static bool refuse(const struct parser *parser, const char *wanted, struct error *err)
{
	const struct gql_token *token = &parser->token;
	AUTO(str_clear) struct str found = STR_INIT(80);

	if (token->kind == GQL_TOKEN_END)
		str_add(&found, "<EOF>");
	else
		str_add_bytes(&found, token->text, token->len < 40 ? token->len : 0);
	return error_set(err, ERROR_INPUT, "Syntax Error: Expected %s, found %s at line %d, column %d.", wanted,
			 str_is_utf8(found.text, found.len) ? found.text : "", token->line, token->column);
}

static bool take_mark(struct parser *parser, char mark, struct error *err)
{
	char wanted[] = { '"', mark, '"', '\0' };

	return is_mark(parser, mark) ? advance(parser, err) : refuse(parser, wanted, err);
}

static bool take_name(struct parser *parser, const char **ret_name, struct error *err)
{
	if (parser->token.kind != GQL_TOKEN_NAME)
		return refuse(parser, "Name", err);
	*ret_name = arena_text(parser->arena, parser->token.text, parser->token.len);
	return advance(parser, err);
}

static bool enter(struct parser *parser, struct error *err)
{
	if (++parser->depth <= GQL_DEPTH_MAX)
		return true;
	return error_set(err, ERROR_INPUT, "The document is nested deeper than %d levels at line %d, column %d.",
			 GQL_DEPTH_MAX, parser->token.line, parser->token.column);
}

/* ---- values */

static bool parse_value(struct parser *parser, bool constant, struct gql_value **ret_value, struct error *err);

/* "name: value" up to `end`, which is taken too. */
static bool parse_members(struct parser *parser, char end, bool constant, struct gql_value **place, struct error *err)
{
	struct gql_value **first = place;
	size_t count = 0;

	while (!is_mark(parser, end)) {
		int line = parser->token.line, column = parser->token.column;
		const char *name;

		if (!take_name(parser, &name, err) || !take_mark(parser, ':', err))
			return false;
		if (++count > MEMBERS_MAX)
			return error_set(err, ERROR_INPUT, "More than %d arguments or input fields in one place.", MEMBERS_MAX);
		if (gql_member(*first, name))
			return error_set(err, ERROR_INPUT, "There can be only one input field named \"%.60s\".", name);
		if (!parse_value(parser, constant, place, err))
			return false;
		(*place)->name = name;
		(*place)->line = line;
		(*place)->column = column;
		place = &(*place)->next;
	}
	return advance(parser, err);
}

static bool parse_items(struct parser *parser, bool constant, struct gql_value **place, struct error *err)
{
	while (!is_mark(parser, ']')) {
		if (!parse_value(parser, constant, place, err))
			return false;
		place = &(*place)->next;
	}
	return advance(parser, err);
}

static bool parse_word_value(struct parser *parser, struct gql_value *value, struct error *err)
{
	const struct gql_token *token = &parser->token;

	value->kind = GQL_ENUM;
	if (is_word(parser, "true") || is_word(parser, "false"))
		value->kind = GQL_BOOL;
	else if (is_word(parser, "null"))
		value->kind = GQL_NULL;
	value->text = arena_text(parser->arena, token->text, token->len);
	value->len = token->len;
	return advance(parser, err);
}

static bool parse_plain_value(struct parser *parser, struct gql_value *value, struct error *err)
{
	const struct gql_token *token = &parser->token;

	switch (token->kind) {
	case GQL_TOKEN_NAME:
		return parse_word_value(parser, value, err);
	case GQL_TOKEN_STRING:
	case GQL_TOKEN_BLOCK:
		value->kind = GQL_STRING;
		value->text = gql_token_string(token, parser->arena, &value->len);
		return advance(parser, err);
	case GQL_TOKEN_INT:
	case GQL_TOKEN_FLOAT:
		value->kind = token->kind == GQL_TOKEN_INT ? GQL_INT : GQL_FLOAT;
		value->text = arena_text(parser->arena, token->text, token->len);
		value->len = token->len;
		return advance(parser, err);
	default:
		return refuse(parser, "a value", err);
	}
}

static bool parse_marked_value(struct parser *parser, bool constant, struct gql_value *value, struct error *err)
{
	bool list = is_mark(parser, '[');
	bool good;

	if (!constant && is_mark(parser, '$')) {
		value->kind = GQL_VARIABLE;
		if (!advance(parser, err) || !take_name(parser, &value->text, err))
			return false;
		value->len = strlen(value->text);
		return true;
	}
	if (!list && !is_mark(parser, '{'))
		return refuse(parser, "a value", err);
	value->kind = list ? GQL_LIST : GQL_OBJECT;
	if (!enter(parser, err) || !advance(parser, err))
		return false;
	good = list ? parse_items(parser, constant, &value->first, err)
		    : parse_members(parser, '}', constant, &value->first, err);
	parser->depth--;
	return good;
}

/* `constant`: variables are not allowed there. */
static bool parse_value(struct parser *parser, bool constant, struct gql_value **ret_value, struct error *err)
{
	struct gql_value *value = arena_new(parser->arena, sizeof(*value));

	value->line = parser->token.line;
	value->column = parser->token.column;
	value->text = "";
	if (parser->token.kind == GQL_TOKEN_MARK ? !parse_marked_value(parser, constant, value, err)
						 : !parse_plain_value(parser, value, err))
		return false;
	*ret_value = value;
	return true;
}

static bool parse_arguments(struct parser *parser, bool constant, struct gql_value **ret_first, struct error *err)
{
	if (!is_mark(parser, '('))
		return true;
	if (!advance(parser, err))
		return false;
	if (is_mark(parser, ')'))
		return refuse(parser, "Name", err);
	return parse_members(parser, ')', constant, ret_first, err);
}

static bool parse_directives(struct parser *parser, bool constant, struct gql_directive **place, struct error *err)
{
	while (is_mark(parser, '@')) {
		struct gql_directive *directive = arena_new(parser->arena, sizeof(*directive));

		if (!advance(parser, err) || !take_name(parser, &directive->name, err) ||
		    !parse_arguments(parser, constant, &directive->arguments, err))
			return false;
		*place = directive;
		place = &directive->next;
	}
	return true;
}

/* ---- selections */

static bool parse_selections(struct parser *parser, struct gql_selection **ret_first, struct error *err);

static bool parse_field(struct parser *parser, struct gql_selection *selection, struct error *err)
{
	selection->kind = GQL_FIELD;
	if (!take_name(parser, &selection->name, err))
		return false;
	if (is_mark(parser, ':')) {
		selection->alias = selection->name;
		if (!advance(parser, err) || !take_name(parser, &selection->name, err))
			return false;
	}
	return parse_arguments(parser, false, &selection->arguments, err) &&
	       parse_directives(parser, false, &selection->directives, err) &&
	       (!is_mark(parser, '{') || parse_selections(parser, &selection->selections, err));
}

/* Behind "...". */
static bool parse_spread(struct parser *parser, struct gql_selection *selection, struct error *err)
{
	if (parser->token.kind == GQL_TOKEN_NAME && !is_word(parser, "on")) {
		selection->kind = GQL_SPREAD;
		return take_name(parser, &selection->name, err) &&
		       parse_directives(parser, false, &selection->directives, err);
	}
	selection->kind = GQL_INLINE;
	if (is_word(parser, "on") && (!advance(parser, err) || !take_name(parser, &selection->on, err)))
		return false;
	return parse_directives(parser, false, &selection->directives, err) &&
	       parse_selections(parser, &selection->selections, err);
}

static bool parse_selection(struct parser *parser, struct gql_selection *selection, struct error *err)
{
	selection->line = parser->token.line;
	selection->column = parser->token.column;
	if (parser->token.kind != GQL_TOKEN_SPREAD)
		return parse_field(parser, selection, err);
	return advance(parser, err) && parse_spread(parser, selection, err);
}

static bool parse_selections(struct parser *parser, struct gql_selection **ret_first, struct error *err)
{
	struct gql_selection **place = ret_first;

	if (!enter(parser, err) || !take_mark(parser, '{', err))
		return false;
	do {
		*place = arena_new(parser->arena, sizeof(**place));
		if (!parse_selection(parser, *place, err))
			return false;
		place = &(*place)->next;
	} while (!is_mark(parser, '}'));
	parser->depth--;
	return advance(parser, err);
}

/* ---- definitions */

static bool parse_type(struct parser *parser, struct gql_type_ref **ret_type, struct error *err)
{
	struct gql_type_ref *type = arena_new(parser->arena, sizeof(*type));

	*ret_type = type;
	if (is_mark(parser, '[')) {
		if (!enter(parser, err) || !advance(parser, err) || !parse_type(parser, &type->item, err) ||
		    !take_mark(parser, ']', err))
			return false;
		parser->depth--;
	} else if (!take_name(parser, &type->name, err)) {
		return false;
	}
	type->required = is_mark(parser, '!');
	return !type->required || advance(parser, err);
}

static bool parse_variable(struct parser *parser, struct gql_variable *variable, struct error *err)
{
	struct gql_directive *directives = NULL;

	if (!take_mark(parser, '$', err) || !take_name(parser, &variable->name, err) ||
	    !take_mark(parser, ':', err) || !parse_type(parser, &variable->type, err))
		return false;
	if (is_mark(parser, '=') && (!advance(parser, err) || !parse_value(parser, true, &variable->fallback, err)))
		return false;
	return parse_directives(parser, true, &directives, err);
}

static bool parse_variables(struct parser *parser, struct gql_variable **place, struct error *err)
{
	const struct gql_variable *first = NULL;
	size_t count = 0;

	if (!is_mark(parser, '('))
		return true;
	if (!advance(parser, err))
		return false;
	do {
		*place = arena_new(parser->arena, sizeof(**place));
		if (!parse_variable(parser, *place, err))
			return false;
		if (!first)
			first = *place;
		if (++count > MEMBERS_MAX)
			return error_set(err, ERROR_INPUT, "More than %d variables.", MEMBERS_MAX);
		for (const struct gql_variable *other = first; other != *place; other = other->next)
			if (strcmp(other->name, (*place)->name) == 0)
				return error_set(err, ERROR_INPUT,
						 "There can be only one variable named \"$%.60s\".", other->name);
		place = &(*place)->next;
	} while (!is_mark(parser, ')'));
	return advance(parser, err);
}

static bool parse_operation(struct parser *parser, struct gql_operation *operation, struct error *err)
{
	struct gql_directive *directives = NULL;

	if (is_mark(parser, '{'))
		return parse_selections(parser, &operation->selections, err);
	operation->is_mutation = is_word(parser, "mutation");
	if (!advance(parser, err))
		return false;
	if (parser->token.kind == GQL_TOKEN_NAME && !take_name(parser, &operation->name, err))
		return false;
	return parse_variables(parser, &operation->variables, err) &&
	       parse_directives(parser, false, &directives, err) &&
	       parse_selections(parser, &operation->selections, err);
}

static bool parse_fragment(struct parser *parser, struct gql_fragment *fragment, struct error *err)
{
	struct gql_directive *directives = NULL;

	if (!advance(parser, err))
		return false;
	if (is_word(parser, "on"))
		return refuse(parser, "a fragment's name", err);
	if (!take_name(parser, &fragment->name, err))
		return false;
	if (!is_word(parser, "on"))
		return refuse(parser, "\"on\"", err);
	return advance(parser, err) && take_name(parser, &fragment->on, err) &&
	       parse_directives(parser, false, &directives, err) &&
	       parse_selections(parser, &fragment->selections, err);
}

static bool parse_definitions(struct parser *parser, struct gql_document *document, struct error *err)
{
	struct gql_operation **operation = &document->operations;
	struct gql_fragment **fragment = &document->fragments;

	while (parser->token.kind != GQL_TOKEN_END) {
		if (is_word(parser, "fragment")) {
			*fragment = arena_new(parser->arena, sizeof(**fragment));
			if (!parse_fragment(parser, *fragment, err))
				return false;
			fragment = &(*fragment)->next;
		} else if (is_mark(parser, '{') || is_word(parser, "query") || is_word(parser, "mutation")) {
			*operation = arena_new(parser->arena, sizeof(**operation));
			if (!parse_operation(parser, *operation, err))
				return false;
			operation = &(*operation)->next;
		} else {
			return refuse(parser, "a query or a mutation", err);
		}
	}
	return document->operations || refuse(parser, "a query or a mutation", err);
}

bool gql_parse(const char *text, size_t len, struct arena *arena, struct gql_document *ret_document,
	       struct error *err)
{
	struct parser parser = { .arena = arena };
	struct gql_document document = { 0 };

	if (len > GQL_DOCUMENT_MAX)
		return error_set(err, ERROR_INPUT, "The document is longer than %zu bytes.", GQL_DOCUMENT_MAX);
	gql_lexer_init(&parser.lexer, text, len);
	if (!advance(&parser, err) || !parse_definitions(&parser, &document, err))
		return false;
	*ret_document = document;
	return true;
}
