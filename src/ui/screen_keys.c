/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys as a terminal sends them: characters out of bytes, which may come in halves over a slow line; sequences that
 * the terminal's description lacks; pastes as a whole, in locked memory, since what is pasted may be a secret.
 * What is no key is never taken for several: an unknown sequence is one unknown key.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "screen_impl.h"

#define SILENCE_MS 1000
#define ESCAPE 27
#define PASTE_END "\033[201~"

/* Codes of our own sequences: above all that curses gives, also to a description's extensions. */
enum { CODE_PASTE_START = KEY_MAX + 2000, CODE_PASTE_END, CODE_MOUSE, CODE_MOUSE_OLD, CODE_MODIFIED = KEY_MAX + 3000 };

/* What terminals send, whatever their description says, as they are often described as something else. */
static const struct {
	const char *sequence;
	int code;
} sequences[] = {
	{ "\033[A", KEY_UP },	     { "\033[B", KEY_DOWN },	 { "\033[C", KEY_RIGHT },   { "\033[D", KEY_LEFT },
	{ "\033OA", KEY_UP },	     { "\033OB", KEY_DOWN },	 { "\033OC", KEY_RIGHT },   { "\033OD", KEY_LEFT },
	{ "\033[H", KEY_HOME },	     { "\033[F", KEY_END },	 { "\033OH", KEY_HOME },    { "\033OF", KEY_END },
	{ "\033[1~", KEY_HOME },     { "\033[4~", KEY_END },	 { "\033[7~", KEY_HOME },   { "\033[8~", KEY_END },
	{ "\033[2~", KEY_IC },	     { "\033[3~", KEY_DC },	 { "\033[5~", KEY_PPAGE },  { "\033[6~", KEY_NPAGE },
	{ "\033[Z", KEY_BTAB },	     { "\033OM", KEY_ENTER },	 { "\033OP", KEY_F(1) },    { "\033OQ", KEY_F(2) },
	{ "\033OR", KEY_F(3) },	     { "\033OS", KEY_F(4) },	 { "\033[11~", KEY_F(1) },  { "\033[12~", KEY_F(2) },
	{ "\033[13~", KEY_F(3) },    { "\033[14~", KEY_F(4) },	 { "\033[15~", KEY_F(5) },  { "\033[17~", KEY_F(6) },
	{ "\033[18~", KEY_F(7) },    { "\033[19~", KEY_F(8) },	 { "\033[20~", KEY_F(9) },  { "\033[21~", KEY_F(10) },
	{ "\033[23~", KEY_F(11) },   { "\033[24~", KEY_F(12) },
};

/* Keys that come with modifiers: the byte that tells them in "ESC [ 1 ; m byte" or "ESC [ byte ; m ~". */
static const struct {
	char byte;
	uint32_t code;
} modified[] = {
	{ 'A', INPUT_UP },   { 'B', INPUT_DOWN },   { 'C', INPUT_RIGHT },  { 'D', INPUT_LEFT },	   { 'H', INPUT_HOME },
	{ 'F', INPUT_END },  { '2', INPUT_INSERT }, { '3', INPUT_DELETE }, { '5', INPUT_PAGE_UP }, { '6', INPUT_PAGE_DOWN },
};
#define MODIFIER_SHIFT 1 /* bits of m - 1 */
#define MODIFIER_ALT 2
#define MODIFIER_CONTROL 4
#define MODIFIERS 8

static const struct {
	int code;
	uint32_t key;
} specials[] = {
	{ KEY_UP, INPUT_UP },	       { KEY_DOWN, INPUT_DOWN },	   { KEY_LEFT, INPUT_LEFT },
	{ KEY_RIGHT, INPUT_RIGHT },    { KEY_HOME, INPUT_HOME },	   { KEY_FIND, INPUT_HOME },
	{ KEY_A1, INPUT_HOME },	       { KEY_END, INPUT_END },		   { KEY_SELECT, INPUT_END },
	{ KEY_C1, INPUT_END },	       { KEY_LL, INPUT_END },		   { KEY_PPAGE, INPUT_PAGE_UP },
	{ KEY_A3, INPUT_PAGE_UP },     { KEY_NPAGE, INPUT_PAGE_DOWN },	   { KEY_C3, INPUT_PAGE_DOWN },
	{ KEY_IC, INPUT_INSERT },      { KEY_DC, INPUT_DELETE },	   { KEY_BACKSPACE, INPUT_BACKSPACE },
	{ KEY_BTAB, INPUT_BACK_TAB },  { KEY_ENTER, INPUT_ENTER },	   { KEY_SR, INPUT_UP },
	{ KEY_SF, INPUT_DOWN },	       { KEY_SLEFT, INPUT_LEFT },	   { KEY_SRIGHT, INPUT_RIGHT },
};

void screen_define_keys(void)
{
	char sequence[16]; /* "\033[1;8A" */

	for (size_t i = 0; i < ARRAY_LEN(sequences); i++)
		if (key_defined(sequences[i].sequence) == 0)
			define_key(sequences[i].sequence, sequences[i].code);
	for (int i = 0; i < (int)ARRAY_LEN(modified); i++)
		for (int bits = 1; bits < MODIFIERS; bits++) {
			snprintf(sequence, sizeof(sequence), modified[i].byte >= 'A' ? "\033[1;%d%c" : "\033[%2$c;%1$d~", bits + 1,
				 modified[i].byte);
			define_key(sequence, CODE_MODIFIED + MODIFIERS * i + bits);
		}
	define_key("\033[200~", CODE_PASTE_START);
	define_key(PASTE_END, CODE_PASTE_END);
	define_key("\033[<", CODE_MOUSE);
	/* A function key on some. */
	if (key_defined("\033[M") == 0 || key_defined("\033[M") == KEY_MOUSE)
		define_key("\033[M", CODE_MOUSE_OLD);
}

void screen_input_clear(struct screen_input *input)
{
	secret_freep(&input->paste);
	secret_freep(&input->done);
	secret_wipe(input->bytes, sizeof(input->bytes));
	input->len = 0;
	input->held = -1;
	input->report = (struct screen_report){ 0 };
}

static int64_t ticks_ms(void)
{
	struct env env = env_real();

	return env.ticks_ms(env.ctx);
}

/* A byte, or a code above KEY_MIN; ERR when nothing waits. */
static int read_code(struct screen *screen)
{
	int code = screen->input.held;

	if (code >= 0) {
		screen->input.held = -1;
		return code;
	}
	do
		code = wgetch(screen->pad);
	while (code == KEY_RESIZE); /* resizeterm() says so to those who asked it */
	if (code == ERR)
		screen_check_gone(screen);
	return code;
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

/*
 * Past curses, which would keep the last bytes in memory of its own, and byte by byte, since what stands behind the end
 * mark is for curses again. True at the end.
 */
static bool read_paste(struct screen *screen, struct key *ret_key)
{
	struct screen_input *input = &screen->input;
	int waiting = 0;
	char byte = 0;

	if (screen_check_gone(screen) || ioctl(screen->in_fd, FIONREAD, &waiting) < 0)
		return false;
	if (waiting > 0)
		input->paste_ticks_ms = ticks_ms();
	while (waiting-- > 0 && read(screen->in_fd, &byte, 1) == 1)
		if (take_paste_byte(input, byte)) {
			end_paste(input, ret_key);
			return true;
		}
	secret_wipe(&byte, 1);
	return false;
}

struct secret *screen_take_paste(struct screen *screen)
{
	return memory_steal(&screen->input.done);
}

int screen_wait_ms(const struct screen *screen)
{
	int64_t left;

	if (!screen->input.paste)
		return -1;
	left = screen->input.paste_ticks_ms + SILENCE_MS - ticks_ms();
	return left > 0 ? (int)left : 0;
}

/* ---- keys ---- */

/* The rest of "ESC [ ..." as far as it is there: parameters, then one byte that ends it. */
static void skip_sequence(struct screen *screen, int code)
{
	while (code >= ' ' && code < 0x40)
		code = read_code(screen);
	if (code != ERR && (code < 0x40 || code >= 0x7f))
		screen->input.held = code; /* the start of something else */
}

static struct key from_special(int code)
{
	struct key key = { .code = INPUT_UNKNOWN };
	int index = (code - CODE_MODIFIED) / MODIFIERS, bits = (code - CODE_MODIFIED) % MODIFIERS;

	if (code >= CODE_MODIFIED && index < (int)ARRAY_LEN(modified)) {
		key.code = modified[index].code;
		key.control = bits & MODIFIER_CONTROL;
		key.alt = bits & MODIFIER_ALT;
	} else if (code >= KEY_F(1) && code <= KEY_F(12)) {
		key.code = INPUT_F1 + (uint32_t)(code - KEY_F(1));
	}
	for (size_t i = 0; i < ARRAY_LEN(specials); i++)
		if (specials[i].code == code)
			key.code = specials[i].key;
	return key;
}

static struct key from_control(int code)
{
	switch (code) {
	case '\t':
		return (struct key){ .code = INPUT_TAB };
	case '\r':
	case '\n':
		return (struct key){ .code = INPUT_ENTER };
	case '\b':
	case 0x7f:
		return (struct key){ .code = INPUT_BACKSPACE };
	case 0:
		return (struct key){ .code = ' ', .control = true };
	default: /* ^A to ^Z are letters, ^\ to ^_ stand 64 higher */
		return (struct key){ .code = (uint32_t)code + (code <= 26 ? 'a' - 1 : 64), .control = true };
	}
}

static size_t expected_len(unsigned char first)
{
	return first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* A byte of a longer character. False: more are to come. */
static bool from_high_byte(struct screen *screen, int code, struct key *ret_key)
{
	struct screen_input *input = &screen->input;
	size_t expected;

	input->bytes[input->len++] = (char)code;
	expected = screen->utf8 ? expected_len((unsigned char)input->bytes[0]) : 0;
	if (expected > input->len)
		return false;
	*ret_key = (struct key){ .code = INPUT_UNKNOWN };
	if (expected > 0 && utf8_len(input->bytes, input->len) == expected) {
		uint32_t character = utf8_decode(input->bytes, expected);

		if (character > 0xa0)
			ret_key->code = character;
	}
	input->len = 0;
	return true;
}

static bool is_report(int code)
{
	return code == CODE_MOUSE || code == CODE_MOUSE_OLD;
}

/* Behind an ESC: a key with Alt, an unknown sequence, or nothing. */
static struct key from_escape(struct screen *screen)
{
	struct key key = { .code = INPUT_ESCAPE };
	int code = read_code(screen);

	if (code == ERR || code == ESCAPE || is_report(code)) {
		screen->input.held = code == ERR ? -1 : code;
		return key;
	}
	if (code == '[' || code == 'O') {
		int next = read_code(screen);

		if (next == ERR)
			return (struct key){ .code = (uint32_t)code, .alt = true };
		if (code == '[')
			skip_sequence(screen, next);
		return (struct key){ .code = INPUT_UNKNOWN };
	}
	if (code >= 0x80 && code < KEY_MIN) {
		while (code >= 0x80 && code < KEY_MIN && !from_high_byte(screen, code, &key))
			code = read_code(screen);
		if (code == ERR || (code < 0x80 || code >= KEY_MIN)) {
			screen->input.held = code == ERR ? -1 : code;
			screen->input.len = 0;
			key.code = INPUT_UNKNOWN;
		}
	} else {
		key = code >= KEY_MIN		    ? from_special(code) :
		      code < ' ' || code == 0x7f ? from_control(code) :
						   (struct key){ .code = (uint32_t)code };
	}
	key.alt = key.code != INPUT_UNKNOWN;
	return key;
}

/* As far as it is there. False: it is no key, or more is to come. */
static bool read_report(struct screen *screen, int code, struct key *ret_key)
{
	enum report_end end = screen_report_take(&screen->input, code);

	while (end == REPORT_MORE && (code = read_code(screen)) != ERR)
		end = screen_report_take(&screen->input, code);
	if (end == REPORT_BROKEN)
		screen->input.held = code; /* the start of something else */
	/* Somebody else may have left it on. */
	*ret_key = (struct key){ .code = end == REPORT_WHOLE && screen->mouse ? INPUT_MOUSE : INPUT_UNKNOWN };
	return end == REPORT_WHOLE || end == REPORT_BROKEN;
}

/* False: this was no key, or not all of one. */
static bool translate(struct screen *screen, int code, struct key *ret_key)
{
	bool is_high = code >= 0x80 && code < KEY_MIN;
	bool is_tail = is_high && code < 0xc0;

	if (screen->input.report.state != REPORT_NONE)
		return read_report(screen, code, ret_key);
	if (is_report(code)) {
		screen_report_begin(&screen->input, code == CODE_MOUSE_OLD);
		return false;
	}
	/* A character that breaks off is one unknown key; what breaks it comes next. */
	if (screen->input.len > 0 && !is_tail) {
		screen->input.len = 0;
		screen->input.held = code;
		*ret_key = (struct key){ .code = INPUT_UNKNOWN };
		return true;
	}
	if (code == CODE_PASTE_END)
		return false; /* of a paste that silence has ended */
	if (is_high)
		return from_high_byte(screen, code, ret_key);
	if (code == ESCAPE)
		*ret_key = from_escape(screen);
	else if (code >= KEY_MIN)
		*ret_key = from_special(code);
	else if (code < ' ' || code == 0x7f)
		*ret_key = from_control(code);
	else
		*ret_key = (struct key){ .code = (uint32_t)code };
	return true;
}

bool screen_key(struct screen *screen, struct key *ret_key)
{
	struct screen_input *input = &screen->input;

	while (!input->paste && !screen->away && !screen->gone) {
		int code = read_code(screen);

		if (code == ERR)
			return false;
		if (code == CODE_PASTE_START)
			start_paste(input);
		else if (translate(screen, code, ret_key))
			return true;
	}
	if (!input->paste || screen->away)
		return false;
	if (read_paste(screen, ret_key))
		return true;
	if (screen_wait_ms(screen) > 0)
		return false;
	end_paste(input, ret_key);
	return true;
}
