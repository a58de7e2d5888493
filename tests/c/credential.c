/* Where a token comes from. */
#include "harness.h"

static struct {
    int calls, drops;
    const char *token, *reason;
} source;

static void give_token(void *user, const mgp_token_sink *sink)
{
    CHECK(user == &source);
    source.calls++;
    if (source.token != NULL)
        CHECK(mgp_token_sink_set(sink, source.token, INT64_MAX) == MGP_OK);
    else if (source.reason != NULL)
        CHECK(mgp_token_sink_fail(sink, source.reason) == MGP_OK);
}

static void note_drop(void *user)
{
    CHECK(user == &source);
    source.drops++;
}

/* A client whose tokens come from give_token; it alone keeps the credential. */
static mgp_client *client_of_callback(const char *client_id)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *made = NULL;

    memset(&source, 0, sizeof source);
    CHECK(mgp_credential_new_callback(give_token, &source, note_drop, client_id, &credential, NULL) == MGP_OK);
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.credential = credential;
    CHECK(mgp_client_new(&options, &made, NULL) == MGP_OK);
    mgp_credential_free(credential);
    CHECK(source.drops == 0);
    return made;
}

TEST(a_callback_is_asked_once_while_its_token_lives)
{
    mgp_client *other = client_of_callback(NULL);

    source.token = emulator.token;
    CHECK(mgp_set_presence(other, "adele", APP_ID, "Busy", "InACall", NULL, NULL) == MGP_OK);
    CHECK(mgp_set_presence(other, "adele", APP_ID, "Away", "Away", NULL, NULL) == MGP_OK);
    CHECK(source.calls == 1 && sent() == 2);
    CHECK(mgp_client_close(other, 60000, NULL) == MGP_OK);
    mgp_client_free(other);
    CHECK(source.drops == 1);
}

TEST(the_client_id_of_the_credential_is_the_session)
{
    mgp_client *other = client_of_callback("11111111-2222-3333-4444-555555555555");

    source.token = emulator.token;
    mgp_set_presence(other, "adele", NULL, "Busy", "InACall", NULL, NULL);
    CHECK_CONTAINS(received(0), "11111111-2222-3333-4444-555555555555");
    mgp_client_free(other);
}

TEST(a_callback_that_fails_gives_its_reason)
{
    mgp_client *other = client_of_callback(NULL);
    mgp_error *error = NULL;

    source.reason = "the smart card is not in the reader";
    CHECK(mgp_set_presence(other, "adele", APP_ID, "Busy", "InACall", NULL, &error) == MGP_E_TOKEN);
    CHECK_CONTAINS(mgp_error_message(error), "the smart card is not in the reader");
    CHECK(sent() == 0);
    mgp_error_free(error);
    mgp_client_free(other);
}

TEST(a_callback_that_says_nothing_is_a_failure)
{
    mgp_client *other = client_of_callback(NULL);

    CHECK(mgp_set_presence(other, "adele", APP_ID, "Busy", "InACall", NULL, NULL) == MGP_E_TOKEN);
    CHECK(source.calls == 1 && sent() == 0);
    mgp_client_free(other);
}

TEST(a_token_that_cannot_be_sent_is_refused_without_repeating_it)
{
    mgp_credential *credential = NULL;
    mgp_error *error = NULL;

    CHECK(mgp_credential_new_token("secret\r\ntoken", &credential, &error) == MGP_E_TOKEN);
    CHECK(strstr(mgp_error_message(error), "secret") == NULL);
    mgp_error_free(error);
}

static const char *faulty;
static int32_t faulty_status;

static void give_faulty(void *user, const mgp_token_sink *sink)
{
    (void)user;
    faulty_status = mgp_token_sink_set(sink, faulty, 0);
}

TEST(a_token_that_is_no_text_is_the_reason_that_requests_end_with)
{
    static const struct {
        const char *token, *reason;
        int32_t status;
    } rows[] = {
        {"\xff\xfe", "the callback's token is not UTF-8", MGP_E_UTF8},
        {NULL, "the callback's token is NULL", MGP_E_NULL_ARGUMENT},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
        mgp_credential *credential = NULL;
        mgp_client *made = NULL;
        mgp_error *error = NULL;

        faulty = rows[i].token;
        CHECK(mgp_credential_new_callback(give_faulty, NULL, NULL, NULL, &credential, NULL) == MGP_OK);
        options.credential = credential;
        CHECK(mgp_client_new(&options, &made, NULL) == MGP_OK);
        CHECK(mgp_set_presence(made, "adele", APP_ID, "Busy", "InACall", NULL, &error) == MGP_E_TOKEN);
        CHECK(faulty_status == rows[i].status);
        CHECK_CONTAINS(mgp_error_message(error), rows[i].reason);
        mgp_error_free(error);
        mgp_client_free(made);
        mgp_credential_free(credential);
    }
}

static const mgp_client *reentered;

static void call_back_in(void *user, const mgp_token_sink *sink)
{
    mgp_response *response = NULL;
    (void)user;
    CHECK(mgp_get_presence(reentered, "adele", &response, NULL) == MGP_E_WOULD_DEADLOCK);
    CHECK(mgp_token_sink_set(sink, emulator.token, INT64_MAX) == MGP_OK);
}

TEST(a_blocking_call_from_a_callback_is_refused_instead_of_hanging)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *made = NULL;

    CHECK(mgp_credential_new_callback(call_back_in, NULL, NULL, NULL, &credential, NULL) == MGP_OK);
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.credential = credential;
    CHECK(mgp_client_new(&options, &made, NULL) == MGP_OK);
    reentered = made;
    CHECK(mgp_set_presence(made, "adele", APP_ID, "Busy", "InACall", NULL, NULL) == MGP_OK);
    mgp_client_free(made);
    mgp_credential_free(credential);
}
