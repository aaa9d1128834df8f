/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcurl, loaded and started with its first use, once for the whole process. */
#ifndef LEDGERDECK_NET_LIBCURL_H
#define LEDGERDECK_NET_LIBCURL_H

#include <curl/curl.h>

#define LIBCURL_FUNCTIONS(FUNCTION)                                                                                       \
	FUNCTION(easy_cleanup) FUNCTION(easy_getinfo) FUNCTION(easy_init) FUNCTION(easy_reset) FUNCTION(easy_setopt)      \
	FUNCTION(easy_strerror) FUNCTION(free) FUNCTION(global_init_mem) FUNCTION(multi_add_handle)     \
	FUNCTION(multi_cleanup) FUNCTION(multi_info_read) FUNCTION(multi_init) FUNCTION(multi_perform)                    \
	FUNCTION(multi_poll) FUNCTION(multi_remove_handle) FUNCTION(slist_append) FUNCTION(slist_free_all) FUNCTION(url)  \
	FUNCTION(url_cleanup) FUNCTION(url_get) FUNCTION(url_set)

#define LIBCURL_POINTER(name) __typeof__(curl_##name) *name;
struct libcurl {
	LIBCURL_FUNCTIONS(LIBCURL_POINTER)
};
#undef LIBCURL_POINTER

/* Its functions: libcurl()->easy_init(). Any thread. */
const struct libcurl *libcurl(void);

#endif
