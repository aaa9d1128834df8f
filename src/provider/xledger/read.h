/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections: lists of records, page by page or by their ids. */
#ifndef XLEDGER_READ_H
#define XLEDGER_READ_H

#include "ledgerdeck/provider/provider.h"

/* One connection of an answer. */
struct read_list {
	struct json_slice edges; /* NONE or NULL: there are none */
	char cursor[256];        /* of the last edge; "" : none */
	bool more;
	size_t count;            /* edges */
};
/* False with an error: what stands there is no connection. A root that is null without an error is empty. */
bool read_list(struct json_slice data, const char *alias, const char *what, struct read_list *ret_list, struct error *err);
/* The nodes of it, as records of the page. */
void read_take(const struct read_list *list, struct page *page);

#endif
