/*
 * Holds users as Available and prints what happens to them: for so many seconds, after which they are cleared, or with 0 until
 * SIGTERM, after which they are left for the next start. docs/operations.md shows how to run it as a service.
 *
 *     MGP_TOKEN=... ./keep_alive 3600 adele@contoso.com alex@contoso.com ...
 *
 * Without MGP_TOKEN it signs in as the variables AZURE_TENANT_ID, AZURE_CLIENT_ID and so on say.
 */
#include <inttypes.h>
#include <mgpresence.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static volatile sig_atomic_t is_stopping;
static int not_cleared; /* presences that were to be cleared, and may still show */

static void stop(int signal_number)
{
    (void)signal_number;
    is_stopping = 1;
}

static int report(mgp_error *error)
{
    fprintf(stderr, "%s\n", mgp_error_message(error));
    mgp_error_free(error);
    return 0;
}

static mgp_credential *credential_of_environment(mgp_error **error)
{
    mgp_credential_options options = MGP_CREDENTIAL_OPTIONS_INIT;
    mgp_credential *credential = NULL;

    options.kind = MGP_CREDENTIAL_ENVIRONMENT;
    if (getenv("MGP_TOKEN") != NULL)
        mgp_credential_new_token(getenv("MGP_TOKEN"), &credential, error);
    else
        mgp_credential_new(&options, &credential, error);
    return credential;
}

static mgp_client *connect(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_client *client = NULL;
    mgp_error *error = NULL;
    mgp_credential *credential = credential_of_environment(&error);

    options.base_url = getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.credential = credential;
    if (credential == NULL || mgp_client_new(&options, &client, &error) != MGP_OK)
        report(error);
    mgp_credential_free(credential); /* the client keeps what it needs */
    return client;
}

/* Does not block: what becomes of it arrives in the queue. */
static int hold(const mgp_keep_alive *keep_alive, const char *user)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_error *error = NULL;

    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = user;
    request.body_json = "{\"availability\": \"Available\", \"activity\": \"Available\"}";
    request.flags = MGP_REQUEST_DEFAULT_SESSION_ID;
    return mgp_keep_alive_hold(keep_alive, &request, &error) == MGP_OK || report(error);
}

/* Takes one completion and prints it; returns its state, or MGP_KEEP_ALIVE_PENDING if none came within a second. */
static int32_t print_one(const mgp_queue *queue)
{
    static const char *const words[] = {"pending",   "held", "renewed", "failing", "recovered",
                                        "lost",      "refused", "stopped", "ended"};
    mgp_completion done = MGP_COMPLETION_INIT;
    int32_t state;

    if (mgp_queue_wait(queue, 1000, &done, NULL) != MGP_OK)
        return MGP_KEEP_ALIVE_PENDING;
    state = done.event->state;
    printf("%s: %s", done.event->user_id ? done.event->user_id : "keep-alive", words[state]);
    if (done.event->next >= 0)
        printf(", set again in %" PRId64 " s", done.event->next - done.event->at);
    if (done.status != MGP_OK && done.status != MGP_E_CANCELLED) {
        printf(": %s", mgp_error_message(done.error));
        not_cleared += state == MGP_KEEP_ALIVE_STOPPED;
    }
    printf("\n");
    mgp_response_free(done.response);
    mgp_error_free(done.error);
    mgp_keep_alive_event_free(done.event);
    return state;
}

static void print_counts(const mgp_keep_alive *keep_alive)
{
    mgp_keep_alive_counts counts = MGP_KEEP_ALIVE_COUNTS_INIT;

    if (mgp_keep_alive_status(keep_alive, &counts, NULL) == MGP_OK)
        printf("keep-alive %" PRIu64 ": %u held, %u lost, %u refused, %" PRIu64 " renewals\n",
               mgp_keep_alive_operation(keep_alive), (unsigned)counts.held, (unsigned)counts.lost,
               (unsigned)counts.refused, counts.renewals);
}

/* Returns -1 if the text is not a number: a slip must not count as 0, which holds for ever. */
static long seconds_of(const char *text)
{
    char *end;
    long seconds = strtol(text, &end, 10);

    return end == text || *end != '\0' ? -1 : seconds;
}

int main(int argc, char **argv)
{
    mgp_keep_alive_options options = MGP_KEEP_ALIVE_OPTIONS_INIT;
    mgp_keep_alive *keep_alive = NULL;
    mgp_client *client = NULL;
    mgp_queue *queue = NULL;
    mgp_error *error = NULL;
    long seconds = argc > 2 ? seconds_of(argv[1]) : -1;
    time_t start = time(NULL);
    int i, held = 0;

    if (seconds < 0) {
        fprintf(stderr, "usage: MGP_TOKEN=... %s seconds user...\n", argv[0]);
        return 2;
    }
    client = connect();
    if (client == NULL)
        return 1;
    if (mgp_queue_new(&queue, &error) != MGP_OK)
        return report(error) + 1;
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* a line is seen when it is written, also in a journal */
    options.flags = seconds > 0 ? MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP : 0;
    if (mgp_keep_alive_start(client, &options, queue, NULL, NULL, &keep_alive, &error) != MGP_OK)
        return report(error) + 1;
    for (i = 2; i < argc; i++)
        held += hold(keep_alive, argv[i]);
    while (!is_stopping && (seconds == 0 || time(NULL) - start < seconds))
        print_one(queue);
    print_counts(keep_alive);

    /* The first user alone, then all others. */
    if (argc > 3 && mgp_keep_alive_release(keep_alive, argv[2], &error) != MGP_OK)
        report(error);
    mgp_keep_alive_stop(keep_alive, NULL);
    while (print_one(queue) != MGP_KEEP_ALIVE_ENDED)
        ;
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
    mgp_client_free(client);
    return held != argc - 2 || not_cleared > 0;
}
