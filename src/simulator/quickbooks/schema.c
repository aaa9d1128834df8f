/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entities of the simulated QuickBooks as rows: what they are called, what can be done with
 * them, and their members in the order in which recordings show them. "@" stands for the members
 * that every entity has: domain, sparse, Id, SyncToken, MetaData.
 *
 * A member is NAME=KIND with marks behind it. Kinds: tN text of at most N characters, bool, num,
 * money, int, date, time, any, ref(A|B) to a record of one of these entities, enum(A|B), Shape
 * one object, [Shape] a list. Marks: ! required, - read-only, ? may be queried, ~ taken and
 * dropped, : a reference that carries the type of its target,
 * . one that is written without the target's name.
 */
#include "quickbooks/schema.h"

#include "ledgerdeck/core/memory.h"

#define SALES_LINES "Line=[Line]! TxnTaxDetail=TxnTaxDetail "
/* Known to the service on every transaction, kept by none of the recordings. */
#define TXN_HIDDEN "RecurDataRef=any~ TxnSource=t100~ TxnApprovalInfo=any~ AttachableRef=any~ Tag=any~ " \
		   "status=t30~ TaxFormType=t30~ TaxFormNum=t30~ NameAndId=t100~ "
#define SALES_HIDDEN "AutoDocNumber=bool~ InvoiceEx=any~ EInvoiceStatus=t30~ ECloudStatusTimeStamp=any~ " \
		     "invoiceStatus=t30~ callToAction=t30~ invoiceStatusLog=any~ LessCIS=any~ " \
		     "PaymentDetailsMessage=t4000~ ConvenienceFeeDetail=any~ RemitToRef=any~ SalesRepRef=any~ " \
		     "DiscountRate=num~ DiscountAmt=money~ TotalCostAmount=money~ HomeTaxAmt=money~ PONumber=t50~ "

const struct shape_row schema_shapes[] = {
	{ "Address", "Id=t30- Line1=t500 Line2=t500 Line3=t500 Line4=t500 Line5=t500 City=t255 "
		     "Country=t255 CountryCode=t30 CountySubDivisionCode=t255~ CountrySubDivisionCode=t255 "
		     "PostalCode=t30 PostalCodeSuffix=t10 Note=t1000 Tag=t255 Lat=t30 Long=t30 Default=bool~" },
	{ "EmailAddress", "Address=t100 Default=bool~ Tag=t30~ Id=t30~" },
	{ "TelephoneNumber", "FreeFormNumber=t30 DeviceType=t30~ CountryCode=t10~ AreaCode=t10~ "
			     "ExchangeCode=t10~ Extension=t10~ Default=bool~ Tag=t30~ Id=t30~" },
	{ "WebSiteAddress", "URI=t1000 Default=bool~ Tag=t30~ Id=t30~" },
	{ "MemoRef", "value=t1000" },
	{ "CustomField", "DefinitionId=t30 Name=t100 Type=enum(StringType|BooleanType|NumberType|DateType) "
			 "StringValue=t1000 BooleanValue=bool DateValue=date NumberValue=num" },
	{ "LinkedTxn", "TxnId=t30! TxnType=t60! TxnLineId=t30" },
	{ "NameValue", "Name=t100 Value=t4000" },
	{ "ModificationMetaData", "CreateTime=time- LastUpdatedTime=time- CreatedByRef=any~ "
				  "LastModifiedByRef=any~ LastChangedInQB=any~ Synchronized=any~" },
	{ "DeliveryInfo", "DeliveryType=enum(Email|Tradeshift) DeliveryTime=time DeliveryErrorType=t60" },
	{ "MarkupInfo", "PercentBased=bool Value=num Percent=num PriceLevelRef=any "
			"MarkUpIncomeAccountRef=ref(Account)" },
	{ "Line", "Id=t30 LineNum=int Description=t4000 Amount=money Received=num~ LinkedTxn=[LinkedTxn] "
		  "DetailType=enum(PaymentLineDetail|DiscountLineDetail|TaxLineDetail|SalesItemLineDetail|"
		  "ItemBasedExpenseLineDetail|AccountBasedExpenseLineDetail|DepositLineDetail|"
		  "PurchaseOrderItemLineDetail|ItemReceiptLineDetail|JournalEntryLineDetail|GroupLineDetail|"
		  "DescriptionOnly|SubTotalLineDetail|SalesOrderItemLineDetail|TDSLineDetail|"
		  "ReimburseLineDetail|ItemAdjustmentLineDetail) "
		  "SalesItemLineDetail=SalesItemLineDetail DiscountLineDetail=DiscountLineDetail "
		  "TaxLineDetail=TaxLineDetail ItemBasedExpenseLineDetail=ItemBasedExpenseLineDetail "
		  "AccountBasedExpenseLineDetail=AccountBasedExpenseLineDetail "
		  "DepositLineDetail=DepositLineDetail JournalEntryLineDetail=JournalEntryLineDetail "
		  "GroupLineDetail=GroupLineDetail DescriptionLineDetail=DescriptionLineDetail "
		  "SubTotalLineDetail=SubTotalLineDetail ReimburseLineDetail=SalesItemLineDetail "
		  "ItemAdjustmentLineDetail=ItemAdjustmentLineDetail PaymentLineDetail=any~ "
		  "ItemReceiptLineDetail=any~ PurchaseOrderItemLineDetail=any~ SalesOrderItemLineDetail=any~ "
		  "TDSLineDetail=any~ CustomField=[CustomField] LineEx=any~ DetailTypeEx=any~ "
		  "ProjectRef=ref(Customer)" },
	{ "SalesItemLineDetail", "ServiceDate=date TaxInclusiveAmt=money DiscountRate=num DiscountAmt=money "
				 "ItemRef=ref(Item) ClassRef=ref(Class) UnitPrice=num RatePercent=num "
				 "PriceLevelRef=any MarkupInfo=MarkupInfo Qty=num UOMRef=any "
				 "ItemAccountRef=ref(Account) InventorySiteRef=any TaxCodeRef=ref(TaxCode). "
				 "TaxClassificationRef=any DeferredRevenue=bool~ CustomerRef=ref(Customer)~" },
	{ "ItemBasedExpenseLineDetail", "TaxInclusiveAmt=money CustomerRef=ref(Customer) "
					"BillableStatus=enum(Billable|NotBillable|HasBeenBilled) "
					"ItemRef=ref(Item) ClassRef=ref(Class) UnitPrice=num RatePercent=num "
					"PriceLevelRef=any MarkupInfo=MarkupInfo Qty=num UOMRef=any "
					"ItemAccountRef=ref(Account) TaxCodeRef=ref(TaxCode)." },
	{ "AccountBasedExpenseLineDetail", "CustomerRef=ref(Customer) ClassRef=ref(Class) "
					   "DepartmentRef=ref(Department)~ AccountRef=ref(Account)! "
					   "BillableStatus=enum(Billable|NotBillable|HasBeenBilled) "
					   "MarkupInfo=MarkupInfo TaxAmount=money TaxCodeRef=ref(TaxCode). "
					   "TaxInclusiveAmt=money" },
	{ "DepositLineDetail", "Entity=ref(Customer|Vendor|Employee): ClassRef=ref(Class) "
			       "AccountRef=ref(Account) PaymentMethodRef=ref(PaymentMethod) CheckNum=t21 "
			       "TxnType=t60 TaxCodeRef=ref(TaxCode). TaxApplicableOn=enum(Sales|Purchase)" },
	{ "JournalEntity", "Type=enum(Customer|Vendor|Employee) EntityRef=ref(Customer|Vendor|Employee)" },
	{ "JournalEntryLineDetail", "PostingType=enum(Debit|Credit)! Entity=JournalEntity "
				    "AccountRef=ref(Account)! ClassRef=ref(Class) "
				    "DepartmentRef=ref(Department) TaxCodeRef=ref(TaxCode). "
				    "TaxApplicableOn=enum(Sales|Purchase) TaxAmount=money "
				    "BillableStatus=enum(Billable|NotBillable|HasBeenBilled) "
				    "JournalCodeRef=ref(JournalCode)" },
	{ "GroupLineDetail", "GroupItemRef=ref(Item) Quantity=num ServiceDate=date TaxCodeRef=ref(TaxCode). "
			     "Line=[Line] UOMRef=any" },
	{ "DescriptionLineDetail", "ServiceDate=date TaxCodeRef=ref(TaxCode)." },
	{ "SubTotalLineDetail", "ItemRef=ref(Item)" },
	{ "DiscountLineDetail", "PercentBased=bool DiscountPercent=num DiscountAccountRef=ref(Account) "
				"DiscountRef=any ServiceDate=date ClassRef=ref(Class) TaxCodeRef=ref(TaxCode)." },
	{ "TaxLineDetail", "TaxRateRef=ref(TaxRate). PercentBased=bool TaxPercent=num NetAmountTaxable=money "
			   "TaxInclusiveAmount=money OverrideDeltaAmount=money ServiceDate=date" },
	{ "ItemAdjustmentLineDetail", "ItemRef=ref(Item)! ClassRef=ref(Class) QtyDiff=num! SalesPrice=num" },
	{ "TxnTaxDetail", "DefaultTaxCodeRef=ref(TaxCode). TxnTaxCodeRef=ref(TaxCode). TotalTax=money "
			  "UseAutomatedSalesTax=bool TaxLine=[Line]" },
	{ "CashBackInfo", "AccountRef=ref(Account) Amount=money Memo=t4000" },
	{ "BillPaymentCheck", "PrintStatus=enum(NotSet|NeedToPrint|PrintComplete) BankAccountRef=ref(Account) "
			      "CheckDetail=any~ PayeeAddr=Address" },
	{ "BillPaymentCreditCard", "CCAccountRef=ref(Account) CCDetail=any~" },
	{ "AttachableRef", "EntityRef=any LineInfo=t30 IncludeOnSend=bool Inactive=bool~ NoRefOnly=bool~ "
			   "CustomField=[CustomField]" },
	{ "BudgetDetail", "BudgetDate=date Amount=money AccountRef=ref(Account) CustomerRef=ref(Customer) "
			  "ClassRef=ref(Class) DepartmentRef=ref(Department)" },
	{ "TaxRateDetail", "TaxRateRef=ref(TaxRate) "
			   "TaxTypeApplicable=enum(TaxOnAmount|TaxOnTax|TaxOnAmountPlusTax) TaxOrder=int "
			   "TaxOnTaxOrder=int" },
	{ "TaxRateList", "TaxRateDetail=[TaxRateDetail]" },
	{ "EffectiveTaxRate", "RateValue=num EffectiveDate=time EndDate=time" },
	{ "ItemGroupDetail", "ItemGroupLine=[ItemGroupLine]" },
	{ "ItemGroupLine", "ItemRef=ref(Item):! Qty=num" },
	{ "CreditCardPaymentInfo", "CreditChargeInfo=any CreditChargeResponse=any" },
	{ "ContactInfo", "Type=t30 Telephone=TelephoneNumber" },
	{ "RecurringInfo", "Name=t100 RecurType=enum(Automated|Reminder|UnScheduled) Active=bool "
			   "ScheduleInfo=any" },
};
const size_t schema_shape_count = ARRAY_LEN(schema_shapes);

const struct entity_row schema_entities[] = {
	{ "Account", NULL, "list", "QCUc", "Name", "Accounts",
	  "Name=t100!? SubAccount=bool-? ParentRef=ref(Account). Description=t4000? FullyQualifiedName=t4000-? "
	  "Active=bool? Classification=enum(Asset|Equity|Expense|Liability|Revenue)-? "
	  "AccountType=enum(Bank|Accounts Receivable|Other Current Asset|Fixed Asset|Other Asset|"
	  "Accounts Payable|Credit Card|Other Current Liability|Long Term Liability|Equity|Income|"
	  "Other Income|Cost of Goods Sold|Expense|Other Expense|Non-Posting)? AccountSubType=t100? "
	  "AcctNum=t20? AcctNumExtn=t30~ BankNum=t50~ OpeningBalance=money~ OpeningBalanceDate=date~ "
	  "CurrentBalance=money-? CurrentBalanceWithSubAccounts=money- CurrencyRef=ref(CompanyCurrency) "
	  "TaxAccount=bool~ TaxCodeRef=ref(TaxCode). OnlineBankingEnabled=bool~ FIName=t100~ "
	  "JournalCodeRef=ref(JournalCode) TxnLocationType=t60 AccountAlias=t100 @ status=t30~ "
	  "AccountEx=any~ AttachableRef=any~ CustomField=[CustomField]~" },
	{ "Attachable", NULL, "special", "QCUD?", "FileName", NULL,
	  "FileName=t1000? FileAccessUri=t1000- TempDownloadUri=t4000- Size=int- ContentType=t100 "
	  "Category=enum(Contact Photo|Document|Image|Receipt|Signature|Sound|Other) Lat=t30 Long=t30 "
	  "PlaceName=t2000 Note=t2000? Tag=t2000 ThumbnailFileAccessUri=t1000- "
	  "ThumbnailTempDownloadUri=t4000- @ AttachableRef=[AttachableRef] CustomField=[CustomField]~ "
	  "AttachableEx=any~ status=t30~" },
	{ "Bill", NULL, "txn", "QCUDc", "DocNumber", NULL,
	  "SalesTermRef=ref(Term).? DueDate=date? RemitToAddr=Address ShipAddr=Address VendorAddr=Address~ "
	  "Balance=money-? HomeBalance=money- LessCIS=any~ @ CustomField=[CustomField]~ DocNumber=t21? "
	  "TxnDate=date? DepartmentRef=ref(Department) CurrencyRef=ref(CompanyCurrency) ExchangeRate=num "
	  "PrivateNote=t4000 LinkedTxn=[LinkedTxn] Line=[Line]! TxnTaxDetail=TxnTaxDetail "
	  "VendorRef=ref(Vendor)!? APAccountRef=ref(Account)? TotalAmt=money-? HomeTotalAmt=money~ "
	  "GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) TransactionLocationType=t60 "
	  "Memo=t4000~ IncludeInAnnualTPAR=bool BillEx=any~ PayerRef=any~ BillEmail=any~ ReplyEmail=any~ "
	  TXN_HIDDEN },
	{ "BillPayment", NULL, "txn", "QCUDVcP", "DocNumber", NULL,
	  "VendorRef=ref(Vendor)!? PayType=enum(Check|CreditCard)! CheckPayment=BillPaymentCheck "
	  "CreditCardPayment=BillPaymentCreditCard APAccountRef=ref(Account) TotalAmt=money!? "
	  "ProcessBillPayment=bool @ DocNumber=t21? TxnDate=date? DepartmentRef=ref(Department) "
	  "CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 Line=[Line]! "
	  "TransactionLocationType=t60 BillPaymentEx=any~ CustomField=[CustomField]~ LinkedTxn=any~ "
	  TXN_HIDDEN },
	{ "Budget", NULL, "list", "Q?", "Name", NULL,
	  "Name=t100? StartDate=date EndDate=date BudgetType=t30 BudgetEntryType=t30 Active=bool? "
	  "BudgetDetail=[BudgetDetail] @" },
	{ "Class", NULL, "list", "QCUc", "Name", "Klasses",
	  "Name=t100!? SubClass=bool- ParentRef=ref(Class). FullyQualifiedName=t4000-? Active=bool? @ "
	  "ClassEx=any~ status=t30~ AttachableRef=any~ CustomField=[CustomField]~" },
	{ "CompanyCurrency", NULL, "list", "QCUc", "Name", "CompanyCurrencies",
	  "Name=t100? Code=t3!? Active=bool? @ CustomField=[CustomField]~" },
	{ "CompanyInfo", NULL, "special", "QU?", "CompanyName", NULL,
	  "CompanyName=t1024? LegalName=t1024 CompanyAddr=Address CustomerCommunicationAddr=Address "
	  "LegalAddr=Address CustomerCommunicationEmailAddr=EmailAddress PrimaryPhone=TelephoneNumber "
	  "CompanyStartDate=date- EmployerId=t30 FiscalYearStartMonth=enum(January|February|March|April|"
	  "May|June|July|August|September|October|November|December) Country=t30- Email=EmailAddress "
	  "WebAddr=WebSiteAddress SupportedLanguages=t100 DefaultTimeZone=t60 NameValue=[NameValue] @ "
	  "status=t30~ CompanyInfoEx=any~ CustomField=[CustomField]~ AttachableRef=any~" },
	{ "CreditCardPayment", "CreditCardPaymentTxn", "txn", "QCUD?", NULL, NULL,
	  "CreditCardAccountRef=ref(Account)!? BankAccountRef=ref(Account)!? Amount=money!? "
	  "VendorRef=ref(Vendor) CheckNum=t21 PrintStatus=enum(NotSet|NeedToPrint|PrintComplete) Memo=t4000 @ "
	  "TxnDate=date? CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 " TXN_HIDDEN },
	{ "CreditMemo", NULL, "txn", "QCUDVc", "DocNumber", NULL,
	  "RemainingCredit=money- InvoiceRef=any~ @ CustomField=[CustomField] DocNumber=t21? TxnDate=date? "
	  "DepartmentRef=ref(Department) CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 "
	  "LinkedTxn=[LinkedTxn]- " SALES_LINES
	  "CustomerRef=ref(Customer)!? CustomerMemo=MemoRef BillAddr=Address ShipAddr=Address "
	  "FreeFormAddress=bool ShipFromAddr=Address ClassRef=ref(Class) SalesTermRef=ref(Term). ProjectRef=ref(Customer) "
	  "GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) TotalAmt=money-? HomeTotalAmt=money- "
	  "ApplyTaxAfterDiscount=bool PrintStatus=enum(NotSet|NeedToPrint|PrintComplete) "
	  "EmailStatus=enum(NotSet|NeedToSend|EmailSent) BillEmail=EmailAddress BillEmailCc=EmailAddress "
	  "BillEmailBcc=EmailAddress Balance=money-? HomeBalance=money- PaymentMethodRef=ref(PaymentMethod) "
	  "DeliveryInfo=DeliveryInfo- TransactionLocationType=t60 CreditMemoEx=any~ DueDate=date~ ShipDate=date~ "
	  "ShipMethodRef=any~ TrackingNum=t30~ FOB=t30~ DepositToAccountRef=ref(Account)~ PaymentRefNum=t21~ "
	  "PaymentType=any~ CheckPayment=any~ CreditCardPayment=any~ " SALES_HIDDEN TXN_HIDDEN },
	{ "Customer", NULL, "list", "QCUc", "DisplayName", "Names",
	  "Taxable=bool BillAddr=Address ShipAddr=Address OtherAddr=Address~ ContactName=t100~ AltContactName=t100~ "
	  "Notes=t4000 Job=bool? BillWithParent=bool RootCustomerRef=ref(Customer).- ParentRef=ref(Customer).? Level=int- "
	  "CustomerTypeRef=ref(CustomerType). SalesTermRef=ref(Term). SalesRepRef=any~ TaxExemptionReasonId=t30 "
	  "PaymentMethodRef=ref(PaymentMethod) CCDetail=any~ PriceLevelRef=any~ Balance=money-? OpenBalanceDate=date "
	  "BalanceWithJobs=money- CreditLimit=money~ AcctNum=t100~ CurrencyRef=ref(CompanyCurrency) OverDueBalance=money~ "
	  "TotalRevenue=money~ TotalExpense=money~ PreferredDeliveryMethod=enum(Print|Email|None) ResaleNum=t16 "
	  "JobInfo=any~ TDSEnabled=bool~ ARAccountRef=ref(Account) PrimaryTaxIdentifier=t30 SecondaryTaxIdentifier=t30~ "
	  "GSTIN=t15 BusinessNumber=t10 GSTRegistrationType=t30 IsProject=bool- ClientEntityId=t30- @ "
	  "CustomField=[CustomField]~ IntuitId=t60~ Organization=bool~ Title=t16 GivenName=t100? MiddleName=t100? "
	  "FamilyName=t100? Suffix=t16 FullyQualifiedName=t4000-? CompanyName=t500? DisplayName=t500? "
	  "PrintOnCheckName=t110? UserId=t60~ Active=bool? V4IDPseudonym=t60~ PrimaryPhone=TelephoneNumber "
	  "AlternatePhone=TelephoneNumber Mobile=TelephoneNumber Fax=TelephoneNumber PrimaryEmailAddr=EmailAddress? "
	  "WebAddr=WebSiteAddress OtherContactInfo=[ContactInfo]~ DefaultTaxCodeRef=ref(TaxCode). CustomerEx=any~ "
	  "AttachableRef=any~ status=t30~ FreeFormNumber=t30~" },
	{ "CustomerType", NULL, "list", "Q?", "Name", NULL, "Name=t100? Active=bool? @" },
	{ "Department", NULL, "list", "QCUc", "Name", "Depts",
	  "Name=t100!? SubDepartment=bool- ParentRef=ref(Department). FullyQualifiedName=t4000-? Active=bool? "
	  "Address=Address @ DepartmentEx=any~ status=t30~ CustomField=[CustomField]~ AttachableRef=any~" },
	{ "Deposit", NULL, "txn", "QCUDcP", NULL, NULL,
	  "DepositToAccountRef=ref(Account)!? CashBack=CashBackInfo TotalAmt=money-? HomeTotalAmt=money- "
	  "GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) ClassRef=ref(Class)~ @ DocNumber=t21~ "
	  "TxnDate=date? DepartmentRef=ref(Department) CurrencyRef=ref(CompanyCurrency) ExchangeRate=num "
	  "PrivateNote=t4000 LinkedTxn=any~ Line=[Line]! TxnTaxDetail=TxnTaxDetail TransactionLocationType=t60 "
	  "DepositEx=any~ CustomField=[CustomField]~ " TXN_HIDDEN },
	{ "Employee", NULL, "list", "QCUc", "DisplayName", "Names",
	  "EmployeeNumber=t100 SSN=t100 PrimaryAddr=Address BillableTime=bool BillRate=num BirthDate=date "
	  "Gender=enum(Male|Female) HiredDate=date ReleasedDate=date CostRate=num UseTimeEntry=t30~ Organization=bool~ @ "
	  "Title=t16 GivenName=t100? MiddleName=t100? FamilyName=t100? Suffix=t16 FullyQualifiedName=t4000~ "
	  "CompanyName=t100~ DisplayName=t500? PrintOnCheckName=t110? Active=bool? V4IDPseudonym=t60 "
	  "PrimaryPhone=TelephoneNumber Mobile=TelephoneNumber AlternatePhone=TelephoneNumber~ Fax=TelephoneNumber~ "
	  "PrimaryEmailAddr=EmailAddress WebAddr=WebSiteAddress~ EmployeeEx=any~ status=t30~ CustomField=[CustomField]~ "
	  "AttachableRef=any~ OtherContactInfo=any~ DefaultTaxCodeRef=any~ UserId=t60~ IntuitId=t60~" },
	{ "Estimate", NULL, "txn", "QCUDc", "DocNumber", NULL,
	  "ExpirationDate=date AcceptedBy=t100 AcceptedDate=date DueDate=date? @ CustomField=[CustomField] "
	  "DocNumber=t21? TxnDate=date? DepartmentRef=ref(Department) CurrencyRef=ref(CompanyCurrency) ExchangeRate=num "
	  "PrivateNote=t4000 TxnStatus=enum(Accepted|Closed|Pending|Rejected) LinkedTxn=[LinkedTxn]- " SALES_LINES
	  "CustomerRef=ref(Customer)!? CustomerMemo=MemoRef BillAddr=Address ShipAddr=Address FreeFormAddress=bool "
	  "ShipFromAddr=Address ClassRef=ref(Class) SalesTermRef=ref(Term). ShipMethodRef=any ShipDate=date ProjectRef=ref(Customer) "
	  "GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) TotalAmt=money-? HomeTotalAmt=money- "
	  "ApplyTaxAfterDiscount=bool PrintStatus=enum(NotSet|NeedToPrint|PrintComplete) "
	  "EmailStatus=enum(NotSet|NeedToSend|EmailSent) BillEmail=EmailAddress BillEmailCc=EmailAddress "
	  "BillEmailBcc=EmailAddress DeliveryInfo=DeliveryInfo- TransactionLocationType=t60 EstimateEx=any~ "
	  "TrackingNum=t30~ FOB=t30~ Balance=money~ " SALES_HIDDEN TXN_HIDDEN },
	{ "ExchangeRate", NULL, "special", "QU", NULL, NULL,
	  "SourceCurrencyCode=t3!? TargetCurrencyCode=t3? Rate=num!? AsOfDate=date? MetaData=ModificationMetaData-? "
	  "domain=t10~ sparse=bool~ Id=t30~ SyncToken=t30~ CustomField=[CustomField]~" },
	{ "InventoryAdjustment", NULL, "txn", "QCUD?", "DocNumber", NULL,
	  "AdjustAccountRef=ref(Account)!? @ DocNumber=t21? TxnDate=date? DepartmentRef=ref(Department) "
	  "PrivateNote=t4000 CustomerRef=ref(Customer) Line=[Line]! CurrencyRef=any~ " TXN_HIDDEN },
	{ "Invoice", NULL, "txn", "QCUDVc", "DocNumber", NULL,
	  "Deposit=money AllowIPNPayment=bool AllowOnlinePayment=bool AllowOnlineCreditCardPayment=bool "
	  "AllowOnlineACHPayment=bool @ CustomField=[CustomField] DocNumber=t21? TxnDate=date? "
	  "DepartmentRef=ref(Department) CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 "
	  "LinkedTxn=[LinkedTxn] " SALES_LINES
	  "CustomerRef=ref(Customer)!? CustomerMemo=MemoRef BillAddr=Address ShipAddr=Address FreeFormAddress=bool "
	  "ShipFromAddr=Address ClassRef=ref(Class) SalesTermRef=ref(Term). DueDate=date? ShipMethodRef=any ShipDate=date "
	  "TrackingNum=t30 ProjectRef=ref(Customer) GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) "
	  "TotalAmt=money-? HomeTotalAmt=money- ApplyTaxAfterDiscount=bool "
	  "PrintStatus=enum(NotSet|NeedToPrint|PrintComplete) EmailStatus=enum(NotSet|NeedToSend|EmailSent) "
	  "BillEmail=EmailAddress BillEmailCc=EmailAddress BillEmailBcc=EmailAddress Balance=money-? HomeBalance=money- "
	  "DepositToAccountRef=ref(Account) DeliveryInfo=DeliveryInfo- TransactionLocationType=t60 InvoiceLink=t2000- "
	  "PaymentMethodRef=ref(PaymentMethod)~ PaymentRefNum=t21~ FOB=t30~ TxnStatus=t30~ RecurringInfo=any~ "
	  SALES_HIDDEN TXN_HIDDEN },
	{ "Item", NULL, "list", "QCUc", "Name", "Items",
	  "Name=t100!? Sku=t100? Description=t4000 Active=bool? SubItem=bool- ParentRef=ref(Item). Level=int- "
	  "FullyQualifiedName=t4000-? Taxable=bool SalesTaxIncluded=bool PercentBased=bool~ UnitPrice=num? RatePercent=num~ "
	  "Type=enum(Assembly|Category|Fixed Asset|Group|Inventory|NonInventory|Other Charge|Payment|Service|Subtotal|"
	  "Discount|Tax|Tax Group|Bundle)? PaymentMethodRef=any~ UOMSetRef=any~ IncomeAccountRef=ref(Account) "
	  "PurchaseDesc=t4000 PurchaseTaxIncluded=bool PurchaseCost=num ExpenseAccountRef=ref(Account) "
	  "COGSAccountRef=ref(Account)~ AssetAccountRef=ref(Account) PrefVendorRef=ref(Vendor) AvgCost=num~ "
	  "TrackQtyOnHand=bool QtyOnHand=num QtyOnPurchaseOrder=num~ QtyOnSalesOrder=num~ ReorderPoint=num "
	  "ManPartNum=t100~ DepositToAccountRef=any~ SalesTaxCodeRef=ref(TaxCode) PurchaseTaxCodeRef=ref(TaxCode) "
	  "InvStartDate=date BuildPoint=num~ PrintGroupedItems=bool SpecialItem=bool~ SpecialItemType=t30~ "
	  "ItemGroupDetail=ItemGroupDetail ItemAssemblyDetail=any~ AbatementRate=num~ ReverseChargeRate=num~ "
	  "ServiceType=t30~ ItemCategoryType=t30 TaxClassificationRef=any ClassRef=ref(Class) Source=t30 @ ItemEx=any~ "
	  "status=t30~ CustomField=[CustomField]~ AttachableRef=any~ ItemType=t30~" },
	{ "JournalCode", NULL, "list", "QCUD", "Name", NULL,
	  "Name=t20!? Type=enum(Expenses|Sales|Bank|Nouveaux|Wages|Cash|Others)? Description=t100 Active=bool? @" },
	{ "JournalEntry", NULL, "txn", "QCUDc", "DocNumber", NULL,
	  "Adjustment=bool HomeCurrencyAdjustment=bool EnteredInHomeCurrency=bool~ TotalAmt=money-? "
	  "GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) @ DocNumber=t21? TxnDate=date? "
	  "DepartmentRef=ref(Department)~ CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 "
	  "LinkedTxn=any~ Line=[Line]! TxnTaxDetail=TxnTaxDetail TransactionLocationType=t60 JournalEntryEx=any~ "
	  "CustomField=[CustomField]~ HomeTotalAmt=money~ " TXN_HIDDEN },
	{ "Payment", NULL, "txn", "QCUDVcP", "PaymentRefNum", NULL,
	  "CustomerRef=ref(Customer)!? RemitToRef=any~ ARAccountRef=ref(Account). DepositToAccountRef=ref(Account).? "
	  "PaymentMethodRef=ref(PaymentMethod). PaymentRefNum=t21? CheckPayment=any~ "
	  "CreditCardPayment=CreditCardPaymentInfo TotalAmt=money!? UnappliedAmt=money- ProcessPayment=bool @ "
	  "CustomField=[CustomField]~ DocNumber=t21~ TxnDate=date? DepartmentRef=ref(Department)~ "
	  "CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 TxnStatus=t30~ LinkedTxn=[LinkedTxn]- "
	  "Line=[Line] TxnTaxDetail=any~ TransactionLocationType=t60 TaxExemptionRef=any PaymentEx=any~ "
	  "PaymentType=any~ " TXN_HIDDEN },
	{ "PaymentMethod", NULL, "list", "QCUc", "Name", "PaymentMethods",
	  "Name=t31!? Active=bool? Type=enum(CREDIT_CARD|NON_CREDIT_CARD) @ PaymentMethodEx=any~ status=t30~ "
	  "CustomField=[CustomField]~ AttachableRef=any~" },
	{ "Preferences", NULL, "special", "QU?", NULL, NULL,
	  "AccountingInfoPrefs=any ProductAndServicesPrefs=any SalesFormsPrefs=any EmailMessagesPrefs=any "
	  "VendorAndPurchasesPrefs=any TimeTrackingPrefs=any TaxPrefs=any CurrencyPrefs=any ReportPrefs=any "
	  "OtherPrefs=any @ status=t30~ PrintDocumentPrefs=any~ FinanceChargesPrefs=any~ AdvancedInventoryPrefs=any~" },
	{ "Purchase", NULL, "txn", "QCUDVc", "DocNumber", NULL,
	  "AccountRef=ref(Account)!? PaymentMethodRef=ref(PaymentMethod) PaymentRefNum=t21~ "
	  "PaymentType=enum(Cash|Check|CreditCard|Expense|Other)!? CheckPayment=any~ CreditCardPayment=any~ "
	  "EntityRef=ref(Customer|Vendor|Employee): RemitToAddr=Address Credit=bool TotalAmt=money-? "
	  "PrintStatus=enum(NotSet|NeedToPrint|PrintComplete) UniqueId=any~ ExpenseIsFromMyAddress=any~ @ "
	  "CustomField=[CustomField]~ DocNumber=t21? TxnDate=date? DepartmentRef=ref(Department) "
	  "CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 LinkedTxn=[LinkedTxn] Line=[Line]! "
	  "TxnTaxDetail=TxnTaxDetail GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) "
	  "TransactionLocationType=t60 IncludeInAnnualTPAR=bool Memo=t4000~ PurchaseEx=any~ " TXN_HIDDEN },
	{ "PurchaseOrder", NULL, "txn", "QCUDc", "DocNumber", NULL,
	  "VendorAddr=Address ShipAddr=Address POEmail=EmailAddress EmailStatus=enum(NotSet|NeedToSend|EmailSent) "
	  "POStatus=enum(Open|Closed)? ClassRef=ref(Class) SalesTermRef=ref(Term). DueDate=date ShipMethodRef=any ShipTo=any "
	  "Memo=t4000 FOB=t30~ GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) @ "
	  "CustomField=[CustomField] DocNumber=t21? TxnDate=date? DepartmentRef=ref(Department)~ "
	  "CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 LinkedTxn=[LinkedTxn]- Line=[Line]! "
	  "TxnTaxDetail=TxnTaxDetail VendorRef=ref(Vendor)!? APAccountRef=ref(Account)! TotalAmt=money-? "
	  "TransactionLocationType=t60 PurchaseOrderEx=any~ TemplateRef=any~ " TXN_HIDDEN },
	{ "RecurringTransaction", NULL, "special", "QCD?", NULL, NULL, "RecurringInfo=RecurringInfo @" },
	{ "RefundReceipt", NULL, "txn", "QCUDVc", "DocNumber", NULL,
	  "@ CustomField=[CustomField] DocNumber=t21? TxnDate=date? DepartmentRef=ref(Department) "
	  "CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 LinkedTxn=[LinkedTxn]- " SALES_LINES
	  "CustomerRef=ref(Customer)? CustomerMemo=MemoRef BillAddr=Address ShipAddr=Address FreeFormAddress=bool ShipFromAddr=Address "
	  "ClassRef=ref(Class) ProjectRef=ref(Customer) "
	  "GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) TotalAmt=money-? HomeTotalAmt=money- "
	  "ApplyTaxAfterDiscount=bool PrintStatus=enum(NotSet|NeedToPrint|PrintComplete) "
	  "EmailStatus=enum(NotSet|NeedToSend|EmailSent)~ BillEmail=EmailAddress BillEmailCc=EmailAddress "
	  "BillEmailBcc=EmailAddress Balance=money- HomeBalance=money~ PaymentMethodRef=ref(PaymentMethod) "
	  "PaymentRefNum=t21 PaymentType=any~ CheckPayment=any~ CreditCardPayment=any~ "
	  "DepositToAccountRef=ref(Account)!? TransactionLocationType=t60 RefundReceiptEx=any~ DeliveryInfo=any~ "
	  SALES_HIDDEN TXN_HIDDEN },
	{ "ReimburseCharge", NULL, "txn", "Q?", NULL, NULL,
	  "CustomerRef=ref(Customer)? Amount=money? HasBeenInvoiced=bool @ TxnDate=date? "
	  "CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 LinkedTxn=[LinkedTxn] Line=[Line]" },
	{ "SalesReceipt", NULL, "txn", "QCUDVc", "DocNumber", NULL,
	  "@ CustomField=[CustomField] DocNumber=t21? TxnDate=date? DepartmentRef=ref(Department) "
	  "CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 LinkedTxn=[LinkedTxn]- " SALES_LINES
	  "CustomerRef=ref(Customer)? CustomerMemo=MemoRef BillAddr=Address ShipAddr=Address FreeFormAddress=bool ShipFromAddr=Address "
	  "ClassRef=ref(Class) ShipMethodRef=any ShipDate=date TrackingNum=t30 ProjectRef=ref(Customer) "
	  "GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) TotalAmt=money-? HomeTotalAmt=money- "
	  "ApplyTaxAfterDiscount=bool PrintStatus=enum(NotSet|NeedToPrint|PrintComplete) "
	  "EmailStatus=enum(NotSet|NeedToSend|EmailSent) BillEmail=EmailAddress BillEmailCc=EmailAddress "
	  "BillEmailBcc=EmailAddress Balance=money- HomeBalance=money~ PaymentMethodRef=ref(PaymentMethod) "
	  "PaymentRefNum=t21? CreditCardPayment=CreditCardPaymentInfo PaymentType=any~ CheckPayment=any~ "
	  "DepositToAccountRef=ref(Account)? DeliveryInfo=DeliveryInfo- TransactionLocationType=t60 SalesReceiptEx=any~ "
	  "FOB=t30~ DueDate=date~ SalesTermRef=ref(Term).~ " SALES_HIDDEN TXN_HIDDEN },
	{ "TaxAgency", NULL, "list", "QC", "DisplayName", NULL,
	  "TaxTrackedOnPurchases=bool TaxTrackedOnSales=bool LastFileDate=date- TaxRegistrationNumber=t30 @ "
	  "DisplayName=t100!?" },
	{ "TaxCode", NULL, "list", "Q", "Name", "TaxCodes",
	  "Name=t100? Description=t4000 Active=bool? Hidden=bool- Taxable=bool TaxGroup=bool "
	  "SalesTaxRateList=TaxRateList PurchaseTaxRateList=TaxRateList TaxCodeConfigType=t30- @" },
	{ "TaxRate", NULL, "list", "Q", "Name", "TaxRates",
	  "Name=t100? Description=t4000 Active=bool? RateValue=num AgencyRef=ref(TaxAgency). "
	  "TaxReturnLineRef=any- SpecialTaxType=t30 DisplayType=t30 EffectiveTaxRate=[EffectiveTaxRate] @" },
	{ "Term", NULL, "list", "QCUc", "Name", "Terms",
	  "Name=t31!? Active=bool? Type=enum(STANDARD|DATE_DRIVEN)- DiscountPercent=num DueDays=int DiscountDays=int "
	  "DayOfMonthDue=int DueNextMonthDays=int DiscountDayOfMonth=int @ SalesTermEx=any~ status=t30~ "
	  "CustomField=[CustomField]~ AttachableRef=any~" },
	{ "TimeActivity", NULL, "txn", "QCUD", NULL, NULL,
	  "TxnDate=date? NameOf=enum(Employee|Vendor)! EmployeeRef=ref(Employee)? VendorRef=ref(Vendor)? "
	  "CustomerRef=ref(Customer)? DepartmentRef=ref(Department) ProjectRef=ref(Customer) ItemRef=ref(Item) "
	  "ClassRef=ref(Class) PayrollItemRef=any~ BillableStatus=enum(Billable|NotBillable|HasBeenBilled)? Taxable=bool "
	  "HourlyRate=num CostRate=num Hours=int Minutes=int Seconds=int BreakHours=int BreakMinutes=int StartTime=time "
	  "EndTime=time Description=t4000 TimeZone=t60~ OtherNameRef=any~ TransactionLocationType=t60 @ "
	  "TimeActivityEx=any~ status=t30~ CustomField=[CustomField]~ LinkedTxn=any~" },
	{ "Transfer", NULL, "txn", "QCUDVc", NULL, NULL,
	  "FromAccountRef=ref(Account)!? ToAccountRef=ref(Account)!? Amount=money!? ClassRef=ref(Class) "
	  "FromTransactionAmount=any~ @ DocNumber=t21~ TxnDate=date? CurrencyRef=ref(CompanyCurrency) ExchangeRate=num "
	  "PrivateNote=t4000 TransactionLocationType=t60 TransferEx=any~ CustomField=[CustomField]~ " TXN_HIDDEN },
	{ "Vendor", NULL, "list", "QCUc", "DisplayName", "Names",
	  "ContactName=t100~ AltContactName=t100~ Notes=t4000~ BillAddr=Address ShipAddr=Address~ OtherAddr=Address~ "
	  "TaxIdentifier=t20 TermRef=ref(Term). Balance=money-? OpenBalanceDate=date~ BillRate=num CreditLimit=money~ "
	  "AcctNum=t100 Vendor1099=bool T4AEligible=bool~ T5018Eligible=bool~ CurrencyRef=ref(CompanyCurrency) "
	  "TDSEnabled=bool~ APAccountRef=ref(Account) GSTIN=t15 BusinessNumber=t10 GSTRegistrationType=t30 CostRate=num "
	  "VendorPaymentBankDetail=any @ CustomField=[CustomField]~ IntuitId=t60~ Organization=bool~ Title=t16 "
	  "GivenName=t100? MiddleName=t100? FamilyName=t100? Suffix=t16 FullyQualifiedName=t500~ CompanyName=t500? "
	  "DisplayName=t500? PrintOnCheckName=t110? UserId=t60~ Active=bool? V4IDPseudonym=t60~ "
	  "PrimaryPhone=TelephoneNumber AlternatePhone=TelephoneNumber Mobile=TelephoneNumber Fax=TelephoneNumber "
	  "PrimaryEmailAddr=EmailAddress? WebAddr=WebSiteAddress OtherContactInfo=[ContactInfo]~ VendorEx=any~ "
	  "AttachableRef=any~ status=t30~ HasTPAR=bool~ DefaultTaxCodeRef=any~" },
	{ "VendorCredit", NULL, "txn", "QCUDc", "DocNumber", NULL,
	  "Balance=money-? @ CustomField=[CustomField]~ DocNumber=t21? TxnDate=date? DepartmentRef=ref(Department) "
	  "CurrencyRef=ref(CompanyCurrency) ExchangeRate=num PrivateNote=t4000 LinkedTxn=[LinkedTxn]- Line=[Line]! "
	  "TxnTaxDetail=TxnTaxDetail VendorRef=ref(Vendor)!? APAccountRef=ref(Account)? TotalAmt=money-? "
	  "GlobalTaxCalculation=enum(TaxExcluded|TaxInclusive|NotApplicable) TransactionLocationType=t60 "
	  "IncludeInAnnualTPAR=bool Memo=t4000~ VendorCreditEx=any~ HomeTotalAmt=money~ " TXN_HIDDEN },
};
const size_t schema_entity_count = ARRAY_LEN(schema_entities);
