/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The XML form of answers, made from their JSON form. */
#ifndef QUICKBOOKS_XML_H
#define QUICKBOOKS_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "ledgerdeck/core/str.h"

/*
 * A whole JSON envelope ({"Invoice":{..},"time":".."}, {"QueryResponse":..}, {"CDCResponse":..},
 * {"BatchItemResponse":..}, {"Fault":..}, reports) as <IntuitResponse ..>. Members of an entity
 * before "domain" in the JSON form come last, as in the service's own XML.
 */
void xml_add_envelope(const char *json, size_t len, struct str *out);
void xml_add_text(struct str *out, const char *text); /* escaped character data */

#endif
