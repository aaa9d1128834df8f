/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring of the last answers, searched from the newest: few programs repeat an old request. */
#include "quickbooks/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/memory.h"

#define RING_MAX 4096
#define BYTES_MAX ((size_t)64 << 20)

struct reply {
	char id[REPLAY_ID_MAX + 1];
	uint64_t hash;
	int64_t kept_ms;
	char *text; /* owned; NULL: none kept here */
	size_t len;
};

struct replays {
	struct reply ring[RING_MAX];
	size_t oldest, count;
	size_t bytes; /* of all texts */
};

uint64_t replay_hash(const char *target, const char *body, size_t len)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *target; target++)
		hash = (hash ^ (unsigned char)*target) * UINT64_C(1099511628211);
	hash *= UINT64_C(1099511628211);
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)body[i]) * UINT64_C(1099511628211);
	return hash;
}

enum replay_verdict replay_find(const struct replays *replays, const char *id, uint64_t hash,
				int64_t now_ms, int64_t lifetime_ms, const char **ret_text,
				size_t *ret_len)
{
	for (size_t i = replays ? replays->count : 0; i-- > 0;) {
		const struct reply *reply = &replays->ring[(replays->oldest + i) % RING_MAX];

		if (strcmp(reply->id, id) != 0)
			continue;
		if (now_ms - reply->kept_ms > lifetime_ms)
			return REPLAY_NEW;
		*ret_text = reply->text;
		*ret_len = reply->len;
		return reply->hash == hash ? REPLAY_SAME : REPLAY_OTHER;
	}
	return REPLAY_NEW;
}

static void forget_oldest(struct replays *replays)
{
	struct reply *reply = &replays->ring[replays->oldest];

	replays->bytes -= reply->len;
	free(reply->text);
	*reply = (struct reply){ 0 };
	replays->oldest = (replays->oldest + 1) % RING_MAX;
	replays->count--;
}

void replay_keep(struct replays **replays, const char *id, uint64_t hash, int64_t now_ms,
		 const char *text, size_t len)
{
	struct replays *kept = *replays;
	struct reply *reply;

	if (!kept)
		kept = *replays = memory_new(sizeof(*kept));
	while (kept->count > 0 && (kept->count == RING_MAX || kept->bytes + len > BYTES_MAX))
		forget_oldest(kept);
	reply = &kept->ring[(kept->oldest + kept->count++) % RING_MAX];
	*reply = (struct reply){
		.hash = hash, .kept_ms = now_ms, .text = memory_copy(text, len), .len = len
	};
	snprintf(reply->id, sizeof(reply->id), "%s", id);
	kept->bytes += len;
}

void replay_free(struct replays *replays)
{
	while (replays && replays->count > 0)
		forget_oldest(replays);
	free(replays);
}
