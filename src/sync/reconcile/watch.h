/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has changed in the books since somebody relied on them. */
#ifndef RECONCILE_WATCH_H
#define RECONCILE_WATCH_H

#include "ledgerdeck/model/catalogue.h"
#include "ledgerdeck/store/sessions.h"

#define WATCH_WHY_MAX 240

/* The first record of the mirror that has changed since a session was compared, as part of a sentence; "" : none that concerns it. */
bool watch_since(struct store *store, const struct catalogue *catalogue, const struct session *session, char *ret_why /* WATCH_WHY_MAX */,
		 struct error *err);

#endif
