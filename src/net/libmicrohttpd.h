/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libmicrohttpd, loaded with its first use. */
#ifndef LEDGERDECK_NET_LIBMICROHTTPD_H
#define LEDGERDECK_NET_LIBMICROHTTPD_H

#include <microhttpd.h>

#define LIBMICROHTTPD_FUNCTIONS(FUNCTION)                                                                                 \
	FUNCTION(add_response_header) FUNCTION(create_response_from_buffer) FUNCTION(destroy_response)                    \
	FUNCTION(get_connection_info) FUNCTION(get_daemon_info) FUNCTION(get_timeout) FUNCTION(lookup_connection_value)   \
	FUNCTION(queue_response) FUNCTION(run) FUNCTION(start_daemon) FUNCTION(stop_daemon)

#define LIBMICROHTTPD_POINTER(name) __typeof__(MHD_##name) *name;
struct libmicrohttpd {
	LIBMICROHTTPD_FUNCTIONS(LIBMICROHTTPD_POINTER)
};
#undef LIBMICROHTTPD_POINTER

/* Its functions: libmicrohttpd()->start_daemon(). Any thread. */
const struct libmicrohttpd *libmicrohttpd(void);

#endif
