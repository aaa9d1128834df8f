/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bound that the deck is measured against: the least program that shows rows of a store as a table, with nothing but
 * curses and SQLite. It reads the rows that are seen at each key, and draws them all; curses finds what differs.
 * `bare-table FILE`: j k, Space and b for pages, g G, q.
 */
#include <curses.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>

#include "ledgerdeck/core/memory.h"

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK)
		return statement;
	fprintf(stderr, "bare-table: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static long long last_row(sqlite3 *db)
{
	sqlite3_stmt *statement = prepare(db, "SELECT max(no) FROM record");
	long long last = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;

	sqlite3_finalize(statement);
	return last;
}

static void draw(sqlite3_stmt *rows, long long top, long long cursor)
{
	erase();
	mvprintw(0, 0, " record %lld", cursor);
	mvprintw(1, 0, "  %-10s %-28s %16s %16s %-12s %16s", "ID", "TITLE", "AMOUNT", "BALANCE", "DATE", "CHANGED");
	sqlite3_reset(rows);
	sqlite3_bind_int64(rows, 1, top);
	sqlite3_bind_int64(rows, 2, LINES - 3);
	for (int y = 2; y < LINES - 1 && sqlite3_step(rows) == SQLITE_ROW; y++) {
		char line[512];

		snprintf(line, sizeof(line), "  %-10s %-28.28s %16s %16s %-12.12s %16s", (const char *)sqlite3_column_text(rows, 1),
			 (const char *)sqlite3_column_text(rows, 2), (const char *)sqlite3_column_text(rows, 3),
			 (const char *)sqlite3_column_text(rows, 4), (const char *)sqlite3_column_text(rows, 5),
			 (const char *)sqlite3_column_text(rows, 6));
		if (sqlite3_column_int64(rows, 0) == cursor)
			attron(A_REVERSE);
		mvprintw(y, 0, "%-*.*s", COLS, COLS, line);
		attroff(A_REVERSE);
	}
	mvprintw(LINES - 1, 0, "j down  k up  Space page  b back  q quit");
	refresh();
}

/* Where a key leads. */
static long long moved(long long cursor, int key)
{
	if (key == 'j')
		return cursor + 1;
	if (key == 'k')
		return cursor - 1;
	if (key == ' ' || key == 'b')
		return key == ' ' ? cursor + LINES - 4 : cursor - LINES + 4;
	return cursor;
}

/* All keys that wait, then one frame. */
static bool take_keys(long long *cursor, long long last)
{
	int key;

	while ((key = getch()) != ERR) {
		if (key == 'q')
			return false;
		*cursor = key == 'g' ? 1 : key == 'G' ? last : moved(*cursor, key);
		if (*cursor < 1)
			*cursor = 1;
		if (*cursor > last)
			*cursor = last;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct pollfd keys = { .fd = STDIN_FILENO, .events = POLLIN };
	long long cursor = 1, top = 1, last;
	sqlite3_stmt *rows;
	sqlite3 *db;

	if (argc != 2 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		fprintf(stderr, "usage: bare-table FILE\n");
		return 2;
	}
	last = last_row(db);
	rows = prepare(db, "SELECT no, id, title, c1, c2, c3, time_ms FROM record WHERE no >= ?1 ORDER BY no LIMIT ?2");
	setlocale(LC_CTYPE, "");
	initscr();
	raw();
	noecho();
	nodelay(stdscr, TRUE);
	curs_set(0);
	do {
		if (cursor < top)
			top = cursor;
		if (cursor > top + LINES - 4)
			top = cursor - LINES + 4;
		draw(rows, top, cursor);
		poll(&keys, 1, -1);
	} while (take_keys(&cursor, last));
	endwin();
	sqlite3_finalize(rows);
	sqlite3_close(db);
	return 0;
}
