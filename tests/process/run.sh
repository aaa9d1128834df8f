# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one of the tests beside it: `make check` calls it with the test as its argument.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
exec python3 -B "$@"
