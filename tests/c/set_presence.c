/* setPresence through the C ABI. */
#include "harness.h"

TEST(what_is_set_is_what_the_next_read_shows)
{
    mgp_error *error = NULL;

    CHECK(mgp_set_presence(client, "adele", APP_ID, "Busy", "InACall", "PT1H", &error) == MGP_OK);
    CHECK(error == NULL);
    CHECK_TEXT(presence_of("adele"), "Busy/InACall");
    CHECK_TEXT(presence_of("alex"), "Offline/Offline");
}

TEST(the_five_pairs_of_set_presence_are_accepted)
{
    static const char *const pairs[][2] = {
        {"Available", "Available"}, {"Busy", "InACall"}, {"Busy", "InAConferenceCall"},
        {"Away", "Away"},           {"DoNotDisturb", "Presenting"},
    };
    size_t i;

    for (i = 0; i < sizeof pairs / sizeof *pairs; i++)
        CHECK(mgp_set_presence(client, "adele", APP_ID, pairs[i][0], pairs[i][1], NULL, NULL) == MGP_OK);
    CHECK(sent() == 5);
}

TEST(a_refused_pair_sends_nothing_and_explains_itself)
{
    mgp_error *error = NULL;
    int32_t status = mgp_set_presence(client, "adele", APP_ID, "Busy", "Busy", NULL, &error);

    CHECK(status == MGP_E_INVALID_PAIR);
    CHECK_CONTAINS(mgp_error_message(error), "Busy/Busy");
    CHECK_CONTAINS(mgp_error_message(error), "InACall");
    CHECK(mgp_error_http_status(error) == 0 && sent() == 0);
    mgp_error_free(error);
}

TEST(a_refused_pair_travels_when_the_caller_skips_validation)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.body_json = session_body("Busy", "Busy");
    request.flags = MGP_REQUEST_SKIP_VALIDATION;

    CHECK(mgp_send(client, &request, &response, &error) == MGP_E_BAD_REQUEST);
    CHECK(response == NULL && mgp_error_http_status(error) == 400);
    CHECK(sent() == 1);
    mgp_error_free(error);
}

TEST(every_target_and_version_has_its_path_and_its_answer)
{
    static const struct {
        int32_t target, version;
        const char *id, *path;
        int32_t http_status;
    } rows[] = {
        {MGP_TARGET_USER, MGP_API_V1_0, "adele", "/v1.0/users/adele/presence/setPresence", 200},
        {MGP_TARGET_USER, MGP_API_BETA, "adele", "/beta/users/adele/presence/setPresence", 204},
        {MGP_TARGET_COMMUNICATIONS, MGP_API_V1_0, ADELE_ID, "/v1.0/communications/presences/" ADELE_ID "/setPresence", 200},
        {MGP_TARGET_COMMUNICATIONS, MGP_API_BETA, ADELE_ID, "/beta/communications/presences/" ADELE_ID "/setPresence", 204},
        {MGP_TARGET_ME, MGP_API_V1_0, NULL, "/v1.0/me/presence/setPresence", 200},
        {MGP_TARGET_ME, MGP_API_BETA, NULL, "/beta/me/presence/setPresence", 204},
    };
    mgp_client *person = delegated_client();
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        mgp_request request = MGP_REQUEST_INIT;
        mgp_response *response = NULL;
        mgp_error *error = NULL;

        request.operation = MGP_OP_SET_PRESENCE;
        request.target = rows[i].target;
        request.api_version = rows[i].version;
        request.target_id = rows[i].id;
        request.body_json = session_body("Busy", "InACall");
        mgp_send(rows[i].target == MGP_TARGET_ME ? person : client, &request, &response, &error);

        CHECK_TEXT(error ? mgp_error_message(error) : "", "");
        CHECK(mgp_response_http_status(response) == rows[i].http_status);
        CHECK_TEXT(mgp_response_body(response), "");
        CHECK_CONTAINS(received((int)i), rows[i].path);
        mgp_response_free(response);
        mgp_error_free(error);
    }
    mgp_client_free(person);
}

TEST(no_user_means_me)
{
    mgp_client *person = delegated_client();

    CHECK(mgp_set_presence(person, NULL, APP_ID, "Away", "Away", NULL, NULL) == MGP_OK);
    CHECK_CONTAINS(received(0), "\"/v1.0/me/presence/setPresence\"");
    mgp_client_free(person);
}

TEST(the_session_is_the_application_of_the_token_unless_the_caller_says_otherwise)
{
    CHECK(mgp_set_presence(client, "adele", NULL, "Busy", "InACall", NULL, NULL) == MGP_OK);
    CHECK_CONTAINS(received(0), APP_ID);
}

TEST(a_header_of_the_caller_goes_along)
{
    const mgp_field header = {"x-ms-example", "of the caller"};
    mgp_request request = MGP_REQUEST_INIT;
    mgp_response *response = NULL;

    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.body_json = session_body("Busy", "InACall");
    request.headers = &header;
    request.header_count = 1;

    CHECK(mgp_send(client, &request, &response, NULL) == MGP_OK);
    CHECK_CONTAINS(received(0), "of the caller");
    mgp_response_free(response);
}
