/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An address as a QR code of half blocks, dark on light whatever the terminal's colours are. */
#include <qrencode.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ledgerdeck/core/memory.h"
#include "face.h"

#define QUIET 2      /* cells of light around it */
#define LIGHT "\033[30;107m"
#define PLAIN "\033[0m"

static bool is_dark(const QRcode *code, int row, int column)
{
	row -= QUIET;
	column -= QUIET;
	return row >= 0 && column >= 0 && row < code->width && column < code->width &&
	       (code->data[row * code->width + column] & 1);
}

/* Two rows of cells in one row of characters. */
static void add_code(const QRcode *code, struct str *out)
{
	int size = code->width + 2 * QUIET;

	for (int row = 0; row < size; row += 2) {
		str_add(out, LIGHT);
		for (int column = 0; column < size; column++) {
			bool upper = is_dark(code, row, column), lower = is_dark(code, row + 1, column);

			str_add(out, upper && lower ? "\u2588" : upper ? "\u2580" : lower ? "\u2584" : " ");
		}
		str_add(out, PLAIN "\n");
	}
}

void qr_show(void *ctx, const char *text)
{
	AUTO(str_clear) struct str out = STR_INIT(1 << 20);
	struct face *face = ctx;
	struct winsize size = { 0 };
	QRcode *code;
	int cells;

	if (!face->error_terminal || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0) {
		face_must(ctx, "(No QR code: this is not a terminal.)");
		return;
	}
	code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	cells = code ? code->width + 2 * QUIET : 0;
	if (!code || cells > size.ws_col || (cells + 1) / 2 > size.ws_row) {
		str_addf(&out, "(No QR code: it needs a terminal of %d columns and %d rows, this one has %d and %d.)", cells, (cells + 1) / 2,
			 size.ws_col, size.ws_row);
		QRcode_free(code);
		face_must(ctx, out.text);
		return;
	}
	add_code(code, &out);
	QRcode_free(code);
	progress_hide(face);
	/* What a phone then shows must come back here: the address of its last page. */
	if (write(STDERR_FILENO, out.text, out.len) > 0)
		face_must(ctx, "(The phone ends on a page whose address must be pasted here.)");
}
