/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words and signs of states. A word always, colour only repeats it. */
#include "view.h"

struct mark mark_of_object(const struct object *object, bool running)
{
	if (running || object->status == OBJECT_RUNNING)
		return (struct mark){ "~", "running", ROLE_RUNNING };
	if (!object->wanted)
		return (struct mark){ ".", "paused", ROLE_WAITING };
	if (*object->guard)
		return (struct mark){ "!", "approve", ROLE_WARN };
	switch (object->status) {
	case OBJECT_OK:
		return object->parked ? (struct mark){ "!", "parked", ROLE_WARN } : (struct mark){ "=", "ok", ROLE_OK };
	case OBJECT_WAITING:
		return (struct mark){ ".", "waiting", ROLE_WAITING };
	case OBJECT_FAILED:
		return (struct mark){ "x", "failed", ROLE_FAILED };
	case OBJECT_DEAD:
		return (struct mark){ "x", "dead", ROLE_FAILED };
	default:
		return (struct mark){ "?", "new", ROLE_STALE };
	}
}

struct mark mark_of_account(enum account_state state, int64_t failed, int64_t waiting)
{
	switch (state) {
	case ACCOUNT_RECONNECT:
		return (struct mark){ "x", "reconnect", ROLE_FAILED };
	case ACCOUNT_PAUSED:
		return (struct mark){ ".", "paused", ROLE_WAITING };
	case ACCOUNT_DISCONNECTED:
		return (struct mark){ ".", "disconnected", ROLE_DIM };
	default:
		break;
	}
	if (failed > 0)
		return (struct mark){ "x", "failed", ROLE_FAILED };
	if (waiting > 0)
		return (struct mark){ "!", "approve", ROLE_WARN };
	return (struct mark){ "=", "ok", ROLE_OK };
}

struct mark mark_of_attempt(const struct attempt *attempt)
{
	if (attempt->took_ms < 0)
		return (struct mark){ "~", "running", ROLE_RUNNING };
	switch (attempt->error.code) {
	case ERROR_NONE:
		return (struct mark){ "=", "ok", ROLE_OK };
	case ERROR_CANCELLED:
		return (struct mark){ ".", "stopped", ROLE_WAITING };
	case ERROR_CONFLICT:
		return (struct mark){ "!", "decide", ROLE_WARN };
	default:
		return (struct mark){ "x", "failed", ROLE_FAILED };
	}
}

struct mark mark_of_record(const struct type *type, enum record_state state)
{
	switch (state) {
	case RECORD_INACTIVE:
		return (struct mark){ ".", "inactive", ROLE_DIM };
	case RECORD_VOIDED:
		return (struct mark){ "-", "voided", ROLE_DIM };
	case RECORD_DELETED:
		return (struct mark){ "x", record_state_word_of(type, state), ROLE_DIM };
	default:
		return (struct mark){ "=", "live", ROLE_OK };
	}
}
