/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What Xledger sends by itself when records change: is it from Xledger, and what does it say? Pure functions over what a listener
 * has received; nothing is fetched, kept or answered here. Whoever listens answers 401 where webhook_check() fails, 400 where
 * webhook_read() does, and 200 once what it says is kept. How deletions appear in these events nobody has confirmed: they are
 * learnt from the deltas.
 */
#ifndef XLEDGER_WEBHOOK_H
#define XLEDGER_WEBHOOK_H

#include "ledgerdeck/core/secret.h"
#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/model/record.h"

#define WEBHOOK_BODY_MAX ((size_t)16 << 20) /* bytes: a listener need not take more */
#define WEBHOOK_LATE_MS INT64_C(900000)     /* how far its date may be from now, either way */
#define WEBHOOK_ROOT_MAX 80
#define WEBHOOK_VERSION_MAX 80              /* of a syncVersion, with the NUL */

/* A delivery as it came: header values without the blanks around them ("" : not sent), and the body's own bytes. */
struct webhook_delivery {
	const char *date;      /* Date */
	const char *signature; /* X-XL-Webhook-Signature */
	const char *body;
	size_t len;
};

/*
 * Is it signed with the key that the account's API token (as it was entered, without a word before it) stands for, and of these
 * minutes? Error AUTH: it is not, or not any more; neither the token nor the signature that would be right is told. Any thread.
 */
bool webhook_check(const struct secret *token, const struct webhook_delivery *delivery, int64_t now_ms, struct error *err);

struct webhook_change {
	char id[RECORD_ID_MAX];
	char sync_version[WEBHOOK_VERSION_MAX]; /* opaque; "" : not said */
	struct json_slice node; /* borrowed: the body; the fields that were subscribed to, and no more */
};
struct webhook_page {          /* of one root */
	char root[WEBHOOK_ROOT_MAX];
	const struct type *type; /* borrowed: the catalogue; NULL: none is asked for by that name */
	struct webhook_change *changes; /* owned; in order */
	size_t count, room;
	size_t left_out;       /* edges without a node that has an id: there is something to be asked for */
};
struct webhook {
	struct webhook_page *pages; /* owned */
	size_t count, room;
};

/*
 * Take the body of a checked delivery apart. A root that is null or has no edges has a page without changes. Error INPUT: it is
 * no answer with data, or too long; then there are no pages. `ret_webhook` is cleared by the caller in either case. Any thread.
 */
bool webhook_read(const struct catalogue *catalogue, const char *body, size_t len, struct webhook *ret_webhook, struct error *err);
void webhook_clear(struct webhook *webhook);

#endif
