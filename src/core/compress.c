/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records as zstd frames that say their size and carry a checksum, so that damage is found here
 * and never read as data. When a dictionary is trained, and which is whose, is left to the store.
 */
#include "ledgerdeck/core/compress.h"

#include <limits.h>
#include <stdlib.h>

#include <zdict.h>
#include <zstd.h>

#include "ledgerdeck/core/memory.h"

#define LEVEL 1
/* Trained dictionaries that hold less text than this say that there was nothing to learn. */
#define LEARNT_MIN 64

struct compress_dictionary {
	ZSTD_CDict *pack;
	ZSTD_DDict *unpack;
};

struct compress { /* each made when it is first needed */
	ZSTD_CCtx *pack;
	ZSTD_DCtx *unpack;
};

struct compress_dictionary *compress_dictionary_new(const void *bytes, size_t len)
{
	struct compress_dictionary *dictionary = memory_new(sizeof(*dictionary));

	dictionary->pack = ZSTD_createCDict(bytes, len, LEVEL);
	dictionary->unpack = ZSTD_createDDict(bytes, len);
	if (!dictionary->pack || !dictionary->unpack) {
		compress_dictionary_free(dictionary);
		return NULL;
	}
	return dictionary;
}

void compress_dictionary_free(struct compress_dictionary *dictionary)
{
	if (!dictionary)
		return;
	ZSTD_freeCDict(dictionary->pack);
	ZSTD_freeDDict(dictionary->unpack);
	free(dictionary);
}

bool compress_train(const char *samples, const size_t *lens, size_t count, struct str *out)
{
	AUTO(memory_freep) char *bytes = memory_resize(NULL, COMPRESS_DICTIONARY_MAX);
	size_t len, header;

	if (count > UINT_MAX)
		count = UINT_MAX;
	len = ZDICT_trainFromBuffer(bytes, COMPRESS_DICTIONARY_MAX, samples, lens,
				    (unsigned int)count);
	if (ZDICT_isError(len))
		return false;
	header = ZDICT_getDictHeaderSize(bytes, len);
	if (ZDICT_isError(header) || len - header < LEARNT_MIN)
		return false;
	str_add_bytes(out, bytes, len);
	return true;
}

/* End the program when zstd has no memory: its other errors can't come from these calls. */
static void must(size_t result)
{
	if (ZSTD_isError(result))
		memory_fatal();
}

struct compress *compress_new(void)
{
	return memory_new(sizeof(struct compress));
}

void compress_free(struct compress *compress)
{
	if (!compress)
		return;
	compress_rest(compress);
	free(compress);
}

void compress_rest(struct compress *compress)
{
	ZSTD_freeCCtx(compress->pack);
	ZSTD_freeDCtx(compress->unpack);
	*compress = (struct compress){ 0 };
}

static void need_pack(struct compress *compress)
{
	if (compress->pack)
		return;
	compress->pack = ZSTD_createCCtx();
	if (!compress->pack)
		memory_fatal();
	must(ZSTD_CCtx_setParameter(compress->pack, ZSTD_c_contentSizeFlag, 1));
}

/* The bytes that can be written behind the text without growing it. */
static size_t room_behind(const struct str *str)
{
	return str->room ? str->room - str->len - 1 : 0;
}

/* The frame of `bytes` behind what is in `out`. */
static void add_frame(struct compress *compress, int level, bool checksum, const ZSTD_CDict *dictionary, const char *bytes, size_t len,
		      struct str *out)
{
	size_t packed;

	need_pack(compress);
	must(ZSTD_CCtx_setParameter(compress->pack, ZSTD_c_compressionLevel, level));
	must(ZSTD_CCtx_setParameter(compress->pack, ZSTD_c_checksumFlag, checksum));
	must(ZSTD_CCtx_refCDict(compress->pack, dictionary));
	str_reserve(out, ZSTD_compressBound(len));
	packed = ZSTD_compress2(compress->pack, out->text + out->len, room_behind(out), bytes, len);
	/* Half a frame is worth nothing: what does not fit is left out as a whole. */
	if (ZSTD_isError(packed)) {
		out->cut = true;
		if (out->room)
			out->text[out->len] = '\0';
		return;
	}
	out->len += packed;
	out->text[out->len] = '\0';
}

static void need_unpack(struct compress *compress)
{
	if (compress->unpack)
		return;
	compress->unpack = ZSTD_createDCtx();
	if (!compress->unpack)
		memory_fatal();
}

void compress_pack(struct compress *compress, const struct compress_dictionary *dictionary,
		   const char *bytes, size_t len, struct str *out)
{
	/* It could not be unpacked any more. */
	if (len > COMPRESS_RECORD_MAX) {
		out->cut = true;
		return;
	}
	add_frame(compress, LEVEL, true, dictionary ? dictionary->pack : NULL, bytes, len, out);
}

void compress_frame(struct compress *compress, int level, const char *bytes, size_t len, struct str *out)
{
	add_frame(compress, level, false, NULL, bytes, len, out);
}

bool compress_unpack(struct compress *compress, const struct compress_dictionary *dictionary,
		     const char *bytes, size_t len, struct str *out, struct error *err)
{
	unsigned long long size = ZSTD_getFrameContentSize(bytes, len);
	size_t unpacked;

	if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
	    ZSTD_findFrameCompressedSize(bytes, len) != len)
		return error_set(err, ERROR_STORE, "a stored record is damaged: no frame");
	if (size > COMPRESS_RECORD_MAX || size > out->limit - out->len)
		return error_set(err, ERROR_STORE, "a stored record is too large: %llu bytes",
				 size);
	need_unpack(compress);
	must(ZSTD_DCtx_refDDict(compress->unpack, dictionary ? dictionary->unpack : NULL));
	str_reserve(out, size);
	unpacked = ZSTD_decompressDCtx(compress->unpack, out->text + out->len, room_behind(out),
				       bytes, len);
	if (ZSTD_isError(unpacked)) {
		if (out->room)
			out->text[out->len] = '\0';
		return error_set(err, ERROR_STORE, "a stored record is damaged: %s",
				 ZSTD_getErrorName(unpacked));
	}
	out->len += unpacked;
	if (out->room)
		out->text[out->len] = '\0';
	return true;
}
