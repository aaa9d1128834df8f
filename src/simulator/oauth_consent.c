/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Consent: whether an app may ask, the page on which a person picks a company, and the way back
 * to the app. How pages look is oauth_page.c's, exchanging the code oauth_token.c's.
 */
#include "oauth_impl.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "answer.h"

#define STATE_MAX 8192 /* bytes of a state: the page stays open, so it is kept */
#define REDIRECT_MAX 2048
#define CHALLENGE_LEN 43 /* characters of a SHA-256 as base64url */

struct scope {
	const char *name;
	const char *meaning; /* for the page */
};

/* The place of a row is its bit. */
static const struct scope scopes[] = {
	{ "com.intuit.quickbooks.accounting", "read and change all accounting data" },
	{ "com.intuit.quickbooks.payment", "process payments" },
	{ "openid", "know who you are" },
	{ "profile", "see your name" },
	{ "email", "see your e-mail address" },
	{ "phone", "see your phone number" },
	{ "address", "see your address" },
	{ "project-management.project", "read and change projects" },
	{ "app-foundations.custom-field-definitions", "read and change custom fields" },
	{ "app-foundations.custom-dimensions.read", "read custom dimensions" },
	{ "time-tracking.time-entry", "read and change time entries" },
	{ "payroll.compensation.read", "read payroll compensation" },
	{ "indirect-tax.tax-calculation.quickbooks", "calculate sales tax" },
};

unsigned oauth_scopes(const char *text)
{
	unsigned bits = 0;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");
		size_t i = 0;

		while (i < ARRAY_LEN(scopes) &&
		       (strlen(scopes[i].name) != len || strncmp(scopes[i].name, text, len) != 0))
			i++;
		if (i == ARRAY_LEN(scopes))
			return 0;
		bits |= 1u << i;
		text += len;
	}
	return bits;
}

/* ---- the request */

/* "http://localhost", "http://127.0.0.1" or "http://[::1]", with or without a port. */
static bool is_loopback(const char *uri)
{
	static const char *const hosts[] = { "http://localhost", "http://127.0.0.1",
					     "http://[::1]" };

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		const char *rest = uri + strlen(hosts[i]);
		size_t digits;

		if (strncmp(uri, hosts[i], strlen(hosts[i])) != 0)
			continue;
		if (*rest == ':') {
			digits = strspn(rest + 1, "0123456789");
			if (digits < 1 || digits > 5)
				return false;
			rest += 1 + digits;
		}
		return *rest == '/' || *rest == '\0';
	}
	return false;
}

static bool is_registered(const struct oauth *oauth, const char *uri)
{
	size_t base_len = strlen(oauth->simulator->base_url);

	/* A query or a fragment would mix with what is appended; the rest is no address at all. */
	if (strlen(uri) > REDIRECT_MAX || strpbrk(uri, "?# \"<>\\"))
		return false;
	for (const char *at = uri; *at; at++)
		if (iscntrl((unsigned char)*at))
			return false;
	for (size_t i = 0; i < oauth->redirect_count; i++)
		if (strcmp(oauth->redirect_uris[i], uri) == 0)
			return true;
	if (oauth->redirect_uris)
		return false;
	if (strncmp(uri, oauth->simulator->base_url, base_len) == 0 &&
	    strcmp(uri + base_len, OAUTH_CODE_PATH) == 0)
		return true;
	return strcmp(uri, OAUTH_PLAYGROUND) == 0 || is_loopback(uri);
}

/* PKCE as the switch says; `ret_challenge` is "" when it plays no part. */
static bool check_pkce(struct oauth *oauth, const struct request *request,
		       struct simulator_answer *answer, const char **ret_challenge)
{
	const struct switches *switches = &oauth->simulator->switches;
	const char *challenge = request_parameter(request, "code_challenge");
	const char *method = request_parameter(request, "code_challenge_method");

	*ret_challenge = "";
	if ((!challenge && !method) || switches_is(switches, SWITCH_PKCE, "ignored"))
		return true;
	if (switches_is(switches, SWITCH_PKCE, "refused"))
		return oauth_page_refuse(answer, "invalid_request",
					 "The parameter code_challenge is not supported.");
	if (!method || strcmp(method, "S256") != 0)
		return oauth_page_refuse(answer, "invalid_request",
					 "The parameter code_challenge_method must be S256.");
	if (!challenge || strlen(challenge) != CHALLENGE_LEN)
		return oauth_page_refuse(
			answer, "invalid_request",
			"The parameter code_challenge must be a SHA-256 in base64url.");
	*ret_challenge = challenge;
	return true;
}

/* Who asks, and where the answer goes; on false the page says what is wrong. */
static bool check_client(struct oauth *oauth, const struct request *request,
			 struct simulator_answer *answer)
{
	const char *client_id = request_parameter(request, "client_id");
	const char *redirect_uri = request_parameter(request, "redirect_uri");

	if (!client_id || !*client_id)
		return oauth_page_refuse(answer, "invalid_request",
					 "The parameter client_id is missing.");
	if (strcmp(client_id, oauth->client_id) != 0)
		return oauth_page_refuse(answer, "invalid_client",
					 "The parameter client_id does not belong to any app.");
	if (!redirect_uri || !*redirect_uri)
		return oauth_page_refuse(answer, "invalid_request",
					 "The parameter redirect_uri is missing.");
	if (!is_registered(oauth, redirect_uri))
		return oauth_page_refuse(
			answer, "invalid_request",
			"The parameter redirect_uri must equal one of the app's redirect "
			"addresses exactly and have no query.");
	return true;
}

/* All of the request; on false the page says what is wrong. Strings are borrowed: the request. */
static bool check_request(struct oauth *oauth, const struct request *request,
			  struct simulator_answer *answer, unsigned *ret_scopes,
			  const char **ret_challenge)
{
	const char *type = request_parameter(request, "response_type");
	const char *scope = request_parameter(request, "scope");
	const char *state = request_parameter(request, "state");

	if (!check_client(oauth, request, answer))
		return false;
	if (!type || !*type)
		return oauth_page_refuse(answer, "invalid_request",
					 "The parameter response_type is missing.");
	if (strcmp(type, "code") != 0)
		return oauth_page_refuse(answer, "unsupported_response_type",
					 "The parameter response_type must be code.");
	if (!scope || scope[strspn(scope, " ")] == '\0')
		return oauth_page_refuse(answer, "invalid_scope",
					 "The parameter scope is missing.");
	*ret_scopes = oauth_scopes(scope);
	if (!*ret_scopes)
		return oauth_page_refuse(
			answer, "invalid_scope",
			"The parameter scope names what this app may not ask for.");
	if (!state || !*state)
		return oauth_page_refuse(answer, "invalid_request",
					 "The parameter state is missing.");
	if (strlen(state) > STATE_MAX)
		return oauth_page_refuse(answer, "invalid_request",
					 "The parameter state is too long.");
	if (!check_pkce(oauth, request, answer, ret_challenge))
		return false;
	if (oauth->simulator->company_count == 0)
		return oauth_page_refuse(answer, "server_error",
					 "There is no company to connect to.");
	return true;
}

/* ---- the answer */

static void redirect_denied(struct oauth *oauth, const struct oauth_consent *consent,
			    struct simulator_answer *answer)
{
	AUTO(str_clear) struct str address = STR_INIT(STR_NO_LIMIT);

	str_addf(&address, "%s?error=access_denied&state=", consent->redirect_uri);
	str_add_percent(&address, consent->state);
	if (switches_is(&oauth->simulator->switches, SWITCH_DENIED_DESCRIPTION, "on"))
		str_add(&address,
			"&error_description=The%20user%20did%20not%20connect%20the%20app");
	answer_redirect(answer, address.text);
}

static void redirect_granted(struct oauth *oauth, const struct oauth_consent *consent,
			     const struct company *company, struct simulator_answer *answer)
{
	AUTO(str_clear) struct str address = STR_INIT(STR_NO_LIMIT);
	struct oauth_code code = {
		.redirect_uri = memory_copy_text(consent->redirect_uri),
		.challenge = memory_copy_text(consent->challenge),
		.scopes = consent->scopes,
	};

	memcpy(code.realm, company->realm, sizeof(code.realm));
	str_addf(&address, "%s?code=", consent->redirect_uri);
	str_add_percent(&address, oauth_code_add(oauth, code)->text);
	str_add(&address, "&state=");
	str_add_percent(&address, consent->state);
	str_addf(&address, "&realmId=%s", company->realm);
	answer_redirect(answer, address.text);
	answer_header(answer, "Cache-Control", "no-store");
}

/* Without a person: the next company that is not connected yet, or the first. */
static const struct company *choose_company(struct oauth *oauth)
{
	const struct simulator *simulator = oauth->simulator;

	for (size_t i = 0; i < simulator->company_count; i++) {
		size_t at = (oauth->next_company + i) % simulator->company_count;

		if (oauth_grant_live(oauth, simulator->companies[at]->realm))
			continue;
		oauth->next_company = at + 1;
		oauth->dirty = true;
		return simulator->companies[at];
	}
	return simulator->companies[0];
}

static void add_company(const struct oauth *oauth, const struct company *company, bool chosen,
			struct str *body)
{
	str_add(body, "<label><input type=\"radio\" name=\"realmId\" value=\"");
	oauth_page_text(body, company->realm);
	str_add(body, chosen ? "\" checked> " : "\"> ");
	oauth_page_text(body, company->name);
	str_add(body, " <small>(company id ");
	oauth_page_text(body, company->realm);
	str_add(body, oauth_grant_live(oauth, company->realm) ? ", connected now)</small></label>\n"
							      : ")</small></label>\n");
}

static void ask(struct oauth *oauth, const struct oauth_consent *consent,
		const struct company *chosen, struct simulator_answer *answer)
{
	const struct simulator *simulator = oauth->simulator;
	struct str *body = oauth_page_open(answer, 200, "Connect an app to a company");

	str_add(body, "<p>The app <strong>");
	oauth_page_text(body, oauth->client_id);
	str_add(body, "</strong> asks to:</p>\n<ul>\n");
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++)
		if (consent->scopes & 1u << i)
			str_addf(body, "<li>%s</li>\n", scopes[i].meaning);
	str_add(body, "</ul>\n<form method=\"post\" action=\"/connect/oauth2\">\n"
		      "<input type=\"hidden\" name=\"form\" value=\"");
	oauth_page_text(body, consent->form);
	str_add(body, "\">\n<fieldset>\n<legend>Which company?</legend>\n");
	for (size_t i = 0; i < simulator->company_count; i++)
		add_company(oauth, simulator->companies[i], simulator->companies[i] == chosen,
			    body);
	str_add(body, "</fieldset>\n<p>"
		      "<input type=\"submit\" name=\"decision\" value=\"Connect\">\n"
		      "<input type=\"submit\" name=\"decision\" value=\"Cancel\">"
		      "</p>\n</form>\n<p>You will be sent to <code>");
	oauth_page_text(body, consent->redirect_uri);
	str_add(body, "</code>. If nothing answers there, copy the address of the page that fails "
		      "and paste it into the app.</p>\n");
	oauth_page_close(answer);
}

void oauth_authorize(struct oauth *oauth, const struct request *request,
		     struct simulator_answer *answer)
{
	const char *realm = request_parameter(request, "realmId");
	const struct company *company = NULL;
	struct oauth_consent consent = { 0 };
	const char *challenge = "";

	if (!check_request(oauth, request, answer, &consent.scopes, &challenge))
		return;
	if (realm && *realm) {
		company = world_company(oauth->simulator, realm);
		if (!company) {
			oauth_page_refuse(answer, "invalid_request",
					  "The parameter realmId names no company.");
			return;
		}
	}
	consent.redirect_uri = memory_copy_text(request_parameter(request, "redirect_uri"));
	consent.state = memory_copy_text(request_parameter(request, "state"));
	consent.challenge = memory_copy_text(challenge);
	if (oauth->auto_consent) {
		redirect_granted(oauth, &consent, company ? company : choose_company(oauth),
				 answer);
		oauth_consent_clear(&consent);
	} else {
		ask(oauth, oauth_consent_add(oauth, consent),
		    company ? company : oauth->simulator->companies[0], answer);
	}
}

void oauth_decide(struct oauth *oauth, const struct request *request,
		  struct simulator_answer *answer)
{
	const char *form = request_field(request, "form");
	const char *decision = request_field(request, "decision");
	const char *realm = request_field(request, "realmId");
	AUTO(oauth_consent_clear) struct oauth_consent consent = { 0 };
	const struct company *company = realm ? world_company(oauth->simulator, realm) : NULL;

	if (!form || !oauth_consent_take(oauth, form, &consent))
		oauth_page_refuse(
			answer, "invalid_request",
			"This page was used already, or is too old. Start again in the app.");
	else if (decision && strcmp(decision, "Cancel") == 0)
		redirect_denied(oauth, &consent, answer);
	else if (!decision || strcmp(decision, "Connect") != 0 || !company)
		oauth_page_refuse(answer, "invalid_request",
				  "No company was chosen. Start again in the app.");
	else
		redirect_granted(oauth, &consent, company, answer);
}
