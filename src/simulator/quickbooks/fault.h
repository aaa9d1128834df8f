/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Faults of the simulated service: a row for each code (message, type, HTTP status), and their
 * three spellings on the wire: service JSON or XML, gateway JSON (401), gateway XML (403, 429).
 */
#ifndef QUICKBOOKS_FAULT_H
#define QUICKBOOKS_FAULT_H

#include <stdbool.h>

#include "ledgerdeck/core/str.h"
#include "ledgerdeck/simulator.h"

struct request;
struct simulator;

struct fault {
	int code;           /* 0: no fault */
	int status;         /* HTTP status */
	const char *type;   /* "ValidationFault" */
	const char *message; /* short text of the code, a literal */
	char detail[1800];  /* what follows from this request */
	char element[64];   /* member that it is about */
	bool has_element;   /* written even when empty, as recorded for some codes */
	bool has_time;      /* recorded 2030 has none */
};

/* Fill a fault from its row and a printf detail. Returns false, always, so that rules can return it. */
bool fault_set(struct fault *fault, int code, const char *element, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The code's own usual detail ("Object Not Found : Something you're trying to use ..."). */
bool fault_plain(struct fault *fault, int code);

/* Is there a row for the code? For faults asked for through the control endpoint. */
bool fault_known(int code);

/* {"Error":[..],"type":".."}: the inner object, as batch items carry it. */
void fault_add_json(const struct fault *fault, struct str *out);
/* <Fault type=".."><Error ..>..</Error></Fault> */
void fault_add_xml(const struct fault *fault, struct str *out);

/*
 * The whole answer: status, headers, body in the spelling that the code has on the wire. 3200,
 * 3202, 100 to 120 are gateway JSON with WWW-Authenticate; 3001 and 3100 gateway XML whatever was
 * asked for (see the throttle switches); all else service JSON or, when asked for, XML.
 */
void fault_answer(struct simulator *simulator, const struct request *request, const struct fault *fault,
		  struct simulator_answer *answer);

#endif
