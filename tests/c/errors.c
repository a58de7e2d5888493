/* Answers that go wrong: what is known of them is never lost, and the token goes nowhere else. */
#include "harness.h"
#include "stub.h"

/* Sends one setPresence, once, to a server that answers with `answer`. */
static int32_t ask(const char *answer, mgp_error **error)
{
    struct stub *stub = stub_start(answer);
    mgp_client *other = client_for(stub_url(stub));
    int32_t status = mgp_set_presence(other, "adele", APP_ID, "Busy", "InACall", NULL, error);

    CHECK(stub_count(stub) == 1);
    CHECK(mgp_error_status(*error) == status);
    CHECK(mgp_error_attempts(*error) == 1);
    CHECK(strstr(mgp_error_message(*error), "secret-token") == NULL);
    mgp_client_free(other);
    stub_stop(stub);
    return status;
}

TEST(html_with_500_keeps_the_status_and_the_page)
{
    mgp_error *error = NULL;

    CHECK(ask("HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 17\r\n\r\n<h1>It broke</h1>", &error)
          == MGP_E_UNAVAILABLE);
    CHECK(mgp_error_http_status(error) == 500);
    CHECK_CONTAINS(mgp_error_message(error), "500");
    CHECK_TEXT(mgp_error_graph_code(error), "");
    CHECK_TEXT(mgp_response_body(mgp_error_response(error)), "<h1>It broke</h1>");
    mgp_error_free(error);
}

TEST(an_error_of_graph_is_told_in_its_own_words)
{
    mgp_error *error = NULL;

    CHECK(ask("HTTP/1.1 403 Forbidden\r\nrequest-id: 0000-1111\r\nContent-Type: application/json\r\n"
              "Connection: close\r\n\r\n"
              "{\"error\":{\"code\":\"Forbidden\",\"message\":\"Not you.\",\"innerError\":{}}}",
              &error)
          == MGP_E_FORBIDDEN);
    CHECK(mgp_error_http_status(error) == 403);
    CHECK_TEXT(mgp_error_graph_code(error), "Forbidden");
    CHECK_TEXT(mgp_error_graph_message(error), "Not you.");
    CHECK_TEXT(mgp_error_request_id(error), "0000-1111");
    CHECK_CONTAINS(mgp_error_message(error), "403 Forbidden: Not you");
    mgp_error_free(error);
}

TEST(each_status_of_the_service_has_a_status_of_ours)
{
    static const struct {
        const char *line;
        int32_t http_status, status;
    } rows[] = {
        {"400 Bad Request", 400, MGP_E_BAD_REQUEST}, {"401 Unauthorized", 401, MGP_E_UNAUTHORIZED},
        {"403 Forbidden", 403, MGP_E_FORBIDDEN},     {"404 Not Found", 404, MGP_E_NOT_FOUND},
        {"409 Conflict", 409, MGP_E_CONFLICT},       {"412 Precondition Failed", 412, MGP_E_CONFLICT},
        {"429 Too Many", 429, MGP_E_THROTTLED},      {"502 Bad Gateway", 502, MGP_E_UNAVAILABLE},
        {"418 Teapot", 418, MGP_E_SERVICE},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        char answer[128];
        mgp_error *error = NULL;

        snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", rows[i].line);
        CHECK(ask(answer, &error) == rows[i].status);
        CHECK(mgp_error_http_status(error) == rows[i].http_status);
        mgp_error_free(error);
    }
}

TEST(how_long_to_wait_is_told_in_fractions_too)
{
    mgp_error *error = NULL;

    CHECK(ask("HTTP/1.1 429 Slow Down\r\nRetry-After: 2.128\r\nContent-Length: 0\r\n\r\n", &error) == MGP_E_THROTTLED);
    CHECK(mgp_error_retry_after_ms(error) == 2128);
    mgp_error_free(error);
}

TEST(half_a_body_is_a_lost_connection_that_keeps_the_status)
{
    mgp_error *error = NULL;

    CHECK(ask("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":", &error)
          == MGP_E_CONNECTION_LOST);
    CHECK(mgp_error_http_status(error) == 200);
    mgp_error_free(error);
}

TEST(no_answer_is_a_lost_connection)
{
    mgp_error *error = NULL;

    CHECK(ask("", &error) == MGP_E_CONNECTION_LOST);
    CHECK(mgp_error_http_status(error) == 0 && mgp_error_response(error) == NULL);
    mgp_error_free(error);
}

TEST(bytes_that_are_not_http_are_an_answer_that_cannot_be_understood)
{
    mgp_error *error = NULL;

    CHECK(ask("\x16\x03\x01 nothing of the kind \xff\xfe\r\n\r\n", &error) == MGP_E_RESPONSE);
    CHECK(mgp_error_http_status(error) == 0);
    mgp_error_free(error);
}

TEST(a_read_that_is_not_json_is_an_answer_that_cannot_be_understood)
{
    struct stub *stub = stub_start(STUB_JSON("<html>a proxy's login page</html>"));
    mgp_client *other = client_for(stub_url(stub));
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    CHECK(mgp_get_presence(other, "adele", &response, &error) == MGP_E_RESPONSE);
    CHECK(response == NULL && mgp_error_http_status(error) == 200);
    CHECK_CONTAINS(mgp_response_body(mgp_error_response(error)), "a proxy's login page");
    mgp_error_free(error);
    mgp_client_free(other);
    stub_stop(stub);
}

TEST(a_redirect_is_not_followed_and_the_token_stays)
{
    struct stub *elsewhere = stub_start("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    char answer[256];
    mgp_error *error = NULL;

    snprintf(answer, sizeof answer, "HTTP/1.1 307 Moved\r\nLocation: %s/\r\nContent-Length: 0\r\n\r\n",
             stub_url(elsewhere));
    CHECK(ask(answer, &error) == MGP_E_REDIRECT);
    CHECK(mgp_error_http_status(error) == 307);
    CHECK_CONTAINS(mgp_error_message(error), stub_url(elsewhere));
    CHECK(stub_count(elsewhere) == 0);
    mgp_error_free(error);
    stub_stop(elsewhere);
}

TEST(nobody_listening_is_a_failure_to_connect)
{
    struct stub *stub = stub_start("");
    mgp_client *other = client_for(stub_url(stub));
    mgp_error *error = NULL;

    stub_stop(stub);
    CHECK(mgp_set_presence(other, "adele", APP_ID, "Busy", "InACall", NULL, &error) == MGP_E_CONNECT);
    CHECK(mgp_error_http_status(error) == 0);
    mgp_error_free(error);
    mgp_client_free(other);
}

TEST(a_trace_has_what_went_over_the_wire_but_not_the_token)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_response *response = NULL;

    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.flags = MGP_REQUEST_TRACE;
    CHECK(mgp_send(client, &request, &response, NULL) == MGP_OK);
    CHECK_CONTAINS(mgp_response_trace(response), "/v1.0/users/adele/presence");
    CHECK_CONTAINS(mgp_response_trace(response), "200");
    CHECK(strstr(mgp_response_trace(response), emulator.token) == NULL);
    mgp_response_free(response);
}
