/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OAuth 2.0 as Intuit's: consent page, authorization codes, token pairs with rotation, revoke,
 * discovery, userinfo, id tokens. Grants survive in the state file.
 */
#ifndef OAUTH_H
#define OAUTH_H

#include "request.h"
#include "world.h"

struct oauth *oauth_new(struct simulator *simulator, const struct simulator_config *config);
void oauth_free(struct oauth *oauth); /* NULL does nothing */

/* Is this one of the paths below? /connect/oauth2, /oauth2/v1/tokens/bearer, /v2/oauth2/tokens/revoke,
 * /.well-known/openid_configuration, /.well-known/openid_sandbox_configuration,
 * /v1/openid_connect/userinfo, /op/v1/jwks, /oauth2/code (the page that shows the code),
 * /v2/OAuth2Playground/RedirectUrl (the same, as Intuit's playground names it). */
bool oauth_owns(const struct request *request);
void oauth_handle(struct simulator *simulator, const struct request *request,
		  struct simulator_answer *answer);

enum oauth_verdict {
	OAUTH_GOOD,
	OAUTH_MISSING,   /* no token: 3202 */
	OAUTH_UNKNOWN,   /* expired, revoked or never issued: 3200 */
	OAUTH_FOREIGN,   /* of another company, or without the accounting scope: 3100 */
};
/* What the Authorization header of an API request is worth for that company. `ret_token` is its text, borrowed. */
enum oauth_verdict oauth_check(struct simulator *simulator, const struct request *request,
			       const char *realm, const char **ret_token);

/* For the control endpoint: end all access tokens of a company now (refresh tokens go on), or the whole grant. */
void oauth_expire(struct simulator *simulator, const char *realm);
void oauth_disconnect(struct simulator *simulator, const char *realm);

/* For the state file: one JSON text with all grants, and back. */
void oauth_save(const struct oauth *oauth, struct str *out);
bool oauth_load(struct oauth *oauth, const char *json, struct error *err);
/* Has anything changed since the last call? Resets the mark. */
bool oauth_take_dirty(struct oauth *oauth);

#endif
