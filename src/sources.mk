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
	include/ledgerdeck/core/json.h \
	include/ledgerdeck/core/log.h \
	include/ledgerdeck/core/memory.h \
	include/ledgerdeck/core/queue.h \
	include/ledgerdeck/core/random.h \
	include/ledgerdeck/core/secret.h \
	include/ledgerdeck/core/str.h \
	include/ledgerdeck/core/text.h \
	include/ledgerdeck/core/thread.h \
	src/core/cancel.c \
	src/core/compress.c \
	src/core/date.c \
	src/core/decimal.c \
	src/core/digest.c \
	src/core/env.c \
	src/core/error.c \
	src/core/file.c \
	src/core/json.c \
	src/core/log.c \
	src/core/memory.c \
	src/core/queue.c \
	src/core/random.c \
	src/core/secret.c \
	src/core/str.c \
	src/core/text.c \
	src/core/text_width.h \
	src/core/thread.c \
	src/core/utf8.h

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

# ---- simulator

noinst_LIBRARIES += libsimulator.a
libsimulator_a_CPPFLAGS = $(simulator_cppflags)
libsimulator_a_SOURCES = \
	$(simulator_own) \
	$(simulator_quickbooks) \
	$(simulator_sample)

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

# ---- programs and their man pages

dist_man_MANS += man/ledgerdeck.1
bin_PROGRAMS += ledgerdeck
ledgerdeck_CPPFLAGS = $(base_cppflags)
ledgerdeck_LDADD =
ledgerdeck_SOURCES = \
	src/main.c

dist_man_MANS += man/ledgerdeck-simulator.1
bin_PROGRAMS += ledgerdeck-simulator
ledgerdeck_simulator_CPPFLAGS = $(simulator_cppflags)
ledgerdeck_simulator_LDADD = libsimulator.a libcore.a $(simulator_libs) $(core_libs)
ledgerdeck_simulator_SOURCES = \
	src/simulator/main.c
