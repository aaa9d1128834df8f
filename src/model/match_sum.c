/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which amounts make a sum: both halves' sums are put in order, then one half is gone through upwards and the other
 * downwards. Twelve amounts have 4096 sums, but their halves have 64 each.
 */
#include "match_impl.h"

#define HALF_SUMS (1 << (MATCH_MANY_MAX / 2))

struct sum {
	__int128 sum;
	uint32_t chosen;
};

/* All sums of the amounts, the empty one too, ascending; returns how many. */
static size_t list_sums(const int64_t *amounts, size_t count, size_t bit, struct sum *out)
{
	struct sum before[HALF_SUMS];
	size_t sums = 1;

	out[0] = (struct sum){ 0 };
	for (size_t i = 0; i < count; i++) {
		size_t without = 0, with = 0;

		for (size_t k = 0; k < sums; k++)
			before[k] = out[k];
		for (size_t k = 0; k < 2 * sums; k++) {
			if (with == sums || (without < sums && before[without].sum <= before[with].sum + amounts[i])) {
				out[k] = before[without++];
				continue;
			}
			out[k].sum = before[with].sum + amounts[i];
			out[k].chosen = before[with++].chosen | UINT32_C(1) << (bit + i);
		}
		sums *= 2;
	}
	return sums;
}

/* Can any sum come there at all? */
static bool is_in_reach(const int64_t *amounts, size_t count, __int128 least, __int128 most)
{
	__int128 lowest = 0, highest = 0;

	for (size_t i = 0; i < count; i++) {
		if (amounts[i] < 0)
			lowest += amounts[i];
		else
			highest += amounts[i];
	}
	return lowest <= most && highest >= least;
}

bool match_sum_only(const int64_t *amounts, size_t count, __int128 least, __int128 most, uint32_t *ret_chosen)
{
	struct sum left[HALF_SUMS], right[HALF_SUMS];
	size_t half = count / 2, left_count, right_count, top;
	uint32_t found = 0;

	if (count == 0 || count > MATCH_MANY_MAX || !is_in_reach(amounts, count, least, most))
		return false;
	left_count = list_sums(amounts, half, 0, left);
	right_count = list_sums(amounts + half, count - half, half, right);
	top = right_count;
	for (size_t i = 0; i < left_count; i++) {
		while (top > 0 && left[i].sum + right[top - 1].sum > most)
			top--;
		for (size_t k = top; k > 0 && left[i].sum + right[k - 1].sum >= least; k--) {
			uint32_t chosen = left[i].chosen | right[k - 1].chosen;

			if (chosen != 0 && found != 0)
				return false;
			found |= chosen;
		}
	}
	*ret_chosen = found;
	return found != 0;
}
