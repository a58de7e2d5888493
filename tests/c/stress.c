/*
 * The queue under load: threads submit, cancel at random and take each other's completions, while the emulator closes,
 * resets, throttles, delays and garbles. Every operation must end exactly once, and its user pointer must come back.
 *
 *     stress OPERATIONS
 */
#define _POSIX_C_SOURCE 200809L
#include "emulator.h"
#include "mgpresence.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 8, OUTSTANDING = 64 /* of each thread */ };

/* What becomes of one operation; its address is the user pointer. */
struct slot {
    int ended;   /* times that it came out of the queue */
    int dropped; /* times that it was given to drop */
    int32_t status;
};

static mgp_client *client;
static mgp_queue *queue;
static struct slot *slots;
static int per_thread;

static const char faults[] =
    "[{\"kind\":\"close\",\"probability\":0.02},"
    "{\"kind\":\"reset\",\"probability\":0.02},"
    "{\"kind\":\"half\",\"probability\":0.02},"
    "{\"kind\":\"garbage\",\"probability\":0.02},"
    "{\"kind\":\"delay\",\"delayMs\":5,\"probability\":0.05},"
    "{\"status\":503,\"probability\":0.02},"
    "{\"status\":429,\"headers\":{\"Retry-After\":\"0.005\"},\"probability\":0.02}]";

static void give_up(const char *what, const mgp_error *error)
{
    fprintf(stderr, "%s: %s\n", what, mgp_error_message(error));
    exit(1);
}

static void count_drop(void *user)
{
    ((struct slot *)user)->dropped++;
}

static uint64_t submit(struct slot *slot, unsigned dice)
{
    static const char *const users[] = {"adele", "alex", "megan", "nobody"};
    mgp_request request = MGP_REQUEST_INIT;
    mgp_error *error = NULL;
    uint64_t operation = 0;

    request.operation = dice & 1 ? MGP_OP_SET_PRESENCE : MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = users[(dice >> 1) % 4];
    request.flags = MGP_REQUEST_DEFAULT_SESSION_ID;
    if (dice & 1)
        request.body_json = "{\"availability\":\"Busy\",\"activity\":\"InACall\"}";
    if (mgp_submit(client, &request, queue, slot, count_drop, &operation, &error) != MGP_OK)
        give_up("submit", error);
    return operation;
}

static void finish(const mgp_completion *done)
{
    struct slot *slot = done->user;

    slot->ended++;
    slot->status = done->status;
    if ((done->response != NULL) != (done->status == MGP_OK) || mgp_error_status(done->error) != done->status)
        give_up("a completion contradicts itself", done->error);
    mgp_response_free(done->response);
    mgp_error_free(done->error);
}

/* Takes what has ended, of whichever thread, waiting a moment for the first. Returns how many. */
static int take(void)
{
    mgp_completion done = MGP_COMPLETION_INIT;
    int count = 0;

    while (mgp_queue_wait(queue, count ? 0 : 50, &done, NULL) == MGP_OK) {
        finish(&done);
        count++;
    }
    return count;
}

/* Whether the closed queue has delivered everything; a wake that was left over interrupts a wait. */
static int drained(void)
{
    mgp_completion done = MGP_COMPLETION_INIT;
    int32_t status = mgp_queue_wait(queue, 60000, &done, NULL);

    if (status == MGP_OK)
        finish(&done);
    else if (status == MGP_E_WAIT_TIMEOUT)
        give_up("an operation never ended", NULL);
    return status == MGP_E_CLOSED;
}

static void *work(void *argument)
{
    struct slot *mine = argument;
    unsigned seed = (unsigned)(mine - slots) + 1;
    int i, balance = 0; /* submitted here, less taken here: may go below 0 */

    for (i = 0; i < per_thread; i++) {
        unsigned dice = (unsigned)rand_r(&seed);
        uint64_t operation = submit(&mine[i], dice);
        balance++;
        if (dice % 5 == 0)
            mgp_cancel(client, operation);
        if (dice % 7 == 0)
            mgp_cancel(client, operation - dice % 100); /* another's, perhaps one that has ended long ago */
        if (dice % 1000 == 0)
            mgp_queue_wake(queue);
        while (balance >= OUTSTANDING)
            balance -= take();
    }
    return NULL;
}

static void connect_to_emulator(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_error *error = NULL;

    emulator_start("--throttle-limit=0");
    emulator_fault(faults);
    if (mgp_credential_new_token(emulator.token, &credential, &error) != MGP_OK)
        give_up("credential", error);
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.proxy_url = "";
    options.credential = credential;
    options.max_attempts = 2;
    options.retry_budget_ms = 50;
    if (mgp_client_new(&options, &client, &error) != MGP_OK || mgp_queue_new(&queue, &error) != MGP_OK)
        give_up("client", error);
    mgp_credential_free(credential);
}

/* Prints how the operations ended; returns how many did not end exactly once. */
static int account(int operations)
{
    int by_status[100] = {0};
    int i, wrong = 0;

    for (i = 0; i < operations; i++) {
        wrong += slots[i].ended != 1 || slots[i].dropped != 0;
        by_status[slots[i].status % 100]++;
    }
    printf("%d operations on %d threads, %d of which did not end exactly once\n", operations, THREADS, wrong);
    for (i = 0; i < 100; i++)
        if (by_status[i] != 0)
            printf("%8d %s\n", by_status[i], mgp_status_name(i));
    return wrong;
}

int main(int argc, char **argv)
{
    int operations, i, wrong;
    pthread_t threads[THREADS];

    per_thread = (argc > 1 ? atoi(argv[1]) : 100000) / THREADS;
    operations = per_thread * THREADS;
    slots = calloc((size_t)operations, sizeof *slots);
    connect_to_emulator();
    for (i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, &slots[i * per_thread]) != 0)
            return 1;
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    mgp_queue_close(queue);
    while (!drained())
        ;
    mgp_client_close(client, 60000, NULL);
    mgp_queue_free(queue);
    mgp_client_free(client);
    wrong = account(operations);
    free(slots);
    emulator_stop();
    return wrong != 0;
}
