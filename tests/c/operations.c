/* The other operations through their shorthands: what is sent, and what the next read shows. */
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

    CHECK(mgp_set_automatic_location(person, NULL, "office", NULL, NULL) == MGP_OK);
    CHECK(mgp_set_manual_location(person, NULL, "remote", NULL, NULL) == MGP_OK);
    presence = read_as(person, &response);
    CHECK_TEXT(mgp_presence_work_location_type(presence), "remote");
    CHECK_TEXT(mgp_presence_work_location_source(presence), "manual");
    mgp_response_free(response);

    CHECK(mgp_clear_automatic_location(person, NULL, NULL) == MGP_OK);
    CHECK(mgp_clear_location(person, NULL, NULL) == MGP_OK);
    presence = read_as(person, &response);
    CHECK_TEXT(mgp_presence_work_location_source(presence), "none");
    mgp_response_free(response);
    mgp_client_free(person);
}

TEST(no_application_permission_grants_a_location)
{
    CHECK(mgp_set_manual_location(client, "adele", "office", NULL, NULL) == MGP_E_FORBIDDEN);
}

TEST(many_users_are_read_in_the_order_of_their_ids)
{
    static const char *const ids[] = {ALEX_ID, ADELE_ID};
    mgp_response *response = NULL;

    CHECK(mgp_get_presences_by_user_id(client, ids, 2, &response, NULL) == MGP_OK);
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
    CHECK(mgp_list_presences(client, mgp_response_next_link(first), &second, NULL) == MGP_OK);
    CHECK(mgp_response_presence_count(second) == 1 && mgp_response_next_link(second) == NULL);
    mgp_response_free(first);
    mgp_response_free(second);
}

TEST(a_next_link_to_another_origin_is_refused_and_the_token_stays)
{
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    CHECK(mgp_list_presences(client, "https://elsewhere.example/v1.0/communications/presences", &response, &error)
          == MGP_E_ORIGIN);
    CHECK_CONTAINS(mgp_error_message(error), "elsewhere.example");
    CHECK(sent() == 0);
    mgp_error_free(error);
}

TEST(presences_are_counted)
{
    mgp_response *response = NULL;

    CHECK(mgp_count_presences(client, &response, NULL) == MGP_OK);
    CHECK(mgp_response_count(response) == 4); /* the emulator's default users */
    mgp_response_free(response);
}

TEST(a_deletion_travels_with_its_if_match)
{
    open_session();
    mgp_delete_presence(client, "adele", "\"of another time\"", NULL);
    CHECK_CONTAINS(received(1), "\"DELETE\"");
    CHECK_CONTAINS(received(1), "of another time");
    CHECK(mgp_delete_presence(client, "adele", NULL, NULL) == MGP_OK);
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

    CHECK(mgp_presence_check_shows(now, MGP_OP_SET_USER_PREFERRED_PRESENCE, "Busy", "Busy", NULL) == MGP_OK);
    CHECK(mgp_presence_check_shows(now, MGP_OP_SET_PRESENCE, "Available", "Available", &error) == MGP_E_OUTRANKED);
    CHECK_CONTAINS(mgp_error_message(error), "Busy/Busy");
    CHECK_CONTAINS(mgp_presence_explanation(now), "\"effective\"");
    mgp_error_free(error);
    mgp_response_free(response);
}

TEST(what_an_operation_accepts_can_be_asked)
{
    CHECK_CONTAINS(mgp_operation_pairs(MGP_OP_SET_PRESENCE), "[\"Busy\",\"InACall\"]");
    CHECK(mgp_operation_pairs(MGP_OP_GET_PRESENCE) == NULL);
    CHECK_TEXT(mgp_operation_route(MGP_OP_SET_PRESENCE, MGP_TARGET_USER),
               "POST /users/{user-id}/presence/microsoft.graph.setPresence");
    CHECK(mgp_operation_route(4711, MGP_TARGET_USER) == NULL);
}
