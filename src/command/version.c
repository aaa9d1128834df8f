/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `version`: which program this is. */
#include "verbs.h"

static enum command_exit run(struct app *app, const struct arguments *arguments, const struct printer *printer,
			     struct error *err)
{
	(void)app;
	(void)arguments;
	(void)err;
	printer->begin(printer->ctx, "version", NULL);
	printer->text(printer->ctx, "program", PACKAGE_NAME);
	printer->text(printer->ctx, "version", PACKAGE_VERSION);
	printer->text(printer->ctx, "license", "GPL-3.0-or-later");
	printer->end(printer->ctx);
	return EXIT_DONE;
}

const struct command command_version = { .name = "version", .summary = "print the version", .run = run };
