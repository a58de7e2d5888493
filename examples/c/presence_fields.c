/*
 * Everything that a presence contains, and whether a call would show: sets a status message, then reads the presence.
 *
 *     MGP_TOKEN=... ./presence_fields adele@contoso.com
 */
#include <inttypes.h>
#include <mgpresence.h>
#include <stdio.h>
#include <stdlib.h>

static void print(const char *name, const char *text)
{
    printf("%-28s %s\n", name, text == NULL ? "-" : text);
}

static void show(const mgp_presence *presence)
{
    mgp_error *error = NULL;

    print("id", mgp_presence_id(presence));
    print("availability", mgp_presence_availability(presence));
    print("activity", mgp_presence_activity(presence));
    printf("%-28s %" PRId32 "\n", "out of office", mgp_presence_is_out_of_office(presence));
    print("out-of-office message", mgp_presence_out_of_office_message(presence));
    print("status message", mgp_presence_status_message(presence));
    print("  its content type", mgp_presence_status_message_content_type(presence));
    print("  its expiry", mgp_presence_status_message_expiry(presence));
    print("  its expiry's time zone", mgp_presence_status_message_expiry_time_zone(presence));
    print("  published", mgp_presence_status_message_published(presence));
    print("work location", mgp_presence_work_location_type(presence));
    print("  its source", mgp_presence_work_location_source(presence));
    print("  its place", mgp_presence_work_location_place_id(presence));
    print("sequence number", mgp_presence_sequence_number(presence));
    print("explanation", mgp_presence_explanation_json(presence));
    print("as JSON", mgp_presence_json(presence));

    if (mgp_presence_shows(presence, MGP_OP_SET_PRESENCE, "Busy", "InACall", MGP_SHOWS_IF_SET, &error) == MGP_OK)
        puts("A call would show.");
    else
        printf("A call would not show: %s\n", mgp_error_message(error));
    mgp_error_free(error);
}

int main(int argc, char **argv)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *client = NULL;
    mgp_response *response = NULL;
    mgp_error *error = NULL;
    const char *user = argc > 1 ? argv[1] : NULL, *token = getenv("MGP_TOKEN");
    int failed;

    options.base_url = getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    if (mgp_credential_new_token(token ? token : "", &credential, &error) == MGP_OK) {
        options.credential = credential;
        if (mgp_client_new(&options, &client, &error) == MGP_OK
            && mgp_set_status_message(client, user, "Back at two", NULL, NULL, &error) == MGP_OK
            && mgp_get_presence(client, user, &response, &error) == MGP_OK) {
            show(mgp_response_presence(response, 0));
            print("content type of the response", mgp_response_header(response, "Content-Type"));
            print("client request id", mgp_response_client_request_id(response));
        }
    }
    if (error != NULL)
        fprintf(stderr, "%s\n", mgp_error_message(error));
    failed = error != NULL;

    mgp_response_free(response);
    mgp_error_free(error);
    mgp_client_free(client);
    mgp_credential_free(credential);
    return failed;
}
