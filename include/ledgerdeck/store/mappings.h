/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operator's codes mean in an account, in every version; and the account's policies. */
#ifndef LEDGERDECK_STORE_MAPPINGS_H
#define LEDGERDECK_STORE_MAPPINGS_H

#include "ledgerdeck/model/account.h"
#include "ledgerdeck/model/policy.h"
#include "ledgerdeck/model/record.h"
#include "ledgerdeck/model/resource.h"
#include "ledgerdeck/store/store.h"

#define MAPPING_CODE_MAX 200
#define MAPPING_NAME_MAX 200

struct mapping {
	enum target target;
	char code[MAPPING_CODE_MAX]; /* as the operator's system spells it; "" : the default, where no rule has the code */
	char record_id[RECORD_ID_MAX]; /* of the ledger's record; "" : the rule is taken away */
	char name[MAPPING_NAME_MAX]; /* the record's name and number when it was chosen: to find it again in another account */
	char number[64];
	char who[128];
	int64_t at_ms;
	int64_t version;
};
/* By target and code. */
bool mappings_all(struct store *store, const char *account_id, bool (*each)(void *ctx, const struct mapping *mapping), void *ctx,
		  struct error *err);
bool mappings_get(struct store *store, const char *account_id, enum target target, const char *code, struct mapping *ret_mapping,
		  bool *ret_found, struct error *err);
/* The version of all rules of an account: 0 before the first change. */
bool mappings_version(struct store *store, const char *account_id, int64_t *ret_version, struct error *err);
/* Several changes as one version, in a transaction (asserted); what changes nothing is left out, `ret_changed` counts the rest.
 * `what` names the change ("accepted 12 suggestions"), `undoes` the version that it takes back, 0: none. Codes are compared without
 * letter case and with blanks made one. */
bool mappings_change(struct store *store, const char *account_id, const struct mapping *mappings, size_t count, const char *who,
		     const char *what, int64_t undoes, int64_t now_ms, int64_t *ret_changed, struct error *err);
/* The newest version that stands, and may be taken back; and the newest that took one back, to be taken back itself so that the
 * change is made again. 0: there is none. */
bool mappings_steps(struct store *store, const char *account_id, int64_t *ret_undo, int64_t *ret_redo, struct error *err);
struct mapping_change {
	int64_t version, at_ms;
	int64_t undoes;              /* the version that it took back; 0: none */
	char who[128], what[120];
	enum target target;
	char code[MAPPING_CODE_MAX];
	char before_id[RECORD_ID_MAX], before_name[MAPPING_NAME_MAX];
	char after_id[RECORD_ID_MAX], after_name[MAPPING_NAME_MAX];
};
/* Newest first; of one version (0: all). */
bool mappings_history(struct store *store, const char *account_id, int64_t version,
		      bool (*each)(void *ctx, const struct mapping_change *change), void *ctx, struct error *err);
/* The form in which codes are compared. Appended. */
void mapping_key(const char *code, size_t len, struct str *out);

bool policies_get(struct store *store, const char *account_id, struct policies *ret_policies, struct error *err);
/* One value, checked; "" where it is not a value: back to the default. In a transaction, with its row in the audit. */
bool policies_set(struct store *store, const char *account_id, enum policy policy, const char *value, const char *who, int64_t now_ms,
		  bool *ret_changed, struct error *err);

#endif
