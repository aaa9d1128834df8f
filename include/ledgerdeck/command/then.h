/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking back: which time is meant, and what the mirror knows of it. Errors: INPUT, in the words of whoever asks. */
#ifndef LEDGERDECK_COMMAND_THEN_H
#define LEDGERDECK_COMMAND_THEN_H

#include "ledgerdeck/command/command.h"
#include "ledgerdeck/store/records.h"

/* "90s", "5m", "2h", "3d" or "3d ago" before now, or a date or time, as an instant in ms; a date alone is the end of that day.
 * The error names `option`. */
bool then_parse(struct app *app, const char *option, const char *text, int64_t *ret_ms, struct error *err);

/* Was the mirror whole by then? A list of the time before lacks what nobody had read yet. */
bool then_is_known(const struct object *object, const struct type *type, int64_t at_ms, struct error *err);

/*
 * A record as it was: the row of its version, without title and cells, and its raw bytes. `ret_found` false: it was never here. The
 * row borrows from the version. INPUT: there was none as of then, with why, and what is known instead.
 */
bool then_find(struct store *store, const struct account *account, const struct object *object, const struct type *type, const char *id,
	       int64_t at_ms, struct record_version *ret_version, struct str *ret_raw, struct record_row *ret_row, bool *ret_found,
	       struct error *err);

/* Title and cells of a row out of its raw bytes, by the catalogue's row as it is now. They borrow from both texts. */
bool then_fill(const struct type *type, const struct str *raw, struct str *scratch, struct record_row *row, struct error *err);

#endif
