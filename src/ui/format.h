/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and times as the deck writes them: short, and such that an idle screen needs no new ones. */
#ifndef UI_FORMAT_H
#define UI_FORMAT_H

#include <stdint.h>

#define FORMAT_MAX 40 /* bytes that each of them may take */

/* In the operator's own time zone. All return `out`. */
char *format_clock(int64_t ms, int64_t now_ms, char *out); /* "09:12", another day "28 Nov", another year "2025"; 0: "-" */
char *format_stamp(int64_t ms, char *out);                 /* "2026-11-29 09:12:03" */
char *format_count(int64_t count, char *out);              /* "1,234,567" */
char *format_took(int64_t ms, char *out);                  /* "0.4 s", "2:03", "1:02:03" */
char *format_left(int64_t ms, char *out);                  /* "12 d", "5 h", "3 min": how long still */
char *format_bytes(int64_t bytes, char *out);              /* "12.3 MB" */

#endif
