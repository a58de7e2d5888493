/* The options of a client. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <time.h>

static int32_t with_options(const mgp_client_options *options, mgp_error **error)
{
    mgp_client *made = NULL;
    int32_t status = mgp_client_new(options, &made, error);

    CHECK((made != NULL) == (status == MGP_OK));
    mgp_client_free(made);
    return status;
}

TEST(no_options_make_a_client_for_the_global_cloud)
{
    CHECK(with_options(NULL, NULL) == MGP_OK);
}

TEST(clouds_are_named_and_those_without_presence_are_refused_with_the_reason)
{
    static const struct {
        const char *cloud;
        int32_t status;
    } rows[] = {
        {"Global", MGP_OK},   {"USGov", MGP_OK},         {"USGovDoD", MGP_OK},         {"BleuCloud", MGP_OK},
        {"usgov", MGP_OK},    {"China", MGP_E_CLOUD},    {"DelosCloud", MGP_E_CLOUD}, {"Mars", MGP_E_CLOUD},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
        mgp_error *error = NULL;

        options.cloud = rows[i].cloud;
        CHECK(with_options(&options, &error) == rows[i].status);
        if (rows[i].status != MGP_OK)
            CHECK_CONTAINS(mgp_error_message(error), rows[i].cloud);
        mgp_error_free(error);
    }
}

TEST(a_base_url_is_an_https_origin_or_loopback_on_request)
{
    static const struct {
        const char *base_url;
        uint32_t flags;
        int32_t status;
    } rows[] = {
        {"https://graph.example", 0, MGP_OK},
        {"http://127.0.0.1:8080", MGP_CLIENT_ALLOW_LOOPBACK_HTTP, MGP_OK},
        {"http://[::1]:8080", MGP_CLIENT_ALLOW_LOOPBACK_HTTP, MGP_OK},
        {"http://localhost:8080", MGP_CLIENT_ALLOW_LOOPBACK_HTTP, MGP_OK},
        {"http://127.0.0.1:8080", 0, MGP_E_OPTION},
        {"http://graph.example", MGP_CLIENT_ALLOW_LOOPBACK_HTTP, MGP_E_OPTION},
        {"http://127.0.0.1.graph.example", MGP_CLIENT_ALLOW_LOOPBACK_HTTP, MGP_E_OPTION},
        {"ftp://graph.example", 0, MGP_E_OPTION},
        {"https://graph.example/v1.0", 0, MGP_E_OPTION},
        {"graph.example", 0, MGP_E_OPTION},
        {"", 0, MGP_E_OPTION},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
        mgp_error *error = NULL;

        options.base_url = rows[i].base_url;
        options.flags = rows[i].flags;
        CHECK(with_options(&options, &error) == rows[i].status);
        if (rows[i].status != MGP_OK)
            CHECK_CONTAINS(mgp_error_message(error), rows[i].base_url);
        mgp_error_free(error);
    }
}

TEST(a_password_in_a_base_url_is_refused_and_not_repeated)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_error *error = NULL;

    options.base_url = "https://user:hush@graph.example";
    CHECK(with_options(&options, &error) == MGP_E_OPTION);
    CHECK_CONTAINS(mgp_error_message(error), "graph.example");
    CHECK(strstr(mgp_error_message(error), "hush") == NULL);
    mgp_error_free(error);
}

/* Read by the first request over TLS: a client that never needs it pays nothing. */
TEST(a_certificate_file_that_cannot_be_read_is_named)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_client *made = NULL;
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    options.base_url = "https://127.0.0.1:1";
    options.ca_file = "/nowhere/ca.pem";
    CHECK(mgp_client_new(&options, &made, NULL) == MGP_OK);
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.access_token = "secret-token";
    CHECK(mgp_send(made, &request, &response, &error) == MGP_E_OPTION);
    CHECK_CONTAINS(mgp_error_message(error), "/nowhere/ca.pem");
    mgp_error_free(error);
    mgp_client_free(made);
}

TEST(a_client_without_credential_needs_a_token_with_each_request)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_client *bare = NULL;
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    CHECK(mgp_client_new(&options, &bare, NULL) == MGP_OK);
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    CHECK(mgp_send(bare, &request, &response, &error) == MGP_E_NO_CREDENTIAL);
    CHECK(sent() == 0);
    request.access_token = emulator.token;
    CHECK(mgp_send(bare, &request, &response, NULL) == MGP_OK);
    mgp_response_free(response);
    mgp_error_free(error);
    mgp_client_free(bare);
}

static struct {
    int lines, drops, leaks;
    int32_t loudest_level;
} logged;

static void note_line(void *user, int32_t level, const char *target, const char *message)
{
    CHECK(user == &logged && target != NULL);
    logged.lines++;
    logged.leaks += strstr(message, emulator.token) != NULL;
    if (level > logged.loudest_level)
        logged.loudest_level = level;
}

static void note_drop(void *user)
{
    CHECK(user == &logged);
    __atomic_add_fetch(&logged.drops, 1, __ATOMIC_SEQ_CST);
}

/* Waits for the drop, which may come after mgp_client_free, on the thread of the log. */
static int drops(void)
{
    const struct timespec moment = {0, 1000000};
    int i;

    for (i = 0; i < 60000 && __atomic_load_n(&logged.drops, __ATOMIC_SEQ_CST) == 0; i++)
        nanosleep(&moment, NULL);
    return __atomic_load_n(&logged.drops, __ATOMIC_SEQ_CST);
}

TEST(the_log_comes_at_its_level_without_the_token_and_is_dropped_once)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_client *talkative = NULL;
    mgp_response *response = NULL;

    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.log = note_line;
    options.log_user = &logged;
    options.log_drop = note_drop;
    options.log_level = 4;
    CHECK(mgp_client_new(&options, &talkative, NULL) == MGP_OK);
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.access_token = emulator.token;
    CHECK(mgp_send(talkative, &request, &response, NULL) == MGP_OK);
    CHECK(mgp_client_close(talkative, 60000, NULL) == MGP_OK); /* waits for the lines */
    CHECK(logged.drops == 0);
    mgp_client_free(talkative);

    CHECK(drops() == 1);
    CHECK(logged.lines > 0 && logged.leaks == 0);
    CHECK(logged.loudest_level <= 4);
    mgp_response_free(response);
}

static int may_go_on;

static void wait_for_leave(void *user, int32_t level, const char *target, const char *message)
{
    const struct timespec moment = {0, 1000000};

    note_line(user, level, target, message);
    while (!__atomic_load_n(&may_go_on, __ATOMIC_SEQ_CST))
        nanosleep(&moment, NULL);
}

TEST(freeing_a_client_does_not_wait_for_a_slow_log_whose_drop_comes_after_its_last_line)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_client *talkative = NULL;
    int i;

    memset(&logged, 0, sizeof logged);
    options.log = wait_for_leave;
    options.log_user = &logged;
    options.log_drop = note_drop;
    options.log_level = MGP_LOG_ERROR;
    CHECK(mgp_client_new(&options, &talkative, NULL) == MGP_OK);
    for (i = 0; i < 4; i++)
        CHECK(mgp_set_presence(talkative, "adele", NULL, "Busy", "InACall", NULL, NULL) == MGP_E_NO_CREDENTIAL);
    mgp_client_free(talkative);
    CHECK(logged.drops == 0);
    __atomic_store_n(&may_go_on, 1, __ATOMIC_SEQ_CST);
    CHECK(drops() == 1);
    CHECK(logged.lines == 4);
}
