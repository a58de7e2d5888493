/* Batched requests: many in one, and each of them ends as if it had been sent alone. */
#include "harness.h"

enum { USERS = 3 };
static const char *const users[USERS] = {"adele", "alex", "megan"};

/* Keeps the client from sending anything else, so that what is submitted meanwhile leaves together. */
#define BUSY "{\"kind\":\"delay\",\"delayMs\":300,\"match\":{\"method\":\"GET\"},\"count\":1}"

static mgp_client *narrow_client(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *narrow = NULL;

    CHECK(mgp_credential_new_token(emulator.token, &credential, NULL) == MGP_OK);
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.credential = credential;
    options.max_in_flight = 1;
    CHECK(mgp_client_new(&options, &narrow, NULL) == MGP_OK);
    mgp_credential_free(credential);
    return narrow;
}

static uint64_t submit(const mgp_client *to, const mgp_queue *queue, int32_t operation, const char *user, const char *body)
{
    mgp_request request = MGP_REQUEST_INIT;
    uint64_t number = 0;

    request.operation = operation;
    request.target = MGP_TARGET_USER;
    request.target_id = user;
    request.body_json = body;
    request.flags = MGP_REQUEST_BATCH | MGP_REQUEST_DEFAULT_SESSION_ID;
    CHECK(mgp_submit(to, &request, queue, (void *)user, NULL, &number, NULL) == MGP_OK);
    return number;
}

static mgp_completion wait_for(const mgp_queue *queue)
{
    mgp_completion completion = MGP_COMPLETION_INIT;
    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_OK);
    return completion;
}

static void release(mgp_completion *completion)
{
    mgp_response_free(completion->response);
    mgp_error_free(completion->error);
}

/* Submits a read that takes its time and waits until the emulator has it. */
static void keep_busy(const mgp_client *to, const mgp_queue *queue)
{
    emulator_fault(BUSY);
    submit(to, queue, MGP_OP_GET_PRESENCE, "lidia", NULL);
    while (sent() == 0)
        continue;
}

TEST(requests_that_may_be_batched_travel_in_one_and_end_one_by_one)
{
    mgp_client *narrow = narrow_client();
    mgp_queue *queue = new_queue();
    int i, found = 0;

    keep_busy(narrow, queue);
    for (i = 0; i < USERS; i++)
        submit(narrow, queue, MGP_OP_SET_PRESENCE, users[i], session_body("Busy", "InACall"));
    submit(narrow, queue, MGP_OP_SET_PRESENCE, "nobody", session_body("Busy", "InACall"));
    CHECK(mgp_flush(narrow) == MGP_OK);
    for (i = 0; i < USERS + 2; i++) {
        mgp_completion completion = wait_for(queue);
        if (strcmp(completion.user, "nobody") == 0) {
            CHECK(completion.status == MGP_E_NOT_FOUND && mgp_error_attempts(completion.error) == 1);
        } else {
            CHECK(completion.status == MGP_OK && mgp_response_attempts(completion.response) == 1);
            found++;
        }
        release(&completion);
    }
    CHECK(found == USERS + 1);
    CHECK(sent() == 2);
    CHECK_CONTAINS(received(1), "/v1.0/$batch");
    CHECK_TEXT(presence_of("megan"), "Busy/InACall");
    mgp_queue_free(queue);
    mgp_client_free(narrow);
}

TEST(one_batched_request_alone_is_sent_as_it_is)
{
    mgp_queue *queue = new_queue();
    mgp_completion completion;

    submit(client, queue, MGP_OP_GET_PRESENCE, "adele", NULL);
    completion = wait_for(queue);
    CHECK(completion.status == MGP_OK && mgp_response_presence_count(completion.response) == 1);
    CHECK(sent() == 1);
    CHECK_CONTAINS(received(0), "/v1.0/users/adele/presence");
    release(&completion);
    mgp_queue_free(queue);
}

TEST(a_batched_request_can_be_cancelled_before_it_is_sent_and_after)
{
    mgp_client *narrow = narrow_client();
    mgp_queue *queue = new_queue();
    uint64_t first, second;
    mgp_completion completion;

    emulator_fault("{\"kind\":\"delay\",\"delayMs\":600000}");
    first = submit(narrow, queue, MGP_OP_GET_PRESENCE, "adele", NULL);
    while (sent() == 0)
        continue;
    second = submit(narrow, queue, MGP_OP_GET_PRESENCE, "alex", NULL);
    CHECK(mgp_cancel(narrow, second) == MGP_OK);
    completion = wait_for(queue);
    CHECK(completion.operation == second && completion.status == MGP_E_CANCELLED);
    release(&completion);
    CHECK(mgp_cancel(narrow, first) == MGP_OK);
    completion = wait_for(queue);
    CHECK(completion.operation == first && completion.status == MGP_E_CANCELLED);
    release(&completion);
    CHECK(sent() == 1);
    mgp_queue_free(queue);
    mgp_client_free(narrow);
}

TEST(a_client_that_is_full_says_so_and_has_room_when_one_has_ended)
{
    enum { MOST = 4000 };
    mgp_client *narrow = narrow_client();
    mgp_queue *queue = new_queue();
    mgp_request request = MGP_REQUEST_INIT;
    mgp_error *error = NULL;
    uint64_t first = 0;
    mgp_completion completion;
    int i;

    emulator_fault("{\"kind\":\"delay\",\"delayMs\":600000}");
    for (i = 0; i < MOST; i++) {
        uint64_t number = submit(narrow, queue, MGP_OP_GET_PRESENCE, "adele", NULL);
        first = first == 0 ? number : first;
    }
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.flags = MGP_REQUEST_BATCH;
    CHECK(mgp_submit(narrow, &request, queue, NULL, NULL, NULL, &error) == MGP_E_FULL);
    CHECK_CONTAINS(mgp_error_message(error), "4000 batched operations outstanding");
    mgp_error_free(error);
    CHECK(mgp_cancel(narrow, first) == MGP_OK);
    completion = wait_for(queue);
    release(&completion);
    CHECK(mgp_submit(narrow, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK);
    CHECK(mgp_client_close(narrow, 0, NULL) == MGP_E_TIMEOUT);
    for (i = 0; i < MOST; i++) {
        completion = wait_for(queue);
        CHECK(completion.status == MGP_E_CLOSED);
        release(&completion);
    }
    mgp_queue_free(queue);
    mgp_client_free(narrow);
}

TEST(the_statistics_count_what_was_sent)
{
    mgp_client *narrow = narrow_client();
    mgp_client_statistics stats = MGP_CLIENT_STATISTICS_INIT;
    mgp_queue *queue = new_queue();
    int i;

    CHECK(mgp_client_stats(narrow, &stats, NULL) == MGP_OK);
    CHECK(stats.requests == 0 && stats.throttle_limit == 0 && stats.outstanding == 0);
    keep_busy(narrow, queue);
    for (i = 0; i < USERS; i++)
        submit(narrow, queue, MGP_OP_GET_PRESENCE, users[i], NULL);
    CHECK(mgp_client_stats(narrow, &stats, NULL) == MGP_OK);
    CHECK(stats.in_flight == 1 && stats.waiting == USERS && stats.outstanding == USERS + 1);
    mgp_flush(narrow);
    for (i = 0; i < USERS + 1; i++) {
        mgp_completion completion = wait_for(queue);
        release(&completion);
    }
    CHECK(mgp_client_stats(narrow, &stats, NULL) == MGP_OK);
    CHECK(stats.struct_size == sizeof stats);
    CHECK(stats.requests == 2 && stats.batches == 1 && stats.batched == USERS);
    CHECK(stats.succeeded == USERS + 1 && stats.failed == 0 && stats.retries == 0 && stats.throttled == 0);
    CHECK(stats.tokens == 1 && stats.throttle_limit > 0 && stats.throttle_used >= USERS + 1);
    mgp_queue_free(queue);
    mgp_client_free(narrow);
}
