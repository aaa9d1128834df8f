/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sales forms as a customer gets them: PDF, and the mail that carries it. */
#include "quickbooks/document.h"

#include <string.h>

#include "ledgerdeck/core/memory.h"
#include "quickbooks/draft.h"
#include "quickbooks/rules.h"
#include "quickbooks/zone.h"

static bool is_one_of(const struct entity *entity, const char *const *names)
{
	for (size_t i = 0; names[i]; i++)
		if (strcmp(entity->name, names[i]) == 0)
			return true;
	return false;
}

static bool find(struct company *company, const struct entity *entity, const char *id,
		 const char *const *allowed, struct record **ret_record, struct fault *fault)
{
	if (!is_one_of(entity, allowed))
		return fault_set(fault, 500, NULL, "Operation is not supported for %s.", entity->name);
	*ret_record = company_find(company, entity, id);
	return *ret_record || fault_plain(fault, 610);
}

/* Text inside a PDF's parentheses; what Latin-1 cannot say becomes "?". */
static void add_pdf_text(struct str *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '(' || c == ')' || c == '\\')
			str_add_char(out, '\\');
		if ((c & 0xc0) == 0x80)
			continue;
		str_add_char(out, c < 32 || c > 126 ? '?' : (char)c);
	}
}

static void add_page(struct company *company, const struct record *record, struct str *page)
{
	json_object *object = record_read(record), *lines = object_get(object, "Line");
	const char *rows[] = { company->name, record->entity->name, object_text(object, "DocNumber"),
			       object_text(object, "TxnDate"), object_text(object, "CustomerRef.name") };

	str_add(page, "BT /F1 12 Tf 50 780 Td 16 TL\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		str_add(page, "(");
		add_pdf_text(page, rows[i]);
		str_add(page, ") Tj T*\n");
	}
	for (size_t i = 0; lines && i < json_object_array_length(lines) && i < 40; i++) {
		json_object *line = json_object_array_get_idx(lines, i);

		str_add(page, "(");
		add_pdf_text(page, object_text(line, "Amount"));
		str_add(page, "  ");
		add_pdf_text(page, object_text(line, "Description"));
		str_add(page, ") Tj T*\n");
	}
	str_add(page, "(Total ");
	add_pdf_text(page, object_text(object, "TotalAmt"));
	str_add(page, ") Tj\nET\n");
	json_object_put(object);
}

bool document_pdf(struct company *company, const struct entity *entity, const char *id, struct str *out,
		  struct fault *fault)
{
	static const char *const allowed[] = { "Invoice", "Estimate", "SalesReceipt", "CreditMemo", "PurchaseOrder",
					       "RefundReceipt", "Payment", NULL };
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
		 "/Resources << /Font << /F1 4 0 R >> >> >>"),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	};
	AUTO(str_clear) struct str page = STR_INIT(65536);
	size_t offsets[ARRAY_LEN(objects) + 1], table;
	struct record *record;

	if (!find(company, entity, id, allowed, &record, fault))
		return false;
	add_page(company, record, &page);
	str_add(out, "%PDF-1.4\n");
	for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
		offsets[i] = out->len;
		str_addf(out, "%zu 0 obj\n%s\nendobj\n", i + 1, objects[i]);
	}
	offsets[ARRAY_LEN(objects)] = out->len;
	str_addf(out, "5 0 obj\n<< /Length %zu >>\nstream\n%sendstream\nendobj\n", page.len, page.text);
	table = out->len;
	str_addf(out, "xref\n0 6\n0000000000 65535 f \n");
	for (size_t i = 0; i < ARRAY_LEN(offsets); i++)
		str_addf(out, "%010zu 00000 n \n", offsets[i]);
	str_addf(out, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n", table);
	return true;
}

bool document_send(struct company *company, const struct entity *entity, const char *id, const char *send_to,
		   struct str *out, struct fault *fault)
{
	static const char *const allowed[] = { "Invoice", "Estimate", "SalesReceipt", "CreditMemo", "PurchaseOrder", NULL };
	const char *address_member = strcmp(entity->name, "PurchaseOrder") == 0 ? "POEmail" : "BillEmail";
	AUTO(str_clear) struct str stamp = STR_INIT(64);
	json_object *object, *info, *address;
	struct record *record;

	if (!find(company, entity, id, allowed, &record, fault))
		return false;
	if (send_to && (!strchr(send_to, '@') || strlen(send_to) > 100))
		return fault_set(fault, 2210, "EmailAddress", "Email Address should be valid. Supplied value:%.100s", send_to);
	object = record_read(record);
	if (send_to) {
		address = json_object_new_object();
		object_set_text(address, "Address", send_to);
		object_set(object, address_member, address);
	}
	if (!object_get(object, address_member)) {
		json_object_put(object);
		return fault_plain(fault, 6420);
	}
	draft_mark(company, record, true);
	object_set_text(object, "EmailStatus", "EmailSent");
	if (shape_member(&entity->shape, "DeliveryInfo")) {
		info = json_object_new_object();
		zone_add_stamp(&stamp, record->updated_ms, false);
		object_set_text(info, "DeliveryType", "Email");
		object_set_text(info, "DeliveryTime", stamp.text);
		object_set(object, "DeliveryInfo", info);
	}
	record_write(company, record, object);
	json_object_put(object);
	draft_render(company);
	str_add_bytes(out, record->text, record->len);
	return true;
}
