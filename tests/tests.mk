# SPDX-License-Identifier: GPL-3.0-or-later
# What is tested and with what: one line per file, grouped as the folders are. A program that sets
# no flags of its own is one of the fuzzers or benchmarks and gets these:

AM_CPPFLAGS = $(simulator_cppflags) -I$(top_srcdir)/src/core -I$(top_srcdir)/tests
LDADD = libsimulator.a libcore.a $(simulator_libs) $(core_libs) $(FUZZ_LDFLAGS)

# ---- tests/unit: one program per folder of src, one file per source file

unit_programs = \
	tests/unit/core/test-core \
	tests/unit/simulator/test-simulator \
	tests/unit/vault/test-vault

tests_unit_core_test_core_SOURCES = \
	tests/unit/core/main.c \
	tests/unit/core/test_cancel.c \
	tests/unit/core/test_compress.c \
	tests/unit/core/test_date.c \
	tests/unit/core/test_decimal.c \
	tests/unit/core/test_digest.c \
	tests/unit/core/test_env.c \
	tests/unit/core/test_error.c \
	tests/unit/core/test_file.c \
	tests/unit/core/test_json.c \
	tests/unit/core/test_json_slice.c \
	tests/unit/core/test_log.c \
	tests/unit/core/test_memory.c \
	tests/unit/core/test_queue.c \
	tests/unit/core/test_random.c \
	tests/unit/core/test_secret.c \
	tests/unit/core/test_str.c \
	tests/unit/core/test_text.c \
	tests/unit/core/test_thread.c \
	tests/unit/core/tests.h \
	tests/unit/core/texts.c \
	tests/unit/core/texts.h

tests_unit_core_test_core_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
# json-c, since what core/json.c scans is compared with its trees
tests_unit_core_test_core_LDADD = libcore.a $(core_libs) $(JSON_LIBS) $(CMOCKA_LIBS)

tests_unit_simulator_test_simulator_SOURCES = \
	tests/unit/simulator/app.c \
	tests/unit/simulator/app.h \
	tests/unit/simulator/books.c \
	tests/unit/simulator/books.h \
	tests/unit/simulator/client.c \
	tests/unit/simulator/client.h \
	tests/unit/simulator/ledger.c \
	tests/unit/simulator/ledger.h \
	tests/unit/simulator/main.c \
	tests/unit/simulator/state_world.c \
	tests/unit/simulator/state_world.h \
	tests/unit/simulator/test_alarms.c \
	tests/unit/simulator/test_answer.c \
	tests/unit/simulator/test_api.c \
	tests/unit/simulator/test_batch.c \
	tests/unit/simulator/test_cdc.c \
	tests/unit/simulator/test_control.c \
	tests/unit/simulator/test_fault.c \
	tests/unit/simulator/test_jwt.c \
	tests/unit/simulator/test_limiter.c \
	tests/unit/simulator/test_oauth.c \
	tests/unit/simulator/test_oauth_token.c \
	tests/unit/simulator/test_options.c \
	tests/unit/simulator/test_query.c \
	tests/unit/simulator/test_report.c \
	tests/unit/simulator/test_request.c \
	tests/unit/simulator/test_sample.c \
	tests/unit/simulator/test_select.c \
	tests/unit/simulator/test_simulator.c \
	tests/unit/simulator/test_simulator.h \
	tests/unit/simulator/test_state.c \
	tests/unit/simulator/test_switches.c \
	tests/unit/simulator/test_trouble.c \
	tests/unit/simulator/test_write.c \
	tests/unit/simulator/test_write_money.c \
	tests/unit/simulator/test_write_random.c \
	tests/unit/simulator/test_xml.c \
	tests/unit/simulator/test_zone.c

tests_unit_simulator_test_simulator_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_simulator_test_simulator_LDADD = libsimulator.a libcore.a $(simulator_libs) \
	$(core_libs) $(CMOCKA_LIBS)

tests_unit_vault_test_vault_SOURCES = \
	tests/unit/vault/books.c \
	tests/unit/vault/books.h \
	tests/unit/vault/main.c \
	tests/unit/vault/test_header.c \
	tests/unit/vault/test_key.c \
	tests/unit/vault/test_keyfile.c \
	tests/unit/vault/test_seal.c \
	tests/unit/vault/test_vault.c \
	tests/unit/vault/test_vault_keys.c \
	tests/unit/vault/tests.c \
	tests/unit/vault/tests.h \
	tests/unit/vault/vectors.h

tests_unit_vault_test_vault_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/vault $(CMOCKA_CFLAGS)
tests_unit_vault_test_vault_LDADD = libvault.a libcore.a $(core_libs) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += $(unit_programs)
TESTS += $(unit_programs)
endif

# ---- tests/cli: shell scripts on the real programs

cli_tests = \
	tests/cli/checks.sh \
	tests/cli/ledgerdeck.sh \
	tests/cli/man.sh \
	tests/cli/simulator-http.sh \
	tests/cli/simulator-man.sh \
	tests/cli/simulator-options.sh

TESTS += $(cli_tests)
EXTRA_DIST += $(cli_tests)
TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)

# What every test finds in its environment.
AM_TESTS_ENVIRONMENT = \
	LC_ALL=C; export LC_ALL; \
	SOURCE_DIR='$(abs_top_srcdir)'; export SOURCE_DIR; \
	LEDGERDECK_PROGRAM='$(abs_top_builddir)/ledgerdeck'; export LEDGERDECK_PROGRAM; \
	SIMULATOR_PROGRAM='$(abs_top_builddir)/ledgerdeck-simulator'; export SIMULATOR_PROGRAM; \
	MANUAL_PROGRAMS='$(bin_PROGRAMS)'; export MANUAL_PROGRAMS;

# ---- tests/fuzz: one program per file, tests/fuzz/fuzz_<what>.c; its seeds are kept in
# tests/fuzz/corpus/<what>/

fuzz_programs = \
	tests/fuzz/fuzz_body \
	tests/fuzz/fuzz_json \
	tests/fuzz/fuzz_query \
	tests/fuzz/fuzz_sealed \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_url

tests_fuzz_fuzz_sealed_LDADD = libvault.a libcore.a $(core_libs) $(FUZZ_LDFLAGS)

EXTRA_PROGRAMS += $(fuzz_programs)
EXTRA_DIST += tests/fuzz/corpus

if FUZZ
fuzzers: $(fuzz_programs)
else
fuzzers:
	@echo 'fuzzers: configure with CC=clang --enable-fuzz' >&2; exit 2
endif

list-fuzzers:
	@echo $(fuzz_programs)

# ---- tests/bench: one program per file, tests/bench/bench-<what>.c

bench_programs = \
	tests/bench/bench-simulator

EXTRA_PROGRAMS += $(bench_programs)

bench: $(bench_programs)
	@test -n '$(bench_programs)' || echo 'bench: this version has no benchmarks'
	@for program in $(bench_programs); do ./$$program || exit 1; done

.PHONY: fuzzers list-fuzzers bench
