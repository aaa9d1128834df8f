/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact decimals. All arithmetic runs on 128-bit magnitudes with the sign kept beside them; what
 * leaves 128 bits on the way would not have fitted 64 bits at the end either.
 */
#include "ledgerdeck/core/decimal.h"

#include <assert.h>

/* More than any exponent that can lead to a value that fits. */
#define EXPONENT_MAX 1000000
#define POWER_MAX 38

/* A number on the way: its magnitude, and whether it is below zero. */
struct wide {
	unsigned __int128 size;
	bool negative;
};

/* 10 to the `power`, 0 to POWER_MAX. */
static unsigned __int128 power_of_ten(unsigned int power)
{
	static const uint64_t powers[] = {
		UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000),
		UINT64_C(100000), UINT64_C(1000000), UINT64_C(10000000), UINT64_C(100000000),
		UINT64_C(1000000000), UINT64_C(10000000000), UINT64_C(100000000000),
		UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000),
		UINT64_C(1000000000000000), UINT64_C(10000000000000000),
		UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
		UINT64_C(10000000000000000000),
	};

	assert(power <= POWER_MAX);
	if (power < 20)
		return powers[power];
	return (unsigned __int128)powers[19] * powers[power - 19];
}

static uint64_t magnitude(int64_t digits)
{
	return digits < 0 ? 0 - (uint64_t)digits : (uint64_t)digits;
}

/* `size` times 10 to the `power`; false if that leaves 128 bits. */
static bool wide_raise(unsigned __int128 *size, unsigned int power)
{
	unsigned __int128 factor = power_of_ten(power);

	if (*size > ~(unsigned __int128)0 / factor)
		return false;
	*size *= factor;
	return true;
}

/* Half away from zero, which for a magnitude is half up. */
static unsigned __int128 wide_divide(unsigned __int128 size, unsigned __int128 divisor)
{
	unsigned __int128 rest = size % divisor;

	return size / divisor + (rest >= divisor - rest ? 1 : 0);
}

static bool wide_store(struct wide from, uint8_t scale, struct decimal *ret_value)
{
	if (from.size > (unsigned __int128)INT64_MAX + (from.negative ? 1 : 0))
		return false;
	ret_value->digits = (int64_t)(from.negative ? 0 - (uint64_t)from.size
						    : (uint64_t)from.size);
	ret_value->scale = scale;
	return true;
}

/* Bring `from`, which stands at scale `have`, to scale `want` and store it there. */
static bool wide_store_rounded(struct wide from, unsigned int have, uint8_t want,
			       struct decimal *ret_value)
{
	if (have > want)
		from.size = wide_divide(from.size, power_of_ten(have - want));
	else if (!wide_raise(&from.size, want - have))
		return false;
	return wide_store(from, want, ret_value);
}

/* Both at the greater of the two scales: 2^63 times 10^18 fits into 127 bits. */
static void align(struct decimal a, struct decimal b, __int128 *ret_a, __int128 *ret_b)
{
	assert(a.scale <= DECIMAL_SCALE_MAX && b.scale <= DECIMAL_SCALE_MAX);
	*ret_a = a.digits;
	*ret_b = b.digits;
	if (a.scale < b.scale)
		*ret_a *= (__int128)power_of_ten(b.scale - a.scale);
	else
		*ret_b *= (__int128)power_of_ten(a.scale - b.scale);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits at `*at`; `ret_count` says how many. False when they leave 64 bits. */
static bool parse_digits(const char **at, const char *end, uint64_t *size, size_t *ret_count)
{
	const char *from = *at;

	while (*at < end && is_digit(**at)) {
		unsigned int digit = (unsigned int)(**at - '0');

		if (*size > (UINT64_MAX - digit) / 10)
			return false;
		*size = *size * 10 + digit;
		++*at;
	}
	*ret_count = (size_t)(*at - from);
	return true;
}

/* An exponent if there is one; 0 if not. It stops counting at EXPONENT_MAX. */
static bool parse_exponent(const char **at, const char *end, int *ret_exponent)
{
	bool negative = false;
	const char *first;
	int exponent = 0;

	*ret_exponent = 0;
	if (*at == end || (**at != 'e' && **at != 'E'))
		return true;
	++*at;
	if (*at < end && (**at == '+' || **at == '-')) {
		negative = **at == '-';
		++*at;
	}
	first = *at;
	for (; *at < end && is_digit(**at); ++*at) {
		if (exponent < EXPONENT_MAX)
			exponent = exponent * 10 + (**at - '0');
	}
	*ret_exponent = negative ? -exponent : exponent;
	return *at > first;
}

/*
 * A JSON number; leading zeros are let through, because people write them. A positive exponent
 * first eats decimal places and then adds zeros, a negative one adds places.
 */
bool decimal_parse(const char *text, size_t len, struct decimal *ret_value)
{
	const char *at = text, *end = len ? text + len : text;
	size_t whole_count, place_count = 0;
	uint64_t size = 0;
	struct wide value = { 0 };
	int64_t scale;
	int exponent;

	if (at < end && *at == '-') {
		value.negative = true;
		at++;
	}
	if (!parse_digits(&at, end, &size, &whole_count) || whole_count == 0)
		return false;
	if (at < end && *at == '.') {
		at++;
		if (!parse_digits(&at, end, &size, &place_count) || place_count == 0)
			return false;
	}
	if (!parse_exponent(&at, end, &exponent) || at != end || place_count > EXPONENT_MAX / 2)
		return false;
	value.size = size;
	scale = (int64_t)place_count - exponent;
	if (scale > DECIMAL_SCALE_MAX)
		return false;
	if (scale < 0 && size > 0) {
		if (scale < -DECIMAL_SCALE_MAX || !wide_raise(&value.size, (unsigned int)-scale))
			return false;
	}
	return wide_store(value, scale < 0 ? 0 : (uint8_t)scale, ret_value);
}

char *decimal_format(struct decimal value, char *out)
{
	uint64_t size = magnitude(value.digits);
	char digits[DECIMAL_TEXT_MAX]; /* backwards: 19 digits and a point at most */
	size_t count = 0, len = 0;

	assert(value.scale <= DECIMAL_SCALE_MAX);
	while (size || count <= value.scale) {
		digits[count++] = (char)('0' + size % 10);
		size /= 10;
	}
	if (value.digits < 0)
		out[len++] = '-';
	while (count > 0) {
		if (count == value.scale)
			out[len++] = '.';
		out[len++] = digits[--count];
	}
	out[len] = '\0';
	return out;
}

struct decimal decimal_of(int64_t digits, uint8_t scale)
{
	assert(scale <= DECIMAL_SCALE_MAX);
	return (struct decimal){ .digits = digits, .scale = scale };
}

int decimal_compare(struct decimal a, struct decimal b)
{
	__int128 left, right;

	align(a, b, &left, &right);
	return (left > right) - (left < right);
}

bool decimal_is_zero(struct decimal value)
{
	return value.digits == 0;
}

struct decimal decimal_negate(struct decimal value)
{
	assert(value.digits != INT64_MIN);
	value.digits = -value.digits;
	return value;
}

struct decimal decimal_trim(struct decimal value)
{
	while (value.scale > 0 && value.digits % 10 == 0) {
		value.digits /= 10;
		value.scale--;
	}
	return value;
}

static bool store_signed(__int128 sum, uint8_t scale, struct decimal *ret_value)
{
	if (sum > INT64_MAX || sum < INT64_MIN)
		return false;
	*ret_value = (struct decimal){ .digits = (int64_t)sum, .scale = scale };
	return true;
}

bool decimal_add(struct decimal a, struct decimal b, struct decimal *ret_sum)
{
	__int128 left, right;

	align(a, b, &left, &right);
	return store_signed(left + right, a.scale > b.scale ? a.scale : b.scale, ret_sum);
}

bool decimal_subtract(struct decimal a, struct decimal b, struct decimal *ret_difference)
{
	__int128 left, right;

	align(a, b, &left, &right);
	return store_signed(left - right, a.scale > b.scale ? a.scale : b.scale,
			    ret_difference);
}

bool decimal_multiply(struct decimal a, struct decimal b, uint8_t scale,
		      struct decimal *ret_product)
{
	struct wide product = {
		.size = (unsigned __int128)magnitude(a.digits) * magnitude(b.digits),
		.negative = (a.digits < 0) != (b.digits < 0),
	};

	assert(a.scale <= DECIMAL_SCALE_MAX && b.scale <= DECIMAL_SCALE_MAX);
	assert(scale <= DECIMAL_SCALE_MAX);
	return wide_store_rounded(product, (unsigned int)a.scale + b.scale, scale, ret_product);
}

/*
 * A dividend that leaves 128 bits means a quotient above 2^128 / 2^63: it would not fit. The
 * divisor can't: 2^63 times 10^18.
 */
bool decimal_divide(struct decimal a, struct decimal b, uint8_t scale,
		    struct decimal *ret_quotient)
{
	struct wide quotient = {
		.size = magnitude(a.digits),
		.negative = (a.digits < 0) != (b.digits < 0),
	};
	unsigned __int128 divisor = magnitude(b.digits);
	int power = scale + b.scale - a.scale;

	assert(a.scale <= DECIMAL_SCALE_MAX && b.scale <= DECIMAL_SCALE_MAX);
	assert(scale <= DECIMAL_SCALE_MAX);
	if (b.digits == 0)
		return false;
	if (power < 0)
		divisor *= power_of_ten((unsigned int)-power);
	else if (!wide_raise(&quotient.size, (unsigned int)power))
		return false;
	quotient.size = wide_divide(quotient.size, divisor);
	return wide_store(quotient, scale, ret_quotient);
}

bool decimal_round(struct decimal value, uint8_t scale, struct decimal *ret_value)
{
	struct wide rounded = { .size = magnitude(value.digits), .negative = value.digits < 0 };

	assert(value.scale <= DECIMAL_SCALE_MAX && scale <= DECIMAL_SCALE_MAX);
	return wide_store_rounded(rounded, value.scale, scale, ret_value);
}

struct decimal decimal_money(struct decimal value)
{
	struct decimal money = decimal_trim(value);

	/* What has too many digits for two places more stays as it is. */
	if (money.scale < 2)
		decimal_round(money, 2, &money);
	return money;
}

bool decimal_to_millionths(struct decimal value, int64_t *ret_millionths)
{
	struct decimal whole = decimal_trim(value);

	if (whole.scale > DECIMAL_MILLIONTHS)
		return false;
	for (; whole.scale < DECIMAL_MILLIONTHS; whole.scale++)
		if (__builtin_mul_overflow(whole.digits, 10, &whole.digits))
			return false;
	*ret_millionths = whole.digits;
	return true;
}

char *decimal_format_money(int64_t millionths, char *out)
{
	return decimal_format(decimal_money(decimal_of(millionths, DECIMAL_MILLIONTHS)), out);
}
