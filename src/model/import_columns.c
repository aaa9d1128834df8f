/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What QuickBooks and other programs call the columns of their files, small letters and digits alone. The spelling differs by
 * region and year, so there are many; our own names of fields need no row. Of each type the first row that has a name counts.
 */
#include <string.h>

#include "import_bind.h"
#include "ledgerdeck/core/memory.h"

#define SALES "invoice credit_memo"
#define PEOPLE "customer vendor"

static const struct {
	const char *types, *names, *field;
} rows[] = {
	{ "invoice", "invoiceno invoicenumber invoicenr invoiceid", "number" },
	{ "invoice", "invoicedate", "date" },
	{ "credit_memo", "creditmemono creditmemonumber creditno creditnumber creditnoteno creditnotenumber", "number" },
	{ "credit_memo", "creditmemodate creditdate creditnotedate", "date" },
	{ "credit_memo", "duedate terms", "!" },
	{ SALES, "customername customerfullname", "customer" },
	{ SALES, "itemproductservice productservice productorservice itemname product item", "lines.item" },
	{ SALES, "itemdescription productservicedescription linedescription itemdesc", "lines.description" },
	{ SALES, "itemquantity itemqty qty quantity", "lines.quantity" },
	{ SALES, "itemrate itemprice rate unitprice salesprice price", "lines.unit_price" },
	{ SALES, "itemamount lineamount", "lines.amount" },
	{ SALES, "itemtaxcode linetaxcode taxcode", "lines.tax_code" },
	{ SALES, "itemtaxamount linetaxamount", "+tax" },
	{ SALES, "taxable itemtaxable", "lines.taxable" },
	{ SALES, "class itemclass lineclass", "lines.class" },
	{ SALES, "messageoninvoice messagedisplayedoninvoice customermessage", "message" },
	{ SALES, "memoonstatement statementmemo", "memo" },
	{ SALES, "billemail customeremail", "email" },

	{ "bill", "billno billnumber", "number" },
	{ "bill", "billdate", "date" },
	{ "bill", "supplier suppliername vendorname", "vendor" },
	{ "bill", "account accountname categoryaccount expenseaccount", "lines.account" },
	{ "bill", "linedescription itemdescription", "lines.description" },
	{ "bill", "lineamount itemamount", "lines.amount" },
	{ "bill", "linetaxcode itemtaxcode taxcode", "lines.tax_code" },
	{ "bill", "linetaxamount itemtaxamount", "+tax" },
	{ "bill", "itemproductservice productservice", "lines.item" },
	{ "bill", "itemquantity qty", "lines.quantity" },
	{ "bill", "itemrate rate", "lines.unit_price" },
	{ "bill", "class", "lines.class" },
	{ "bill", "customerproject", "lines.customer" },

	{ "journal_entry", "journalno journalnumber journalentryno journalentrynumber entryno", "number" },
	{ "journal_entry", "journaldate journalentrydate entrydate", "date" },
	{ "journal_entry", "accountname account", "lines.account" },
	{ "journal_entry", "debits debitamount", "lines.debit" },
	{ "journal_entry", "credits creditamount", "lines.credit" },
	{ "journal_entry", "linedescription", "lines.description" },
	{ "journal_entry", "location", "lines.department" },
	{ "journal_entry", "class", "lines.class" },
	{ "journal_entry", "isadjustment adjustingentry", "adjustment" },
	{ "journal_entry", "name", "!" },

	{ "payment", "paymentno paymentnumber referenceno referencenumber refno checkno", "reference" },
	{ "payment", "paymentdate", "date" },
	{ "payment", "customername customerfullname", "customer" },
	{ "payment", "amountreceived paymentamount totalamount", "amount" },
	{ "payment", "paymentmethod", "payment_method" },
	{ "payment", "depositto deposittoaccount", "deposit_account" },
	{ "payment", "invoiceno invoicenumber invoice", "lines.invoice" },
	{ "payment", "creditmemono creditmemonumber", "lines.credit_memo" },
	{ "payment", "amountapplied appliedamount invoiceamount lineamount", "lines.amount" },

	{ "customer", "customer customername customerfullname displaynameas", "name" },
	{ "customer", "preferredpaymentmethod", "payment_method" },
	{ "customer", "parentcustomer", "parent" },
	{ "vendor", "vendorname supplier suppliername displaynameas", "name" },
	{ "vendor", "accountno", "account_number" },
	{ PEOPLE, "firstname", "given_name" },
	{ PEOPLE, "lastname", "family_name" },
	{ PEOPLE, "emailaddress mainemail", "email" },
	{ PEOPLE, "mainphone", "phone" },
	{ PEOPLE, "mobilenumber mobilephone", "mobile" },
	{ PEOPLE, "faxnumber", "fax" },
	{ PEOPLE, "web", "website" },
	{ PEOPLE, "streetaddress billingstreet streetaddress1 addressline1 billingaddressline1", "street" },
	{ PEOPLE, "streetaddress2 addressline2 billingstreet2 billingaddressline2", "street2" },
	{ PEOPLE, "billingcity town citytown", "city" },
	{ PEOPLE, "billingstate province stateprovince county", "state" },
	{ PEOPLE, "zipcode postcode billingzip billingpostalcode zippostalcode", "zip" },
	{ PEOPLE, "billingcountry", "country" },
	{ PEOPLE, "note", "notes" },
	{ PEOPLE, "openingbalance openingbalancedate date taxid", "!" },

	{ "item", "productservicename productservice itemname productname", "name" },
	{ "item", "itemtype producttype", "kind" },
	{ "item", "salesdescription", "description" },
	{ "item", "salespricerate salesprice rate", "unit_price" },
	{ "item", "purchasecost purchasepricerate purchaseprice", "cost" },
	{ "item", "inventoryassetaccount", "asset_account" },
	{ "item", "qtyonhand quantityonhandqoh", "quantity_on_hand" },
	{ "item", "quantityasofdate asofdate inventorystartdate", "inventory_start" },
	{ "item", "salestaxcode", "tax_code" },
	{ "item", "reorderpoint", "!" },

	{ SALES " bill journal_entry", "num no docno documentnumber documentno", "number" },
	{ SALES " bill journal_entry payment", "txndate transactiondate", "date" },
	{ SALES " bill journal_entry payment " PEOPLE, "currencycode", "currency" },
};

static bool has_word(const char *words, const char *word)
{
	size_t wanted = strlen(word);

	for (const char *at = words; *at;) {
		size_t len = strcspn(at, " ");

		if (len == wanted && memcmp(at, word, len) == 0)
			return true;
		at += len + (at[len] == ' ' ? 1 : 0);
	}
	return false;
}

const char *column_find(const struct resource_type *type, const char *reduced)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (has_word(rows[i].names, reduced) && has_word(rows[i].types, type->name))
			return rows[i].field;
	return NULL;
}
