/* The demo's part in C: set, update and create on every path, with the values that Microsoft's pages print. */
#include "mgpresence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* https://learn.microsoft.com/graph/api/presence-setpresence prints this user and this application. */
#define USER "fa8bf3dc-eca7-46b7-bad1-db199b62afc3"
#define SET "{\"sessionId\":\"22553876-f5ab-4529-bffb-cfe50aa89f87\",\"availability\":\"Available\",\"activity\":\"Available\",\"expirationDuration\":\"PT1H\"}"

/* The pages of update and create print placeholders for the words, and this user as the one that is created. */
#define CREATED_USER "ba441c11-1c11-ba44-111c-44ba111c44ba"
#define WRITE "{\"@odata.type\":\"#microsoft.graph.presence\",\"availability\":\"Available\",\"activity\":\"Available\"}"
#define CREATE "{\"@odata.type\":\"#microsoft.graph.presence\",\"id\":\"" CREATED_USER "\",\"availability\":\"Available\",\"activity\":\"Available\"}"

struct step {
    const char *title;
    int32_t operation, api_version, target;
    const char *target_id, *body;
    int32_t expected; /* HTTP status */
    const char *user; /* whose presence is shown afterwards */
};

static const struct step steps[] = {
    {"setPresence   v1.0  /me", MGP_OP_SET_PRESENCE, MGP_API_V1_0, MGP_TARGET_ME, NULL, SET, 200, USER},
    {"setPresence   v1.0  /users/{id}", MGP_OP_SET_PRESENCE, MGP_API_V1_0, MGP_TARGET_USER, USER, SET, 200, USER},
    {"setPresence   v1.0  /communications/presences/{id}", MGP_OP_SET_PRESENCE, MGP_API_V1_0, MGP_TARGET_COMMUNICATIONS, USER, SET, 200, USER},
    {"setPresence   beta  /me", MGP_OP_SET_PRESENCE, MGP_API_BETA, MGP_TARGET_ME, NULL, SET, 204, USER},
    {"setPresence   beta  /users/{id}", MGP_OP_SET_PRESENCE, MGP_API_BETA, MGP_TARGET_USER, USER, SET, 204, USER},
    {"setPresence   beta  /communications/presences/{id}", MGP_OP_SET_PRESENCE, MGP_API_BETA, MGP_TARGET_COMMUNICATIONS, USER, SET, 204, USER},
    {"update        v1.0  /me/presence", MGP_OP_UPDATE_PRESENCE, MGP_API_V1_0, MGP_TARGET_ME, NULL, WRITE, 200, USER},
    {"update        v1.0  /users/{id}/presence", MGP_OP_UPDATE_PRESENCE, MGP_API_V1_0, MGP_TARGET_USER, USER, WRITE, 200, USER},
    {"create        v1.0  /communications/presences", MGP_OP_CREATE_PRESENCE, MGP_API_V1_0, 0, NULL, CREATE, 201, CREATED_USER},
};

/* A person's token where the path says "me", the application's else. */
static const char *token_for(const struct step *step)
{
    return getenv(strstr(step->title, "/me") != NULL ? "MGP_USER_TOKEN" : "MGP_TOKEN");
}

static int failed(const mgp_error *error)
{
    printf("\n    failed: %s\n", mgp_error_message(error));
    return 0;
}

/* Prints what the service says now. */
static int show(const mgp_client *client, const char *user)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_response *response = NULL;
    mgp_error *error = NULL;
    const mgp_presence *now;
    int shown;

    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = user;
    request.access_token = getenv("MGP_TOKEN");
    if (mgp_send(client, &request, &response, &error) == MGP_OK) {
        now = mgp_response_presence(response, 0);
        printf("  %.8s is now %s/%s\n", user, mgp_presence_availability(now), mgp_presence_activity(now));
        shown = 1;
    } else {
        shown = failed(error);
    }
    mgp_response_free(response);
    mgp_error_free(error);
    return shown;
}

static int run(const mgp_client *client, const struct step *step)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_response *response = NULL;
    mgp_error *error = NULL;
    int32_t http_status;

    request.operation = step->operation;
    request.api_version = step->api_version;
    request.target = step->target;
    request.target_id = step->target_id;
    request.body_json = step->body;
    request.access_token = token_for(step);
    printf("    %-52s", step->title);
    if (mgp_send(client, &request, &response, &error) != MGP_OK) {
        failed(error);
        mgp_error_free(error);
        return 0;
    }
    http_status = mgp_response_http_status(response);
    printf("%d%s", (int)http_status, mgp_response_presence_count(response) == 1 ? " + object" : "         ");
    mgp_response_free(response);
    if (http_status != step->expected) {
        printf("\n    failed: the answer should be %d\n", (int)step->expected);
        return 0;
    }
    return show(client, step->user);
}

int main(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_client *client = NULL;
    mgp_error *error = NULL;
    size_t i, succeeded = 0, count = sizeof steps / sizeof *steps;

    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = getenv("MGP_BASE_URL");
    options.proxy_url = "";
    if (mgp_client_new(&options, &client, &error) != MGP_OK) {
        failed(error);
        mgp_error_free(error);
        return 1;
    }
    printf("  C, libmgpresence %s\n    %-64s", mgp_version(), "before");
    show(client, USER);
    for (i = 0; i < count; i++)
        succeeded += (size_t)run(client, &steps[i]);
    mgp_client_free(client);
    return succeeded != count;
}
