/* Reading a presence through the C ABI. */
#include "harness.h"
#include "stub.h"

TEST(a_presence_is_read_with_its_fields)
{
    mgp_response *response = NULL;
    mgp_error *error = NULL;
    const mgp_presence *presence;

    CHECK(mgp_set_presence(client, "adele", APP_ID, "DoNotDisturb", "Presenting", NULL, NULL) == MGP_OK);
    CHECK(mgp_get_presence(client, "adele", &response, &error) == MGP_OK);
    CHECK(mgp_response_presence_count(response) == 1);
    presence = mgp_response_presence(response, 0);
    CHECK_TEXT(mgp_presence_id(presence), ADELE_ID);
    CHECK_TEXT(mgp_presence_availability(presence), "DoNotDisturb");
    CHECK_TEXT(mgp_presence_activity(presence), "Presenting");
    CHECK_CONTAINS(mgp_presence_json(presence), "\"Presenting\"");
    CHECK(mgp_response_presence(response, 1) == NULL);
    mgp_response_free(response);
    mgp_error_free(error);
}

TEST(the_answer_has_status_body_and_headers)
{
    mgp_response *response = NULL;
    uint32_t i;
    int found = 0;

    CHECK(mgp_get_presence(client, "adele", &response, NULL) == MGP_OK);
    CHECK(mgp_response_http_status(response) == 200);
    CHECK(mgp_response_body_length(response) == strlen(mgp_response_body(response)));
    CHECK_CONTAINS(mgp_response_body(response), "\"availability\"");
    CHECK_CONTAINS(mgp_response_header(response, "CONTENT-TYPE"), "application/json");
    CHECK(mgp_response_header(response, "x-absent") == NULL);
    for (i = 0; i < mgp_response_header_count(response); i++)
        found += strcmp(mgp_response_header_name(response, i), "request-id") == 0
                 && strcmp(mgp_response_header_value(response, i), mgp_response_request_id(response)) == 0;
    CHECK(found == 1);
    CHECK(mgp_response_header_name(response, i) == NULL && mgp_response_header_value(response, i) == NULL);
    CHECK(strlen(mgp_response_client_request_id(response)) == 36);
    CHECK(mgp_response_attempts(response) == 1);
    mgp_response_free(response);
}

TEST(an_unknown_word_of_the_service_is_kept)
{
    struct stub *stub = stub_start(STUB_JSON("{\"id\":\"1\",\"availability\":\"OnTheMoon\",\"activity\":\"Walking\",\"new\":[]}"));
    mgp_client *other = client_for(stub_url(stub));
    mgp_response *response = NULL;

    CHECK(mgp_get_presence(other, "adele", &response, NULL) == MGP_OK);
    CHECK_TEXT(mgp_presence_availability(mgp_response_presence(response, 0)), "OnTheMoon");
    CHECK_TEXT(mgp_presence_activity(mgp_response_presence(response, 0)), "Walking");
    mgp_response_free(response);
    mgp_client_free(other);
    stub_stop(stub);
}

TEST(both_documented_shapes_of_one_presence_are_read)
{
    struct stub *stub = stub_start(STUB_JSON("{\"value\":[{\"id\":\"1\",\"availability\":\"Busy\",\"activity\":\"Busy\"}]}"));
    mgp_client *other = client_for(stub_url(stub));
    mgp_response *response = NULL;

    CHECK(mgp_get_presence(other, "adele", &response, NULL) == MGP_OK);
    CHECK(mgp_response_presence_count(response) == 1);
    CHECK_TEXT(mgp_presence_availability(mgp_response_presence(response, 0)), "Busy");
    mgp_response_free(response);
    mgp_client_free(other);
    stub_stop(stub);
}

TEST(an_unknown_user_is_not_found_in_the_words_of_the_service)
{
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    CHECK(mgp_get_presence(client, "nobody", &response, &error) == MGP_E_NOT_FOUND);
    CHECK(response == NULL);
    CHECK(mgp_error_http_status(error) == 404);
    CHECK(mgp_error_graph_code(error)[0] != '\0');
    CHECK_CONTAINS(mgp_error_message(error), "nobody");
    CHECK(mgp_error_request_id(error)[0] != '\0' && mgp_error_client_request_id(error)[0] != '\0');
    mgp_error_free(error);
}
