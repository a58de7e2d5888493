/*
 * setPresence through the C ABI, for make bench. Fails on any answer but 200.
 *
 *     mgpresence sequence URL TOKEN CALLS     one blocking call after the other
 *     mgpresence queue URL TOKEN CALLS IN_FLIGHT   through the completion queue, for user1, user2 and so on
 *     mgpresence batch URL TOKEN CALLS IN_FLIGHT   the same, travelling in $batch requests
 *     mgpresence idle URL TOKEN                    makes a client, sends nothing, and waits for the end of stdin
 *
 * MGP_CA_FILE: a certificate to trust.
 */
#include <mgpresence.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char USER[] = "adele";
static const char APP_ID[] = "22553876-f5ab-4529-bffb-cfe50aa89f87";
static const char BODY[] = "{\"sessionId\":\"22553876-f5ab-4529-bffb-cfe50aa89f87\",\"availability\":\"Busy\","
                           "\"activity\":\"InACall\",\"expirationDuration\":\"PT1H\"}";

enum { MOST_BATCHED = 2000 }; /* outstanding; half of what the library takes */

static void check(int32_t status, const mgp_error *error)
{
    if (status != MGP_OK) {
        fprintf(stderr, "status %d: %s\n", (int)status, error ? mgp_error_message(error) : "");
        exit(1);
    }
}

static mgp_client *connect(const char *url, const char *token, unsigned in_flight)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *client = NULL;
    mgp_error *error = NULL;

    check(mgp_credential_new_token(token, &credential, &error), error);
    options.credential = credential;
    options.base_url = url;
    options.ca_file = getenv("MGP_CA_FILE");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.max_in_flight = in_flight;
    options.throttle_start = MGP_THROTTLE_NONE;
    check(mgp_client_new(&options, &client, &error), error);
    mgp_credential_free(credential);
    return client;
}

static void sequence(const mgp_client *client, long calls)
{
    mgp_error *error = NULL;

    while (calls-- > 0)
        check(mgp_set_presence(client, USER, APP_ID, "Busy", "InACall", "PT1H", &error), error);
}

static void submit(const mgp_client *client, const mgp_queue *queue, long number, uint32_t flags)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_error *error = NULL;
    char user[32];

    snprintf(user, sizeof user, "user%ld", number);
    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = user;
    request.body_json = BODY;
    request.flags = flags;
    check(mgp_submit(client, &request, queue, NULL, NULL, NULL, &error), error);
}

static void finish_one(const mgp_queue *queue)
{
    mgp_completion done = MGP_COMPLETION_INIT;

    check(mgp_queue_wait(queue, 60000, &done, NULL), NULL);
    check(done.status, done.error);
    mgp_response_free(done.response);
}

/* As many outstanding as may be: a completion makes room for the next request. */
static void through_queue(const mgp_client *client, long calls, long outstanding, uint32_t flags)
{
    mgp_queue *queue = NULL;
    long submitted = 0, finished = 0;

    check(mgp_queue_new(&queue, NULL), NULL);
    for (; finished < calls; finished++) {
        for (; submitted < calls && submitted < finished + outstanding; submitted++)
            submit(client, queue, submitted + 1, flags);
        finish_one(queue);
    }
    mgp_queue_free(queue);
}

int main(int argc, char **argv)
{
    const char *mode = argc > 3 ? argv[1] : "";
    long calls = argc > 4 ? atol(argv[4]) : 0, in_flight = argc > 5 ? atol(argv[5]) : 1;
    mgp_client *client;

    if (argc < 4) {
        fprintf(stderr, "usage: %s sequence|queue|batch|idle URL TOKEN [CALLS [IN_FLIGHT]]\n", argv[0]);
        return 2;
    }
    client = connect(argv[2], argv[3], (unsigned)in_flight);
    if (strcmp(mode, "sequence") == 0)
        sequence(client, calls);
    else if (strcmp(mode, "queue") == 0)
        through_queue(client, calls, in_flight, 0);
    else if (strcmp(mode, "batch") == 0)
        through_queue(client, calls, MOST_BATCHED, MGP_REQUEST_BATCH);
    else
        while (getchar() != EOF) { }
    mgp_client_free(client);
    return 0;
}
