/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be chosen about the simulated ledger: one row a switch. Wherever it is not known how
 * the real service behaves there is a switch for either behaviour. The rows are also the options
 * `--set NAME=VALUE`, the answer of GET /simulator/switches and a table of the man page.
 */
#ifndef SWITCHES_H
#define SWITCHES_H

#include <stdbool.h>
#include <stdint.h>

#include "ledgerdeck/core/error.h"
#include "ledgerdeck/core/str.h"

enum switch_name {
	/* the network between */
	SWITCH_LATENCY_MS,          /* added to each answer */
	SWITCH_JITTER_MS,           /* 0 to so many more, at random */
	SWITCH_BANDWIDTH,           /* bytes a second; 0: no limit */
	SWITCH_GZIP,                /* on, off: compress when the client accepts it */
	/* limits */
	SWITCH_LIMITS,              /* on, off */
	SWITCH_LIMIT_PER_MINUTE,    /* 500, per company */
	SWITCH_LIMIT_PER_SECOND,    /* 10, per app and company */
	SWITCH_LIMIT_BATCH_PER_MINUTE, /* 40, per app and company */
	SWITCH_LIMIT_CONCURRENT,    /* 0: none; earlier texts say 10 at the same time */
	SWITCH_LIMIT_REPORTS,       /* 0: none; the service wants one at a time */
	SWITCH_RETRY_AFTER,         /* off, on: unconfirmed whether it is sent */
	SWITCH_THROTTLE_FORM,       /* xml, json: unconfirmed */
	SWITCH_THROTTLE_STATUS,     /* 429, 403 as in 2016 */
	/* OAuth */
	SWITCH_ROTATION,            /* daily, every, every-with-grace */
	SWITCH_RACE_REVOKES,        /* off, on: a replaced token used again ends the connection */
	SWITCH_CODE_LIFETIME_S,     /* 600: unconfirmed */
	SWITCH_ACCESS_LIFETIME_S,   /* 3600 */
	SWITCH_REFRESH_LIFETIME_S,  /* 8726400 */
	SWITCH_PKCE,                /* ignored, refused, verified: unconfirmed */
	SWITCH_INVALID_CLIENT_STATUS, /* 401, 400: unconfirmed */
	SWITCH_DENIED_DESCRIPTION,  /* off, on: error_description with access_denied */
	SWITCH_RECONNECT_REPLACES,  /* on, off: connecting again ends the older grant */
	/* queries */
	SWITCH_MAXRESULTS_OVER,     /* cut, refused above 1000: sources differ */
	SWITCH_PROJECTION,          /* sparse, refused: column lists */
	SWITCH_ORDER_BY_WORDS,      /* accepted, refused: "ORDER BY" as two words */
	SWITCH_ORDER_BY_ID,         /* accepted, refused: banned since 2026-01-27 by one source */
	SWITCH_LIKE_CASE,           /* insensitive, sensitive */
	SWITCH_IN_MAX,              /* most values in an IN list; 0: none */
	SWITCH_URL_MAX,             /* most bytes of a request's address; 8192 */
	SWITCH_DATE_ZONE,           /* pacific, utc: times without an offset */
	SWITCH_ENTITY_CASE,         /* any, exact: letter case of entity names in queries */
	/* change data capture */
	SWITCH_CDC_OLD,             /* answered, refused: changedSince more than 30 days back */
	SWITCH_CDC_CAP,             /* answer, entity: what the 1000 count for */
	SWITCH_CDC_EXTRA,           /* on, off: the types whose support is unconfirmed */
	SWITCH_CDC_FALSE_DELETED,   /* off, on: a live record now and then shown as deleted */
	/* writes */
	SWITCH_REQUESTID_S,         /* how long a requestid is remembered; 86400 */
	SWITCH_REQUESTID_CONFLICT,  /* first, 600: same id with another body */
	SWITCH_DUPLICATE_NUMBER,    /* refused, accepted: 6140 for invoices and their kind */
	SWITCH_SENT_NUMBER,         /* used, ignored: DocNumber sent though CustomTxnNumbers is false */
	SWITCH_SENT_TAX,            /* ignored, honoured: TotalTax under automated sales tax */
	SWITCH_LINE_WITHOUT_ITEM,   /* default, text: a sales line without ItemRef */
	SWITCH_SPARSE_NULL,         /* ignored, clears: null in a sparse update */
	SWITCH_NAME_CASE,           /* insensitive, sensitive: DisplayName uniqueness */
	SWITCH_VOID_MORE,           /* off, on: void of CreditMemo, RefundReceipt, Purchase, Transfer */
	SWITCH_VOID_NOTE,           /* before, instead: where "Voided" goes when a note stands there */
	SWITCH_DELETE_PAID,         /* unapplies, refused: deleting an invoice with a payment */
	SWITCH_ACCOUNT_REF_NAME,    /* full, short: FullyQualifiedName in account references */
	SWITCH_PATH_CASE,           /* any, exact: letter case of entity names in paths */
	/* reports */
	SWITCH_REPORT_CELLS,        /* 400000: beyond it the text, not the rows */
	SWITCH_REPORT_MS,           /* milliseconds more for each report */
	SWITCH_SUB_ACCOUNT_ID,      /* none, given: GeneralLedger's sections of accounts below others */
	/* Xledger */
	SWITCH_XLEDGER_LIMIT_BURST, /* 20 in five seconds, says one source; 0: none */
	SWITCH_XLEDGER_LIMIT_CONCURRENT, /* 2: unconfirmed; 0: none */
	SWITCH_XLEDGER_CREDITS,     /* 0: none; budget and formula are unconfirmed */
	SWITCH_XLEDGER_CREDITS_S,   /* how long a budget lasts */
	SWITCH_XLEDGER_PAGE_TIMEOUT, /* larger pages time out; 0: none do */
	SWITCH_XLEDGER_VALIDATION_STATUS, /* 200, 400 as was seen once */
	SWITCH_XLEDGER_TOKEN_STATUS, /* 200, 401: unconfirmed */
	SWITCH_XLEDGER_PARTIAL,     /* on, off: data beside errors */
	SWITCH_XLEDGER_DBID,        /* usual, reversed: which dbIds are text */
	SWITCH_XLEDGER_CURSOR,      /* dbid, dotted */
	SWITCH_XLEDGER_EMPTY_EDGES, /* null, list */
	SWITCH_XLEDGER_EMPTY_ROOT,  /* object, null */
	SWITCH_XLEDGER_REPEAT_RECORD, /* off, on: on two pages */
	SWITCH_XLEDGER_PAGE_END,    /* right, more, repeat */
	SWITCH_XLEDGER_OWNER_SET,   /* current, mine: when none is sent; unconfirmed */
	SWITCH_XLEDGER_OBJECT_STATUS, /* all, open: when none is sent; unconfirmed */
	SWITCH_XLEDGER_VANISH,      /* records that no dbId finds */
	SWITCH_XLEDGER_DELETION,    /* deleted, deletion: what deltas call it */
	SWITCH_XLEDGER_CURRENT,     /* on, off: _current of deltas */
	SWITCH_XLEDGER_IMPORT_CHECK, /* told, refused, off: vouchers that do not balance */
	SWITCH_XLEDGER_IMPORT_DELAY_S, /* until journal lines are posted; 0: at once */
	SWITCH_XLEDGER_INVOICE_DELAY_S, /* until an order is invoiced; 0: by hand only */
	SWITCH_COUNT
};

struct switches {
	int64_t values[SWITCH_COUNT]; /* a number, or the place of the word in its row */
};

void switches_init(struct switches *switches); /* all at their defaults */
/* Error: INPUT, naming what is allowed. */
bool switches_set(struct switches *switches, const char *name, const char *value, struct error *err);
/* For number rows the number; for word rows the index of the word. */
int64_t switches_get(const struct switches *switches, enum switch_name name);
/* Does a word row stand at `word`? The word must be one of the row's (asserted). */
bool switches_is(const struct switches *switches, enum switch_name name, const char *word);
/* One JSON object: name, value, allowed values, default, help. */
void switches_add_json(const struct switches *switches, struct str *out);
/* The row's parts, for help texts: name, allowed ("on|off" or "number"), default, help. */
void switches_row(enum switch_name name, const char **ret_name, const char **ret_allowed,
		  const char **ret_default, const char **ret_help);

#endif
