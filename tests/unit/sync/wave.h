/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sagas that run together, through one outbox: what they are about, what happens to them, what was seen on the line, and what must
 * hold in the end. A saga is one customer or vendor with the documents that belong to it. A wave runs in a process of its own, which
 * ends with the first thing that does not hold.
 */
#ifndef LEDGERDECK_TESTS_UNIT_SYNC_WAVE_H
#define LEDGERDECK_TESTS_UNIT_SYNC_WAVE_H

#include "engine.h"
#include "ledgerdeck/core/random.h"
#include "ledgerdeck/sync/push.h"
#include "world.h"

#define SAGAS_MAX 48
#define SAGA_DOCUMENTS_MAX 7
#define DOCUMENTS_MAX (SAGAS_MAX * SAGA_DOCUMENTS_MAX)
#define REALM "1001"

enum kind { KIND_CUSTOMER, KIND_VENDOR, KIND_INVOICE, KIND_CREDIT_MEMO, KIND_BILL, KIND_JOURNAL, KIND_PAYMENT, KIND_COUNT };

struct document {
	enum kind kind;
	size_t saga;
	char code[40], number[40];   /* by which it is known for ever; by which it is in the ledger */
	int64_t resource;
	const struct document *party, *of; /* borrowed: whose it is, which invoice a payment pays; NULL */
	int64_t cents;               /* 0: it has no total */
	char words[24];              /* in a field that we write */
	const char *item;            /* borrowed: that its line was mapped to when it was applied; NULL: never yet */
	const char *item_before;     /* borrowed: that it was mapped to by the write before; NULL: there was none */
	bool unwritten;              /* the last write may not have come to anything: it ended so that it is planned again */
	bool voided;                 /* with us */
	char id[RECORD_ID_MAX];      /* of the record that the ledger has made of it; "" : none */
	bool removed;                /* the record is deleted or void by now */
	char theirs[24];             /* what somebody else wrote into the field that we write, ... */
	char foreign[24];            /* ... and into one that we know nothing of */
	bool overruled;              /* ours was chosen instead of theirs */
	int edits;                   /* by others, so many */
	bool touched;                /* it has been changed, and not been sent yet */
	bool twin;                   /* somebody else has made a document with its number */
	enum plan_act act;           /* what the last plan makes of it, and why */
	enum plan_reason reason;
};

/* What happened, for whoever wants to know that it did. */
enum event {
	EVENT_SAGA, EVENT_WRITE, EVENT_DEATH, EVENT_BROKEN, EVENT_LATE, EVENT_TWICE, EVENT_STALE, EVENT_EDIT, EVENT_REMOVAL, EVENT_TWIN,
	EVENT_CHANGE, EVENT_VOID, EVENT_CANCEL, EVENT_SETTLE, EVENT_REDRIVE, EVENT_DECISION, EVENT_RESTORE, EVENT_EXPIRY, EVENT_RECONNECT, EVENT_SUSPENSION,
	EVENT_PAUSE, EVENT_RESUME, EVENT_COUNT
};

struct wire;

struct wave {
	struct world *world;
	struct account account;
	char organization[RESOURCE_ID_MAX];
	uint64_t seed;
	struct random random, chance; /* for what happens; for the program */
	struct sync *sync;
	struct worker worker;
	bool working, calm;           /* calm: nothing goes wrong any more */
	bool forgetful, wary;         /* the ledger does not remember requestids; we don't trust that it does */
	bool nameless;                /* documents are written without number and mark */
	bool deletes;                 /* what is void with us is deleted there */
	bool suspended;               /* it takes no writes at the moment */
	bool late;                    /* the next trouble is for what repeats a write that is on its way */
	bool restored, unmetered;
	const char *items[2], *item;  /* borrowed: what lines may be mapped to, and are */
	const char *customer;         /* borrowed: somebody else's */
	size_t sagas;
	bool troubled[SAGAS_MAX];     /* by somebody else, or by a person: what becomes of it is theirs to say */
	struct document documents[DOCUMENTS_MAX];
	size_t count;
	struct wire *wire;            /* owned */
	int64_t tally[EVENT_COUNT];
};

/* What holds no more: told with the seed that repeats it, and the process ends. */
_Noreturn void wave_fail(const struct wave *wave, const char *format, ...) __attribute__((format(printf, 2, 3)));
void wave_must(const struct wave *wave, bool good, const struct error *err);
int64_t wave_below(struct wave *wave, uint64_t bound);

/* wave.c: the template that each wave begins with, and a wave from its beginning to its end. */
struct template {
	struct world *world;
	struct account account;
	char items[2][RECORD_ID_MAX], customer[RECORD_ID_MAX];
	char path[120];               /* of the store as it is copied */
};
void template_make(struct template *template);
void template_free(struct template *template);
void wave_run(struct template *template, uint64_t seed, int64_t *ret_tally);
void wave_drive(struct wave *wave);  /* until nothing moves by itself */
void wave_read(struct wave *wave);   /* what the ledger has, into the mirror */
void wave_open_store(struct wave *wave);

/* wave_acts.c: what people do, with us and in the ledger. */
extern const struct kind_row {
	const char *type, *record, *address, *words; /* "invoice", "Invoice", "invoice", the member that `words` becomes */
} kind_rows[KIND_COUNT];
void acts_begin(struct wave *wave);     /* documents come in */
void acts_change(struct wave *wave);    /* some of them once more, otherwise */
void acts_apply(struct wave *wave);     /* plan, and carry it out */
void acts_meanwhile(struct wave *wave); /* while the outbox is at work */
bool acts_resume(struct wave *wave);    /* plans that are paused go on; false: none is */
void acts_settle(struct wave *wave);    /* all that waits for a person, until nothing does */
struct document *wave_document(struct wave *wave, int64_t resource);
/* The record of it as the ledger has it now; false: it has none. */
bool wave_record(struct wave *wave, const struct document *document, struct str *out, struct json_slice *ret_record);

/* wave_wire.c: what goes over the line is watched from the beginning. */
struct wire *wire_new(struct wave *wave);
void wire_free(struct wire *wire);
void wire_search_secrets(const struct wave *wave); /* in all files */

/* wave_check.c: what must hold once nothing moves any more. */
void wave_check(struct wave *wave);
/* Of one record, at any time: what somebody else wrote stands. */
void wave_check_theirs(const struct wave *wave, const struct document *document, struct json_slice record);

#endif
