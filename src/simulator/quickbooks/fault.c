/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The faults, one row a code, and how they are written. Messages and details are the recorded
 * ones where there is a recording, else those of Intuit's list of codes.
 */
#include "quickbooks/fault.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "ledgerdeck/core/memory.h"
#include "quickbooks/xml.h"
#include "quickbooks/zone.h"
#include "request.h"
#include "world.h"

#define NAMESPACE "http://schema.intuit.com/finance/v3"

enum {
	WITH_ELEMENT = 1, /* recorded with "element", even when empty */
	TIMELESS = 2,     /* recorded without "time" */
};

static const char validation[] = "ValidationFault";
static const char authorization[] = "AuthorizationFault";
static const char trouble[] = "SystemFault";
static const char gateway_authentication[] = "AUTHENTICATION";
static const char gateway_service[] = "SERVICE";

struct row {
	int code;
	int status;
	const char *type;
	unsigned flags;
	const char *message; /* of gateway rows: the name inside "message=NAME; errorCode=.." */
	const char *detail;
};

/* Ascending by code. */
static const struct row rows[] = {
	{ 100, 401, gateway_authentication, 0, "AuthenticationErrorGeneral",
	  "SRV-110-Authentication Failure" },
	{ 110, 401, gateway_authentication, 0, "AuthenticationOAuthError",
	  "SRV-110-Authentication Failure, statusCode: 401" },
	{ 120, 401, gateway_authentication, 0, "AuthorizationFailure",
	  "AuthorizationFailure: -11014-You do not have access to use QuickBooks Online Plus." },
	{ 130, 403, authorization, 0, "Accessing Wrong Cluster",
	  "WrongClusterError: -11001, statusCode: 403" },
	{ 140, 403, authorization, 0, "Company Locked Out",
	  "CompanyLockedOut: -11002, statusCode: 403" },
	{ 150, 503, trouble, 0, "Company Under Maintenance",
	  "CompanyUnderMaintenance: -11003, statusCode: 503" },
	{ 500, 400, validation, 0, "Unsupported Operation", "Operation null is not supported." },
	{ 600, 400, validation, 0, "Duplicate Request ID",
	  "Duplicate Request ID : The request ID you're trying to use already exists." },
	{ 610, 400, validation, WITH_ELEMENT, "Object Not Found",
	  "Object Not Found : Something you're trying to use has been made inactive. Check the "
	  "fields with accounts, customers, items, vendors or employees." },
	{ 620, 400, validation, WITH_ELEMENT, "Transaction cannot be linked",
	  "Transaction cannot be linked : The transaction you're trying to use can't be linked." },
	{ 630, 400, validation, WITH_ELEMENT, "Duplicate Object",
	  "Duplicate Object : There's already an object with these properties." },
	{ 700, 400, validation, WITH_ELEMENT, "Parent Reference Invalid",
	  "The parent isn't a valid reference." },
	{ 800, 400, validation, WITH_ELEMENT, "Cannot delete object",
	  "The object can't be deleted due to existing dependencies. Delete those dependencies "
	  "first." },
	{ 900, 400, validation, WITH_ELEMENT, "Parent cannot be child",
	  "The same object can't be the parent or child of itself." },
	{ 1000, 400, validation, 0, "Operation failed", "Operation failed." },
	{ 1010, 400, validation, 0, "Create Failed", "Object creation failed." },
	{ 1020, 400, validation, 0, "Update Failed", "Object update failed." },
	{ 1040, 400, validation, 0, "Batch size exceeds allowed limit",
	  "The batch size for the batch request or BatchItemRequest is too big. The batch limit "
	  "size is 30." },
	{ 1050, 400, validation, 0, "Invalid Content Type", "We only support JSON format." },
	{ 2000, 400, validation, 0, "Invalid or unsupported object name",
	  "The specified object name is unsupported or invalid." },
	{ 2010, 400, validation, 0, "Request has invalid or unsupported property",
	  "Property Name:failed to parse json object; a property specified is unsupported or "
	  "invalid" },
	{ 2020, 400, validation, WITH_ELEMENT,
	  "Required param missing, need to supply the required value for the API",
	  "Required parameter is missing in the request" },
	{ 2030, 400, validation, WITH_ELEMENT | TIMELESS, "Invalid ID",
	  "Id should be a valid number." },
	{ 2040, 400, validation, WITH_ELEMENT,
	  "Invalid String. The String may contain unsupported or illegal chars",
	  "Element contains invalid characters." },
	{ 2050, 400, validation, WITH_ELEMENT,
	  "String length is either shorter or longer than supported by specification",
	  "String length specified does not match the supported length." },
	{ 2060, 400, validation, WITH_ELEMENT, "Invalid Date Format",
	  "The date format isn't valid." },
	{ 2070, 400, validation, WITH_ELEMENT, "Invalid Date",
	  "The date value must be a valid value." },
	{ 2080, 400, validation, WITH_ELEMENT, "Invalid Number Format",
	  "The number format supplied isn't valid." },
	{ 2090, 400, validation, WITH_ELEMENT, "Invalid Number", "Invalid Number." },
	{ 2100, 400, validation, WITH_ELEMENT, "Invalid Decimal Format",
	  "The decimal format isn't valid." },
	{ 2110, 400, validation, WITH_ELEMENT, "Invalid Decimal",
	  "The decimal supplied isn't supported." },
	{ 2120, 400, validation, WITH_ELEMENT, "Invalid Type",
	  "The specified type isn't compatible or supported by the API." },
	{ 2130, 400, validation, 0, "Invalid Request Id Format",
	  "The format of request ID is invalid and not supported by the API." },
	{ 2140, 400, validation, WITH_ELEMENT, "Invalid Amount",
	  "The amount value isn't supported by the API." },
	{ 2150, 400, validation, WITH_ELEMENT, "Invalid Percent",
	  "The percent value isn't supported by the API." },
	{ 2160, 400, validation, WITH_ELEMENT, "Invalid Quantity",
	  "The quantity value isn't supported by the API." },
	{ 2170, 400, validation, WITH_ELEMENT, "Invalid Enumeration", "Invalid Enumeration." },
	{ 2180, 400, validation, WITH_ELEMENT, "Invalid String Range",
	  "The string range isn't valid." },
	{ 2190, 400, validation, WITH_ELEMENT, "Invalid Date Range",
	  "The date range isn't valid." },
	{ 2200, 400, validation, WITH_ELEMENT, "Malformed Website Address Format",
	  "The URL isn't in the correct format." },
	{ 2210, 400, validation, WITH_ELEMENT, "Invalid Email Address format",
	  "Email Address does not conform to the RFC 822 standards." },
	{ 2220, 400, validation, WITH_ELEMENT, "Invalid Currency Type",
	  "The specified currency type isn't valid." },
	{ 2230, 400, validation, WITH_ELEMENT, "Invalid Boolean",
	  "The specified boolean value isn't valid." },
	{ 2240, 400, validation, WITH_ELEMENT, "Invalid Number Range",
	  "The specified number isn't within the valid range." },
	{ 2250, 400, validation, WITH_ELEMENT, "Missing lines",
	  "You must enter at least one split line." },
	{ 2260, 400, validation, WITH_ELEMENT, "MissingPostingType",
	  "A posting type is required. Valid values are Credit or Debit." },
	{ 2270, 400, validation, WITH_ELEMENT, "MissingTaxApplicableOn",
	  "The TaxApplicableOn entity is required. Set it in the request payload." },
	{ 2280, 400, validation, WITH_ELEMENT, "MissingTaxAmount",
	  "A tax amount is required with TaxCodeRef applied." },
	{ 2290, 400, validation, WITH_ELEMENT, "NegativeAmount",
	  "Negative amounts aren't supported on transaction lines." },
	{ 2300, 400, validation, WITH_ELEMENT, "Amount on debits not equal to credits",
	  "Make sure debits and credits balance for each line." },
	{ 2500, 400, validation, WITH_ELEMENT, "Invalid Reference Id",
	  "Invalid Reference Id : Something you're trying to use has been made inactive. Check the "
	  "fields with accounts, customers, items, vendors or employees." },
	{ 2600, 400, validation, WITH_ELEMENT, "Invalid Request Conflict Element in Request",
	  "Conflicting elements found in the request." },
	{ 3000, 400, validation, WITH_ELEMENT, "Invalid Custom Field",
	  "The custom field for the specified object isn't valid." },
	{ 3001, 429, gateway_service, 0, "ThrottleExceeded",
	  "The request limit was reached.  Try again later" },
	{ 3100, 403, gateway_service, 0, "ApplicationAuthorizationFailed", "" },
	{ 3200, 401, gateway_authentication, 0, "AuthenticationFailed", "Token expired" },
	{ 3202, 401, gateway_authentication, 0, "EmptyField", "Empty field: oauth_token" },
	{ 4000, 400, validation, 0, "Error parsing query",
	  "QueryParserError: The query provided was empty" },
	{ 4001, 400, validation, 0, "Invalid query", "QueryValidationError: the query is invalid" },
	{ 4002, 400, validation, 0, "Error processing query",
	  "QueryProcessingError: the query could not be processed due to unexpected errors" },
	{ 5000, 400, validation, WITH_ELEMENT, "Deprecated field",
	  "The request has a deprecated field." },
	{ 5010, 400, validation, WITH_ELEMENT, "Stale Object Error",
	  "Stale Object Error : You and another user were working on this at the same time. "
	  "Another user finished before you did, so your work was not saved." },
	{ 5020, 400, validation, WITH_ELEMENT, "Permission Denied Error",
	  "Permission Denied Error : You do not have the access rights to use this feature." },
	{ 5030, 400, validation, WITH_ELEMENT, "Feature Not Supported Error",
	  "Feature Not Supported Error : The requested feature isn't supported." },
	{ 6000, 400, validation, WITH_ELEMENT,
	  "A business validation error has occurred while processing your request",
	  "Business Validation Error: Unexpected Internal Error. (-30000)" },
	{ 6010, 400, validation, WITH_ELEMENT, "Invalid Account.AccountType && Account.SubType",
	  "Either an Account.AccountType or an Account.AccountSubType must be specified" },
	{ 6020, 400, validation, 0, "Content length missing in request",
	  "We cannot find the content-length header in the request" },
	{ 6030, 400, validation, 0, "Upload request size exceeds allowed limit",
	  "The file upload request should not exceed 100MB in size." },
	{ 6040, 400, validation, 0, "The file metadata must be of Attachable type",
	  "The file metadata submitted must be of Attachable type." },
	{ 6041, 400, validation, 0, "Invalid Uploaded File", "The uploaded file isn't valid." },
	{ 6050, 400, validation, WITH_ELEMENT,
	  "The entity reference type is unsupported for Attachable",
	  "The entity reference type is unsupported for Attachable" },
	{ 6060, 400, validation, WITH_ELEMENT,
	  "Account.OpenBalanceDate must be specified with Account.OpenBalance",
	  "An Account.OpenBalanceDate is required when specifying an Account.OpenBalance" },
	{ 6070, 400, validation, WITH_ELEMENT, "Amount calculation incorrect in the request",
	  "Amount is not equal to UnitPrice * Qty." },
	{ 6080, 400, validation, WITH_ELEMENT, "No Name Provided",
	  "Title, GivenName, MiddleName, FamilyName, DisplayName, Suffix - one of these must be "
	  "non-empty" },
	{ 6090, 400, validation, WITH_ELEMENT, "Discount Line missing required info.",
	  "Discount amount or percent should be provided." },
	{ 6100, 400, validation, WITH_ELEMENT, "Invalid Line TaxCode in the request",
	  "Valid Line TaxCodes for US should be TAX or NON." },
	{ 6110, 400, validation, WITH_ELEMENT, "MAS Transaction cannot be updated",
	  "The requested transaction cannot be updated since it is a MAS transaction." },
	{ 6120, 400, validation, WITH_ELEMENT, "MAS Transaction cannot be deleted",
	  "The requested transaction cannot be deleted since it is a MAS transaction." },
	{ 6130, 400, validation, WITH_ELEMENT, "Cannot change who customer bills with",
	  "You can't change who this customer bills with because there are invoices connected to a "
	  "parent account." },
	{ 6140, 400, validation, WITH_ELEMENT, "Duplicate Document Number Error",
	  "Duplicate Document Number Error : You must specify a different number. This number has "
	  "already been used." },
	{ 6150, 400, validation, WITH_ELEMENT, "ParentRef Required Validation Error",
	  "A ParentRef is required." },
	{ 6160, 400, validation, WITH_ELEMENT, "Invalid TaxCodeRef Error",
	  "The specified CustomSalesTax ID can't be used to create a transaction." },
	{ 6170, 400, validation, WITH_ELEMENT, "Invalid TxnTaxDetail Error",
	  "The TxnTaxDetail attribute isn't allowed when GlobalTaxCalculation is set to "
	  "NotApplicable." },
	{ 6180, 400, validation, WITH_ELEMENT, "Sub Level Limit",
	  "You have exceeded the maximum number of nested levels. You can nest up to 5 levels." },
	{ 6190, 400, validation, WITH_ELEMENT, "Invalid Company Status",
	  "Subscription period has ended or canceled or there was a billing problem : You can't "
	  "add data to "
	  "QuickBooks Online Plus because your trial or subscription period ended,"
	  " you canceled your subscription, or there was a billing problem. To see or change your "
	  "subscription status, click 'Your Account' at the upper-right of the screen, and click "
	  "on Resubscribe link or contact your administrator." },
	{ 6200, 400, validation, WITH_ELEMENT,
	  "Account Period Closed, Cannot Update Through Services API",
	  "The account period has closed and the account books cannot be updated through through "
	  "the QBO Services API. Please use the QBO website to make these changes." },
	{ 6210, 400, validation, WITH_ELEMENT,
	  "Account Period Closed, Cannot Update Through Services API",
	  "The account period has closed and the account books cannot be updated through through "
	  "the QBO Services API. Please use the QBO website to make these changes." },
	{ 6220, 400, validation, WITH_ELEMENT, "Delete List Has Balance Error",
	  "The entity you are trying to delete has an open balance. : This customer cannot be "
	  "deleted because it has a non-zero balance." },
	{ 6230, 400, validation, WITH_ELEMENT, "Invalid TaxCodeRef Error",
	  "You can't update transactions to use the CustomSalesTax ID." },
	{ 6240, 400, validation, 0, "Duplicate Name Exists Error",
	  "The name supplied already exists. : null" },
	{ 6250, 400, validation, WITH_ELEMENT, "Invalid Sales Customer",
	  "The specified customer doesn't exist, or is inactive." },
	{ 6270, 400, validation, WITH_ELEMENT, "Inventory Txn Dated Before Item Start Date",
	  "Transactions with inventory items that have a quantity on hand can't be dated earlier "
	  "than the inventory start date." },
	{ 6280, 400, validation, WITH_ELEMENT, "Delete Customer Has Unbilled Expenses Error",
	  "This customer can't be deleted because they have unbilled charges." },
	{ 6290, 400, validation, WITH_ELEMENT, "Invalid Employee Or Vendor",
	  "You must specify either an employee or a vendor." },
	{ 6300, 400, validation, WITH_ELEMENT, "Invalid Employee Or Vendor Name",
	  "The employee or vendor's name is either missing or invalid." },
	{ 6310, 400, validation, WITH_ELEMENT, "Missing Customer",
	  "A customer is required if the transaction is billable." },
	{ 6320, 400, validation, WITH_ELEMENT, "Invalid Billable", "Invalid billable status." },
	{ 6330, 400, validation, WITH_ELEMENT, "Missing Billing Rate", "Invalid hourly rate." },
	{ 6340, 400, validation, WITH_ELEMENT, "Invalid Time",
	  "You must specify a time (hours:minutes)." },
	{ 6350, 400, validation, WITH_ELEMENT, "Missing Time", "Time (hours:minutes) is missing." },
	{ 6360, 400, validation, WITH_ELEMENT, "Invalid Start Or End Time",
	  "Enter a valid start and end time." },
	{ 6370, 400, validation, WITH_ELEMENT, "Start Time After End Time",
	  "The start time is after end time." },
	{ 6380, 400, validation, WITH_ELEMENT, "Invalid Duration",
	  "The time duration isn't within the valid range." },
	{ 6390, 400, validation, WITH_ELEMENT, "Invalid Multiple Durations",
	  "Specify a total elapsed time (hours:minutes) or the start and end time." },
	{ 6400, 400, validation, WITH_ELEMENT, "Deleting linkedPurchase results in invalid Invoice",
	  "The purchase can't be deleted since it would invalidate a linked invoice." },
	{ 6420, 400, validation, WITH_ELEMENT, "Email address is required",
	  "An email address is required for this customer since the delivery type is email." },
	{ 6430, 400, validation, WITH_ELEMENT, "Invalid account type used",
	  "Invalid account type: You need to select a different type of account for this "
	  "transaction." },
	{ 6440, 400, validation, WITH_ELEMENT, "Transaction Detail Information Required",
	  "You must select a product or service or an account for each split line that has an "
	  "amount or a billable customer." },
	{ 6450, 400, validation, WITH_ELEMENT, "Attempt to Void Transaction failed",
	  "Since the transaction is already settled, you can't void it." },
	{ 6460, 400, validation, WITH_ELEMENT, "Invoice MAS Transaction Deposit Amount mismatch",
	  "The invoice deposit amount and credit card amount don't match." },
	{ 6470, 400, validation, WITH_ELEMENT, "TaxLiabilityAccount or TaxRateError",
	  "You either selected a tax on a transaction that's not allowed,"
	  " or haven't specified a tax rate." },
	{ 6480, 400, validation, WITH_ELEMENT, "Matched Transaction Delete Error",
	  "You can't delete this transaction. It's matched to another transaction." },
	{ 6490, 400, validation, WITH_ELEMENT, "MultipleBudgetSecondaryListTypes",
	  "Only one of customer, class and location can be used in a budget." },
	{ 6500, 400, validation, WITH_ELEMENT, "MissingBudgetDetails",
	  "Budget details are missing." },
	{ 6510, 400, validation, WITH_ELEMENT, "BudgetAccountMismatch",
	  "The account does not fit the type of the budget." },
	{ 6520, 400, validation, WITH_ELEMENT, "Missing Tracked Inventory Item Quantity",
	  "The tracked inventory item must have a quantity." },
	{ 6530, 400, validation, WITH_ELEMENT, "Found raw Credit Card Number in request",
	  "You can't enter raw credit card numbers. Use a token for the credit card number." },
	{ 6540, 400, validation, 0, "Deposited Transaction cannot be changed",
	  "This transaction has been deposited. If you want to change or delete it,"
	  " you must edit the deposit it appears on and remove it first" },
	{ 6560, 400, validation, WITH_ELEMENT, "Customer Missing On Transaction",
	  "You must select a customer for this transaction." },
	{ 10000, 500, trouble, 0, "An application error has occurred while processing your request",
	  "System Failure Error: Unexpected Internal Error" },
	{ 10100, 400, validation, 0, "Result Set Big", "The result for the query is too large." },
	{ 10200, 400, validation, 0, "Company Reset",
	  "Company has been reset. Request for CUD is stale." },
};

static const struct row *row_find(int code)
{
	size_t low = 0, high = ARRAY_LEN(rows);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rows[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ARRAY_LEN(rows) && rows[low].code == code ? &rows[low] : NULL;
}

bool fault_known(int code)
{
	return row_find(code) != NULL;
}

/* A text that was cut to fit must not end inside a character. */
static void cut_to_character(char *text)
{
	size_t len = strlen(text), start = len;

	while (start > 0 && len - start < 4 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0 && ((unsigned char)text[start - 1] & 0x80) &&
	    !str_is_utf8(text + start - 1, len - start + 1))
		text[start - 1] = '\0';
}

static void fault_fill(struct fault *fault, const struct row *row, const char *element)
{
	assert(row); /* codes come from our own sources, or were asked for by fault_known() */
	*fault = (struct fault){
		.code = row->code,
		.status = row->status,
		.type = row->type,
		.message = row->message,
		.has_element = element || (row->flags & WITH_ELEMENT),
		.has_time = !(row->flags & TIMELESS),
	};
	snprintf(fault->element, sizeof(fault->element), "%s", element ? element : "");
	cut_to_character(fault->element);
}

bool fault_set(struct fault *fault, int code, const char *element, const char *format, ...)
{
	va_list arguments;
	char detail[sizeof(fault->detail)];

	/* The arguments may point into the fault that is being replaced. */
	va_start(arguments, format);
	vsnprintf(detail, sizeof(detail), format, arguments);
	va_end(arguments);
	cut_to_character(detail);
	fault_fill(fault, row_find(code), element);
	memcpy(fault->detail, detail, strlen(detail) + 1);
	return false;
}

bool fault_plain(struct fault *fault, int code)
{
	const struct row *row = row_find(code);

	fault_fill(fault, row, NULL);
	snprintf(fault->detail, sizeof(fault->detail), "%s", row->detail);
	return false;
}

static bool is_gateway(const struct fault *fault)
{
	return fault->type == gateway_authentication || fault->type == gateway_service;
}

/* The short text: the gateway puts name, code and status into one. */
static void message_add(const struct fault *fault, struct str *out)
{
	if (is_gateway(fault))
		str_addf(out, "message=%s; errorCode=%06d; statusCode=%d", fault->message,
			 fault->code, fault->status);
	else
		str_add(out, fault->message);
}

static void member_add(struct str *out, const char *name, const char *text)
{
	str_addf(out, ",\"%s\":", name);
	str_add_json(out, text, strlen(text));
}

void fault_add_json(const struct fault *fault, struct str *out)
{
	AUTO(str_clear) struct str message = STR_INIT(256);

	message_add(fault, &message);
	str_add(out, "{\"Error\":[{\"Message\":");
	str_add_json(out, message.text, message.len);
	member_add(out, "Detail", fault->detail);
	str_addf(out, ",\"code\":\"%d\"", fault->code);
	if (fault->has_element)
		member_add(out, "element", fault->element);
	str_add(out, "}]");
	member_add(out, "type", fault->type);
	str_add_char(out, '}');
}

/* `line` is what goes before each element: nothing, or a line break, and blanks by depth. */
static void fault_add_xml_lines(const struct fault *fault, bool lines, struct str *out)
{
	AUTO(str_clear) struct str message = STR_INIT(256);

	message_add(fault, &message);
	str_addf(out, "<Fault type=\"%s\">%s<Error code=\"%d\"", fault->type,
		 lines ? "\n        " : "", fault->code);
	if (fault->has_element) {
		str_add(out, " element=\"");
		xml_add_text(out, fault->element);
		str_add_char(out, '"');
	}
	str_addf(out, ">%s<Message>", lines ? "\n            " : "");
	xml_add_text(out, message.text);
	str_addf(out, "</Message>%s<Detail>", lines ? "\n            " : "");
	xml_add_text(out, fault->detail);
	str_addf(out, "</Detail>%s</Error>%s</Fault>", lines ? "\n        " : "",
		 lines ? "\n    " : "");
}

void fault_add_xml(const struct fault *fault, struct str *out)
{
	fault_add_xml_lines(fault, false, out);
}

static void gateway_add_json(const struct fault *fault, int64_t now_ms, struct str *out)
{
	AUTO(str_clear) struct str message = STR_INIT(256);

	message_add(fault, &message);
	str_add(out,
		"{\"warnings\":null,\"intuitObject\":null,\"fault\":{\"error\":[{\"message\":");
	str_add_json(out, message.text, message.len);
	member_add(out, "detail", fault->detail);
	str_addf(out, ",\"code\":\"%d\",\"element\":null}]", fault->code);
	member_add(out, "type", fault->type);
	str_addf(out,
		 "},\"report\":null,\"queryResponse\":null,\"batchItemResponse\":[],"
		 "\"attachableResponse\":[],\"syncErrorResponse\":null,\"requestId\":null,"
		 "\"time\":%lld,\"status\":null,\"cdcresponse\":[]}",
		 (long long)now_ms);
}

static void gateway_add_xml(const struct fault *fault, int64_t now_ms, struct str *out)
{
	str_add(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<IntuitResponse "
		"time=\"");
	zone_add_stamp(out, now_ms, true);
	str_add(out, "\" xmlns=\"" NAMESPACE "\">\n    ");
	fault_add_xml_lines(fault, true, out);
	str_add(out, "\n</IntuitResponse>\n");
}

static void gateway_answer(struct simulator *simulator, const struct fault *fault, int64_t now_ms,
			   struct simulator_answer *answer)
{
	struct fault sent = *fault;
	bool json = fault->type == gateway_authentication;

	if (fault->code == 3001) {
		sent.status = switches_is(&simulator->switches, SWITCH_THROTTLE_STATUS, "403")
				      ? 403
				      : 429;
		json = switches_is(&simulator->switches, SWITCH_THROTTLE_FORM, "json");
	}
	answer_set(answer, sent.status, json ? "application/json" : "application/xml");
	if (json)
		gateway_add_json(&sent, now_ms, &answer->body);
	else
		gateway_add_xml(&sent, now_ms, &answer->body);
	if (sent.status == 401)
		answer_header(answer, "WWW-Authenticate",
			      "Bearer realm=\"Intuit\", error=\"invalid_token\"");
}

void fault_answer(struct simulator *simulator, const struct request *request,
		  const struct fault *fault, struct simulator_answer *answer)
{
	int64_t now_ms = world_now_ms(simulator);
	struct str *out = &answer->body;

	str_reset(out);
	answer->chunked = false;
	if (is_gateway(fault)) {
		gateway_answer(simulator, fault, now_ms, answer);
	} else if (request && request->wants_xml) {
		answer_set(answer, fault->status, "application/xml");
		str_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
			     "<IntuitResponse xmlns=\"" NAMESPACE "\" time=\"");
		zone_add_stamp(out, now_ms, true);
		str_add(out, "\">");
		fault_add_xml(fault, out);
		str_add(out, "</IntuitResponse>");
	} else {
		answer_set(answer, fault->status, "application/json");
		str_add(out, "{\"Fault\":");
		fault_add_json(fault, out);
		if (fault->has_time) {
			str_add(out, ",\"time\":\"");
			zone_add_stamp(out, now_ms, true);
			str_add_char(out, '"');
		}
		str_add_char(out, '}');
	}
}
