/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread's way to the ledgers: libcurl, as the settings want it. */
#include "ledgerdeck/connect/connect.h"

struct transport connect_transport_new(const struct settings *settings)
{
	const char *proxy = settings_text(settings, "net.proxy"), *ca_file = settings_text(settings, "net.ca_file");
	struct transport_curl_options options = { .proxy = *proxy ? proxy : NULL, .ca_file = *ca_file ? ca_file : NULL,
						  .timeout_ms = settings_number(settings, "net.timeout") * 1000,
						  .answer_max = (size_t)settings_number(settings, "net.answer_max"),
						  .user_agent = "ledgerdeck/" PACKAGE_VERSION };

	return transport_of_curl(transport_curl_new(&options));
}

void connect_transport_free(struct transport transport)
{
	if (transport.perform)
		transport_curl_free(transport.ctx);
}
