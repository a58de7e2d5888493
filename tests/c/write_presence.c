/* Updating and creating a presence through the C ABI: undocumented operations, which the emulator answers. */
#include "harness.h"
#include "stub.h"

TEST(an_update_answers_with_the_object_and_the_next_read_shows_it)
{
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    CHECK(mgp_update_presence(client, "adele", "Busy", "Busy", &response, &error) == MGP_OK);
    CHECK(mgp_response_http_status(response) == 200);
    CHECK_TEXT(mgp_presence_availability(mgp_response_presence(response, 0)), "Busy");
    CHECK_CONTAINS(received(0), "\"PATCH\"");
    CHECK_CONTAINS(received(0), "\"/v1.0/users/adele/presence\"");
    CHECK_CONTAINS(received(0), "#microsoft.graph.presence");
    CHECK_TEXT(presence_of("adele"), "Busy/Busy");
    mgp_response_free(response);
    mgp_error_free(error);
}

TEST(an_update_without_a_user_is_of_me)
{
    mgp_client *person = delegated_client();
    mgp_response *response = NULL;

    CHECK(mgp_update_presence(person, NULL, "Away", "Away", &response, NULL) == MGP_OK);
    CHECK_CONTAINS(received(0), "\"/v1.0/me/presence\"");
    mgp_response_free(response);
    mgp_client_free(person);
}

TEST(a_creation_answers_201_with_the_object)
{
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    CHECK(mgp_create_presence(client, ADELE_ID, "Available", "Available", &response, &error) == MGP_OK);
    CHECK(mgp_response_http_status(response) == 201);
    CHECK_TEXT(mgp_presence_id(mgp_response_presence(response, 0)), ADELE_ID);
    CHECK_CONTAINS(received(0), "\"POST\"");
    CHECK_CONTAINS(received(0), "\"/v1.0/communications/presences\"");
    CHECK_CONTAINS(received(0), "#microsoft.graph.presence");
    mgp_response_free(response);
    mgp_error_free(error);
}

/* A creation that may have arrived must not be repeated: the second would be another one. */
TEST(a_creation_that_got_no_answer_is_not_sent_again)
{
    struct stub *stub = stub_start("");
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_client *other = NULL;
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = stub_url(stub);
    options.proxy_url = "";
    CHECK(mgp_client_new(&options, &other, &error) == MGP_OK);
    request.operation = MGP_OP_CREATE_PRESENCE;
    request.body_json = "{\"availability\":\"Busy\",\"activity\":\"Busy\"}";
    request.access_token = "of-this-request";

    CHECK(mgp_send(other, &request, &response, &error) == MGP_E_CONNECTION_LOST);
    CHECK(stub_count(stub) == 1 && mgp_error_attempts(error) == 1);
    mgp_error_free(error);
    mgp_client_free(other);
    stub_stop(stub);
}
