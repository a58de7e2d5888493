/*
 * Sets the presence of many users: their names come from standard input, one a line. The requests travel in batches of 20
 * and as fast as Graph's limit for an application allows; each of them has its own result.
 *
 *     MGP_TOKEN=... ./bulk Busy InACall PT1H < users.txt
 */
#include <mgpresence.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
    const mgp_client *client;
    const mgp_queue *queue;
    const char *body;
    long outstanding, succeeded, failed;
};

static mgp_client *connect(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *client = NULL;
    mgp_error *error = NULL;
    const char *token = getenv("MGP_TOKEN");

    options.base_url = getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    if (mgp_credential_new_token(token ? token : "", &credential, &error) == MGP_OK) {
        options.credential = credential;
        mgp_client_new(&options, &client, &error);
    }
    if (client == NULL)
        fprintf(stderr, "%s\n", mgp_error_message(error));
    mgp_credential_free(credential);
    mgp_error_free(error);
    return client;
}

/* Takes one completion: what failed is printed with its user. */
static void take_one(struct job *job)
{
    mgp_completion done = MGP_COMPLETION_INIT;

    if (mgp_queue_wait(job->queue, MGP_WAIT_FOREVER, &done, NULL) != MGP_OK)
        return;
    job->outstanding--;
    if (done.status == MGP_OK) {
        job->succeeded++;
    } else {
        job->failed++;
        fprintf(stderr, "%s: %s\n", (const char *)done.user, mgp_error_message(done.error));
    }
    free(done.user);
    mgp_response_free(done.response);
    mgp_error_free(done.error);
}

/* Submits one user. A client that is full has room again when one of its requests has ended. */
static void submit(struct job *job, char *user)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_error *error = NULL;
    int32_t status;

    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = user;
    request.body_json = job->body;
    request.flags = MGP_REQUEST_BATCH | MGP_REQUEST_DEFAULT_SESSION_ID;
    do {
        mgp_error_free(error);
        status = mgp_submit(job->client, &request, job->queue, user, free, NULL, &error);
        if (status == MGP_E_FULL)
            take_one(job);
    } while (status == MGP_E_FULL);
    if (status == MGP_OK) {
        job->outstanding++;
    } else {
        job->failed++;
        fprintf(stderr, "%s: %s\n", user, mgp_error_message(error));
        free(user);
    }
    mgp_error_free(error);
}

int main(int argc, char **argv)
{
    struct job job = {0};
    mgp_client *client = argc == 4 ? connect() : NULL;
    mgp_queue *queue = NULL;
    char body[256], line[1024];

    if (client == NULL || mgp_queue_new(&queue, NULL) != MGP_OK) {
        fprintf(stderr, "usage: %s availability activity duration < users\n", argv[0]);
        return 2;
    }
    snprintf(body, sizeof body, "{\"availability\":\"%s\",\"activity\":\"%s\",\"expirationDuration\":\"%s\"}",
             argv[1], argv[2], argv[3]);
    job.client = client;
    job.queue = queue;
    job.body = body;
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *user;
        line[strcspn(line, "\r\n")] = '\0';
        user = malloc(strlen(line) + 1);
        if (user != NULL)
            submit(&job, strcpy(user, line));
    }
    mgp_flush(client); /* no more will come */
    while (job.outstanding > 0)
        take_one(&job);
    printf("%ld presences were set, %ld were not\n", job.succeeded, job.failed);

    mgp_queue_free(queue);
    mgp_client_free(client);
    return job.failed != 0;
}
