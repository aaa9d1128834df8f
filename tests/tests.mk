# SPDX-License-Identifier: GPL-3.0-or-later
# What is tested and with what: one line per file, grouped as the folders are. A program that sets
# no flags of its own is one of the fuzzers or benchmarks and gets these:

AM_CPPFLAGS = $(simulator_cppflags) -I$(top_srcdir)/src/core -I$(top_srcdir)/tests
LDADD = libsimulator.a libcore.a $(simulator_libs) $(core_libs) $(FUZZ_LDFLAGS)

# ---- tests/unit: one program per folder of src, one file per source file

unit_programs = \
	tests/unit/command/test-command \
	tests/unit/connect/test-connect \
	tests/unit/core/test-core \
	tests/unit/lake/test-lake \
	tests/unit/model/test-model \
	tests/unit/net/test-net \
	tests/unit/provider/test-provider \
	tests/unit/settings/test-settings \
	tests/unit/simulator/test-simulator \
	tests/unit/store/test-store \
	tests/unit/sync/test-sync \
	tests/unit/ui/test-ui \
	tests/unit/vault/test-vault

tests_unit_command_test_command_SOURCES = \
	tests/unit/command/main.c \
	tests/unit/command/test_actions.c \
	tests/unit/command/test_address.c \
	tests/unit/command/test_key.c \
	tests/unit/command/test_keymap.c \
	tests/unit/command/tests.h

tests_unit_command_test_command_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_command_test_command_LDADD = libcommand.a libsettings.a libmodel.a libcore.a $(INIH_LIBS) $(core_libs) $(CMOCKA_LIBS)

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
	tests/unit/core/test_hash.c \
	tests/unit/core/test_holder.c \
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

# The lake's private headers are included by their path below src.
tests_unit_lake_test_lake_SOURCES = \
	tests/unit/lake/main.c \
	tests/unit/lake/test_bounds.c \
	tests/unit/lake/test_hybrid.c \
	tests/unit/lake/test_layout.c \
	tests/unit/lake/test_sign.c \
	tests/unit/lake/test_table.c \
	tests/unit/lake/test_thrift.c \
	tests/unit/lake/tests.h

tests_unit_lake_test_lake_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src $(CMOCKA_CFLAGS)
tests_unit_lake_test_lake_LDADD = liblake.a libnet.a libmodel.a libcore.a $(net_libs) $(core_libs) $(CMOCKA_LIBS)

tests_unit_model_test_model_SOURCES = \
	tests/unit/model/main.c \
	tests/unit/model/test_account.c \
	tests/unit/model/test_catalogue.c \
	tests/unit/model/test_columns.c \
	tests/unit/model/test_difference.c \
	tests/unit/model/test_export.c \
	tests/unit/model/test_filter.c \
	tests/unit/model/test_import.c \
	tests/unit/model/test_import.h \
	tests/unit/model/test_import_csv.c \
	tests/unit/model/test_import_json.c \
	tests/unit/model/test_import_profile.c \
	tests/unit/model/test_log_filter.c \
	tests/unit/model/test_mapping_file.c \
	tests/unit/model/test_match.c \
	tests/unit/model/test_match.h \
	tests/unit/model/test_match_planted.c \
	tests/unit/model/test_match_sums.c \
	tests/unit/model/test_nearest.c \
	tests/unit/model/test_personal.c \
	tests/unit/model/test_plan.c \
	tests/unit/model/test_policy.c \
	tests/unit/model/test_rates.c \
	tests/unit/model/test_record.c \
	tests/unit/model/test_resource.c \
	tests/unit/model/test_session.c \
	tests/unit/model/test_statement.c \
	tests/unit/model/test_stop.c \
	tests/unit/model/test_tolerance.c \
	tests/unit/model/test_window.c \
	tests/unit/model/tests.h

tests_unit_model_test_model_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_model_test_model_LDADD = libmodel.a libcore.a $(core_libs) $(CMOCKA_LIBS)

tests_unit_net_test_net_SOURCES = \
	tests/unit/net/main.c \
	tests/unit/net/server.c \
	tests/unit/net/server.h \
	tests/unit/net/test_budget.c \
	tests/unit/net/test_budget_file.c \
	tests/unit/net/test_head.c \
	tests/unit/net/test_http.c \
	tests/unit/net/test_listener.c \
	tests/unit/net/test_throttle.c \
	tests/unit/net/test_transport.c \
	tests/unit/net/test_transport_tls.c \
	tests/unit/net/test_url.c \
	tests/unit/net/tests.h \
	tests/unit/net/world.c \
	tests/unit/net/world.h

tests_unit_net_test_net_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/net $(CMOCKA_CFLAGS)
# zlib and OpenSSL, since the servers of the tests compress and make certificates
tests_unit_net_test_net_LDADD = libnet.a libcore.a $(net_libs) $(MICROHTTPD_LIBS) $(CURL_LIBS) $(core_libs) $(CRYPTO_LIBS) $(ZLIB_LIBS) \
	$(CMOCKA_LIBS)

# Private headers of providers are included by their whole path below src.
tests_unit_provider_test_provider_SOURCES = \
	tests/unit/provider/dialogue.c \
	tests/unit/provider/dialogue.h \
	tests/unit/provider/ledger.c \
	tests/unit/provider/ledger.h \
	tests/unit/provider/main.c \
	tests/unit/provider/mirror.c \
	tests/unit/provider/mirror.h \
	tests/unit/provider/test_answer.c \
	tests/unit/provider/test_books.c \
	tests/unit/provider/test_books_ledger.c \
	tests/unit/provider/test_books_rows.c \
	tests/unit/provider/test_changes.c \
	tests/unit/provider/test_find.c \
	tests/unit/provider/test_provider.c \
	tests/unit/provider/test_push.c \
	tests/unit/provider/test_query.c \
	tests/unit/provider/test_read.c \
	tests/unit/provider/test_schema.c \
	tests/unit/provider/test_sweep.c \
	tests/unit/provider/test_walk.c \
	tests/unit/provider/test_webhook.c \
	tests/unit/provider/test_xledger.c \
	tests/unit/provider/tests.h

tests_unit_provider_test_provider_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src -I$(top_srcdir)/src/provider $(CMOCKA_CFLAGS)
tests_unit_provider_test_provider_LDADD = libprovider.a libnet.a libmodel.a libsimulator.a libcore.a \
	$(simulator_libs) $(core_libs) $(CMOCKA_LIBS)

tests_unit_settings_test_settings_SOURCES = \
	tests/unit/settings/main.c \
	tests/unit/settings/test_rows.c \
	tests/unit/settings/test_settings.c \
	tests/unit/settings/test_value.c \
	tests/unit/settings/test_variables.c \
	tests/unit/settings/tests.c \
	tests/unit/settings/tests.h

tests_unit_settings_test_settings_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src $(CMOCKA_CFLAGS)
tests_unit_settings_test_settings_LDADD = libsettings.a libcore.a $(INIH_LIBS) $(core_libs) $(CMOCKA_LIBS)

tests_unit_simulator_test_simulator_SOURCES = \
	tests/unit/simulator/app.c \
	tests/unit/simulator/app.h \
	tests/unit/simulator/books.c \
	tests/unit/simulator/books.h \
	tests/unit/simulator/client.c \
	tests/unit/simulator/client.h \
	tests/unit/simulator/ledger.c \
	tests/unit/simulator/ledger.h \
	tests/unit/simulator/ledger_x.c \
	tests/unit/simulator/ledger_x.h \
	tests/unit/simulator/main.c \
	tests/unit/simulator/report_check.c \
	tests/unit/simulator/report_check.h \
	tests/unit/simulator/state_world.c \
	tests/unit/simulator/state_world.h \
	tests/unit/simulator/test_alarms.c \
	tests/unit/simulator/test_answer.c \
	tests/unit/simulator/test_api.c \
	tests/unit/simulator/test_batch.c \
	tests/unit/simulator/test_cdc.c \
	tests/unit/simulator/test_control.c \
	tests/unit/simulator/test_fault.c \
	tests/unit/simulator/test_graphql.c \
	tests/unit/simulator/test_jwt.c \
	tests/unit/simulator/test_limiter.c \
	tests/unit/simulator/test_oauth.c \
	tests/unit/simulator/test_oauth_token.c \
	tests/unit/simulator/test_options.c \
	tests/unit/simulator/test_query.c \
	tests/unit/simulator/test_report.c \
	tests/unit/simulator/test_report_books.c \
	tests/unit/simulator/test_report_shapes.c \
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
	tests/unit/simulator/test_xledger.c \
	tests/unit/simulator/test_xledger_write.c \
	tests/unit/simulator/test_xml.c \
	tests/unit/simulator/test_zone.c

tests_unit_simulator_test_simulator_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_simulator_test_simulator_LDADD = libsimulator.a libcore.a $(simulator_libs) \
	$(core_libs) $(CMOCKA_LIBS)

tests_unit_store_test_store_SOURCES = \
	tests/unit/store/disk.c \
	tests/unit/store/disk.h \
	tests/unit/store/main.c \
	tests/unit/store/test_accounts.c \
	tests/unit/store/test_audit.c \
	tests/unit/store/test_backup.c \
	tests/unit/store/test_crash.c \
	tests/unit/store/test_feeds.c \
	tests/unit/store/test_history.c \
	tests/unit/store/test_inspect.c \
	tests/unit/store/test_list.c \
	tests/unit/store/test_log.c \
	tests/unit/store/test_objects.c \
	tests/unit/store/test_open.c \
	tests/unit/store/test_push.c \
	tests/unit/store/test_query.c \
	tests/unit/store/test_rates.c \
	tests/unit/store/test_records.c \
	tests/unit/store/test_requests.c \
	tests/unit/store/test_restore.c \
	tests/unit/store/session_world.c \
	tests/unit/store/session_world.h \
	tests/unit/store/test_schema.c \
	tests/unit/store/test_session_round.c \
	tests/unit/store/test_sessions.c \
	tests/unit/store/test_statements.c \
	tests/unit/store/test_store.c \
	tests/unit/store/test_sweep.c \
	tests/unit/store/tests.c \
	tests/unit/store/tests.h

tests_unit_store_test_store_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src $(CMOCKA_CFLAGS)
tests_unit_store_test_store_LDADD = libstore.a libmodel.a libcore.a $(SQLITE_LIBS) $(core_libs) \
	$(CMOCKA_LIBS)

EXTRA_DIST += tests/deck/golden

tests_unit_ui_test_ui_SOURCES = \
	tests/unit/ui/main.c \
	tests/unit/ui/test_canvas.c \
	tests/unit/ui/test_copy.c \
	tests/unit/ui/test_format.c \
	tests/unit/ui/test_line.c \
	tests/unit/ui/test_listing.c \
	tests/unit/ui/test_pager.c \
	tests/unit/ui/test_screen.c \
	tests/unit/ui/test_selection.c \
	tests/unit/ui/test_sorter.c \
	tests/unit/ui/test_spark.c \
	tests/unit/ui/test_table.c \
	tests/unit/ui/test_theme.c \
	tests/unit/ui/test_window.c \
	tests/unit/ui/tests.h

tests_unit_ui_test_ui_CPPFLAGS = $(ui_cppflags) -I$(top_srcdir)/src $(CMOCKA_CFLAGS)
tests_unit_ui_test_ui_LDADD = libui.a libcommand.a libmodel.a libcore.a $(ui_libs) $(core_libs) $(CMOCKA_LIBS)

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

# The world of the tests of src/sync is theirs, too.
tests_unit_connect_test_connect_SOURCES = \
	tests/unit/connect/main.c \
	tests/unit/connect/test_attempt.c \
	tests/unit/connect/test_paste.c \
	tests/unit/connect/test_refresh.c \
	tests/unit/connect/test_secrets.c \
	tests/unit/connect/tests.h \
	tests/unit/sync/net.c \
	tests/unit/sync/net.h \
	tests/unit/sync/world.c \
	tests/unit/sync/world.h

tests_unit_connect_test_connect_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/connect $(CMOCKA_CFLAGS)
tests_unit_connect_test_connect_LDADD = libsync.a liblake.a libconnect.a libprovider.a libstore.a libvault.a libnet.a libsettings.a \
	libmodel.a libsimulator.a libcore.a $(net_libs) $(simulator_libs) $(INIH_LIBS) $(core_libs) \
	$(CMOCKA_LIBS)

tests_unit_sync_test_sync_SOURCES = \
	tests/unit/sync/crash.c \
	tests/unit/sync/crash.h \
	tests/unit/sync/desk.c \
	tests/unit/sync/desk.h \
	tests/unit/sync/main.c \
	tests/unit/sync/net.c \
	tests/unit/sync/net.h \
	tests/unit/sync/script.c \
	tests/unit/sync/script.h \
	tests/unit/sync/test_attention.c \
	tests/unit/sync/test_auto.c \
	tests/unit/sync/test_credit.c \
	tests/unit/sync/test_scenario.c \
	tests/unit/sync/test_extract.c \
	tests/unit/sync/test_merged.c \
	tests/unit/sync/test_operate.c \
	tests/unit/sync/test_outbox.c \
	tests/unit/sync/test_parts.c \
	tests/unit/sync/test_plan.c \
	tests/unit/sync/test_plan_head.c \
	tests/unit/sync/test_plan_line.c \
	tests/unit/sync/test_plan_policy.c \
	tests/unit/sync/test_reconcile.c \
	tests/unit/sync/test_sagas.c \
	tests/unit/sync/test_schedule.c \
	tests/unit/sync/test_slices.c \
	tests/unit/sync/test_stop.c \
	tests/unit/sync/test_sync.c \
	tests/unit/sync/test_threads.c \
	tests/unit/sync/test_xledger.c \
	tests/unit/sync/tests.h \
	tests/unit/sync/wave.c \
	tests/unit/sync/wave.h \
	tests/unit/sync/wave_acts.c \
	tests/unit/sync/wave_check.c \
	tests/unit/sync/wave_wire.c \
	tests/unit/sync/world.c \
	tests/unit/sync/world.h

tests_unit_sync_test_sync_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/sync $(CMOCKA_CFLAGS)
# A crash at a durable step, see tests/unit/sync/crash.h
tests_unit_sync_test_sync_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=store_commit -Wl,--wrap=store_open -Wl,--wrap=store_close
tests_unit_sync_test_sync_LDADD = libsync.a liblake.a libconnect.a libprovider.a libstore.a libvault.a libnet.a libsettings.a \
	libmodel.a libsimulator.a libcore.a $(net_libs) $(simulator_libs) $(INIH_LIBS) $(core_libs) \
	$(CMOCKA_LIBS)

# ---- tests/deck: the deck without a terminal, keys in and canvas out

unit_programs += tests/deck/test-deck
tests_deck_test_deck_SOURCES = \
	tests/deck/books.c \
	tests/deck/list.c \
	tests/deck/main.c \
	tests/deck/scenes.c \
	tests/deck/scenes.h \
	tests/deck/sessions.c \
	tests/deck/stage.c \
	tests/deck/strangers.c \
	tests/deck/test_act.c \
	tests/deck/test_attention.c \
	tests/deck/test_audit.c \
	tests/deck/test_dialog.c \
	tests/deck/test_golden.c \
	tests/deck/test_history.c \
	tests/deck/test_hostile.c \
	tests/deck/test_jobs.c \
	tests/deck/test_log.c \
	tests/deck/test_mapping.c \
	tests/deck/test_mouse.c \
	tests/deck/test_objects.c \
	tests/deck/test_outbox.c \
	tests/deck/test_personal.c \
	tests/deck/test_plain.c \
	tests/deck/test_plan.c \
	tests/deck/test_policies.c \
	tests/deck/test_random.c \
	tests/deck/test_reader.c \
	tests/deck/test_session.c \
	tests/deck/test_settings.c \
	tests/deck/test_trail.c \
	tests/deck/test_records.c \
	tests/deck/tests.h

tests_deck_test_deck_CPPFLAGS = $(AM_CPPFLAGS) $(ui_cppflags) $(CMOCKA_CFLAGS)
tests_deck_test_deck_LDADD = libui.a $(ledgerdeck_libraries) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += $(unit_programs)
TESTS += $(unit_programs)
endif

# ---- tests/screen: the screen on a real pty, as libvterm sees it

screen_programs = tests/screen/test-screen

tests_screen_test_screen_SOURCES = \
	tests/screen/child.c \
	tests/screen/main.c \
	tests/screen/place.c \
	tests/screen/place.h \
	tests/screen/terminal.c \
	tests/screen/terminal.h \
	tests/screen/test_cost.c \
	tests/screen/test_end.c \
	tests/screen/test_frames.c \
	tests/screen/test_input.c \
	tests/screen/test_mouse.c \
	tests/screen/test_program.c \
	tests/screen/test_raw.c \
	tests/screen/test_show.c \
	tests/screen/test_slow.c \
	tests/screen/test_views.c \
	tests/screen/tests.h \
	tests/deck/books.c \
	tests/deck/scenes.c \
	tests/deck/scenes.h \
	tests/deck/sessions.c \
	tests/deck/stage.c \
	tests/deck/strangers.c \
	tests/deck/tests.h

tests_screen_test_screen_CPPFLAGS = $(AM_CPPFLAGS) $(ui_cppflags) -I$(top_srcdir)/src $(CMOCKA_CFLAGS) $(VTERM_CFLAGS)
# A clock that goes by where the loop waits, and its frames counted, see tests/screen/test_frames.c
tests_screen_test_screen_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=poll -Wl,--wrap=screen_show
tests_screen_test_screen_LDADD = libui.a $(ledgerdeck_libraries) $(CMOCKA_LIBS) $(VTERM_LIBS)

if HAVE_VTERM
check_PROGRAMS += $(screen_programs)
TESTS += $(screen_programs)
endif

# ---- tests/cli: shell scripts on the real programs

cli_tests = \
	tests/cli/audit.sh \
	tests/cli/checks.sh \
	tests/cli/completion.sh \
	tests/cli/embed-advice.sh \
	tests/cli/export.sh \
	tests/cli/history.sh \
	tests/cli/import.sh \
	tests/cli/json.sh \
	tests/cli/ledgerdeck.sh \
	tests/cli/link.sh \
	tests/cli/operate.sh \
	tests/cli/man.sh \
	tests/cli/redirect-page.sh \
	tests/cli/redrive.sh \
	tests/cli/map.sh \
	tests/cli/requests.sh \
	tests/cli/settings.sh \
	tests/cli/sweep.sh \
	tests/cli/simulator-http.sh \
	tests/cli/simulator-man.sh \
	tests/cli/simulator-options.sh \
	tests/cli/simulator-xledger.sh \
	tests/cli/units.sh

TESTS += $(cli_tests)
EXTRA_DIST += $(cli_tests) tests/cli/books.py
TEST_EXTENSIONS = .sh
SH_LOG_COMPILER = $(SHELL)

# ---- tests/process: real processes over real sockets; in Python, since they are many at a time

process_tests = \
	tests/process/test_answers.py \
	tests/process/test_backup.py \
	tests/process/test_clouds.py \
	tests/process/test_decisions.py \
	tests/process/test_deck.py \
	tests/process/test_doctor.py \
	tests/process/test_documents.py \
	tests/process/test_evidence.py \
	tests/process/test_files.py \
	tests/process/test_kill_reconcile.py \
	tests/process/test_lake.py \
	tests/process/test_kill.py \
	tests/process/test_leaks.py \
	tests/process/test_paused.py \
	tests/process/test_policies.py \
	tests/process/test_push.py \
	tests/process/test_readers.py \
	tests/process/test_reconcile.py \
	tests/process/test_refresh.py \
	tests/process/test_restored.py \
	tests/process/test_signals.py \
	tests/process/test_tmux.py \
	tests/process/test_words.py \
	tests/process/test_xledger.py \
	tests/process/test_xledger_push.py

process_helpers = \
	tests/process/bench_apply.py \
	tests/process/bench_lake.py \
	tests/process/bench_xledger.py \
	tests/process/between.py \
	tests/process/clouds.py \
	tests/process/documents.py \
	tests/process/entity.py \
	tests/process/killing.py \
	tests/process/lake.py \
	tests/process/pushing.py \
	tests/process/pty_user.py \
	tests/process/reconciling.py \
	tests/process/run.sh \
	tests/process/world.py

# Death at a chosen step and a clock that is ahead, see tests/process/hook.c. It is loaded into others, so it is built without sanitizers.
check_PROGRAMS += tests/process/hook.so
tests_process_hook_so_SOURCES = tests/process/hook.c
tests_process_hook_so_CFLAGS = -std=gnu17 -fPIC $(WARNING_CFLAGS)
tests_process_hook_so_LDFLAGS = -shared
tests_process_hook_so_LDADD =

# ---- tests/lake: rows made by chance, and what others read them with (test_readers.py)

check_PROGRAMS += tests/lake/write-rows
tests_lake_write_rows_SOURCES = tests/lake/write-rows.c
tests_lake_write_rows_LDADD = liblake.a libnet.a libmodel.a libcore.a $(net_libs) $(core_libs)
EXTRA_DIST += tests/lake/bench.mjs tests/lake/package.json tests/lake/package-lock.json tests/lake/read.mjs tests/lake/s3-gate.mjs

TESTS += $(process_tests)
EXTRA_DIST += $(process_tests) $(process_helpers)
TEST_EXTENSIONS += .py
PY_LOG_COMPILER = $(SHELL) $(srcdir)/tests/process/run.sh

# What every test finds in its environment.
AM_TESTS_ENVIRONMENT = \
	LC_ALL=C; export LC_ALL; \
	SOURCE_DIR='$(abs_top_srcdir)'; export SOURCE_DIR; \
	LEDGERDECK_PROGRAM='$(abs_top_builddir)/ledgerdeck'; export LEDGERDECK_PROGRAM; \
	SIMULATOR_PROGRAM='$(abs_top_builddir)/ledgerdeck-simulator'; export SIMULATOR_PROGRAM; \
	HOOK_LIBRARY='$(abs_top_builddir)/tests/process/hook.so'; export HOOK_LIBRARY; \
	MANUAL_PROGRAMS='$(bin_PROGRAMS)'; export MANUAL_PROGRAMS;

# ---- tests/fuzz: one program per file, tests/fuzz/fuzz_<what>.c; its seeds are kept in
# tests/fuzz/corpus/<what>/

fuzz_programs = \
	tests/fuzz/fuzz_answer \
	tests/fuzz/fuzz_body \
	tests/fuzz/fuzz_books \
	tests/fuzz/fuzz_catalogue \
	tests/fuzz/fuzz_columns \
	tests/fuzz/fuzz_difference \
	tests/fuzz/fuzz_filter \
	tests/fuzz/fuzz_graphql \
	tests/fuzz/fuzz_import \
	tests/fuzz/fuzz_json \
	tests/fuzz/fuzz_match \
	tests/fuzz/fuzz_paste \
	tests/fuzz/fuzz_query \
	tests/fuzz/fuzz_rules \
	tests/fuzz/fuzz_sealed \
	tests/fuzz/fuzz_settings \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_url \
	tests/fuzz/fuzz_webhook

tests_fuzz_fuzz_sealed_LDADD = libvault.a libcore.a $(core_libs) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_settings_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_fuzz_fuzz_settings_LDADD = libsettings.a libcore.a $(INIH_LIBS) $(core_libs) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_answer_LDADD = libprovider.a libnet.a libmodel.a libcore.a $(JSON_LIBS) $(core_libs) \
	$(FUZZ_LDFLAGS)
tests_fuzz_fuzz_books_LDADD = libprovider.a libnet.a libmodel.a libcore.a $(JSON_LIBS) $(core_libs) \
	$(FUZZ_LDFLAGS)
tests_fuzz_fuzz_webhook_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_fuzz_fuzz_webhook_LDADD = libprovider.a libnet.a libmodel.a libcore.a $(JSON_LIBS) $(core_libs) \
	$(FUZZ_LDFLAGS)
tests_fuzz_fuzz_catalogue_LDADD = libmodel.a libcore.a $(core_libs) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_paste_LDADD = libconnect.a libcore.a $(core_libs) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_columns_LDADD = liblake.a libnet.a libmodel.a libcore.a $(net_libs) $(core_libs) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_difference_LDADD = libmodel.a libcore.a $(core_libs) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_filter_LDADD = libmodel.a libcore.a $(core_libs) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_match_LDADD = libmodel.a libcore.a $(core_libs) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_rules_LDADD = libmodel.a libcore.a $(core_libs) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_import_LDADD = libmodel.a libcore.a $(core_libs) $(FUZZ_LDFLAGS)

EXTRA_PROGRAMS += $(fuzz_programs)
EXTRA_DIST += tests/fuzz/corpus tests/sync

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
	tests/bench/bench-backfill \
	tests/bench/bench-import \
	tests/bench/bench-ingest \
	tests/bench/bench-lake \
	tests/bench/bench-match \
	tests/bench/bench-memory \
	tests/bench/bench-simulator \
	tests/bench/bench-store

bench_mirror_sources = \
	tests/bench/ledger.c \
	tests/bench/ledger.h \
	tests/bench/mirror.c \
	tests/bench/mirror.h
bench_mirror_libs = libsync.a liblake.a libconnect.a libprovider.a libstore.a libvault.a libnet.a libsettings.a libmodel.a libcore.a \
	$(net_libs) $(SQLITE_LIBS) $(CRYPTO_LIBS) $(INIH_LIBS) $(core_libs)

tests_bench_bench_ingest_SOURCES = \
	tests/bench/bench-ingest.c \
	tests/bench/bound.c \
	tests/bench/bound.h \
	$(bench_mirror_sources)
tests_bench_bench_ingest_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_bench_bench_ingest_LDADD = $(bench_mirror_libs) $(CURL_LIBS)
tests_bench_bench_memory_SOURCES = tests/bench/bench-memory.c $(bench_mirror_sources)
tests_bench_bench_memory_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_bench_bench_memory_LDADD = $(bench_mirror_libs)
tests_bench_bench_backfill_LDADD = $(bench_mirror_libs)

tests_bench_bench_import_LDADD = libmodel.a libcore.a $(core_libs)
tests_bench_bench_lake_LDADD = liblake.a libnet.a libmodel.a libcore.a $(net_libs) $(core_libs)
tests_bench_bench_match_LDADD = libmodel.a libcore.a $(core_libs)

tests_bench_bench_store_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_bench_bench_store_LDADD = libstore.a libmodel.a libcore.a $(SQLITE_LIBS) $(core_libs)

# Makes what others measure on; prints no figures itself.
bench_helpers = tests/bench/make-store tests/bench/bare-table
tests_bench_make_store_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_bench_make_store_LDADD = libstore.a libmodel.a libcore.a $(SQLITE_LIBS) $(core_libs)
tests_bench_bare_table_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSES_CFLAGS)
tests_bench_bare_table_LDADD = $(NCURSES_LIBS) $(SQLITE_LIBS) $(core_libs)

# The deck beside the bound, on a store of its own: make bench-deck BENCH_RECORDS=10000000
BENCH_RECORDS = 1000000
BENCH_ATTEMPTS = 1000000
bench_deck = tests/bench/bench-deck tests/bench/bench-plan tests/bench/bench-reconcile tests/bench/bench-status
tests_bench_bench_plan_LDADD = $(bench_mirror_libs)
tests_bench_bench_reconcile_LDADD = $(bench_mirror_libs)
# Of the store's records; the documents are the bench's own.
BENCH_DOCUMENTS = 100000
bench-deck: ledgerdeck $(bench_deck) $(bench_helpers) tests/bench/bench-ingest
	@rm -f bench-deck.db* bench-deck.log
	@tests/bench/make-store bench-deck.db $(BENCH_RECORDS) $(BENCH_ATTEMPTS) 2> bench-deck.log
	@tests/bench/bench-status bench-deck.db ./ledgerdeck
	@cp bench-deck.db bench-plan.db && tests/bench/bench-plan bench-plan.db $(BENCH_DOCUMENTS)
	@tests/bench/bench-reconcile bench-plan.db 100000
	@rm -f bench-plan.db*
	@tests/bench/bench-deck bench-deck.db ./ledgerdeck tests/bench/bare-table 200 tests/bench/bench-ingest
	@rm -f bench-deck.db* bench-deck.log

EXTRA_PROGRAMS += $(bench_programs) $(bench_deck) $(bench_helpers)

bench: $(bench_programs) ledgerdeck ledgerdeck-simulator
	@test -n '$(bench_programs)' || echo 'bench: this version has no benchmarks'
	@for program in $(bench_programs); do ./$$program || exit 1; done
	@LEDGERDECK_PROGRAM=$$PWD/ledgerdeck SIMULATOR_PROGRAM=$$PWD/ledgerdeck-simulator python3 -B $(srcdir)/tests/process/bench_apply.py
	@LEDGERDECK_PROGRAM=$$PWD/ledgerdeck SIMULATOR_PROGRAM=$$PWD/ledgerdeck-simulator python3 -B $(srcdir)/tests/process/bench_xledger.py
	@python3 -B $(srcdir)/tests/process/bench_lake.py $$PWD
	@$(MAKE) bench-deck

.PHONY: fuzzers list-fuzzers bench bench-deck
