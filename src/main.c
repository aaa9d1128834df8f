/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program `ledgerdeck`. It answers --help and --version; anything else is told what this
 * version holds and where.
 */
#include <getopt.h>
#include <stdio.h>

enum exit_code {
	EXIT_DONE = 0,
	EXIT_WORK = 1,  /* work failed */
	EXIT_USAGE = 2, /* usage or settings */
};

static const char help_text[] =
	"Usage: ledgerdeck [OPTION]\n"
	"One terminal for every set of books you keep in step.\n"
	"\n"
	"  -h, --help     print this help and end\n"
	"  -V, --version  print the version and end\n"
	"\n"
	"This version holds the simulator of QuickBooks Online, a program of its own:\n"
	"see ledgerdeck-simulator(1). Mirroring accounts comes next.\n"
	"\n"
	"Exit status: 0 done, 1 the output could not be written, 2 wrong usage.\n";

static const char version_text[] =
	PACKAGE_STRING "\n"
	"License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.\n"
	"This is free software: you are free to change and redistribute it.\n"
	"There is NO WARRANTY, to the extent permitted by law.\n";

/* A full disk or a closed pipe must not look like success. */
static int print(const char *text)
{
	if (fputs(text, stdout) == EOF || fflush(stdout) == EOF) {
		perror("ledgerdeck: cannot write");
		return EXIT_WORK;
	}
	return EXIT_DONE;
}

/* `unknown` may be NULL: nothing was asked for, or getopt_long() has named it already. */
static int usage(const char *unknown)
{
	if (unknown)
		fprintf(stderr, "ledgerdeck: unknown argument '%s'\n", unknown);
	fputs("ledgerdeck: this version holds the simulator only, see ledgerdeck-simulator(1); "
	      "mirroring comes next\n", stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};

	switch (getopt_long(argc, argv, "hV", options, NULL)) {
	case 'h':
		return print(help_text);
	case 'V':
		return print(version_text);
	case -1:
		return usage(argv[optind]);
	default:
		return usage(NULL);
	}
}
