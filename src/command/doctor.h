/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the doctor share: a list of what was found, and those who look. */
#ifndef COMMAND_DOCTOR_H
#define COMMAND_DOCTOR_H

#include "verbs.h"

enum finding { FINDING_OK, FINDING_WARN, FINDING_FAIL };

struct doctor {
	struct app *app;
	const struct printer *printer;
	bool offline;
	enum finding worst;
	struct account_list accounts; /* owned */
	struct str notes;             /* owned: what is not well, one a line, for people */
};

/* One line: `what` was looked at, how it is, and (where it is not well) what to do. At most 1000 bytes. */
void doctor_tell(struct doctor *doctor, enum finding finding, const char *check, const struct account *account, const char *act,
		 const char *format, ...) __attribute__((format(printf, 6, 7)));
/* What could not be looked at. */
void doctor_tell_error(struct doctor *doctor, const char *check, const struct account *account, const struct error *error);

/* doctor_place.c: what is around the store. These need none. */
void doctor_look_at_settings(struct doctor *doctor);
void doctor_look_at_files(struct doctor *doctor);
void doctor_look_at_room(struct doctor *doctor);
void doctor_look_at_terminal(struct doctor *doctor);

/* doctor_store.c: what is in it, which is open. */
void doctor_look_at_store(struct doctor *doctor);
void doctor_look_at_history(struct doctor *doctor);
void doctor_look_at_vault(struct doctor *doctor);
void doctor_look_at_accounts(struct doctor *doctor);
void doctor_look_at_leases(struct doctor *doctor);
void doctor_look_at_budgets(struct doctor *doctor);
void doctor_look_at_backups(struct doctor *doctor);

#endif
