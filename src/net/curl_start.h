/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcurl, started once for the whole process. */
#ifndef LEDGERDECK_NET_CURL_START_H
#define LEDGERDECK_NET_CURL_START_H

/* Before the first call of anything in libcurl. Any thread, as often as one likes. */
void curl_start(void);

#endif
