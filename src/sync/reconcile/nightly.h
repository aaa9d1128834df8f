/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine asks of reconciling by itself. */
#ifndef RECONCILE_NIGHTLY_H
#define RECONCILE_NIGHTLY_H

struct store;
struct sync;

/* A thread of the engine that schedules: looks each minute whether some account's turn has come. */
void nightly_keeper(void *ctx);
/* All accounts whose turn has come since it was last taken. */
void nightly_due(struct sync *sync, struct store *store);

#endif
