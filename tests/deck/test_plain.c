/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deck as lines, over pipes: the same views and acts, numbers for rows, nothing that moves a cursor, no secret shown. */
#include "tests.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "plain.h"

/* All that it says to these lines, until their end. */
static void converse(struct stage *stage, const char *lines, struct str *ret_said)
{
	char in_path[120], out_path[120];
	struct error err = { 0 };
	int in, out;

	snprintf(in_path, sizeof(in_path), "%s/in", stage->directory);
	snprintf(out_path, sizeof(out_path), "%s/out", stage->directory);
	assert_true(file_write(in_path, lines, strlen(lines), 0600, &err));
	in = open(in_path, O_RDONLY);
	out = open(out_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(in >= 0 && out >= 0);
	assert_true(plain_run(&stage->deck, in, out, &err));
	assert_true(stage->deck.leaving);
	close(in);
	close(out);
	assert_true(file_read(out_path, STR_NO_LIMIT >> 1, ret_said, &err));
	for (const char *at = ret_said->text; *at; at++)
		assert_true((unsigned char)*at >= ' ' || *at == '\n');
}

static void hear(const char *lines, bool empty, const char *const *parts)
{
	AUTO(str_clear) struct str said = STR_INIT(STR_NO_LIMIT);
	struct stage stage;
	const char *at;

	stage_open(&stage, empty);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	converse(&stage, lines, &said);
	at = said.text;
	for (; *parts; parts++) {
		const char *found = strstr(at, *parts);

		if (!found)
			fail_msg("'%s' was not said behind what came before, to '%s':\n%s", *parts, lines, said.text);
		at = found + strlen(*parts);
	}
	stage_close(&stage);
}

static void test_rows(void **state)
{
	(void)state;
	hear("", false, (const char *const[]){ "PRODUCTION  Acme Bank AS", "dashboard\n", "Accounts 3  Types 5  Log 3\n", "\n> 1  x failed  Acme Bank AS",
					       "\n2  x reconnect  Beta Rentals", "\n3  ", "ledgerdeck: ", NULL });
	/* A number opens; on the dashboard that is the account's types, there the type's records, there the record. */
	hear("1\n1\n3\nraw\n", false, (const char *const[]){ "> 1  = ok  Invoice  40", "40 Invoice, by time", "\n3  = live  1025", "dashboard \xe2\x80\xba Invoice \xe2\x80\xba 25\n",
						      "\"DocNumber\": \"1025\"", NULL });
	hear("1\n1\nmore\n", false, (const char *const[]){ "Rows 1 to ", " of 40; 'more' and 'less' turn the page.", " to 40 of 40", NULL });
	hear("99\nzzz\n0\n-1\n", false, (const char *const[]){ "No row with the number 99 was told.", "'zzz' is neither a row's number", "'0' is neither",
							       "'-1' is neither", NULL });
}

static void test_acts(void **state)
{
	(void)state;
	hear("3 pause\nu\n", false, (const char *const[]){ "is paused; u undoes it.", "> 3  . paused", "goes on", NULL });
	hear("2 r\n", false, (const char *const[]){ "'retry' (r): it must be connected again first", NULL });
	hear("/korn\nb\n", false, (const char *const[]){ "Accounts 1", "> 1  ? stale  Kornblum", "Accounts 3", NULL });
	hear("1\n1\n/Nonsense>3\n", false, (const char *const[]){ "40 Invoice", "Nonsense", NULL });
	hear(":types Bill\nb\nlog\n?\n", false, (const char *const[]){ "'types Bill' is done.", "query Customer", "> 1  Enter  open", NULL });
	hear(":log\n", false, (const char *const[]){ "dashboard \xe2\x80\xba log, following\n", NULL });
	hear(":syn\n:types 'x\n", false, (const char *const[]){ "There is no command 'syn'; did you mean 'sync'?", "a quote is not closed", NULL });
	hear("| tr a-z A-Z >nothing\n", false, (const char *const[]){ "ended with 1", NULL });
	hear("next-match\n", false, (const char *const[]){ "'next-match' does nothing in 'dashboard'.", NULL });
}

/* Told once: what has not changed is not told again, unless by an empty line. */
static void test_told_once(void **state)
{
	static const struct {
		const char *lines;
		int times;
	} cases[] = { { "zzz\nzzz\n", 1 }, { "\n\n", 3 }, { "j\nk\n", 3 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(str_clear) struct str said = STR_INIT(STR_NO_LIMIT);
		struct stage stage;
		int times = 0;

		stage_open(&stage, false);
		stage_deck(&stage, 24, 80, TEXT_SAFE);
		converse(&stage, cases[i].lines, &said);
		for (const char *at = said.text; (at = strstr(at, "Accounts 3")) != NULL; at++)
			times++;
		assert_int_equal(times, cases[i].times);
		stage_close(&stage);
	}
}

/* A dialog is a question; nothing but its answer does it. */
static void test_dialogs(void **state)
{
	(void)state;
	hear("D\n\n1\n", false, (const char *const[]){ "Disconnect  PRODUCTION  Acme Bank AS", "An empty line cancels. To disconnect, type Acme:", "Answer: ",
						"Nothing was done.", "> 1  = ok  Invoice", NULL });
	hear("D\nBeta\nAcme\n", false, (const char *const[]){ "That is not 'Acme'", "disconnect ldgr_00000000000000000000000001", NULL });
}

/* What a view asks for in words is the next line. */
static void test_words(void **state)
{
	AUTO(str_clear) struct str said = STR_INIT(STR_NO_LIMIT);
	struct session session;
	struct account account;
	struct stage stage;

	(void)state;
	stage_open(&stage, false);
	stage_books(&stage, &account);
	stage_session(&stage, account.id, &session);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	converse(&stage, "reconcile\n1\n6 note\nasked by telephone\n", &said);
	assert_non_null(strstr(said.text, "Note: "));
	assert_non_null(strstr(said.text, "Exception 1 is explained; u undoes it."));
	assert_non_null(strstr(said.text, "> 6  + explained"));
	stage_close(&stage);
}

/* Questions of commands: what is typed in secret is said nowhere. */
static void test_questions(void **state)
{
	AUTO(str_clear) struct str said = STR_INIT(STR_NO_LIMIT);
	struct stage stage;

	(void)state;
	stage_open(&stage, true);
	stage_deck(&stage, 24, 80, TEXT_SAFE);
	converse(&stage, "c\n1\nMARKED word\nMARKED word\n:cancel\n", &said);
	assert_non_null(strstr(said.text, "One terminal for every set of books"));
	assert_non_null(strstr(said.text, "2  Xledger: "));
	assert_non_null(strstr(said.text, "New passphrase for the vault:"));
	assert_non_null(strstr(said.text, "Answer (not shown): "));
	assert_non_null(strstr(said.text, "The same again:"));
	assert_null(strstr(said.text, "MARKED"));
	assert_non_null(stage.app.vault ? stage.app.vault : (void *)stage.path);
	stage_close(&stage);
}

/* Whatever is typed, it ends, and says nothing that a terminal would obey. */
static void test_nonsense(void **state)
{
	static const char *const lines[] = {
		"\033[2J\001\002\nq\n", "\xff\xfe\n/\xff\n:\xff\n", "1 1 1\n1  \n 1\n", "////\n::\n||\n", "Esc\nC-l\nC-z\nF1\nS-Tab\n", "/\n:\n|\n", "q",
		"\r\n1\r\n", "y\nn\nyes\n", "quit\nquit\nquit\n",
	};
	AUTO(str_clear) struct str longest = STR_INIT(STR_NO_LIMIT);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		hear(lines[i], false, (const char *const[]){ "Acme Bank AS", NULL });
	for (int i = 0; i < 200000; i++)
		str_add_char(&longest, 'x');
	str_add(&longest, "\n1\n");
	hear(longest.text, false, (const char *const[]){ "Acme Bank AS", NULL });
}

int test_plain(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),	 cmocka_unit_test(test_acts),	     cmocka_unit_test(test_told_once),
		cmocka_unit_test(test_dialogs),	 cmocka_unit_test(test_questions), cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("plain", tests, NULL, NULL);
}
