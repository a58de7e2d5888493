/* After a fork the threads of the library exist in the parent only: the child is told so instead of waiting for ever. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Runs `body` in a child and returns what it returned, -1 when it did not. The child is killed instead of exiting: a
 * leak checker would take all that the parent's threads own for lost.
 */
static int in_child(int (*body)(void))
{
    int result = -1, pipe_ends[2];
    pid_t child;

    CHECK(pipe(pipe_ends) == 0);
    child = fork();
    if (child == 0) {
        result = body();
        if (write(pipe_ends[1], &result, sizeof result) == sizeof result)
            kill(getpid(), SIGKILL);
        abort();
    }
    close(pipe_ends[1]);
    if (read(pipe_ends[0], &result, sizeof result) != sizeof result)
        result = -1;
    close(pipe_ends[0]);
    waitpid(child, NULL, 0);
    return result;
}

static mgp_queue *queue;

/* The number of the first call that does not say MGP_E_FORKED, 0 when all do. */
static int every_call_says_so(void)
{
    mgp_response *response = NULL;
    mgp_client *made = NULL;
    mgp_queue *another = NULL;
    mgp_error *error = NULL;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    uint64_t operation = 0;

    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    if (mgp_send(client, &request, &response, &error) != MGP_E_FORKED)
        return 1;
    if (strstr(mgp_error_message(error), "fork") == NULL)
        return 2;
    mgp_error_free(error);
    if (mgp_set_presence(client, "adele", NULL, "Busy", "InACall", NULL, NULL) != MGP_E_FORKED)
        return 3;
    if (mgp_submit(client, &request, queue, NULL, NULL, &operation, NULL) != MGP_E_FORKED)
        return 4;
    if (mgp_queue_wait(queue, 60000, &completion, NULL) != MGP_E_FORKED)
        return 5;
    if (mgp_queue_new(&another, NULL) != MGP_E_FORKED)
        return 6;
    if (mgp_client_new(NULL, &made, NULL) != MGP_E_FORKED)
        return 7;
    if (mgp_client_close(client, 1000, NULL) != MGP_E_FORKED)
        return 8;
    return 0;
}

static int freeing_returns(void)
{
    mgp_queue_free(queue);
    mgp_client_free(client);
    return 0;
}

TEST(in_a_child_every_call_says_that_it_forked)
{
    CHECK_TEXT(presence_of("adele"), "Offline/Offline"); /* the library is at work */
    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    CHECK(in_child(every_call_says_so) == 0);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline"); /* and the parent's is none the worse */
    mgp_queue_free(queue);
}

TEST(in_a_child_objects_can_be_freed)
{
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    CHECK(in_child(freeing_returns) == 0);
    mgp_queue_free(queue);
}
