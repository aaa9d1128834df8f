/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last questions and words of connecting. */
#include "connect_end.h"

#include "ledgerdeck/core/memory.h"

bool connect_end_agree(struct app *app, const struct arguments *arguments, const struct printer *printer,
		       const struct connect_result *result, struct error *err)
{
	const struct identity *identity = &result->identity;
	AUTO(str_clear) struct str question = STR_INIT(600);

	verb_note(printer, "This is '%s'%s%s%s%s, company id ending in %s, in %s.", identity->name, *identity->country ? ", " : "",
		  identity->country, *identity->currency ? ", " : "", identity->currency, result->account.realm_tail,
		  environment_word(result->account.environment));
	if (result->known)
		verb_note(printer, "It is connected already: its tokens are renewed, everything else stays.");
	if (argument_given(arguments, "--yes"))
		return true;
	str_add(&question, result->known ? "Renew the connection of '" : "Connect '");
	str_add(&question, identity->name);
	str_add(&question, "'? [y/N] ");
	return verb_confirm(app, question.text, err);
}

void connect_end_print(const struct printer *printer, const struct account *account, bool known)
{
	printer->begin(printer->ctx, "connected", NULL);
	printer->text(printer->ctx, "id", account->id);
	printer->text(printer->ctx, "name", account->name);
	printer->text(printer->ctx, "provider", account->provider);
	printer->text(printer->ctx, "environment", environment_word(account->environment));
	verb_text(printer, "country", account->country);
	verb_text(printer, "currency", account->currency);
	printer->text(printer->ctx, "company", account->realm_tail);
	printer->flag(printer->ctx, "renewed", known);
	printer->time(printer->ctx, "refresh_expires_at", account->refresh_expires_ms ? account->refresh_expires_ms : account->hard_expires_ms);
	printer->end(printer->ctx);
	verb_note(printer, "Next: ledgerdeck sync %s", account->id);
}
