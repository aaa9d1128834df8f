/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text that is longer than the screen: wrapped, scrolled, searched. */
#ifndef UI_PAGER_H
#define UI_PAGER_H

#include "canvas.h"
#include "ledgerdeck/command/actions.h"

struct pager_line {
	char *text;      /* owned */
	size_t len;
	enum role role;
	size_t link;     /* number of what it leads to, from 1 on; 0: nothing */
	int label;       /* columns of it that are a label; what is wrapped goes on behind them */
};

struct pager_row { /* a line's part on the screen */
	size_t line, from, len;
};

struct pager {
	struct pager_line *lines; /* owned */
	size_t line_count, line_room;
	struct pager_row *rows;   /* owned: by the width below */
	size_t row_count, row_room;
	int columns;              /* that the rows are made for; 0: none are */
	size_t top;               /* row */
	size_t link;              /* the one that is chosen; 0: none */
	int page;
	char search[200];         /* "" none */
	bool unwrapped;           /* a row a line, moved sideways */
	int left;                 /* columns that are out of sight then */
	int label_columns;        /* of pager_field()'s labels; 0: 14 */
};

void pager_clear(struct pager *pager);      /* releases; empty again, keeps its place */
void pager_add(struct pager *pager, enum role role, const char *text);   /* lines; breaks in the text count */
void pager_addf(struct pager *pager, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* "Label   value", the value wrapped behind the label; "" : left out. */
void pager_field(struct pager *pager, const char *label, enum role role, const char *value);
void pager_changes(struct pager *pager, const char *changes); /* lines by difference_add_line(), as such fields */
/* An object, each member and item on a line of its own; what is no JSON as it stands. NUL-terminated. */
void pager_json(struct pager *pager, const char *text, size_t len);
void pager_link(struct pager *pager, size_t link); /* the last line leads somewhere */
size_t pager_links(const struct pager *pager);      /* how many lines lead somewhere */
void pager_step_link(struct pager *pager, int step); /* chooses the next, or the one before, if there is any */
void pager_draw(struct pager *pager, struct canvas *canvas, struct rect rect);
bool pager_act(struct pager *pager, enum action action);   /* moving and searching; false: not its own */
/* Look for a text from here on; false: it is nowhere. "" ends the search. */
bool pager_search(struct pager *pager, const char *text);
void pager_add_text(const struct pager *pager, struct str *out); /* all of it, for a pager of the shell */

#endif
