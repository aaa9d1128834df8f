/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Encryption: certificates made on the spot, a server that shows them, and a transport that trusts
 * what it is told to trust and nothing else.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>
#include <microhttpd.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "ledgerdeck/core/file.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/net/http.h"

#include "tests.h"

#define DAY_S 86400L

/* A server with one certificate, which signs itself. */
struct secure {
	struct MHD_Daemon *daemon;
	char *key, *certificate; /* PEM, owned */
	char ca_file[64];
	int port;
	atomic_int requests;
};

static void pkey_freep(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
	*key = NULL;
}

static void context_freep(EVP_PKEY_CTX **context)
{
	EVP_PKEY_CTX_free(*context);
	*context = NULL;
}

static void x509_freep(X509 **certificate)
{
	X509_free(*certificate);
	*certificate = NULL;
}

static void bio_freep(BIO **bio)
{
	BIO_free(*bio);
	*bio = NULL;
}

static EVP_PKEY *make_key(void)
{
	AUTO(context_freep) EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
	EVP_PKEY *key = NULL;

	assert_int_equal(EVP_PKEY_keygen_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1), 1);
	assert_int_equal(EVP_PKEY_keygen(context, &key), 1);
	return key;
}

static void extend(X509 *certificate, int what, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, what, value);
	assert_non_null(extension);
	assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static char *bio_text(BIO *bio)
{
	char *bytes = NULL;
	long len = BIO_get_mem_data(bio, &bytes);

	assert_true(len > 0);
	return memory_copy(bytes, (size_t)len);
}

/* For `names` as subjectAltName, valid from and to so many seconds from now. */
static void make_certificate(struct secure *secure, const char *names, long from_s, long to_s)
{
	AUTO(pkey_freep) EVP_PKEY *key = make_key();
	AUTO(x509_freep) X509 *certificate = X509_new();
	AUTO(bio_freep) BIO *key_out = BIO_new(BIO_s_mem());
	AUTO(bio_freep) BIO *certificate_out = BIO_new(BIO_s_mem());
	X509_NAME *name = X509_get_subject_name(certificate);

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 17);
	X509_gmtime_adj(X509_getm_notBefore(certificate), from_s);
	X509_gmtime_adj(X509_getm_notAfter(certificate), to_s);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"tester", -1,
				   -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_set_pubkey(certificate, key);
	extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
	extend(certificate, NID_subject_alt_name, names);
	assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_bio_PrivateKey(key_out, key, NULL, NULL, 0, NULL, NULL), 1);
	assert_int_equal(PEM_write_bio_X509(certificate_out, certificate), 1);
	secure->key = bio_text(key_out);
	secure->certificate = bio_text(certificate_out);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *body,
				  size_t *body_len, void **visit)
{
	static char page[] = "{\"secure\":true}";
	struct secure *secure = ctx;
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)url;
	(void)method;
	(void)version;
	(void)body;
	(void)body_len;
	(void)visit;
	atomic_fetch_add(&secure->requests, 1);
	response = MHD_create_response_from_buffer(strlen(page), page, MHD_RESPMEM_PERSISTENT);
	result = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}

/* NULL priorities: the library's own. */
static void secure_open(struct secure *secure, const char *names, long from_s, long to_s,
			const char *priorities)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const union MHD_DaemonInfo *info;
	int fd;

	memset(secure, 0, sizeof(*secure));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	make_certificate(secure, names, from_s, to_s);
	secure->daemon = MHD_start_daemon(
		MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, NULL, NULL, on_request, secure,
		MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_HTTPS_MEM_KEY,
		secure->key, MHD_OPTION_HTTPS_MEM_CERT, secure->certificate,
		MHD_OPTION_HTTPS_PRIORITIES, priorities ? priorities : "NORMAL", MHD_OPTION_END);
	assert_non_null(secure->daemon);
	info = MHD_get_daemon_info(secure->daemon, MHD_DAEMON_INFO_BIND_PORT);
	assert_non_null(info);
	secure->port = info->port;
	snprintf(secure->ca_file, sizeof(secure->ca_file), "/tmp/test-net-ca-XXXXXX");
	fd = mkstemp(secure->ca_file);
	assert_true(fd >= 0);
	close(fd);
	assert_true(file_write(secure->ca_file, secure->certificate, strlen(secure->certificate), 0,
			       NULL));
}

static void secure_close(struct secure *secure)
{
	MHD_stop_daemon(secure->daemon);
	unlink(secure->ca_file);
	free(secure->key);
	free(secure->certificate);
}

static bool get(struct secure *secure, const char *host, const char *ca_file,
		struct http_answer *answer, struct error *err)
{
	struct transport_curl *curl = transport_curl_new(&(struct transport_curl_options){
		.ca_file = ca_file,
	});
	struct transport transport = transport_of_curl(curl);
	char url[100];
	struct http_request request = {
		.method = "POST",
		.url = url,
		.what = "a test",
		.timeout_ms = 30000,
		.body = "x",
		.body_len = 1,
	};
	bool done;

	snprintf(url, sizeof(url), "https://%s:%d/path", host, secure->port);
	done = transport.perform(transport.ctx, &request, answer, NULL, err);
	transport_curl_free(curl);
	return done;
}

static void fails(struct secure *secure, const char *host, const char *ca_file,
		  enum error_code code, const char *words)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct error err = { 0 };

	assert_false(get(secure, host, ca_file, &answer, &err));
	if (err.code != code || err.outcome_unknown || !strstr(err.text, words))
		fail_msg("code %d, unknown %d: %s", err.code, err.outcome_unknown, err.text);
	assert_int_equal(atomic_load(&secure->requests), 0);
	http_answer_clear(&answer);
}

static void answers(struct secure *secure, const char *host)
{
	struct http_answer answer = HTTP_ANSWER_INIT;
	struct error err = { 0 };

	if (!get(secure, host, secure->ca_file, &answer, &err))
		fail_msg("%s", err.text);
	assert_string_equal(answer.body.text, "{\"secure\":true}");
	http_answer_clear(&answer);
}

static bool can_serve_tls(void)
{
	return MHD_is_feature_supported(MHD_FEATURE_TLS) == MHD_YES;
}

static void trusted_servers_are_asked(void **state)
{
	struct secure secure;

	(void)state;
	if (!can_serve_tls())
		skip();
	secure_open(&secure, "IP:127.0.0.1,DNS:localhost", -DAY_S, DAY_S, NULL);
	answers(&secure, "127.0.0.1");
	answers(&secure, "localhost");
	secure_close(&secure);
}

static void nobody_else_is(void **state)
{
	static const struct {
		const char *names;
		long from_s, to_s;
		bool trusted;
		const char *words;
	} rows[] = {
		{ "IP:127.0.0.1", -DAY_S, DAY_S, false, "is not trusted: self" },
		{ "IP:127.0.0.1", -2 * DAY_S, -DAY_S, true,
		  "is not trusted: certificate has expired" },
		{ "IP:127.0.0.1", DAY_S, 2 * DAY_S, true,
		  "is not trusted: certificate is not yet valid" },
		{ "IP:127.0.0.2,DNS:other.example", -DAY_S, DAY_S, true,
		  "is not trusted: no alternative" },
	};

	/* The reasons are the library's own words. */
	bool known = strstr(curl_version(), "OpenSSL") != NULL;

	(void)state;
	if (!can_serve_tls())
		skip();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct secure secure;

		secure_open(&secure, rows[i].names, rows[i].from_s, rows[i].to_s, NULL);
		fails(&secure, "127.0.0.1", rows[i].trusted ? secure.ca_file : NULL, ERROR_REMOTE,
		      known ? rows[i].words : "is not trusted: ");
		secure_close(&secure);
	}
}

static void old_protocols_are_not_spoken(void **state)
{
	struct secure secure;

	(void)state;
	if (!can_serve_tls())
		skip();
	secure_open(&secure, "IP:127.0.0.1", -DAY_S, DAY_S, "NORMAL:-VERS-ALL:+VERS-TLS1.1:+SHA1");
	fails(&secure, "127.0.0.1", secure.ca_file, ERROR_NETWORK, "no encryption (TLS) with");
	secure_close(&secure);
	secure_open(&secure, "IP:127.0.0.1", -DAY_S, DAY_S, "NORMAL:-VERS-ALL:+VERS-TLS1.2");
	answers(&secure, "127.0.0.1");
	secure_close(&secure);
}

static void broken_settings_are_told(void **state)
{
	struct secure secure;

	(void)state;
	if (!can_serve_tls())
		skip();
	secure_open(&secure, "IP:127.0.0.1", -DAY_S, DAY_S, NULL);
	fails(&secure, "127.0.0.1", "/nowhere/ca.pem", ERROR_INPUT,
	      "trusted certificates cannot be used");
	secure_close(&secure);
}

int test_transport_tls(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trusted_servers_are_asked),
		cmocka_unit_test(nobody_else_is),
		cmocka_unit_test(old_protocols_are_not_spoken),
		cmocka_unit_test(broken_settings_are_told),
	};

	return cmocka_run_group_tests_name("transport_tls", tests, NULL, NULL);
}
