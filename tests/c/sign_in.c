/* Every way to sign in, through one constructor. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <pthread.h>

#define TENANT_ID "aaaabbbb-0000-cccc-1111-dddd2222eeee"
#define CLIENT_SECRET "emulator-client-secret"

/* Options that sign in at the emulator. */
static mgp_credential_options options_for(int32_t kind)
{
    mgp_credential_options options = MGP_CREDENTIAL_OPTIONS_INIT;

    options.kind = kind;
    options.flags = MGP_CREDENTIAL_FLAG_ALLOW_LOOPBACK_HTTP;
    options.authority = emulator.url;
    options.tenant_id = TENANT_ID;
    options.client_id = APP_ID;
    return options;
}

static mgp_credential *made(const mgp_credential_options *options)
{
    mgp_credential *credential = NULL;

    CHECK(mgp_credential_new(options, &credential, NULL) == MGP_OK);
    return credential;
}

/* A client that signs in with a credential. The caller frees it. */
static mgp_client *signed_in(const mgp_credential *credential)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_client *other = NULL;

    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.credential = credential;
    CHECK(mgp_client_new(&options, &other, NULL) == MGP_OK);
    return other;
}

TEST(a_client_secret_signs_in_with_the_first_request)
{
    mgp_credential_options options = options_for(MGP_CREDENTIAL_CLIENT_SECRET);
    mgp_credential *credential;
    mgp_client *other;

    options.client_secret = CLIENT_SECRET;
    credential = made(&options);
    CHECK(sent() == 0);
    CHECK_CONTAINS(mgp_credential_about_json(credential), "\"kind\":\"clientSecret\"");
    CHECK_CONTAINS(mgp_credential_about_json(credential), "\"expires\":null");
    other = signed_in(credential);
    CHECK(mgp_set_presence(other, "adele", NULL, "Busy", "InACall", NULL, NULL) == MGP_OK);
    CHECK(mgp_set_presence(other, "adele", NULL, "Away", "Away", NULL, NULL) == MGP_OK);
    CHECK(sent() == 3);
    CHECK_CONTAINS(received(0), "/oauth2/v2.0/token");
    CHECK_CONTAINS(mgp_credential_about_json(credential), "Presence.ReadWrite.All");
    mgp_client_free(other);
    mgp_credential_free(credential);
}

TEST(what_entra_says_reaches_the_fields_of_the_error)
{
    mgp_credential_options options = options_for(MGP_CREDENTIAL_CLIENT_SECRET);
    mgp_credential *credential;
    mgp_error *error = NULL;

    options.client_secret = "not the secret";
    credential = made(&options);
    CHECK(mgp_credential_sign_in(credential, 0, &error) == MGP_E_SIGN_IN);
    CHECK_TEXT(mgp_error_graph_code(error), "AADSTS7000215");
    CHECK_CONTAINS(mgp_error_graph_message(error), "Invalid client secret");
    CHECK_CONTAINS(mgp_error_advice(error), "Give the value of the secret");
    CHECK(mgp_error_http_status(error) == 401);
    CHECK(*mgp_error_request_id(error) != '\0');
    CHECK_CONTAINS(mgp_error_message(error), mgp_error_request_id(error));
    CHECK(strstr(mgp_error_message(error), options.client_secret) == NULL);
    mgp_error_free(error);
    mgp_credential_free(credential);
}

TEST(a_field_that_is_missing_or_wrong_makes_no_credential)
{
    static const struct {
        int32_t kind, status;
        const char *tenant_id, *told;
    } rows[] = {
        {MGP_CREDENTIAL_CLIENT_SECRET, MGP_E_OPTION, TENANT_ID, "client_secret"},
        {MGP_CREDENTIAL_CLIENT_SECRET, MGP_E_OPTION, "a/b", "tenant_id"},
        {MGP_CREDENTIAL_CLIENT_SECRET, MGP_E_OPTION, NULL, "tenant_id"},
        {MGP_CREDENTIAL_CLIENT_CERTIFICATE, MGP_E_OPTION, TENANT_ID, "certificate_file"},
        {MGP_CREDENTIAL_CLIENT_ASSERTION, MGP_E_OPTION, TENANT_ID, "assertion"},
        {MGP_CREDENTIAL_DEVICE_CODE, MGP_E_OPTION, TENANT_ID, "prompt"},
        {MGP_CREDENTIAL_INTERACTIVE_BROWSER, MGP_E_OPTION, TENANT_ID, "prompt"},
        {0, MGP_E_OPERATION, TENANT_ID, "kind 0"},
        {99, MGP_E_OPERATION, TENANT_ID, "kind 99"},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        mgp_credential_options options = options_for(rows[i].kind);
        mgp_credential *credential = NULL;
        mgp_error *error = NULL;

        options.tenant_id = rows[i].tenant_id;
        CHECK(mgp_credential_new(&options, &credential, &error) == rows[i].status);
        CHECK_CONTAINS(mgp_error_message(error), rows[i].told);
        CHECK(credential == NULL);
        mgp_error_free(error);
    }
}

/* What the callbacks of a credential saw. */
static struct {
    int prompts, refresh_tokens, signatures, drops;
    char refresh_token[256], message[512];
    int32_t prompt_result;
} seen;

static int32_t approve(void *user, const mgp_prompt *prompt)
{
    char resource[64];

    CHECK(user == &seen && prompt->struct_size >= sizeof *prompt);
    CHECK(prompt->kind == MGP_CREDENTIAL_DEVICE_CODE && prompt->expires_unix_s > 0);
    seen.prompts++;
    snprintf(seen.message, sizeof seen.message, "%s", prompt->message);
    snprintf(resource, sizeof resource, "signIns/%s", prompt->user_code);
    emulator_post(resource, "{\"user\": \"adele\"}");
    return seen.prompt_result;
}

static void keep_refresh_token(void *user, const char *refresh_token)
{
    CHECK(user == &seen);
    seen.refresh_tokens++;
    snprintf(seen.refresh_token, sizeof seen.refresh_token, "%s", refresh_token ? refresh_token : "");
}

static void note_drop(void *user)
{
    CHECK(user == &seen);
    seen.drops++;
}

static mgp_credential_options device_code(void)
{
    mgp_credential_options options = options_for(MGP_CREDENTIAL_DEVICE_CODE);

    memset(&seen, 0, sizeof seen);
    options.prompt = approve;
    options.refresh_token_changed = keep_refresh_token;
    options.user = &seen;
    options.drop = note_drop;
    return options;
}

TEST(a_person_signs_in_with_a_code_and_later_without)
{
    mgp_credential_options options = device_code();
    mgp_credential *credential = made(&options);
    mgp_client *other = signed_in(credential);
    mgp_response *response = NULL;

    CHECK(mgp_credential_sign_in(credential, 60000, NULL) == MGP_OK);
    CHECK(mgp_get_presence(other, NULL, &response, NULL) == MGP_OK);
    CHECK(seen.prompts == 1 && seen.refresh_tokens == 1 && seen.refresh_token[0] != '\0');
    CHECK_CONTAINS(seen.message, "To sign in");
    CHECK_CONTAINS(mgp_credential_about_json(credential), "AdeleV@contoso.example");
    mgp_response_free(response);
    mgp_client_free(other);
    mgp_credential_free(credential);
    CHECK(seen.drops == 1);

    options.refresh_token = seen.refresh_token;
    credential = made(&options);
    CHECK(mgp_credential_sign_in(credential, 60000, NULL) == MGP_OK);
    CHECK(seen.prompts == 1);
    mgp_credential_free(credential);
}

TEST(a_prompt_that_cannot_be_shown_ends_the_sign_in)
{
    mgp_credential_options options = device_code();
    mgp_credential *credential = made(&options);
    mgp_error *error = NULL;

    seen.prompt_result = 7;
    CHECK(mgp_credential_sign_in(credential, 60000, &error) == MGP_E_TOKEN);
    CHECK_CONTAINS(mgp_error_message(error), "the prompt callback returned 7");
    mgp_error_free(error);
    mgp_credential_free(credential);
}

static int32_t sign_in_again(void *user, const mgp_prompt *prompt)
{
    (void)prompt;
    CHECK(mgp_credential_sign_in(*(mgp_credential **)user, 1000, NULL) == MGP_E_WOULD_DEADLOCK);
    return 1;
}

TEST(a_blocking_call_from_a_prompt_is_refused_instead_of_hanging)
{
    mgp_credential_options options = options_for(MGP_CREDENTIAL_DEVICE_CODE);
    mgp_credential *credential = NULL;

    options.prompt = sign_in_again;
    options.user = &credential;
    credential = made(&options);
    CHECK(mgp_credential_sign_in(credential, 60000, NULL) == MGP_E_TOKEN);
    mgp_credential_free(credential);
}

static int32_t cancel_from_here(void *user, const mgp_prompt *prompt)
{
    (void)prompt;
    mgp_credential_cancel(*(mgp_credential **)user);
    return 0;
}

TEST(a_sign_in_that_is_cancelled_ends_at_once)
{
    mgp_credential_options options = options_for(MGP_CREDENTIAL_INTERACTIVE_BROWSER);
    mgp_credential *credential = NULL;

    options.prompt = cancel_from_here;
    options.user = &credential;
    credential = made(&options);
    CHECK(mgp_credential_sign_in(credential, 60000, NULL) == MGP_E_CANCELLED);
    mgp_credential_free(credential);
}

static void sign_badly(void *user, const uint8_t *data, uint32_t size, const mgp_token_sink *sink)
{
    static const uint8_t signature[] = {1, 2, 3};

    CHECK(user == &seen && size > 0 && memchr(data, '.', size) != NULL);
    seen.signatures++;
    CHECK(mgp_token_sink_set_signature(sink, NULL, 3) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_token_sink_set_signature(sink, signature, sizeof signature) == MGP_OK);
}

/* The certificate of the emulator's tests, good for nothing else. */
static uint32_t read_certificate(uint8_t *bytes, size_t size)
{
    FILE *file = fopen("emulator/tests/data/client-certificate.pem", "r");
    size_t length = file ? fread(bytes, 1, size, file) : 0;

    CHECK(length > 0 && length < size);
    if (file != NULL)
        fclose(file);
    return (uint32_t)length;
}

TEST(a_signature_that_is_none_is_not_sent)
{
    static uint8_t certificate[8192];
    mgp_credential_options options = options_for(MGP_CREDENTIAL_CLIENT_CERTIFICATE);
    mgp_credential *credential;
    mgp_error *error = NULL;

    memset(&seen, 0, sizeof seen);
    options.certificate = certificate;
    options.certificate_size = read_certificate(certificate, sizeof certificate);
    options.sign = sign_badly;
    options.user = &seen;
    credential = made(&options);
    memset(certificate, 0, sizeof certificate); /* it was copied */
    CHECK(mgp_credential_sign_in(credential, 0, &error) == MGP_E_CERTIFICATE);
    CHECK_CONTAINS(mgp_error_message(error), "RSA-PSS");
    CHECK(seen.signatures == 1 && sent() == 0);
    mgp_error_free(error);
    mgp_credential_free(credential);
}

TEST(a_chain_signs_in_with_the_first_link_that_is_set_up)
{
    static const char *const nothing[] = {"HOME=/"};
    mgp_credential_options environment = options_for(MGP_CREDENTIAL_ENVIRONMENT);
    mgp_credential_options secret = options_for(MGP_CREDENTIAL_CLIENT_SECRET);
    mgp_credential_options chain = options_for(MGP_CREDENTIAL_CHAIN);
    const mgp_credential *links[2];
    mgp_credential *first, *second, *credential;

    environment.environment = nothing;
    environment.environment_count = 1;
    secret.client_secret = CLIENT_SECRET;
    links[0] = first = made(&environment);
    links[1] = second = made(&secret);
    chain.chain = links;
    chain.chain_count = 2;
    credential = made(&chain);
    mgp_credential_free(first);
    mgp_credential_free(second);
    CHECK(mgp_credential_sign_in(credential, 0, NULL) == MGP_OK);
    CHECK_CONTAINS(mgp_credential_about_json(credential), "{\"kind\":\"clientSecret\",\"reason\":null,\"used\":true}");
    CHECK_CONTAINS(mgp_credential_about_json(credential), "AZURE_TENANT_ID is not set");
    mgp_credential_free(credential);
}

static void *sign_in_of(void *credential)
{
    CHECK(mgp_credential_sign_in(credential, 60000, NULL) == MGP_OK);
    return NULL;
}

TEST(threads_that_sign_in_together_send_one_request)
{
    mgp_credential_options options = options_for(MGP_CREDENTIAL_CLIENT_SECRET);
    mgp_credential *credential;
    pthread_t threads[4];
    int i;

    options.client_secret = CLIENT_SECRET;
    credential = made(&options);
    for (i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, sign_in_of, credential) == 0);
    for (i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK(sent() == 1);
    mgp_credential_free(credential);
}

/* As a program does whose children must not inherit the password of the proxy. */
TEST_APART(the_proxy_of_the_environment_is_that_of_when_client_and_credential_were_made)
{
    const char *told = "The proxy http://127.0.0.1:1 cannot be reached";
    mgp_credential_options options = options_for(MGP_CREDENTIAL_CLIENT_SECRET);
    mgp_client_options client_options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential, *token = NULL;
    mgp_client *other = NULL;
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    unsetenv("NO_PROXY");
    unsetenv("no_proxy");
    setenv("HTTPS_PROXY", "http://127.0.0.1:1", 1);
    options.client_secret = CLIENT_SECRET;
    options.authority = "https://login.invalid";
    credential = made(&options);
    CHECK(mgp_credential_new_token("secret-token", &token, NULL) == MGP_OK);
    client_options.base_url = "https://graph.invalid";
    client_options.credential = token;
    client_options.max_attempts = 1;
    CHECK(mgp_client_new(&client_options, &other, NULL) == MGP_OK);
    unsetenv("HTTPS_PROXY");
    CHECK(mgp_credential_sign_in(credential, 60000, &error) == MGP_E_CONNECT);
    CHECK_CONTAINS(mgp_error_message(error), told);
    mgp_error_free(error);
    CHECK(mgp_get_presence(other, "adele", &response, &error) == MGP_E_CONNECT);
    CHECK_CONTAINS(mgp_error_message(error), told);
    mgp_error_free(error);
    mgp_client_free(other);
    mgp_credential_free(token);
    mgp_credential_free(credential);
}
