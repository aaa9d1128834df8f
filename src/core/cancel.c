/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wish to stop: an atomic flag for those who work, an event descriptor for those who wait. */
#include "ledgerdeck/core/cancel.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"

struct cancel {
	atomic_bool asked;
	int fd; /* readable once asked: nobody ever reads it */
};

/* Signal handlers set it. */
_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2, "the flag must need no lock");

struct cancel *cancel_new(void)
{
	struct cancel *cancel = memory_new(sizeof(*cancel));

	atomic_init(&cancel->asked, false);
	cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (cancel->fd < 0)
		memory_fatal();
	return cancel;
}

void cancel_free(struct cancel *cancel)
{
	if (!cancel)
		return;
	close(cancel->fd);
	free(cancel);
}

void cancel_ask(struct cancel *cancel)
{
	const uint64_t one = 1;
	int before = errno;
	ssize_t written;

	/* The flag first: who is woken by the descriptor finds it set. */
	if (!atomic_exchange(&cancel->asked, true)) {
		written = write(cancel->fd, &one, sizeof(one));
		(void)written; /* fails only when the counter is full, and this is its one write */
	}
	errno = before;
}

bool cancel_asked(const struct cancel *cancel)
{
	return cancel && atomic_load(&cancel->asked);
}

int cancel_fd(const struct cancel *cancel)
{
	return cancel->fd;
}

bool cancel_sleep(const struct cancel *cancel, int64_t ms)
{
	/* poll() passes over descriptors below 0. */
	struct pollfd wait = { .fd = cancel ? cancel->fd : -1, .events = POLLIN };
	struct env env = env_real();
	int64_t now = env.ticks_ms(env.ctx);
	int64_t until = ms > INT64_MAX - now ? INT64_MAX : now + (ms > 0 ? ms : 0);

	for (; now < until; now = env.ticks_ms(env.ctx)) {
		int64_t left = until - now;

		if (cancel_asked(cancel))
			return false;
		if (poll(&wait, 1, left > INT_MAX ? INT_MAX : (int)left) < 0 && errno != EINTR)
			memory_fatal();
	}
	return !cancel_asked(cancel);
}
