/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Money and quantities, exact: 12.50 is digits 1250 and scale 2. No binary floats. Arithmetic
 * that does not fit returns false and leaves its result untouched.
 */
#ifndef LEDGERDECK_CORE_DECIMAL_H
#define LEDGERDECK_CORE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECIMAL_SCALE_MAX 18
#define DECIMAL_TEXT_MAX 32 /* bytes of the longest text, with its NUL */

struct decimal {
	int64_t digits;
	uint8_t scale; /* 0 to DECIMAL_SCALE_MAX */
};

/* The digits as they stand, with exponent if any ("1e3", "4.3e-05"). False: no number, or too long. */
bool decimal_parse(const char *text, size_t len, struct decimal *ret_value);
/* Plain digits with all `scale` places; `out` holds DECIMAL_TEXT_MAX bytes. Returns `out`. */
char *decimal_format(struct decimal value, char *out);

struct decimal decimal_of(int64_t digits, uint8_t scale);
int decimal_compare(struct decimal a, struct decimal b);
bool decimal_is_zero(struct decimal value);
struct decimal decimal_negate(struct decimal value); /* digits must not be INT64_MIN */
/* Without trailing zeros behind the point. */
struct decimal decimal_trim(struct decimal value);

bool decimal_add(struct decimal a, struct decimal b, struct decimal *ret_sum);
bool decimal_subtract(struct decimal a, struct decimal b, struct decimal *ret_difference);
/* a * b, rounded half away from zero to `scale` places. */
bool decimal_multiply(struct decimal a, struct decimal b, uint8_t scale, struct decimal *ret_product);
/* a / b, rounded half away from zero to `scale` places; false also when b is zero. */
bool decimal_divide(struct decimal a, struct decimal b, uint8_t scale, struct decimal *ret_quotient);
/* Half away from zero to `scale` places. */
bool decimal_round(struct decimal value, uint8_t scale, struct decimal *ret_value);

/* As money is written: without trailing zeros, but with two places at least ("12.50", "0.125"), where they fit. */
struct decimal decimal_money(struct decimal value);
/*
 * Amounts are kept as integers of a millionth, wherever many are kept or compared. False: it does not fit, or has more places
 * than that.
 */
#define DECIMAL_MILLIONTHS 6
bool decimal_to_millionths(struct decimal value, int64_t *ret_millionths);
/* The same of millionths, as text. Returns `out`, DECIMAL_TEXT_MAX bytes. */
char *decimal_format_money(int64_t millionths, char *out);

#endif
