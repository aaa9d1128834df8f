/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strangers' text cut into clusters of known width. The classes of characters come from a table
 * made of Unicode's own; here stand the rules of what joins whom, after Unicode's annex 29 but
 * with the widths that terminals give. Colours and places on the screen are left to others.
 */
#include "ledgerdeck/core/text.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/utf8.h"
#include "text_width.h"

/* Marks or joined emojis of one cluster; more are hidden. Languages and families need fewer. */
#define JOINED_MAX 12
#define EMOJI_SELECTOR 0xfe0fU

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define CONTROL_SIGN "\xc2\xb7"    /* U+00B7 */
#define CUT_SIGN "\xe2\x80\xa6"    /* U+2026 */

/* 12 joined with 7 bytes each and the base fit into text_cluster.len. */
_Static_assert(4 + JOINED_MAX * 7 <= UINT8_MAX, "a cluster's length is a byte");

/* Columns of a character that starts a cluster. */
static const uint8_t class_widths[TEXT_CLASS_COUNT] = {
	[TEXT_NARROW] = 1,  [TEXT_WIDE] = 2,     [TEXT_PICTURE] = 1, [TEXT_EMOJI] = 2,
	[TEXT_NEWCOMER] = 2, [TEXT_MODIFIER] = 2, [TEXT_FLAG] = 1,    [TEXT_SYLLABLE] = 2,
	[TEXT_TAIL] = 1,    [TEXT_MARK] = 1,     [TEXT_SPACING] = 1, [TEXT_SELECTOR] = 1,
	[TEXT_JOINER] = 1,  [TEXT_CONTROL] = 1,  [TEXT_HIDDEN] = 1,  [TEXT_DISPUTED] = 1,
	[TEXT_RESERVED] = 2,
};

/* A character of the text. */
struct piece {
	uint32_t code;
	enum text_class class;
	size_t len; /* bytes; 0: the end, or no UTF-8 */
};

/* A cluster being read. */
struct scan {
	enum text_mode mode;
	const char *text;
	size_t len;
	size_t at;        /* behind what was read */
	struct piece base;
	size_t start;     /* of what is shown */
	size_t end;
	uint8_t width;
	uint8_t joined;
	bool whole;       /* all that was read is shown, so that more can join */
	bool broken;      /* something hidden stood in it */
	bool is_emoji;
};

static enum text_class class_of(uint32_t code)
{
	uint32_t key = TEXT_RUN(code, 0xff);
	size_t low = 0, high = ARRAY_LEN(text_runs);

	/* Most of what is not ASCII in European names. */
	if (code >= 0xb0 && code < 0x300)
		return TEXT_NARROW;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (text_runs[middle] <= key)
			low = middle;
		else
			high = middle;
	}
	return (enum text_class)(text_runs[low] & 0xff);
}

static struct piece piece_at(const char *text, size_t len, size_t at)
{
	struct piece piece = { .len = at < len ? utf8_len(text + at, len - at) : 0 };

	if (piece.len > 0) {
		piece.code = utf8_decode(text + at, piece.len);
		piece.class = class_of(piece.code);
	}
	return piece;
}

/* Pass a character that is shown with the base, unless something before it was not. */
static void scan_join(struct scan *scan, size_t len)
{
	scan->at += len;
	if (scan->whole && scan->joined < JOINED_MAX) {
		scan->end = scan->at;
		scan->joined++;
	} else {
		scan->whole = false;
	}
}

/* Pass a character that is not shown. */
static void scan_hide(struct scan *scan, size_t len)
{
	scan->at += len;
	scan->whole = false;
}

/* What only some terminals join is hidden from all but those who want it. */
static void scan_dispute(struct scan *scan, size_t len, uint8_t width)
{
	if (scan->mode != TEXT_FULL) {
		scan_hide(scan, len);
		return;
	}
	scan_join(scan, len);
	if (scan->whole && width)
		scan->width = width;
}

static bool is_emoji_class(enum text_class class)
{
	return class == TEXT_PICTURE || class == TEXT_EMOJI || class == TEXT_NEWCOMER;
}

static bool is_keycap_base(uint32_t code)
{
	return (code >= '0' && code <= '9') || code == '#' || code == '*';
}

/* U+200D between two emojis makes one of them; elsewhere it is hidden. */
static void scan_joiner(struct scan *scan, struct piece joiner)
{
	struct piece next = piece_at(scan->text, scan->len, scan->at + joiner.len);
	bool can = !scan->broken;

	if (scan->mode == TEXT_FULL)
		can = scan->whole && scan->joined < JOINED_MAX;
	if (scan->is_emoji && next.len > 0 && is_emoji_class(next.class) && can) {
		scan_dispute(scan, joiner.len + next.len, 2);
		return;
	}
	scan->broken = true;
	scan_hide(scan, joiner.len);
}

/* A column of its own makes two; a third is a cluster for itself. False: it does not join. */
static bool scan_spacing(struct scan *scan, struct piece piece)
{
	if (!scan->whole || scan->width != 1 || scan->joined >= JOINED_MAX)
		return false;
	scan_join(scan, piece.len);
	scan->width = 2;
	return true;
}

static bool scan_flag(struct scan *scan, struct piece piece)
{
	/* The other half comes at once, if at all. */
	if (scan->base.class != TEXT_FLAG || scan->at != scan->start + scan->base.len)
		return false;
	scan_dispute(scan, piece.len, 2);
	return true;
}

static void scan_selector(struct scan *scan, struct piece piece)
{
	bool widens = piece.code == EMOJI_SELECTOR &&
		      (scan->is_emoji || is_keycap_base(scan->base.code));

	scan_dispute(scan, piece.len, widens ? 2 : 0);
}

/* Does the character belong to the cluster that is being read? If so, it is passed. */
static bool scan_take(struct scan *scan, struct piece piece)
{
	switch (piece.class) {
	case TEXT_MARK:
		scan_join(scan, piece.len);
		return true;
	case TEXT_SPACING:
		return scan_spacing(scan, piece);
	case TEXT_SELECTOR:
		scan_selector(scan, piece);
		return true;
	case TEXT_JOINER:
		scan_joiner(scan, piece);
		return true;
	case TEXT_HIDDEN:
		scan->broken = true;
		scan_hide(scan, piece.len);
		return true;
	case TEXT_MODIFIER:
		if (scan->is_emoji)
			scan_dispute(scan, piece.len, 2);
		return scan->is_emoji;
	case TEXT_FLAG:
		return scan_flag(scan, piece);
	case TEXT_TAIL:
		if (scan->base.class == TEXT_SYLLABLE)
			scan_join(scan, piece.len);
		return scan->base.class == TEXT_SYLLABLE;
	default:
		return false;
	}
}

/* Is the cluster shown as U+FFFD? */
static bool is_replaced(const struct scan *scan)
{
	switch (scan->base.class) {
	case TEXT_MARK: /* with nothing to stand on, they would change what stands before */
	case TEXT_TAIL:
		return true;
	case TEXT_NEWCOMER:
	case TEXT_MODIFIER:
	case TEXT_FLAG:
	case TEXT_DISPUTED:
	case TEXT_RESERVED:
		return scan->mode == TEXT_SAFE;
	default:
		return false;
	}
}

static void set_literal(struct text_cluster *cluster, enum text_mode mode, const char *literal)
{
	cluster->bytes = mode == TEXT_ASCII ? "?" : literal;
	cluster->len = (uint8_t)strlen(cluster->bytes);
	cluster->width = 1;
}

static void scan_show(const struct scan *scan, struct text_cluster *ret_cluster)
{
	bool is_ascii = scan->base.code < 0x80;

	if (is_replaced(scan) || (scan->mode == TEXT_ASCII && !is_ascii)) {
		set_literal(ret_cluster, scan->mode, REPLACEMENT);
		return;
	}
	ret_cluster->bytes = scan->text + scan->start;
	ret_cluster->len = (uint8_t)(scan->mode == TEXT_ASCII ? 1 : scan->end - scan->start);
	ret_cluster->width = scan->mode == TEXT_ASCII ? 1 : scan->width;
}

/* The cluster that starts with `base`, which stands at `*at`. */
static void read_cluster(enum text_mode mode, const char *text, size_t len, size_t *at,
			 struct piece base, struct text_cluster *ret_cluster)
{
	struct scan scan = {
		.mode = mode, .text = text, .len = len, .base = base, .at = *at + base.len,
		.start = *at, .end = *at + base.len, .width = class_widths[base.class],
		.whole = true, .is_emoji = is_emoji_class(base.class),
	};

	for (;;) {
		struct piece piece;

		/* The plain letter behind most letters. */
		if (scan.at < len && (unsigned char)text[scan.at] < 0x80)
			break;
		piece = piece_at(text, len, scan.at);
		if (piece.len == 0 || !scan_take(&scan, piece))
			break;
	}
	*at = scan.at;
	scan_show(&scan, ret_cluster);
}

/* As text_next(); `ret_code` is the character that the cluster starts with, U+FFFD for none. */
static bool next_cluster(enum text_mode mode, const char *text, size_t len, size_t *at,
			 struct text_cluster *ret_cluster, uint32_t *ret_code)
{
	struct piece piece;

	do {
		if (*at >= len)
			return false;
		piece = piece_at(text, len, *at);
		if (piece.len == 0) {
			++*at;
			*ret_code = UTF8_REPLACEMENT;
			set_literal(ret_cluster, mode, REPLACEMENT);
			return true;
		}
		*ret_code = piece.code;
		if (piece.class == TEXT_CONTROL) {
			*at += piece.len;
			set_literal(ret_cluster, mode, CONTROL_SIGN);
			return true;
		}
		if (piece.class == TEXT_HIDDEN || piece.class == TEXT_JOINER ||
		    piece.class == TEXT_SELECTOR) {
			*at += piece.len;
			piece.len = 0;
		}
	} while (piece.len == 0);
	read_cluster(mode, text, len, at, piece, ret_cluster);
	return true;
}

/* A printable ASCII character with another of ASCII or nothing behind it, so no mark either. */
static inline bool is_plain(const char *text, size_t len, size_t at)
{
	unsigned char c = at < len ? (unsigned char)text[at] : 0;

	return c >= 0x20 && c < 0x7f && (at + 1 == len || (unsigned char)text[at + 1] < 0x80);
}

bool text_next(enum text_mode mode, const char *text, size_t len, size_t *at,
	       struct text_cluster *ret_cluster)
{
	uint32_t code;

	if (is_plain(text, len, *at)) {
		*ret_cluster = (struct text_cluster){ .bytes = text + *at, .len = 1, .width = 1 };
		++*at;
		return true;
	}
	return next_cluster(mode, text, len, at, ret_cluster, &code);
}

size_t text_width(enum text_mode mode, const char *text, size_t len)
{
	struct text_cluster cluster;
	size_t at = 0, width = 0;

	while (text_next(mode, text, len, &at, &cluster))
		width += cluster.width;
	return width;
}

void text_add(struct str *out, enum text_mode mode, const char *text, size_t len, size_t columns,
	      bool fill)
{
	struct text_cluster cluster;
	size_t at = 0, width = 0;
	size_t kept_len = out->len, kept_width = 0; /* with a column left for the sign */

	while (text_next(mode, text, len, &at, &cluster)) {
		if (width + cluster.width > columns) {
			if (columns == 0)
				return;
			str_truncate(out, kept_len);
			str_add(out, mode == TEXT_ASCII ? "~" : CUT_SIGN);
			width = kept_width + 1;
			break;
		}
		str_add_bytes(out, cluster.bytes, cluster.len);
		width += cluster.width;
		if (width < columns) {
			kept_len = out->len;
			kept_width = width;
		}
	}
	for (; fill && width < columns; width++)
		str_add_char(out, ' ');
}

static bool is_blank(uint32_t code)
{
	return (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 || code == 0x2029;
}

void text_add_line(struct str *out, enum text_mode mode, const char *text, size_t len)
{
	struct text_cluster cluster;
	uint32_t code;
	size_t at = 0;

	while (next_cluster(mode, text, len, &at, &cluster, &code)) {
		if (!is_blank(code)) {
			str_add_bytes(out, cluster.bytes, cluster.len);
			continue;
		}
		str_add_char(out, ' ');
		if (code == '\r' && at < len && text[at] == '\n')
			at++;
	}
}
