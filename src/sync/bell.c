/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Other processes' commits are heard as they come: what they leave to be sent, or have edited, is seen to at once and not with the
 * next look of a worker that has nothing to do. Our own commits ring, too: what they bring is looked at together.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "engine.h"
#include "ledgerdeck/core/log.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/store/resources.h"

#define TOGETHER_MS 100

/* Until the doorbell rings. False: it is over. */
static bool hear(struct sync *sync, int bell)
{
	struct pollfd watched[] = { { .fd = bell, .events = POLLIN }, { .fd = cancel_fd(sync->cancel), .events = POLLIN } };
	_Alignas(struct inotify_event) char events[4096];

	while (poll(watched, ARRAY_LEN(watched), -1) < 0)
		if (errno != EINTR)
			return false;
	if (cancel_asked(sync->cancel) || !cancel_sleep(sync->cancel, TOGETHER_MS))
		return false;
	while (read(bell, events, sizeof(events)) > 0)
		;
	return true;
}

/* Edited documents whose time nobody knows yet: whoever looks at them finds it. */
static void look_at_edits(struct worker *worker)
{
	struct sync *sync = worker->sync;
	struct edited edited;
	struct error ignored;
	size_t count;

	if (!resources_edited(worker->store, 1, &edited, &count, &ignored) || count == 0)
		return;
	lock_enter(sync->lock);
	if (sync->quiet_ms == INT64_MAX) {
		sync->news++;
		lock_wake(sync->lock);
	}
	lock_leave(sync->lock);
}

void bell_thread(void *ctx)
{
	struct sync *sync = ctx;
	struct error err = { 0 };
	struct worker worker;
	int bell;

	if (!worker_open(sync, &worker, &err)) {
		log_error("sync", "other processes are heard late: %s", err.text);
		return;
	}
	bell = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (bell < 0 || inotify_add_watch(bell, store_doorbell(worker.store), IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB) < 0) {
		log_warn("sync", "other processes are heard late: %s", strerror(errno));
	} else {
		do {
			outbox_keep(&worker);
			look_at_edits(&worker);
		} while (hear(sync, bell));
	}
	if (bell >= 0)
		close(bell);
	worker_close(&worker);
}
