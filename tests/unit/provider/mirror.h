/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mirror of a company in memory, and the desk that the books are asked at. */
#ifndef LEDGERDECK_TESTS_UNIT_PROVIDER_MIRROR_H
#define LEDGERDECK_TESTS_UNIT_PROVIDER_MIRROR_H

#include "ledgerdeck/provider/books.h"

struct mirrored {
	char type[40], id[RECORD_ID_MAX];
	char *raw; /* owned */
};
struct mirror {
	struct mirrored *rows; /* owned; ascending by type and id */
	size_t count, room;
	/* What was found before, by its words. */
	struct found_before {
		char key[300], id[RECORD_ID_MAX];
		bool found;
	} *before; /* owned */
	size_t before_count, before_room;
	struct books_desk desk;
};

void mirror_init(struct mirror *mirror);
void mirror_clear(struct mirror *mirror);
/* One record more; before anything is asked. */
void mirror_add(struct mirror *mirror, const char *type, const char *raw, size_t len);
void mirror_sort(struct mirror *mirror);
/* All records of the types that books are made of, read by the provider. */
void mirror_fill(struct mirror *mirror, struct connection *connection);
struct json_slice mirrored_slice(const struct mirrored *row);

#endif
