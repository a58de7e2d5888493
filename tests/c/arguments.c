/* Arguments that must not work: each is refused with a status and a sentence of its own, before a byte is sent. */
#include "harness.h"

#define LONG_ID_LENGTH (64 * 1024)

TEST(null_where_an_object_is_required_is_a_status)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_response *response = NULL;
    mgp_client *made = NULL;
    mgp_credential *credential = NULL;
    mgp_error *error = NULL;
    uint64_t operation = 0;

    CHECK(mgp_client_new(NULL, NULL, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_client_close(NULL, 0, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_credential_new_token(NULL, &credential, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_credential_new_token("t", NULL, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_credential_new_callback(NULL, NULL, NULL, NULL, &credential, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_token_sink_set(NULL, "t", 0) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_token_sink_fail(NULL, "why") == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_send(NULL, &request, &response, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_send(client, NULL, &response, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_submit(NULL, &request, NULL, NULL, NULL, &operation, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_submit(client, &request, NULL, NULL, NULL, &operation, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_cancel(NULL, 1) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_queue_new(NULL, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_queue_wait(NULL, 0, &completion, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_queue_wake(NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_queue_close(NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_get_presence(NULL, "adele", &response, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_set_presence(NULL, "adele", NULL, "Busy", "InACall", NULL, NULL) == MGP_E_NULL_ARGUMENT);
    CHECK(mgp_set_presence(client, "adele", NULL, NULL, "InACall", NULL, &error) == MGP_E_NULL_ARGUMENT);
    CHECK_CONTAINS(mgp_error_message(error), "availability");
    CHECK(made == NULL && credential == NULL && response == NULL && sent() == 0);
    mgp_error_free(error);
}

TEST(null_is_accepted_by_every_free_and_every_getter)
{
    mgp_client_free(NULL);
    mgp_credential_free(NULL);
    mgp_queue_free(NULL);
    mgp_response_free(NULL);
    mgp_error_free(NULL);
    CHECK(mgp_error_status(NULL) == MGP_OK && mgp_error_http_status(NULL) == 0);
    CHECK_TEXT(mgp_error_message(NULL), "");
    CHECK_TEXT(mgp_error_graph_code(NULL), "");
    CHECK_TEXT(mgp_error_graph_message(NULL), "");
    CHECK_TEXT(mgp_error_advice(NULL), "");
    CHECK_TEXT(mgp_error_request_id(NULL), "");
    CHECK_TEXT(mgp_error_client_request_id(NULL), "");
    CHECK(mgp_error_retry_after_ms(NULL) == -1 && mgp_error_attempts(NULL) == 0);
    CHECK(mgp_error_response(NULL) == NULL);
    CHECK(mgp_response_http_status(NULL) == 0);
    CHECK_TEXT(mgp_response_body(NULL), "");
    CHECK(mgp_response_body_length(NULL) == 0 && mgp_response_header_count(NULL) == 0);
    CHECK(mgp_response_header(NULL, "date") == NULL && mgp_response_presence(NULL, 0) == NULL);
    CHECK(mgp_presence_id(NULL) == NULL && mgp_presence_is_out_of_office(NULL) == -1);
}

TEST(an_output_is_null_after_a_failure)
{
    mgp_response *response = (mgp_response *)&response;
    mgp_error *error = (mgp_error *)&error;

    CHECK(mgp_get_presence(client, "..", &response, &error) == MGP_E_INVALID_ID);
    CHECK(response == NULL);
    mgp_error_free(error);
    error = (mgp_error *)&error;
    CHECK(mgp_get_presence(client, "adele", &response, &error) == MGP_OK);
    CHECK(error == NULL);
    mgp_response_free(response);
}

TEST(text_that_is_not_utf_8_is_refused_by_name)
{
    mgp_error *error = NULL;

    CHECK(mgp_set_presence(client, "ad\xff" "ele", APP_ID, "Busy", "InACall", NULL, &error) == MGP_E_UTF8);
    CHECK_CONTAINS(mgp_error_message(error), "user_id");
    CHECK_CONTAINS(mgp_error_message(error), "UTF-8");
    CHECK(sent() == 0);
    mgp_error_free(error);
}

TEST(an_id_that_would_change_the_path_is_refused_even_without_validation)
{
    static char too_long[LONG_ID_LENGTH + 1];
    const char *const ids[] = {"", "..", ".", "../../x", "a/b?c#d", "a\\b", "a\nb", " ", too_long};
    char previous[512] = "";
    size_t i;

    memset(too_long, 'x', LONG_ID_LENGTH);
    for (i = 0; i < sizeof ids / sizeof *ids; i++) {
        mgp_request request = MGP_REQUEST_INIT;
        mgp_response *response = NULL;
        mgp_error *error = NULL;

        request.operation = MGP_OP_GET_PRESENCE;
        request.target = MGP_TARGET_USER;
        request.target_id = ids[i];
        request.flags = MGP_REQUEST_SKIP_VALIDATION;
        CHECK(mgp_send(client, &request, &response, &error) == MGP_E_INVALID_ID);
        CHECK(strlen(mgp_error_message(error)) < 400); /* 64 KiB of id are not worth repeating */
        CHECK(strcmp(mgp_error_message(error), previous) != 0);
        snprintf(previous, sizeof previous, "%s", mgp_error_message(error));
        mgp_error_free(error);
    }
    CHECK(sent() == 0);
}

TEST(a_duration_that_graph_would_not_take_is_refused_with_the_way_out)
{
    static const struct {
        const char *given, *rule;
    } rows[] = {
        {"1h", "PT1H"}, {"PT4M", "PT5M"}, {"PT5H", "PT4H"},    {"P1Y", "years"},
        {"-PT5M", "-PT5M"}, {"60", "PT60M"}, {"", "ISO 8601"}, {"PT", "ISO 8601"},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        mgp_error *error = NULL;
        CHECK(mgp_set_presence(client, "adele", APP_ID, "Busy", "InACall", rows[i].given, &error)
              == MGP_E_INVALID_DURATION);
        CHECK_CONTAINS(mgp_error_message(error), "expirationDuration");
        CHECK_CONTAINS(mgp_error_message(error), rows[i].given);
        CHECK_CONTAINS(mgp_error_message(error), rows[i].rule);
        mgp_error_free(error);
    }
    CHECK(sent() == 0);
}

TEST(a_body_that_is_not_an_object_is_refused)
{
    static const char *const bodies[] = {"", "[]", "\"text\"", "7", "null", "{", "{\"a\":1}}", "not json"};
    size_t i;

    for (i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        mgp_request request = MGP_REQUEST_INIT;
        mgp_response *response = NULL;
        mgp_error *error = NULL;

        request.operation = MGP_OP_SET_PRESENCE;
        request.target = MGP_TARGET_USER;
        request.target_id = "adele";
        request.body_json = bodies[i];
        CHECK(mgp_send(client, &request, &response, &error) == MGP_E_INVALID_BODY);
        CHECK(mgp_error_message(error)[0] != '\0');
        mgp_error_free(error);
    }
    CHECK(sent() == 0);
}

TEST(a_header_that_would_split_the_request_is_refused)
{
    static const mgp_field headers[] = {{"x-a\r\nx-b", "1"}, {"x-a", "1\r\nx-b: 2"}, {"", "1"}, {"x a", "1"}};
    size_t i;

    for (i = 0; i < sizeof headers / sizeof *headers; i++) {
        mgp_request request = MGP_REQUEST_INIT;
        mgp_response *response = NULL;

        request.operation = MGP_OP_GET_PRESENCE;
        request.target = MGP_TARGET_USER;
        request.target_id = "adele";
        request.headers = &headers[i];
        request.header_count = 1;
        CHECK(mgp_send(client, &request, &response, NULL) == MGP_E_INVALID_HEADER);
    }
    CHECK(sent() == 0);
}

TEST(an_operation_that_does_not_exist_is_refused)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    CHECK(mgp_send(client, &request, &response, NULL) == MGP_E_OPERATION); /* 0 is none */
    request.operation = 4711;
    CHECK(mgp_send(client, &request, &response, &error) == MGP_E_OPERATION);
    CHECK_CONTAINS(mgp_error_message(error), "4711");
    mgp_error_free(error);
    request.operation = MGP_OP_GET_PRESENCE;
    request.api_version = 7;
    CHECK(mgp_send(client, &request, &response, NULL) == MGP_E_OPERATION);
    CHECK(sent() == 0);
}
