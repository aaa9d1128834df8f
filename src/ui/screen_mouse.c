/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mouse of a terminal: its modes, and its reports, of which a press and the wheel count. A report comes in pieces over
 * a slow line, like everything; its bytes are never keys.
 */
#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "screen_impl.h"

/* Presses and the wheel, in numbers of any size; nothing is told of where it moves. */
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define NUMBER_MAX 100000
#define OLD_BYTES 3 /* of a report without numbers, each above a blank */

enum { BUTTON_LEFT = 0, BUTTON_WHEEL_UP = 64, BUTTON_WHEEL_DOWN = 65, BUTTON_KEYS = 4 | 8 | 16 /* held with it */ };

void screen_mouse_on(struct screen *screen, bool on)
{
	/* What has no pastes for us has no escape sequences of the usual kind. */
	on = on && screen->pastes;
	if (screen->mouse == on)
		return;
	screen->mouse = on;
	/* Whatever ends the program in between finds it in the bytes that undo our modes. */
	if (screen->away)
		return;
	if (on)
		screen_arm(screen);
	screen_send(screen, on ? MOUSE_ON : SCREEN_MOUSE_OFF, strlen(on ? MOUSE_ON : SCREEN_MOUSE_OFF));
	if (!on)
		screen_arm(screen);
}

void screen_mouse_add(const struct screen *screen, struct str *out)
{
	if (screen->mouse)
		str_add(out, MOUSE_ON);
}

struct mouse screen_mouse(const struct screen *screen)
{
	return screen->input.mouse;
}

void screen_report_begin(struct screen_input *input, bool old)
{
	input->report = (struct screen_report){ .state = old ? REPORT_OLD : REPORT_NUMBERS };
}

static enum report_end end_report(struct screen_input *input, bool released)
{
	const struct screen_report *report = &input->report;
	int button = report->numbers[0] & ~BUTTON_KEYS;

	input->report.state = REPORT_NONE;
	if (released || (button != BUTTON_LEFT && button != BUTTON_WHEEL_UP && button != BUTTON_WHEEL_DOWN))
		return REPORT_IGNORED;
	input->mouse = (struct mouse){ .y = report->numbers[2] - 1, .x = report->numbers[1] - 1,
				       .kind = button == BUTTON_LEFT     ? MOUSE_CLICK :
					       button == BUTTON_WHEEL_UP ? MOUSE_WHEEL_UP :
									   MOUSE_WHEEL_DOWN };
	return REPORT_WHOLE;
}

static enum report_end take_old(struct screen_input *input, int byte)
{
	struct screen_report *report = &input->report;

	if (byte < ' ' || byte > 0xff) {
		report->state = REPORT_NONE;
		return REPORT_BROKEN;
	}
	report->numbers[report->count++] = byte - ' ';
	return report->count < OLD_BYTES ? REPORT_MORE : end_report(input, false);
}

enum report_end screen_report_take(struct screen_input *input, int byte)
{
	struct screen_report *report = &input->report;
	int *number = &report->numbers[report->count];

	if (report->state == REPORT_OLD)
		return take_old(input, byte);
	if (byte >= '0' && byte <= '9') {
		*number = *number * 10 + byte - '0';
		*number = *number < NUMBER_MAX ? *number : NUMBER_MAX;
		return REPORT_MORE;
	}
	if (byte == ';' && report->count + 1 < (int)ARRAY_LEN(report->numbers)) {
		report->count++;
		return REPORT_MORE;
	}
	if ((byte == 'M' || byte == 'm') && report->count + 1 == (int)ARRAY_LEN(report->numbers))
		return end_report(input, byte == 'm');
	report->state = REPORT_NONE;
	return REPORT_BROKEN;
}
