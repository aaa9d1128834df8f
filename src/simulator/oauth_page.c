/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the pages look that a person sees while connecting an app, and the page that shows a code
 * for pasting. Plain HTML, good for text browsers too: no scripts, nothing from elsewhere.
 */
#include "oauth_impl.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "answer.h"

void oauth_page_text(struct str *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			str_add(out, "&amp;");
			break;
		case '<':
			str_add(out, "&lt;");
			break;
		case '>':
			str_add(out, "&gt;");
			break;
		case '"':
			str_add(out, "&quot;");
			break;
		case '\'':
			str_add(out, "&#39;");
			break;
		default:
			str_add_char(out, *text);
		}
	}
}

static const char page_start[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"referrer\" content=\"no-referrer\">\n<style>\n"
	":root { color-scheme: light dark }\n"
	"body { font: 1em/1.5 sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em }\n"
	"h1 { font-size: 1.4em }\n"
	"fieldset { border: 1px solid #888; border-radius: .3em; margin: 1em 0 }\n"
	"label { display: block; padding: .2em 0 }\n"
	"input[type=submit] { font: inherit; padding: .4em 1.2em; margin-right: .6em }\n"
	"pre { border: 1px solid #888; padding: .6em; white-space: pre-wrap }\n"
	"pre { word-break: break-all }\n"
	"footer { color: #777; font-size: .85em; margin-top: 2em }\n"
	"</style>\n";

struct str *oauth_page_open(struct simulator_answer *answer, int status, const char *title)
{
	struct str *body = &answer->body;

	answer_text(answer, status, "text/html; charset=utf-8", page_start);
	answer_header(answer, "Cache-Control", "no-store");
	answer_header(answer, "Referrer-Policy", "no-referrer");
	answer_header(answer, "X-Content-Type-Options", "nosniff");
	/* No form-action: browsers hold it against the redirect that follows the form, too. */
	answer_header(answer, "Content-Security-Policy",
		      "default-src 'none'; style-src 'unsafe-inline'; "
		      "base-uri 'none'; frame-ancestors 'none'");
	str_add(body, "<title>");
	oauth_page_text(body, title);
	str_add(body, "</title>\n</head>\n<body>\n<h1>");
	oauth_page_text(body, title);
	str_add(body, "</h1>\n");
	return body;
}

void oauth_page_close(struct simulator_answer *answer)
{
	str_add(&answer->body,
		"<footer><p>This is the ledgerdeck simulator, not Intuit: the companies are "
		"made up, and no real money moves.</p></footer>\n</body>\n</html>\n");
}

bool oauth_page_refuse(struct simulator_answer *answer, const char *error, const char *description)
{
	struct str *body = oauth_page_open(answer, 400, "This app can't connect");

	str_add(body, "<p>");
	oauth_page_text(body, description);
	str_add(body, "</p>\n<p>Error: <code>");
	oauth_page_text(body, error);
	str_add(body,
		"</code></p>\n"
		"<p>Nothing was connected. Correct the app's settings and start again.</p>\n");
	oauth_page_close(answer);
	return false;
}

/* ---- the page that shows the code */

static void add_item(struct str *body, const char *name, const char *text)
{
	str_addf(body, "<p>%s:</p>\n<pre>", name);
	oauth_page_text(body, text);
	str_add(body, "</pre>\n");
}

static void show_refusal(const struct request *request, const char *error,
			 struct simulator_answer *answer)
{
	const char *description = request_parameter(request, "error_description");
	struct str *body = oauth_page_open(answer, 200, "Not connected");

	if (strcmp(error, "access_denied") == 0)
		str_add(body, "<p>The request to connect was cancelled in the browser.</p>\n");
	str_add(body, "<p>Error: <code>");
	oauth_page_text(body, error);
	str_add(body, "</code></p>\n");
	if (description) {
		str_add(body, "<p>");
		oauth_page_text(body, description);
		str_add(body, "</p>\n");
	}
	str_add(body, "<p>Start again in the app.</p>\n");
	oauth_page_close(answer);
}

/* The address as the app expects it: its redirect address, and the query as it came. */
static void add_address(const struct oauth *oauth, const struct request *request, struct str *out)
{
	const char *query = strchr(request->raw->target, '?');

	if (strcmp(request->segments[0], "oauth2") == 0)
		str_addf(out, "%s" OAUTH_CODE_PATH, oauth->simulator->base_url);
	else
		str_add(out, OAUTH_PLAYGROUND);
	str_add(out, query ? query : "");
}

void oauth_code_page(struct oauth *oauth, const struct request *request,
		     struct simulator_answer *answer)
{
	const char *code = request_parameter(request, "code");
	const char *realm = request_parameter(request, "realmId");
	const char *error = request_parameter(request, "error");
	AUTO(str_clear) struct str address = STR_INIT(STR_NO_LIMIT);
	struct str *body;

	if (error) {
		show_refusal(request, error, answer);
		return;
	}
	if (!code || !*code) {
		oauth_page_refuse(answer, "invalid_request",
				  "There is no code in the address of this page.");
		return;
	}
	add_address(oauth, request, &address);
	body = oauth_page_open(answer, 200, "Copy this into your app");
	add_item(body, "The whole answer, for apps that take an address", address.text);
	add_item(body, "Code", code);
	if (realm)
		add_item(body, "Company id (realmId)", realm);
	str_add(body, "<p>The code works once, and for a few minutes only.</p>\n");
	oauth_page_close(answer);
}
