/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales forms as a customer gets them: PDF, and the mail that carries it. */
#ifndef QUICKBOOKS_DOCUMENT_H
#define QUICKBOOKS_DOCUMENT_H

#include "company.h"
#include "quickbooks/fault.h"

/* GET <entity>/<id>/pdf: a one-page PDF of the record. False with 610 or 500 (an entity without PDF). */
bool document_pdf(struct company *company, const struct entity *entity, const char *id, struct str *out,
		  struct fault *fault);

/*
 * POST <entity>/<id>/send[?sendTo=address]: no mail leaves; the record says that it was sent. Appends
 * the record. 6420 when there is no address.
 */
bool document_send(struct company *company, const struct entity *entity, const char *id, const char *send_to,
		   struct str *out, struct fault *fault);

#endif
