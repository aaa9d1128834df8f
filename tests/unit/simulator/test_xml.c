/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The XML form of every envelope, shaped after recorded ones. */
#include "quickbooks/xml.h"

#include <string.h>

#include "books.h"
#include "ledgerdeck/core/memory.h"

#include "test_simulator.h"

#define HEAD "<?xml version=`1.0` encoding=`UTF-8` standalone=`yes`?>" \
	     "<IntuitResponse xmlns=`http://schema.intuit.com/finance/v3`"
#define TIME "`time`:`2026-01-31T12:00:00.000-08:00`"
#define TIMED HEAD " time=`2026-01-31T12:00:00.000-08:00`>"
#define END "</IntuitResponse>"

static const struct {
	const char *json, *xml;
} cases[] = {
	/* an object: the common members first, then those that JSON has before "domain" */
	{ "{`Customer`:{`Taxable`:true,`BillAddr`:{`Id`:`6`,`City`:`Tucson`},"
	  "`CurrencyRef`:{`value`:`USD`,`name`:`United States Dollar`},"
	  "`domain`:`QBO`,`sparse`:false,`Id`:`5`,`MetaData`:{`CreateTime`:`a`},"
	  "`DisplayName`:`Hat & Co <\\`1\\`>`,`DefaultTaxCodeRef`:{`value`:`2`}}," TIME "}",
	  TIMED "<Customer domain=`QBO` sparse=`false`><Id>5</Id>"
	  "<MetaData><CreateTime>a</CreateTime></MetaData>"
	  "<DisplayName>Hat &amp; Co &lt;&quot;1&quot;&gt;</DisplayName>"
	  "<DefaultTaxCodeRef>2</DefaultTaxCodeRef><Taxable>true</Taxable>"
	  "<BillAddr><Id>6</Id><City>Tucson</City></BillAddr>"
	  "<CurrencyRef name=`United States Dollar`>USD</CurrencyRef></Customer>" END },
	{ "{`Invoice`:{`Deposit`:0,`domain`:`QBO`,`sparse`:false,`Id`:`9`,`LinkedTxn`:[],"
	  "`Line`:[{`Id`:`1`,`Amount`:12.50,`LinkedTxn`:[{`TxnId`:`4`},{`TxnId`:`5`}]},"
	  "{`DetailType`:`SubTotalLineDetail`,`SubTotalLineDetail`:{}}],"
	  "`CustomerMemo`:{`value`:`Thanks`},`X`:null}," TIME "}",
	  TIMED "<Invoice domain=`QBO` sparse=`false`><Id>9</Id>"
	  "<Line><Id>1</Id><Amount>12.50</Amount><LinkedTxn><TxnId>4</TxnId></LinkedTxn>"
	  "<LinkedTxn><TxnId>5</TxnId></LinkedTxn></Line>"
	  "<Line><DetailType>SubTotalLineDetail</DetailType><SubTotalLineDetail/></Line>"
	  "<CustomerMemo>Thanks</CustomerMemo><Deposit>0</Deposit></Invoice>" END },
	/* what was deleted */
	{ "{`Invoice`:{`domain`:`QBO`,`status`:`Deleted`,`Id`:`266`}," TIME "}",
	  TIMED "<Invoice domain=`QBO` status=`Deleted`><Id>266</Id></Invoice>" END },
	/* queries */
	{ "{`QueryResponse`:{}," TIME "}", TIMED "<QueryResponse/>" END },
	{ "{`QueryResponse`:{`totalCount`:41}," TIME "}",
	  TIMED "<QueryResponse totalCount=`41`/>" END },
	{ "{`QueryResponse`:{`Customer`:[{`sparse`:true,`Id`:`63`,`DisplayName`:`Emer`}],"
	  "`startPosition`:1,`maxResults`:1}," TIME "}",
	  TIMED "<QueryResponse startPosition=`1` maxResults=`1`><Customer sparse=`true`>"
	  "<Id>63</Id><DisplayName>Emer</DisplayName></Customer></QueryResponse>" END },
	/* changes */
	{ "{`CDCResponse`:[{`QueryResponse`:[{`Bill`:[{`domain`:`QBO`,`sparse`:false,`Id`:`1`},"
	  "{`domain`:`QBO`,`status`:`Deleted`,`Id`:`2`,`MetaData`:{`LastUpdatedTime`:`t`}}],"
	  "`startPosition`:1,`maxResults`:2},{}]}]," TIME "}",
	  TIMED "<CDCResponse><QueryResponse startPosition=`1` maxResults=`2` totalCount=`2`>"
	  "<Bill domain=`QBO` sparse=`false`><Id>1</Id></Bill>"
	  "<Bill domain=`QBO` status=`Deleted`><Id>2</Id>"
	  "<MetaData><LastUpdatedTime>t</LastUpdatedTime></MetaData></Bill></QueryResponse>"
	  "<QueryResponse/></CDCResponse>" END },
	/* batches */
	{ "{`BatchItemResponse`:[{`Vendor`:{`domain`:`QBO`,`Id`:`7`},`bId`:`a\\`1`},"
	  "{`Fault`:{`Error`:[{`Message`:`Object Not Found`,`Detail`:`D <1>`,`code`:`610`,"
	  "`element`:``}],`type`:`ValidationFault`},`bId`:`b`},"
	  "{`QueryResponse`:{},`bId`:`c`}]," TIME "}",
	  TIMED "<BatchItemResponse bId=`a&quot;1`><Vendor domain=`QBO`><Id>7</Id></Vendor>"
	  "</BatchItemResponse><BatchItemResponse bId=`b`><Fault type=`ValidationFault`>"
	  "<Error code=`610` element=``><Message>Object Not Found</Message>"
	  "<Detail>D &lt;1&gt;</Detail></Error></Fault></BatchItemResponse>"
	  "<BatchItemResponse bId=`c`><QueryResponse/></BatchItemResponse>" END },
	{ "{`AttachableResponse`:[{`Attachable`:{`Size`:9,`domain`:`QBO`,`Id`:`5`}}]," TIME "}",
	  TIMED "<AttachableResponse><Attachable domain=`QBO`><Id>5</Id><Size>9</Size>"
	  "</Attachable></AttachableResponse>" END },
	/* a party that names its kind, and an object inside another */
	{ "{`RecurringTransaction`:{`Invoice`:{`domain`:`QBO`,`Id`:`5`,"
	  "`EntityRef`:{`value`:`3`,`name`:`V`,`type`:`Vendor`}}}," TIME "}",
	  TIMED "<RecurringTransaction><Invoice domain=`QBO`><Id>5</Id>"
	  "<EntityRef name=`V` type=`Vendor`>3</EntityRef></Invoice></RecurringTransaction>" END },
	/* a report, which has no time around it */
	{ "{`Header`:{`ReportName`:`TrialBalance`,"
	  "`Option`:[{`Name`:`NoReportData`,`Value`:`false`}]},"
	  "`Columns`:{`Column`:[{`ColTitle`:``,`ColType`:`Account`}]},"
	  "`Rows`:{`Row`:[{`ColData`:[{`value`:`Checking`,`id`:`35`},{`value`:``}]},"
	  "{`Summary`:{`ColData`:[{`value`:`TOTAL`}]},`type`:`Section`,`group`:`GrandTotal`}]}}",
	  HEAD "><Report><Header><ReportName>TrialBalance</ReportName>"
	  "<Option><Name>NoReportData</Name><Value>false</Value></Option></Header>"
	  "<Columns><Column><ColTitle></ColTitle><ColType>Account</ColType></Column></Columns>"
	  "<Rows><Row><ColData value=`Checking` id=`35`/><ColData value=``/></Row>"
	  "<Row type=`Section` group=`GrandTotal`><Summary><ColData value=`TOTAL`/></Summary>"
	  "</Row></Rows></Report>" END },
	/* an answer without a wrapper */
	{ "{`TaxCode`:`Hat tax`,`TaxCodeId`:`9`,"
	  "`TaxRateDetails`:[{`TaxRateId`:`4`},{`TaxRateId`:`5`}]}",
	  HEAD "><TaxCode>Hat tax</TaxCode><TaxCodeId>9</TaxCodeId>"
	  "<TaxRateDetails><TaxRateId>4</TaxRateId></TaxRateDetails>"
	  "<TaxRateDetails><TaxRateId>5</TaxRateId></TaxRateDetails>" END },
	/* what XML cannot say: control characters and names that a client made up */
	{ "{`Preferences`:{`Other Prefs`:{`1<a>`:`x\\u0001y\\ud83c\\udfb7`}}}",
	  HEAD "><Preferences><Other_Prefs><__a_>x\xef\xbf\xbdy\xf0\x9f\x8e\xb7</__a_>"
	  "</Other_Prefs></Preferences>" END },
};

static void test_envelopes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

		AUTO(str_clear) struct str json = STR_INIT(STR_NO_LIMIT);

		books_quote(&json, cases[i].json);
		xml_add_envelope(json.text, json.len, &out);
		assert_text(out.text, cases[i].xml);
	}
}

static void test_text(void **state)
{
	AUTO(str_clear) struct str out = STR_INIT(STR_NO_LIMIT);

	(void)state;
	xml_add_text(&out, "");
	assert_string_equal(out.text, "");
	xml_add_text(&out, "a<b>&\"c\"'d'\n\t\x01\xc3\xa9");
	assert_string_equal(out.text, "a&lt;b&gt;&amp;&quot;c&quot;'d'\n\t\xef\xbf\xbd\xc3\xa9");
}

int test_xml(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_envelopes),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("xml", tests, NULL, NULL);
}
