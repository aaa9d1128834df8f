/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The control endpoint under /simulator: what a test or a curious person reads and sets. GET
 * /simulator is a page that explains it.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include <json-c/json.h>

#include "request.h"
#include "world.h"

bool control_owns(const struct request *request);
/*
 * Does the request come from this machine's own user, not from a web page that had its name point
 * to 127.0.0.1? Host, and Origin when there is one, must be a loopback name or address. False:
 * `answer` is filled with 403. For /simulator/as-other-user, too.
 */
bool control_admits(const struct request *request, struct simulator_answer *answer);
/* Answer a request that was admitted. */
void control_handle(struct simulator *simulator, const struct request *request,
		    struct simulator_answer *answer);
/* Each member of what was sent must be one of `names`, which NULL ends. Error INPUT. */
bool control_check(json_object *sent, const char *const *names, struct error *err);
/* {"error":".."}, as all refusals of the control endpoint are. */
void control_refuse(struct simulator_answer *answer, int status, const char *sentence);

#endif
