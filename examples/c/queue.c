/*
 * A hundred requests in flight from one thread: submit them all, then take the completions as they come.
 *
 *     MGP_TOKEN=... ./queue adele@contoso.com alex@contoso.com ...
 */
#include <mgpresence.h>
#include <stdio.h>
#include <stdlib.h>

enum { REQUESTS = 100 };

static mgp_client *connect(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_client *client = NULL;
    mgp_error *error = NULL;

    options.base_url = getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.max_in_flight = REQUESTS;
    if (mgp_client_new(&options, &client, &error) != MGP_OK)
        fprintf(stderr, "%s\n", mgp_error_message(error));
    mgp_error_free(error);
    return client;
}

/* The user pointer of a request comes back with its completion: here it is the name that was asked for. */
static int submit(const mgp_client *client, const mgp_queue *queue, char *user)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_error *error = NULL;
    int32_t status;

    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = user;
    request.access_token = getenv("MGP_TOKEN");
    status = mgp_submit(client, &request, queue, user, NULL, NULL, &error);
    if (status != MGP_OK)
        fprintf(stderr, "%s: %s\n", user, mgp_error_message(error));
    mgp_error_free(error);
    return status == MGP_OK;
}

/* Waits for one completion; returns whether it was a success. */
static int finish_one(const mgp_queue *queue)
{
    mgp_completion done = MGP_COMPLETION_INIT;
    int succeeded = mgp_queue_wait(queue, 60000, &done, NULL) == MGP_OK && done.status == MGP_OK;

    if (!succeeded)
        fprintf(stderr, "%s: %s\n", done.user ? (const char *)done.user : "queue", mgp_error_message(done.error));
    mgp_response_free(done.response);
    mgp_error_free(done.error);
    return succeeded;
}

int main(int argc, char **argv)
{
    mgp_client *client = argc > 1 ? connect() : NULL;
    mgp_queue *queue = NULL;
    int submitted = 0, succeeded = 0, i;

    if (client == NULL || mgp_queue_new(&queue, NULL) != MGP_OK) {
        fprintf(stderr, "usage: %s user...\n", argv[0]);
        return 2;
    }
    for (i = 0; i < REQUESTS; i++)
        submitted += submit(client, queue, argv[1 + i % (argc - 1)]);
    for (i = 0; i < submitted; i++)
        succeeded += finish_one(queue);
    printf("%d of %d requests succeeded\n", succeeded, REQUESTS);

    mgp_queue_free(queue);
    mgp_client_free(client);
    return succeeded != REQUESTS;
}
