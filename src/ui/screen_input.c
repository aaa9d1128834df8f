/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is typed, past curses and in locked memory, since it may be a secret: read in one go as far as it is a flood, taken
 * apart into keys, which may come in halves over a slow line, and pastes as a whole. Nothing here ever waits.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "screen_impl.h"

#define SILENCE_MS 1000
#define PASTE_END "\033[201~"
#define TYPED_MAX 4096 /* bytes, as many as a terminal keeps */
#define LEFT_THERE 64  /* of those that wait */

void screen_input_open(struct screen_input *input)
{
	input->typed = secret_new(TYPED_MAX);
}

void screen_input_clear(struct screen_input *input)
{
	secret_freep(&input->typed);
	secret_freep(&input->paste);
	secret_freep(&input->done);
}

void screen_input_forget(struct screen_input *input)
{
	input->waiting = 0;
	input->at = input->len = 0;
	input->report = (struct screen_report){ 0 };
}

static int64_t ticks_ms(void)
{
	struct env env = env_real();

	return env.ticks_ms(env.ctx);
}

/*
 * More of what is typed; false: nothing waits. The last bytes stay in the terminal until it is their turn: what is typed
 * behind the key that leaves is for who gets the terminal then.
 */
static bool fill(struct screen *screen)
{
	struct screen_input *input = &screen->input;
	char *typed = secret_edit(input->typed);
	size_t most;
	ssize_t got;

	/* So long is no key. */
	if (input->len - input->at == TYPED_MAX)
		return false;
	if (input->waiting <= 0 && (ioctl(screen->in_fd, FIONREAD, &input->waiting) < 0 || input->waiting <= 0)) {
		input->waiting = 0;
		screen_check_gone(screen);
		return false;
	}
	memmove(typed, typed + input->at, input->len - input->at);
	input->len -= input->at;
	input->at = 0;
	most = input->waiting > LEFT_THERE ? (size_t)input->waiting - LEFT_THERE : 1;
	got = read(screen->in_fd, typed + input->len, most < TYPED_MAX - input->len ? most : TYPED_MAX - input->len);
	if (got <= 0) {
		input->waiting = 0;
		screen_check_gone(screen);
		return false;
	}
	input->waiting -= (int)got;
	input->len += (size_t)got;
	input->since_ms = -1;
	return true;
}

/* ---- pastes ---- */

static void start_paste(struct screen_input *input)
{
	secret_freep(&input->done);
	input->paste = secret_new(SECRET_MAX);
	input->paste_len = input->paste_mark = 0;
	input->paste_too_long = input->paste_return = false;
	input->paste_ticks_ms = ticks_ms();
}

static void end_paste(struct screen_input *input, struct key *ret_key)
{
	if (!input->paste_too_long)
		input->done = secret_copy(secret_reveal(input->paste), input->paste_len);
	secret_freep(&input->paste);
	*ret_key = (struct key){ .code = INPUT_PASTE };
}

/* Line ends as they are in files; other control characters are not text. */
static void add_to_paste(struct screen_input *input, char byte)
{
	bool after_return = input->paste_return;

	input->paste_return = byte == '\r';
	if (byte == '\n' && after_return)
		return;
	if (byte == '\r')
		byte = '\n';
	if (((unsigned char)byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7f)
		return;
	if (input->paste_len < SECRET_MAX)
		secret_edit(input->paste)[input->paste_len++] = byte;
	else
		input->paste_too_long = true;
}

/* True at the end. What only looked like the beginning of the end mark is text. */
static bool take_paste_byte(struct screen_input *input, char byte)
{
	static const char mark[] = PASTE_END;

	if (byte != mark[input->paste_mark]) {
		for (size_t i = 0; i < input->paste_mark; i++)
			add_to_paste(input, mark[i]);
		input->paste_mark = 0;
	}
	if (byte != mark[input->paste_mark]) {
		add_to_paste(input, byte);
		return false;
	}
	return mark[++input->paste_mark] == '\0';
}

/* True at the end, which silence is, too. */
static bool read_paste(struct screen *screen, struct key *ret_key)
{
	struct screen_input *input = &screen->input;
	bool any = false;

	while (input->at < input->len || fill(screen)) {
		any = true;
		if (take_paste_byte(input, secret_reveal(input->typed)[input->at++])) {
			end_paste(input, ret_key);
			return true;
		}
	}
	if (any)
		input->paste_ticks_ms = ticks_ms();
	if (screen->gone || screen_wait_ms(screen) > 0)
		return false;
	end_paste(input, ret_key);
	return true;
}

struct secret *screen_take_paste(struct screen *screen)
{
	return memory_steal(&screen->input.done);
}

/* ---- keys ---- */

int screen_wait_ms(const struct screen *screen)
{
	const struct screen_input *input = &screen->input;
	int64_t left;

	if (input->paste)
		left = input->paste_ticks_ms + SILENCE_MS - ticks_ms();
	else if (input->at < input->len && input->since_ms >= 0)
		left = input->since_ms + screen->escape_ms - ticks_ms();
	else
		return -1;
	return left > 0 ? (int)left : 0;
}

/* A report goes on, as far as it is there. False: it is no key, or more is to come. */
static bool read_report(struct screen *screen, struct key *ret_key)
{
	struct screen_input *input = &screen->input;
	enum report_end end = screen_report_take(input, (unsigned char)secret_reveal(input->typed)[input->at]);

	/* Else it is the start of something else. */
	input->at += end != REPORT_BROKEN;
	/* Somebody else may have left it on. */
	*ret_key = (struct key){ .code = end == REPORT_WHOLE && screen->mouse ? INPUT_MOUSE : INPUT_UNKNOWN };
	return end == REPORT_WHOLE || end == REPORT_BROKEN;
}

/* Out of the bytes that are there. */
static enum bytes_are read_bytes(struct screen *screen, bool late, struct key *ret_key)
{
	struct screen_input *input = &screen->input;
	enum bytes_are are;

	if (input->report.state != REPORT_NONE)
		return read_report(screen, ret_key) ? BYTES_KEY : BYTES_NOTHING;
	input->at += screen_decode(screen, secret_reveal(input->typed) + input->at, input->len - input->at, late, &are, ret_key);
	if (are == BYTES_PASTE)
		start_paste(input);
	else if (are == BYTES_REPORT || are == BYTES_REPORT_OLD)
		screen_report_begin(input, are == BYTES_REPORT_OLD);
	/* The other half may take as long as it wants. */
	input->since_ms = are == BYTES_MORE && input->since_ms < 0 ? ticks_ms() : are == BYTES_HALF ? -1 : input->since_ms;
	return are;
}

bool screen_key(struct screen *screen, struct key *ret_key)
{
	struct screen_input *input = &screen->input;
	bool late = false;

	while (!screen->away && !screen->gone) {
		enum bytes_are are = BYTES_HALF;

		if (input->paste)
			return read_paste(screen, ret_key);
		if (input->at < input->len)
			are = read_bytes(screen, late, ret_key);
		if (are == BYTES_KEY)
			return true;
		if ((are != BYTES_HALF && are != BYTES_MORE) || fill(screen))
			continue;
		/* Nothing has come behind the start of a key. */
		late = are == BYTES_MORE && screen_wait_ms(screen) == 0;
		if (!late)
			return false;
	}
	return false;
}
