/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox, for the files of its view. */
#ifndef UI_VIEW_OUTBOX_VIEW_H
#define UI_VIEW_OUTBOX_VIEW_H

#include "ledgerdeck/sync/push.h"
#include "view.h"

struct mark mark_of_intent(enum intent_state state);
/* Pause a plan that is carried out, or go on with it: taken back with one key. */
void plan_pause(struct deck *deck, const char *plan_id, bool paused);
/* NULL, or why an operator can't do that to an intent in this state. */
const char *intent_refuses(enum intent_state state, enum action action);
/* Does what it says, asking first where a write could come twice; false: it is none of those acts. */
bool intent_act(struct deck *deck, const struct account *account, const char *id, const char *number, enum action action);

#endif
