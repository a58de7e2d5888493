/* The other operations, through their shorthands or as requests: what is sent, and what the next read shows. */
#include "harness.h"

#define ALEX_ID "66825e03-7ef5-42da-9069-724602c31f6b"

/* A session, without which a user is Offline whatever else is set. */
static void open_session(void)
{
    CHECK(mgp_set_presence(client, "adele", NULL, "Available", "Available", NULL, NULL) == MGP_OK);
}

/* The presence of adele as its own user sees it. The caller frees the response. */
static const mgp_presence *read_as(const mgp_client *person, mgp_response **response)
{
    CHECK(mgp_get_presence(person, NULL, response, NULL) == MGP_OK);
    return mgp_response_presence(*response, 0);
}

/* Sends an operation that has no shorthand. `id`: the user, or NULL for /me and the whole collection. */
static int32_t perform(const mgp_client *as, int32_t operation, const char *id, const char *body_json,
                       mgp_response **response)
{
    mgp_request request = MGP_REQUEST_INIT;

    request.operation = operation;
    request.target = id == NULL ? MGP_TARGET_ME : MGP_TARGET_USER;
    request.target_id = id;
    request.body_json = body_json;
    return mgp_send(as, &request, response, NULL);
}

TEST(a_cleared_session_is_gone_and_clearing_it_again_is_not_found)
{
    open_session();
    CHECK(mgp_clear_presence(client, "adele", NULL, NULL) == MGP_OK);
    CHECK_CONTAINS(received(1), "/v1.0/users/adele/presence/clearPresence");
    CHECK_CONTAINS(received(1), APP_ID);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    CHECK(mgp_clear_presence(client, "adele", NULL, NULL) == MGP_E_NOT_FOUND);
}

TEST(the_preferred_presence_outranks_the_session_until_it_is_cleared)
{
    open_session();
    CHECK(mgp_set_user_preferred_presence(client, "adele", "DoNotDisturb", "DoNotDisturb", "PT8H", NULL) == MGP_OK);
    CHECK_TEXT(presence_of("adele"), "DoNotDisturb/DoNotDisturb");
    CHECK(mgp_clear_user_preferred_presence(client, "adele", NULL) == MGP_OK);
    CHECK_TEXT(presence_of("adele"), "Available/Available");
}

TEST(the_preferred_presence_has_pairs_of_its_own)
{
    mgp_error *error = NULL;

    CHECK(mgp_set_user_preferred_presence(client, "adele", "Busy", "InACall", NULL, &error) == MGP_E_INVALID_PAIR);
    CHECK_CONTAINS(mgp_error_message(error), "setUserPreferredPresence");
    CHECK(sent() == 0);
    mgp_error_free(error);
}

TEST(a_status_message_is_read_with_its_end)
{
    mgp_client *person = delegated_client();
    mgp_response *response = NULL;
    const mgp_presence *presence;

    CHECK(mgp_set_status_message(person, NULL, "Back at two", "2099-01-01T14:00:00", "Pacific Standard Time", NULL) == MGP_OK);
    presence = read_as(person, &response);
    CHECK_TEXT(mgp_presence_status_message(presence), "Back at two");
    CHECK_TEXT(mgp_presence_status_message_content_type(presence), "text");
    CHECK_CONTAINS(mgp_presence_status_message_expiry(presence), "2099-01-01T14:00:00");
    CHECK_TEXT(mgp_presence_status_message_expiry_time_zone(presence), "Pacific Standard Time");
    CHECK(mgp_presence_status_message_published(presence) != NULL);
    mgp_response_free(response);
    mgp_client_free(person);
}

TEST(a_location_is_set_and_cleared_by_its_own_user)
{
    mgp_client *person = delegated_client();
    mgp_response *response = NULL;
    const mgp_presence *presence;

    CHECK(perform(person, MGP_OP_SET_AUTOMATIC_LOCATION, NULL, "{\"workLocationType\": \"office\"}", NULL) == MGP_OK);
    CHECK(perform(person, MGP_OP_SET_MANUAL_LOCATION, NULL, "{\"workLocationType\": \"remote\"}", NULL) == MGP_OK);
    presence = read_as(person, &response);
    CHECK_TEXT(mgp_presence_work_location_type(presence), "remote");
    CHECK_TEXT(mgp_presence_work_location_source(presence), "manual");
    mgp_response_free(response);

    CHECK(perform(person, MGP_OP_CLEAR_AUTOMATIC_LOCATION, NULL, NULL, NULL) == MGP_OK);
    CHECK(perform(person, MGP_OP_CLEAR_LOCATION, NULL, NULL, NULL) == MGP_OK);
    presence = read_as(person, &response);
    CHECK_TEXT(mgp_presence_work_location_source(presence), "none");
    mgp_response_free(response);
    mgp_client_free(person);
}

TEST(no_application_permission_grants_a_location)
{
    CHECK(perform(client, MGP_OP_SET_MANUAL_LOCATION, "adele", "{\"workLocationType\": \"office\"}", NULL)
          == MGP_E_FORBIDDEN);
}

TEST(many_users_are_read_in_the_order_of_their_ids)
{
    static const char ids[] = "{\"ids\": [\"" ALEX_ID "\", \"" ADELE_ID "\"]}";
    mgp_response *response = NULL;

    CHECK(perform(client, MGP_OP_GET_PRESENCES_BY_USER_ID, NULL, ids, &response) == MGP_OK);
    CHECK(mgp_response_presence_count(response) == 2);
    CHECK_TEXT(mgp_presence_id(mgp_response_presence(response, 0)), ALEX_ID);
    CHECK_TEXT(mgp_presence_id(mgp_response_presence(response, 1)), ADELE_ID);
    mgp_response_free(response);
}

TEST(a_list_is_followed_page_by_page)
{
    const mgp_field top = {"$top", "3"};
    mgp_request request = MGP_REQUEST_INIT;
    mgp_response *first = NULL, *second = NULL;

    request.operation = MGP_OP_LIST_PRESENCES;
    request.query = &top;
    request.query_count = 1;
    CHECK(mgp_send(client, &request, &first, NULL) == MGP_OK);
    CHECK(mgp_response_presence_count(first) == 3);
    request = (mgp_request)MGP_REQUEST_INIT;
    request.operation = MGP_OP_LIST_PRESENCES;
    request.next_link = mgp_response_next_link(first);
    CHECK(mgp_send(client, &request, &second, NULL) == MGP_OK);
    CHECK(mgp_response_presence_count(second) == 1 && mgp_response_next_link(second) == NULL);
    mgp_response_free(first);
    mgp_response_free(second);
}

TEST(a_next_link_to_another_origin_is_refused_and_the_token_stays)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_error *error = NULL;

    request.operation = MGP_OP_LIST_PRESENCES;
    request.next_link = "https://elsewhere.example/v1.0/communications/presences";
    CHECK(mgp_send(client, &request, NULL, &error) == MGP_E_ORIGIN);
    CHECK_CONTAINS(mgp_error_message(error), "elsewhere.example");
    CHECK(sent() == 0);
    mgp_error_free(error);
}

TEST(presences_are_counted)
{
    mgp_response *response = NULL;

    CHECK(perform(client, MGP_OP_COUNT_PRESENCES, NULL, NULL, &response) == MGP_OK);
    CHECK(mgp_response_count(response) == 4); /* the emulator's default users */
    mgp_response_free(response);
}

TEST(a_deletion_travels_with_its_if_match)
{
    const mgp_field if_match = {"If-Match", "\"of another time\""};
    mgp_request request = MGP_REQUEST_INIT;

    open_session();
    request.operation = MGP_OP_DELETE_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.headers = &if_match;
    request.header_count = 1;
    mgp_send(client, &request, NULL, NULL);
    CHECK_CONTAINS(received(1), "\"DELETE\"");
    CHECK_CONTAINS(received(1), "of another time");
    CHECK(perform(client, MGP_OP_DELETE_PRESENCE, "adele", NULL, NULL) == MGP_OK);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
}

TEST(what_was_set_and_does_not_show_is_explained)
{
    mgp_response *response = NULL;
    mgp_error *error = NULL;
    const mgp_presence *now;

    open_session();
    CHECK(mgp_set_user_preferred_presence(client, "adele", "Busy", "Busy", NULL, NULL) == MGP_OK);
    CHECK(mgp_get_presence(client, "adele", &response, NULL) == MGP_OK);
    now = mgp_response_presence(response, 0);

    CHECK(mgp_presence_shows(now, MGP_OP_SET_USER_PREFERRED_PRESENCE, "Busy", "Busy", MGP_SHOWS_NOW, NULL)
          == MGP_OK);
    CHECK(mgp_presence_shows(now, MGP_OP_SET_PRESENCE, "Available", "Available", MGP_SHOWS_NOW, &error)
          == MGP_E_OUTRANKED);
    CHECK(mgp_presence_shows(now, MGP_OP_SET_PRESENCE, "Away", "Away", MGP_SHOWS_IF_SET, NULL) == MGP_E_OUTRANKED);
    CHECK(mgp_presence_shows(now, MGP_OP_SET_PRESENCE, "Busy", "Busy", MGP_SHOWS_IF_SET, NULL) == MGP_E_INVALID_PAIR);
    CHECK(mgp_presence_shows(now, MGP_OP_SET_PRESENCE, "Away", "Away", 7, NULL) == MGP_E_OPERATION);
    CHECK_CONTAINS(mgp_error_message(error), "Busy/Busy");
    CHECK_CONTAINS(mgp_presence_explanation_json(now), "\"effective\"");
    mgp_error_free(error);
    mgp_response_free(response);
}

TEST(what_an_operation_accepts_can_be_asked)
{
    CHECK_CONTAINS(mgp_operation_pairs_json(MGP_OP_SET_PRESENCE), "[\"Busy\",\"InACall\"]");
    CHECK(mgp_operation_pairs_json(MGP_OP_GET_PRESENCE) == NULL);
    CHECK_TEXT(mgp_operation_route(MGP_OP_SET_PRESENCE, MGP_TARGET_USER),
               "POST /users/{user-id}/presence/microsoft.graph.setPresence");
    CHECK(mgp_operation_route(4711, MGP_TARGET_USER) == NULL);
}

TEST(a_request_can_be_checked_without_sending_it)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_error *error = NULL;

    request.operation = MGP_OP_GET_PRESENCES_BY_USER_ID;
    request.body_json = "{\"ids\":[\"" ALEX_ID "\"]}";
    CHECK(mgp_request_check(&request, NULL) == MGP_OK);
    request.body_json = "{\"ids\":[\"alex@contoso.example\"]}";
    CHECK(mgp_request_check(&request, &error) == MGP_E_INVALID_VALUE);
    CHECK_CONTAINS(mgp_error_message(error), "alex@contoso.example");
    CHECK(sent() == 0);
    mgp_error_free(error);
}
