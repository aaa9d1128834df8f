# SPDX-License-Identifier: GPL-3.0-or-later
# Every source, lowest layer first: one file per line, each folder's contracts (its headers below
# include/) before its own files. `make check-sources` compares this list with the folders.

# ---- core

noinst_LIBRARIES += libcore.a
libcore_a_CPPFLAGS = $(base_cppflags) $(core_cflags)
libcore_a_SOURCES = \
	include/ledgerdeck/core/cancel.h \
	include/ledgerdeck/core/compress.h \
	include/ledgerdeck/core/date.h \
	include/ledgerdeck/core/decimal.h \
	include/ledgerdeck/core/digest.h \
	include/ledgerdeck/core/env.h \
	include/ledgerdeck/core/error.h \
	include/ledgerdeck/core/file.h \
	include/ledgerdeck/core/hash.h \
	include/ledgerdeck/core/holder.h \
	include/ledgerdeck/core/json.h \
	include/ledgerdeck/core/log.h \
	include/ledgerdeck/core/map.h \
	include/ledgerdeck/core/memory.h \
	include/ledgerdeck/core/queue.h \
	include/ledgerdeck/core/random.h \
	include/ledgerdeck/core/secret.h \
	include/ledgerdeck/core/str.h \
	include/ledgerdeck/core/text.h \
	include/ledgerdeck/core/thread.h \
	include/ledgerdeck/core/utf8.h \
	src/core/cancel.c \
	src/core/compress.c \
	src/core/date.c \
	src/core/decimal.c \
	src/core/digest.c \
	src/core/env.c \
	src/core/error.c \
	src/core/file.c \
	src/core/fold.c \
	src/core/hash.c \
	src/core/holder.c \
	src/core/json.c \
	src/core/json_map.c \
	src/core/json_map.h \
	src/core/log.c \
	src/core/map.c \
	src/core/memory.c \
	src/core/queue.c \
	src/core/random.c \
	src/core/secret.c \
	src/core/str.c \
	src/core/text.c \
	src/core/text_width.h \
	src/core/thread.c

# ---- model: the catalogue's rows are data; they are built in, and installed for people to read

noinst_LIBRARIES += libmodel.a
libmodel_a_CPPFLAGS = $(base_cppflags)
nodist_libmodel_a_SOURCES = data/catalogue.c
libmodel_a_SOURCES = \
	include/ledgerdeck/model/account.h \
	include/ledgerdeck/model/account_class.h \
	include/ledgerdeck/model/catalogue.h \
	include/ledgerdeck/model/columns.h \
	include/ledgerdeck/model/csv.h \
	include/ledgerdeck/model/difference.h \
	include/ledgerdeck/model/export.h \
	include/ledgerdeck/model/filter.h \
	include/ledgerdeck/model/import.h \
	include/ledgerdeck/model/log_filter.h \
	include/ledgerdeck/model/mapping_file.h \
	include/ledgerdeck/model/match.h \
	include/ledgerdeck/model/nearest.h \
	include/ledgerdeck/model/personal.h \
	include/ledgerdeck/model/plan.h \
	include/ledgerdeck/model/policy.h \
	include/ledgerdeck/model/rates.h \
	include/ledgerdeck/model/record.h \
	include/ledgerdeck/model/request.h \
	include/ledgerdeck/model/resource.h \
	include/ledgerdeck/model/session.h \
	include/ledgerdeck/model/statement.h \
	include/ledgerdeck/model/stop.h \
	include/ledgerdeck/model/tolerance.h \
	include/ledgerdeck/model/window.h \
	src/model/account.c \
	src/model/account_class.c \
	src/model/catalogue.c \
	src/model/catalogue_impl.h \
	src/model/catalogue_make.c \
	src/model/catalogue_rows.c \
	src/model/catalogue_rows.h \
	src/model/cell.c \
	src/model/cell.h \
	src/model/columns.c \
	src/model/csv.c \
	src/model/difference.c \
	src/model/excerpt.c \
	src/model/excerpt.h \
	src/model/export.c \
	src/model/export_csv.c \
	src/model/export_iif.c \
	src/model/export_impl.h \
	src/model/filter.c \
	src/model/filter_word.c \
	src/model/filter_word.h \
	src/model/import.c \
	src/model/import_bind.c \
	src/model/import_bind.h \
	src/model/import_cell.c \
	src/model/import_cell.h \
	src/model/import_columns.c \
	src/model/import_csv.c \
	src/model/import_date.c \
	src/model/import_date.h \
	src/model/import_document.c \
	src/model/import_document.h \
	src/model/import_graph.c \
	src/model/import_graph.h \
	src/model/import_impl.h \
	src/model/import_json.c \
	src/model/import_profile.c \
	src/model/import_profile.h \
	src/model/import_seen.c \
	src/model/import_seen.h \
	src/model/log_filter.c \
	src/model/mapping_file.c \
	src/model/match.c \
	src/model/match_impl.h \
	src/model/match_pool.c \
	src/model/match_score.c \
	src/model/match_sum.c \
	src/model/nearest.c \
	src/model/path.c \
	src/model/personal.c \
	src/model/path.h \
	src/model/plan.c \
	src/model/policy.c \
	src/model/policy_owner.c \
	src/model/rates.c \
	src/model/record.c \
	src/model/references.c \
	src/model/request.c \
	src/model/resource.c \
	src/model/resource_impl.h \
	src/model/resource_rows.c \
	src/model/resource_rules.c \
	src/model/resource_value.c \
	src/model/session.c \
	src/model/statement.c \
	src/model/stop.c \
	src/model/tolerance.c \
	src/model/window.c \
	src/model/windows_1252.c \
	src/model/windows_1252.h

catalogue_files = \
	data/catalogue/quickbooks.catalogue \
	data/catalogue/xledger.catalogue

cataloguedir = $(pkgdatadir)/catalogue
dist_catalogue_DATA = $(catalogue_files)

# Named below data/, not src/, since nobody wrote it.
data/catalogue.c: $(catalogue_files) $(srcdir)/scripts/embed
	$(AM_V_GEN)$(MKDIR_P) data && \
		(cd $(srcdir) && $(SHELL) scripts/embed catalogue_builtin $(catalogue_files)) >$@.new && \
		mv $@.new $@
CLEANFILES += data/catalogue.c

# ---- settings

noinst_LIBRARIES += libsettings.a
libsettings_a_CPPFLAGS = $(base_cppflags) $(INIH_CFLAGS)
libsettings_a_SOURCES = \
	include/ledgerdeck/settings/settings.h \
	src/settings/rows.c \
	src/settings/rows.h \
	src/settings/settings.c \
	src/settings/value.c \
	src/settings/value.h \
	src/settings/variables.c \
	src/settings/variables.h

# ---- net

noinst_LIBRARIES += libnet.a
libnet_a_CPPFLAGS = $(base_cppflags) $(net_cflags)
libnet_a_SOURCES = \
	include/ledgerdeck/net/http.h \
	include/ledgerdeck/net/listener.h \
	src/net/budget.c \
	src/net/budget.h \
	src/net/budget_file.c \
	src/net/budget_file.h \
	src/net/call.c \
	src/net/call.h \
	src/net/head.c \
	src/net/head.h \
	src/net/http.c \
	src/net/libcurl.c \
	src/net/libcurl.h \
	src/net/libmicrohttpd.c \
	src/net/libmicrohttpd.h \
	src/net/library.c \
	src/net/library.h \
	src/net/listener.c \
	src/net/throttle.c \
	src/net/throttle.h \
	src/net/transport.c \
	src/net/url.c \
	src/net/url.h

# ---- vault

noinst_LIBRARIES += libvault.a
libvault_a_CPPFLAGS = $(base_cppflags) $(SODIUM_CFLAGS)
libvault_a_SOURCES = \
	include/ledgerdeck/vault/vault.h \
	src/vault/bytes.h \
	src/vault/header.c \
	src/vault/header.h \
	src/vault/key.c \
	src/vault/key.h \
	src/vault/keyfile.c \
	src/vault/seal.c \
	src/vault/seal.h \
	src/vault/vault.c

# ---- store

noinst_LIBRARIES += libstore.a
libstore_a_CPPFLAGS = $(base_cppflags) $(SQLITE_CFLAGS)
libstore_a_SOURCES = \
	include/ledgerdeck/store/accounts.h \
	include/ledgerdeck/store/backup.h \
	include/ledgerdeck/store/feeds.h \
	include/ledgerdeck/store/log.h \
	include/ledgerdeck/store/mappings.h \
	include/ledgerdeck/store/objects.h \
	include/ledgerdeck/store/outbox.h \
	include/ledgerdeck/store/plans.h \
	include/ledgerdeck/store/credit_notes.h \
	include/ledgerdeck/store/rates.h \
	include/ledgerdeck/store/records.h \
	include/ledgerdeck/store/references.h \
	include/ledgerdeck/store/requests.h \
	include/ledgerdeck/store/resources.h \
	include/ledgerdeck/store/sessions.h \
	include/ledgerdeck/store/store.h \
	src/store/accounts.c \
	src/store/audit.c \
	src/store/backup.c \
	src/store/copy.h \
	src/store/feed_changes.c \
	src/store/feeds.c \
	src/store/history.c \
	src/store/links.c \
	src/store/list.c \
	src/store/log.c \
	src/store/log_list.c \
	src/store/mappings.c \
	src/store/objects.c \
	src/store/outbox.c \
	src/store/plans.c \
	src/store/query.c \
	src/store/query.h \
	src/store/credit_notes.c \
	src/store/rates.c \
	src/store/records.c \
	src/store/references.c \
	src/store/requests.c \
	src/store/resources.c \
	src/store/restore.c \
	src/store/rows.h \
	src/store/schema.c \
	src/store/session_act.c \
	src/store/session_look.c \
	src/store/session_round.c \
	src/store/session_rows.h \
	src/store/sessions.c \
	src/store/statements.c \
	src/store/statements.h \
	src/store/statements_feed.c \
	src/store/statements_session.c \
	src/store/store.c \
	src/store/then.c \
	src/store/touched.c \
	src/store/touched.h

# ---- provider

noinst_LIBRARIES += libprovider.a
libprovider_a_CPPFLAGS = $(base_cppflags) -I$(srcdir)/src/provider
libprovider_a_SOURCES = \
	include/ledgerdeck/provider/books.h \
	include/ledgerdeck/provider/provider.h \
	include/ledgerdeck/provider/push.h \
	include/ledgerdeck/provider/schema.h \
	src/provider/books.c \
	src/provider/provider.c \
	src/provider/push.c \
	src/provider/push_parts.h \
	src/provider/push_shape.c \
	src/provider/push_tax.c \
	src/provider/push_values.c \
	src/provider/quickbooks/answer.c \
	src/provider/quickbooks/answer.h \
	src/provider/quickbooks/books.h \
	src/provider/quickbooks/books_account.c \
	src/provider/quickbooks/books_document.c \
	src/provider/quickbooks/books_entry.c \
	src/provider/quickbooks/books_fetch.c \
	src/provider/quickbooks/books_money.c \
	src/provider/quickbooks/books_rows.c \
	src/provider/quickbooks/call.c \
	src/provider/quickbooks/call.h \
	src/provider/quickbooks/changes.c \
	src/provider/quickbooks/fault.c \
	src/provider/quickbooks/find.c \
	src/provider/quickbooks/identity.c \
	src/provider/quickbooks/now.c \
	src/provider/quickbooks/parts.h \
	src/provider/quickbooks/push.c \
	src/provider/quickbooks/push.h \
	src/provider/quickbooks/push_compare.c \
	src/provider/quickbooks/push_lines.c \
	src/provider/quickbooks/push_rows.c \
	src/provider/quickbooks/push_send.c \
	src/provider/quickbooks/query.c \
	src/provider/quickbooks/query.h \
	src/provider/quickbooks/quickbooks.c \
	src/provider/quickbooks/quickbooks.h \
	src/provider/quickbooks/read.c \
	src/provider/quickbooks/read.h \
	src/provider/quickbooks/sweep.c \
	src/provider/quickbooks/walk.c \
	src/provider/quickbooks/words.c \
	src/provider/quickbooks/walk.h \
	src/provider/xledger/changes.c \
	src/provider/xledger/document.c \
	src/provider/xledger/document.h \
	src/provider/xledger/graphql.c \
	src/provider/xledger/graphql.h \
	src/provider/xledger/identity.c \
	src/provider/xledger/push.c \
	src/provider/xledger/push.h \
	src/provider/xledger/push_compare.c \
	src/provider/xledger/push_posted.c \
	src/provider/xledger/push_rows.c \
	src/provider/xledger/push_send.c \
	src/provider/xledger/push_voucher.c \
	src/provider/xledger/read.c \
	src/provider/xledger/read.h \
	src/provider/xledger/schema.c \
	src/provider/xledger/webhook.c \
	src/provider/xledger/webhook.h \
	src/provider/xledger/xledger.c \
	src/provider/xledger/xledger.h

# ---- lake

noinst_LIBRARIES += liblake.a
liblake_a_CPPFLAGS = $(base_cppflags)
liblake_a_SOURCES = \
	include/ledgerdeck/lake/destination.h \
	include/ledgerdeck/lake/layout.h \
	include/ledgerdeck/lake/table.h \
	src/lake/azure.c \
	src/lake/bounds.c \
	src/lake/bounds.h \
	src/lake/chunk.c \
	src/lake/chunk.h \
	src/lake/cloud.c \
	src/lake/cloud.h \
	src/lake/csv.c \
	src/lake/destination.c \
	src/lake/destination_impl.h \
	src/lake/dictionary.c \
	src/lake/dictionary.h \
	src/lake/format.h \
	src/lake/hybrid.c \
	src/lake/hybrid.h \
	src/lake/jsonl.c \
	src/lake/layout.c \
	src/lake/lines.c \
	src/lake/lines.h \
	src/lake/local.c \
	src/lake/parquet.c \
	src/lake/parquet_words.h \
	src/lake/s3.c \
	src/lake/sign.c \
	src/lake/sign.h \
	src/lake/spool.c \
	src/lake/table.c \
	src/lake/thrift.c \
	src/lake/thrift.h \
	src/lake/values.c \
	src/lake/values.h

# ---- connect

noinst_LIBRARIES += libconnect.a
libconnect_a_CPPFLAGS = $(base_cppflags)
libconnect_a_SOURCES = \
	include/ledgerdeck/connect/connect.h \
	src/connect/attempt.c \
	src/connect/keys.c \
	src/connect/listen.c \
	src/connect/local.c \
	src/connect/paste.c \
	src/connect/places.c \
	src/connect/refresh.c \
	src/connect/session.c \
	src/connect/tokens.c \
	src/connect/transport.c \
	src/connect/world.c \
	src/connect/world.h

# ---- sync

noinst_LIBRARIES += libsync.a
libsync_a_CPPFLAGS = $(base_cppflags) -I$(srcdir)/src/sync
nodist_libsync_a_SOURCES = data/advice.c
libsync_a_SOURCES = \
	include/ledgerdeck/sync/attention.h \
	include/ledgerdeck/sync/feed.h \
	include/ledgerdeck/sync/fit.h \
	include/ledgerdeck/sync/link.h \
	include/ledgerdeck/sync/mapping.h \
	include/ledgerdeck/sync/push.h \
	include/ledgerdeck/sync/reconcile.h \
	include/ledgerdeck/sync/request.h \
	include/ledgerdeck/sync/sync.h \
	src/sync/absent.c \
	src/sync/advice.c \
	src/sync/background.c \
	src/sync/apply.c \
	src/sync/attention.c \
	src/sync/attention.h \
	src/sync/attention_books.c \
	src/sync/attention_feeds.c \
	src/sync/attention_push.c \
	src/sync/auto.c \
	src/sync/backup.c \
	src/sync/bell.c \
	src/sync/changes.c \
	src/sync/credit.c \
	src/sync/confirm.c \
	src/sync/debounce.c \
	src/sync/direct.c \
	src/sync/direct.h \
	src/sync/drift.c \
	src/sync/engine.h \
	src/sync/extract.c \
	src/sync/feed.c \
	src/sync/feed_file.c \
	src/sync/feed_file.h \
	src/sync/feed_keeper.c \
	src/sync/feed_make.c \
	src/sync/feed_manifest.c \
	src/sync/feed_manifest.h \
	src/sync/fit.c \
	src/sync/foresee.c \
	src/sync/house.c \
	src/sync/intake.c \
	src/sync/job.c \
	src/sync/left.c \
	src/sync/lease.c \
	src/sync/mapper.h \
	src/sync/mapping.c \
	src/sync/mapping_effect.c \
	src/sync/link.c \
	src/sync/merged.c \
	src/sync/mirror.c \
	src/sync/mirror.h \
	src/sync/month.c \
	src/sync/operate.c \
	src/sync/outbox.c \
	src/sync/outbox.h \
	src/sync/outbox_log.c \
	src/sync/outbox_look.c \
	src/sync/outbox_send.c \
	src/sync/outbox_take.c \
	src/sync/parts.c \
	src/sync/parts.h \
	src/sync/plan.c \
	src/sync/plan.h \
	src/sync/plan_calls.c \
	src/sync/plan_desk.c \
	src/sync/plan_head.c \
	src/sync/plan_like.c \
	src/sync/plan_line.c \
	src/sync/plan_line.h \
	src/sync/plan_names.c \
	src/sync/plan_owner.c \
	src/sync/plan_void.c \
	src/sync/pull.c \
	src/sync/rearm.c \
	src/sync/replan.c \
	src/sync/reconcile/act.c \
	src/sync/reconcile/books.c \
	src/sync/reconcile/compare.c \
	src/sync/reconcile/evidence.c \
	src/sync/reconcile/evidence.h \
	src/sync/reconcile/keep.c \
	src/sync/reconcile/nightly.c \
	src/sync/reconcile/nightly.h \
	src/sync/reconcile/reports.c \
	src/sync/reconcile/round.c \
	src/sync/reconcile/round.h \
	src/sync/reconcile/sides.c \
	src/sync/reconcile/sign.c \
	src/sync/reconcile/statement.c \
	src/sync/reconcile/ties.c \
	src/sync/reconcile/verify.c \
	src/sync/reconcile/watch.c \
	src/sync/reconcile/watch.h \
	src/sync/request.c \
	src/sync/reread.c \
	src/sync/schedule.c \
	src/sync/settle.c \
	src/sync/standing.c \
	src/sync/stop.c \
	src/sync/slices.c \
	src/sync/sweep.c \
	src/sync/sync.c \
	src/sync/window.c \
	src/sync/worker.c

# What error codes mean to an operator: data, built in, and installed for people to read.
advice_files = \
	data/advice/quickbooks.advice

advicedir = $(pkgdatadir)/advice
dist_advice_DATA = $(advice_files)

data/advice.c: $(advice_files) $(srcdir)/scripts/embed-advice
	$(AM_V_GEN)$(MKDIR_P) data && (cd $(srcdir) && $(SHELL) scripts/embed-advice $(advice_files)) >$@.new && mv $@.new $@
CLEANFILES += data/advice.c

# ---- command

noinst_LIBRARIES += libcommand.a
libcommand_a_CPPFLAGS = $(base_cppflags)
libcommand_a_SOURCES = \
	include/ledgerdeck/command/actions.h \
	include/ledgerdeck/command/address.h \
	include/ledgerdeck/command/command.h \
	include/ledgerdeck/command/key.h \
	include/ledgerdeck/command/keys.h \
	include/ledgerdeck/command/period.h \
	include/ledgerdeck/command/then.h \
	src/command/accounts.c \
	src/command/actions.c \
	src/command/address.c \
	src/command/app.c \
	src/command/apply.c \
	src/command/attention.c \
	src/command/audit.c \
	src/command/backup.c \
	src/command/connect.c \
	src/command/connect_end.c \
	src/command/connect_end.h \
	src/command/connect_token.c \
	src/command/demo.c \
	src/command/demo_books.c \
	src/command/demo_books.h \
	src/command/demo_entity.c \
	src/command/demo_kill.c \
	src/command/demo_lake.c \
	src/command/demo_lake.h \
	src/command/demo_push.c \
	src/command/demo_push.h \
	src/command/demo_steps.c \
	src/command/demo_steps.h \
	src/command/destinations.c \
	src/command/disconnect.c \
	src/command/doctor.c \
	src/command/doctor.h \
	src/command/doctor_place.c \
	src/command/doctor_store.c \
	src/command/export.c \
	src/command/export_records.c \
	src/command/help.c \
	src/command/history.c \
	src/command/import.c \
	src/command/interval.c \
	src/command/key.c \
	src/command/keymap.c \
	src/command/keys.c \
	src/command/link.c \
	src/command/log.c \
	src/command/map.c \
	src/command/map_file.c \
	src/command/objects.c \
	src/command/opener.c \
	src/command/outbox.c \
	src/command/parse.c \
	src/command/pause.c \
	src/command/plan.c \
	src/command/policy.c \
	src/command/progress.c \
	src/command/rates.c \
	src/command/redrive.c \
	src/command/refresh.c \
	src/command/reconcile.c \
	src/command/requests.c \
	src/command/resolve.c \
	src/command/resources.c \
	src/command/retry.c \
	src/command/run.c \
	src/command/sessions.c \
	src/command/settings.c \
	src/command/source.c \
	src/command/show.c \
	src/command/simulator.c \
	src/command/simulator.h \
	src/command/sql.c \
	src/command/status.c \
	src/command/sync.c \
	src/command/table.c \
	src/command/then.c \
	src/command/types.c \
	src/command/vault.c \
	src/command/verbs.c \
	src/command/verbs.h \
	src/command/version.c \
	src/command/who.c

# ---- ui: themes are data; they are built in, and installed for people to read

noinst_LIBRARIES += libui.a
libui_a_CPPFLAGS = $(ui_cppflags) $(QRENCODE_CFLAGS)
nodist_libui_a_SOURCES = data/themes.c
libui_a_SOURCES = \
	include/ledgerdeck/ui/ui.h \
	src/ui/acts.c \
	src/ui/canvas.c \
	src/ui/canvas.h \
	src/ui/chosen.c \
	src/ui/chosen.h \
	src/ui/copies.c \
	src/ui/copies.h \
	src/ui/copy.c \
	src/ui/copy.h \
	src/ui/deck.c \
	src/ui/deck.h \
	src/ui/dialog.c \
	src/ui/dialog.h \
	src/ui/dispatch.c \
	src/ui/engine.c \
	src/ui/format.c \
	src/ui/format.h \
	src/ui/handed.c \
	src/ui/job.c \
	src/ui/job.h \
	src/ui/leave.c \
	src/ui/line.c \
	src/ui/line.h \
	src/ui/listing.c \
	src/ui/listing.h \
	src/ui/loop.c \
	src/ui/marks.c \
	src/ui/mouse.c \
	src/ui/outside.c \
	src/ui/outside.h \
	src/ui/own.c \
	src/ui/pager.c \
	src/ui/pager.h \
	src/ui/paint.c \
	src/ui/plain.c \
	src/ui/plain.h \
	src/ui/prompt.c \
	src/ui/reader.c \
	src/ui/reader.h \
	src/ui/result.c \
	src/ui/result.h \
	src/ui/screen.c \
	src/ui/screen.h \
	src/ui/screen_impl.h \
	src/ui/screen_input.c \
	src/ui/screen_keys.c \
	src/ui/screen_mouse.c \
	src/ui/screen_restore.c \
	src/ui/screen_show.c \
	src/ui/selection.c \
	src/ui/selection.h \
	src/ui/shell.c \
	src/ui/sorter.c \
	src/ui/sorter.h \
	src/ui/spark.c \
	src/ui/spark.h \
	src/ui/stretch.c \
	src/ui/stretch.h \
	src/ui/strip.c \
	src/ui/strip.h \
	src/ui/table.c \
	src/ui/table.h \
	src/ui/task.c \
	src/ui/task.h \
	src/ui/theme.c \
	src/ui/theme.h \
	src/ui/trail.c \
	src/ui/trail.h \
	src/ui/ui.c \
	src/ui/undo.c \
	src/ui/view.h \
	src/ui/view/attempt.c \
	src/ui/view/attention.c \
	src/ui/view/attempts.c \
	src/ui/view/attempts.h \
	src/ui/view/attempts_read.c \
	src/ui/view/audit.c \
	src/ui/view/audit.h \
	src/ui/view/audit_entry.c \
	src/ui/view/audit_read.c \
	src/ui/view/dashboard.c \
	src/ui/view/dashboard.h \
	src/ui/view/dashboard_draw.c \
	src/ui/view/dashboard_read.c \
	src/ui/view/dashboard_strip.c \
	src/ui/view/dashboard_trail.c \
	src/ui/view/document.c \
	src/ui/view/exception.c \
	src/ui/view/help.c \
	src/ui/view/intent.c \
	src/ui/view/job.c \
	src/ui/view/jobs.c \
	src/ui/view/jobs.h \
	src/ui/view/jobs_read.c \
	src/ui/view/mapping.c \
	src/ui/view/mapping.h \
	src/ui/view/mapping_draw.c \
	src/ui/view/mapping_read.c \
	src/ui/view/mapping_save.c \
	src/ui/view/messages.c \
	src/ui/view/moment.c \
	src/ui/view/moment.h \
	src/ui/view/object_row.c \
	src/ui/view/object_row.h \
	src/ui/view/objects.c \
	src/ui/view/objects.h \
	src/ui/view/objects_draw.c \
	src/ui/view/objects_list.c \
	src/ui/view/outbox.c \
	src/ui/view/outbox_view.h \
	src/ui/view/plan.c \
	src/ui/view/plan_act.c \
	src/ui/view/plan_draw.c \
	src/ui/view/plan_line.c \
	src/ui/view/plan_read.c \
	src/ui/view/plan_view.h \
	src/ui/view/policies.c \
	src/ui/view/policy.c \
	src/ui/view/reconcile.c \
	src/ui/view/record.c \
	src/ui/view/record.h \
	src/ui/view/record_text.c \
	src/ui/view/records.c \
	src/ui/view/records.h \
	src/ui/view/records_choose.c \
	src/ui/view/records_draw.c \
	src/ui/view/records_hold.c \
	src/ui/view/records_look.c \
	src/ui/view/requests.c \
	src/ui/view/session.c \
	src/ui/view/session_act.c \
	src/ui/view/session_draw.c \
	src/ui/view/session_list.c \
	src/ui/view/session_read.c \
	src/ui/view/session_sight.c \
	src/ui/view/session_view.h \
	src/ui/view/setting.c \
	src/ui/view/setting.h \
	src/ui/view/settings.c \
	src/ui/view/tie.c \
	src/ui/view/used.c \
	src/ui/window.c \
	src/ui/window.h

theme_files = \
	data/themes/clear.theme \
	data/themes/dark.theme \
	data/themes/light.theme \
	data/themes/mono.theme

themedir = $(pkgdatadir)/themes
dist_theme_DATA = $(theme_files)

data/themes.c: $(theme_files) $(srcdir)/scripts/embed
	$(AM_V_GEN)$(MKDIR_P) data && \
		(cd $(srcdir) && $(SHELL) scripts/embed themes_builtin $(theme_files)) >$@.new && \
		mv $@.new $@
CLEANFILES += data/themes.c

# ---- cli

noinst_LIBRARIES += libcli.a
libcli_a_CPPFLAGS = $(base_cppflags) $(QRENCODE_CFLAGS)
libcli_a_SOURCES = \
	include/ledgerdeck/cli/cli.h \
	src/cli/cli.c \
	src/cli/face.h \
	src/cli/help.c \
	src/cli/options.c \
	src/cli/out.c \
	src/cli/print_csv.c \
	src/cli/print_json.c \
	src/cli/print_table.c \
	src/cli/progress.c \
	src/cli/prompt.c \
	src/cli/qr.c

# ---- simulator

noinst_LIBRARIES += libsimulator.a
libsimulator_a_CPPFLAGS = $(simulator_cppflags)
libsimulator_a_SOURCES = \
	$(simulator_own) \
	$(simulator_quickbooks) \
	$(simulator_sample) \
	$(simulator_xledger)

simulator_own = \
	include/ledgerdeck/simulator.h \
	src/simulator/alarms.c \
	src/simulator/alarms.h \
	src/simulator/answer.c \
	src/simulator/answer.h \
	src/simulator/company.c \
	src/simulator/company.h \
	src/simulator/control.c \
	src/simulator/control.h \
	src/simulator/exchange.c \
	src/simulator/exchange.h \
	src/simulator/jwt.c \
	src/simulator/jwt.h \
	src/simulator/limiter.c \
	src/simulator/limiter.h \
	src/simulator/oauth.c \
	src/simulator/oauth.h \
	src/simulator/oauth_consent.c \
	src/simulator/oauth_grant.c \
	src/simulator/oauth_impl.h \
	src/simulator/oauth_page.c \
	src/simulator/oauth_state.c \
	src/simulator/oauth_token.c \
	src/simulator/options.c \
	src/simulator/options.h \
	src/simulator/request.c \
	src/simulator/request.h \
	src/simulator/server.c \
	src/simulator/server.h \
	src/simulator/simulator.c \
	src/simulator/state.c \
	src/simulator/state.h \
	src/simulator/state_company.c \
	src/simulator/state_impl.h \
	src/simulator/state_load.c \
	src/simulator/switches.c \
	src/simulator/switches.h \
	src/simulator/trouble.c \
	src/simulator/trouble.h \
	src/simulator/world.h

simulator_quickbooks = \
	src/simulator/quickbooks/account.c \
	src/simulator/quickbooks/api.c \
	src/simulator/quickbooks/api.h \
	src/simulator/quickbooks/batch.c \
	src/simulator/quickbooks/batch.h \
	src/simulator/quickbooks/call.c \
	src/simulator/quickbooks/call.h \
	src/simulator/quickbooks/cdc.c \
	src/simulator/quickbooks/cdc.h \
	src/simulator/quickbooks/document.c \
	src/simulator/quickbooks/document.h \
	src/simulator/quickbooks/draft.c \
	src/simulator/quickbooks/draft.h \
	src/simulator/quickbooks/entity.c \
	src/simulator/quickbooks/entity.h \
	src/simulator/quickbooks/fault.c \
	src/simulator/quickbooks/fault.h \
	src/simulator/quickbooks/filter.c \
	src/simulator/quickbooks/filter.h \
	src/simulator/quickbooks/lexer.c \
	src/simulator/quickbooks/lexer.h \
	src/simulator/quickbooks/lines.c \
	src/simulator/quickbooks/lines.h \
	src/simulator/quickbooks/list.c \
	src/simulator/quickbooks/object.c \
	src/simulator/quickbooks/payment.c \
	src/simulator/quickbooks/period.c \
	src/simulator/quickbooks/period.h \
	src/simulator/quickbooks/purchase.c \
	src/simulator/quickbooks/query.c \
	src/simulator/quickbooks/query.h \
	src/simulator/quickbooks/replay.c \
	src/simulator/quickbooks/replay.h \
	src/simulator/quickbooks/report.c \
	src/simulator/quickbooks/report.h \
	src/simulator/quickbooks/report_account.c \
	src/simulator/quickbooks/report_aged.c \
	src/simulator/quickbooks/report_entry.c \
	src/simulator/quickbooks/report_impl.h \
	src/simulator/quickbooks/report_ledger.c \
	src/simulator/quickbooks/report_list.c \
	src/simulator/quickbooks/report_tax.c \
	src/simulator/quickbooks/report_trial.c \
	src/simulator/quickbooks/rules.c \
	src/simulator/quickbooks/rules.h \
	src/simulator/quickbooks/sale.c \
	src/simulator/quickbooks/schema.c \
	src/simulator/quickbooks/schema.h \
	src/simulator/quickbooks/select.c \
	src/simulator/quickbooks/select.h \
	src/simulator/quickbooks/special.c \
	src/simulator/quickbooks/tax.c \
	src/simulator/quickbooks/tax.h \
	src/simulator/quickbooks/transfer.c \
	src/simulator/quickbooks/value.c \
	src/simulator/quickbooks/value.h \
	src/simulator/quickbooks/write.c \
	src/simulator/quickbooks/write.h \
	src/simulator/quickbooks/xml.c \
	src/simulator/quickbooks/xml.h \
	src/simulator/quickbooks/zone.c \
	src/simulator/quickbooks/zone.h

simulator_sample = \
	src/simulator/sample/bulk.c \
	src/simulator/sample/bulk_text.c \
	src/simulator/sample/bulk_text.h \
	src/simulator/sample/chart.c \
	src/simulator/sample/document.c \
	src/simulator/sample/kinds.c \
	src/simulator/sample/ledger.c \
	src/simulator/sample/make.c \
	src/simulator/sample/names.c \
	src/simulator/sample/names.h \
	src/simulator/sample/party.c \
	src/simulator/sample/sample.c \
	src/simulator/sample/sample.h \
	src/simulator/sample/sample_impl.h \
	src/simulator/sample/settings.c \
	src/simulator/sample/settle.c \
	src/simulator/sample/spend.c

simulator_xledger = \
	src/simulator/xledger/arena.c \
	src/simulator/xledger/arena.h \
	src/simulator/xledger/books.c \
	src/simulator/xledger/books.h \
	src/simulator/xledger/check.c \
	src/simulator/xledger/check.h \
	src/simulator/xledger/door.c \
	src/simulator/xledger/execute.c \
	src/simulator/xledger/execute.h \
	src/simulator/xledger/filter.c \
	src/simulator/xledger/filter.h \
	src/simulator/xledger/import.c \
	src/simulator/xledger/import.h \
	src/simulator/xledger/introspect.c \
	src/simulator/xledger/introspect.h \
	src/simulator/xledger/ledger.c \
	src/simulator/xledger/ledger.h \
	src/simulator/xledger/lexer.c \
	src/simulator/xledger/lexer.h \
	src/simulator/xledger/maker.c \
	src/simulator/xledger/maker.h \
	src/simulator/xledger/mutate.c \
	src/simulator/xledger/mutate.h \
	src/simulator/xledger/page.c \
	src/simulator/xledger/page.h \
	src/simulator/xledger/parser.c \
	src/simulator/xledger/parser.h \
	src/simulator/xledger/plan.c \
	src/simulator/xledger/plan.h \
	src/simulator/xledger/sample.c \
	src/simulator/xledger/sample.h \
	src/simulator/xledger/sample_impl.h \
	src/simulator/xledger/sample_ledger.c \
	src/simulator/xledger/sample_list.c \
	src/simulator/xledger/sample_name.c \
	src/simulator/xledger/sample_party.c \
	src/simulator/xledger/schema.c \
	src/simulator/xledger/schema.h \
	src/simulator/xledger/schema_impl.h \
	src/simulator/xledger/schema_mutation.c \
	src/simulator/xledger/state.c \
	src/simulator/xledger/state.h \
	src/simulator/xledger/token.c \
	src/simulator/xledger/token.h \
	src/simulator/xledger/type.c \
	src/simulator/xledger/type.h \
	src/simulator/xledger/type_ledger.c \
	src/simulator/xledger/type_list.c \
	src/simulator/xledger/type_party.c \
	src/simulator/xledger/type_work.c \
	src/simulator/xledger/value.c \
	src/simulator/xledger/value.h \
	src/simulator/xledger/xledger.c \
	src/simulator/xledger/xledger.h \
	src/simulator/xledger/zone.c \
	src/simulator/xledger/zone.h

# ---- programs and their man pages

# Highest layer first: each takes from those behind it.
ledgerdeck_libraries = libcli.a libui.a libcommand.a libsync.a liblake.a libconnect.a libprovider.a libstore.a \
	libvault.a libnet.a libsettings.a libmodel.a libcore.a $(net_libs) $(SQLITE_LIBS) \
	$(INIH_LIBS) $(CRYPTO_LIBS) $(QRENCODE_LIBS) $(ui_libs) $(core_libs)

nodist_man_MANS += man/ledgerdeck.1 man/ledgerdeck.conf.5
bin_PROGRAMS += ledgerdeck
ledgerdeck_CPPFLAGS = $(base_cppflags) -DSYSCONFDIR='"$(sysconfdir)"'
ledgerdeck_LDADD = $(ledgerdeck_libraries)
ledgerdeck_SOURCES = \
	src/main.c

dist_man_MANS += man/ledgerdeck-simulator.1
bin_PROGRAMS += ledgerdeck-simulator
ledgerdeck_simulator_CPPFLAGS = $(simulator_cppflags)
ledgerdeck_simulator_LDADD = libsimulator.a libcore.a $(simulator_libs) $(core_libs)
ledgerdeck_simulator_SOURCES = \
	src/simulator/main.c
