/* The completion queue: each submitted request ends exactly once, whatever happens to it. */
#include "harness.h"
#include "stub.h"

/* An answer that comes long after every test has ended. */
#define SLOW "{\"kind\":\"delay\",\"delayMs\":600000}"

/* Submits one setPresence to `to`; returns its operation, which is never 0. */
static uint64_t submit(const mgp_client *to, const mgp_queue *queue, void *user)
{
    mgp_request request = MGP_REQUEST_INIT;
    uint64_t operation = 0;
    mgp_error *error = NULL;

    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.body_json = session_body("Busy", "InACall");
    CHECK(mgp_submit(to, &request, queue, user, count_drop, &operation, &error) == MGP_OK);
    CHECK_TEXT(mgp_error_message(error), "");
    CHECK(operation != 0);
    return operation;
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

TEST(a_completion_has_operation_user_and_response)
{
    mgp_queue *queue = new_queue();
    uint64_t operation = submit(client, queue, &dropped);
    mgp_completion completion = wait_for(queue);

    CHECK(completion.status == MGP_OK && completion.operation == operation);
    CHECK(completion.user == &dropped);
    CHECK(mgp_response_http_status(completion.response) == 200 && completion.error == NULL);
    release(&completion);
    mgp_queue_free(queue);
    CHECK(dropped == 0); /* the user pointer came back with the completion */
}

TEST(a_failure_of_the_service_arrives_as_an_error_in_the_completion)
{
    struct stub *stub = stub_start("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    mgp_client *other = client_for(stub_url(stub));
    mgp_queue *queue = new_queue();
    mgp_completion completion;

    submit(other, queue, NULL);
    completion = wait_for(queue);
    CHECK(completion.status == MGP_E_FORBIDDEN && completion.response == NULL);
    CHECK(mgp_error_http_status(completion.error) == 403);
    release(&completion);
    mgp_queue_free(queue);
    mgp_client_free(other);
    stub_stop(stub);
}

TEST(a_request_that_is_none_is_not_submitted_and_the_user_pointer_stays_with_the_caller)
{
    mgp_queue *queue = new_queue();
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_error *error = NULL;

    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.body_json = "not json";
    CHECK(mgp_submit(client, &request, queue, &dropped, count_drop, NULL, &error) == MGP_E_INVALID_BODY);
    CHECK(mgp_queue_wait(queue, 0, &completion, NULL) == MGP_E_WAIT_TIMEOUT);
    mgp_queue_free(queue);
    CHECK(dropped == 0 && sent() == 0);
    mgp_error_free(error);
}

TEST(a_request_that_breaks_a_rule_ends_in_the_queue_and_sends_nothing)
{
    mgp_queue *queue = new_queue();
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion;

    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.body_json = session_body("Busy", "Busy");
    CHECK(mgp_submit(client, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK);
    completion = wait_for(queue);
    CHECK(completion.status == MGP_E_INVALID_PAIR && completion.response == NULL);
    CHECK_CONTAINS(mgp_error_message(completion.error), "InACall");
    CHECK(sent() == 0);
    release(&completion);
    mgp_queue_free(queue);
}

TEST(a_hundred_requests_end_once_each)
{
    enum { COUNT = 100 };
    mgp_queue *queue = new_queue();
    uint64_t operations[COUNT];
    int ended[COUNT] = {0};
    mgp_completion late = MGP_COMPLETION_INIT;
    int i, j;

    for (i = 0; i < COUNT; i++)
        operations[i] = submit(client, queue, NULL);
    for (i = 0; i < COUNT; i++) {
        mgp_completion completion = wait_for(queue);
        CHECK(completion.status == MGP_OK);
        for (j = 0; j < COUNT; j++)
            ended[j] += operations[j] == completion.operation;
        release(&completion);
    }
    for (j = 0; j < COUNT; j++)
        CHECK(ended[j] == 1);
    CHECK(mgp_queue_wait(queue, 0, &late, NULL) == MGP_E_WAIT_TIMEOUT);
    CHECK(sent() == COUNT);
    mgp_queue_free(queue);
}

TEST(waiting_on_an_empty_queue_ends_with_the_time)
{
    mgp_queue *queue = new_queue();
    mgp_completion completion = MGP_COMPLETION_INIT;

    CHECK(mgp_queue_wait(queue, 0, &completion, NULL) == MGP_E_WAIT_TIMEOUT);
    CHECK(mgp_queue_wait(queue, 20, &completion, NULL) == MGP_E_WAIT_TIMEOUT);
    mgp_queue_free(queue);
}

/* A wake that comes before the wait counts: else a caller would have to know who is waiting. */
TEST(a_wake_ends_one_wait_even_when_it_comes_first)
{
    mgp_queue *queue = new_queue();
    mgp_completion completion = MGP_COMPLETION_INIT;

    CHECK(mgp_queue_wake(queue) == MGP_OK);
    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_E_WOKEN);
    CHECK(mgp_queue_wait(queue, 0, &completion, NULL) == MGP_E_WAIT_TIMEOUT);
    mgp_queue_free(queue);
}

TEST(as_many_wakes_end_as_many_waits)
{
    mgp_queue *queue = new_queue();
    mgp_completion completion = MGP_COMPLETION_INIT;
    int i;

    for (i = 0; i < 3; i++)
        CHECK(mgp_queue_wake(queue) == MGP_OK);
    for (i = 0; i < 3; i++)
        CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_E_WOKEN);
    CHECK(mgp_queue_wait(queue, 0, &completion, NULL) == MGP_E_WAIT_TIMEOUT);
    mgp_queue_free(queue);
}

TEST(a_cancelled_request_ends_as_cancelled)
{
    mgp_queue *queue = new_queue();
    uint64_t operation;
    mgp_completion completion;

    emulator_fault(SLOW);
    operation = submit(client, queue, &dropped);
    CHECK(mgp_cancel(client, operation) == MGP_OK);
    completion = wait_for(queue);
    CHECK(completion.status == MGP_E_CANCELLED && completion.operation == operation);
    CHECK(completion.user == &dropped && completion.response == NULL);
    CHECK(mgp_error_status(completion.error) == MGP_E_CANCELLED);
    CHECK(mgp_cancel(client, operation) == MGP_OK); /* a second time, after the end, does nothing */
    release(&completion);
    mgp_queue_free(queue);
}

TEST(cancelling_what_never_was_does_nothing)
{
    CHECK(mgp_cancel(client, 0) == MGP_OK);
    CHECK(mgp_cancel(client, UINT64_MAX) == MGP_OK);
}

TEST(a_closed_queue_delivers_what_is_outstanding_and_takes_nothing_new)
{
    mgp_queue *queue = new_queue();
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion;
    uint64_t operation, other = 0;

    emulator_fault(SLOW);
    operation = submit(client, queue, &dropped);
    CHECK(mgp_queue_close(queue) == MGP_OK);

    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    CHECK(mgp_submit(client, &request, queue, NULL, NULL, &other, NULL) == MGP_E_CLOSED);

    completion = wait_for(queue);
    CHECK(completion.status == MGP_E_CANCELLED && completion.operation == operation);
    release(&completion);
    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_E_CLOSED);
    CHECK(dropped == 0);
    mgp_queue_free(queue);
}

TEST(freeing_a_queue_drops_each_outstanding_user_pointer_once)
{
    mgp_queue *queue = new_queue();

    emulator_fault(SLOW);
    submit(client, queue, &dropped);
    submit(client, queue, &dropped);
    mgp_queue_free(queue);
    CHECK(mgp_client_close(client, 60000, NULL) == MGP_OK);
    CHECK(dropped == 2);
}

TEST(a_completion_that_nobody_fetched_is_dropped_with_its_queue)
{
    mgp_queue *queue = new_queue();

    submit(client, queue, &dropped);
    CHECK(mgp_client_close(client, 60000, NULL) == MGP_OK); /* drains: the request has ended */
    mgp_queue_free(queue);
    CHECK(dropped == 1);
}

TEST(a_client_that_closes_ends_what_its_deadline_leaves)
{
    mgp_queue *queue = new_queue();
    mgp_completion completion;

    emulator_fault(SLOW);
    submit(client, queue, &dropped);
    CHECK(mgp_client_close(client, 0, NULL) == MGP_E_TIMEOUT);
    completion = wait_for(queue);
    CHECK(completion.status == MGP_E_CLOSED && completion.user == &dropped);
    release(&completion);
    mgp_queue_free(queue);
}

TEST(the_requests_of_a_freed_client_go_on_and_complete)
{
    mgp_client *other = delegated_client();
    mgp_queue *queue = new_queue();
    mgp_completion completion;

    submit(other, queue, &dropped);
    mgp_client_free(other);
    completion = wait_for(queue);
    CHECK(completion.status == MGP_OK && completion.user == &dropped);
    release(&completion);
    mgp_queue_free(queue);
}
