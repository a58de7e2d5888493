/* After a fork the child works on with clients of its own; what the parent made says so instead of waiting for ever. */
#define _DEFAULT_SOURCE
#include "harness.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
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
        alarm(60); /* a child that hangs is one that did not return */
        result = body();
        if (write(pipe_ends[1], &result, sizeof result) == sizeof result)
            raise(SIGKILL);
        abort();
    }
    close(pipe_ends[1]);
    if (read(pipe_ends[0], &result, sizeof result) != sizeof result)
        result = -1;
    close(pipe_ends[0]);
    waitpid(child, NULL, 0);
    return result;
}

static pid_t shown_id;

/*
 * What the library takes for the id of the process. A child in a new PID namespace can have its parent's.
 */
pid_t getpid(void)
{
    return shown_id != 0 ? shown_id : (pid_t)syscall(SYS_getpid);
}

static mgp_queue *queue;
static mgp_keep_alive *keep_alive;

static mgp_request read_adele(void)
{
    mgp_request request = MGP_REQUEST_INIT;

    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    return request;
}

/* A queue, and a keep-alive that reports to it. */
static void make(void)
{
    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    CHECK(mgp_keep_alive_start(client, NULL, queue, NULL, NULL, &keep_alive, NULL) == MGP_OK);
}

static void free_both(void)
{
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
}

/* The number of the first call that does not say MGP_E_FORKED, 0 when all do. */
static int what_the_parent_made_says_so(void)
{
    mgp_response *response = NULL;
    mgp_error *error = NULL;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_request request = read_adele();
    mgp_keep_alive_counts counts = MGP_KEEP_ALIVE_COUNTS_INIT;
    mgp_keep_alive *other = NULL;
    uint64_t operation = 0;

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
    if (mgp_queue_wake(queue) != MGP_E_FORKED || mgp_queue_close(queue) != MGP_E_FORKED)
        return 6;
    if (mgp_cancel(client, 1) != MGP_E_FORKED)
        return 7;
    if (mgp_client_close(client, 1000, NULL) != MGP_E_FORKED)
        return 8;
    if (mgp_keep_alive_hold(keep_alive, &request, NULL) != MGP_E_FORKED)
        return 9;
    if (mgp_keep_alive_release(keep_alive, "adele", NULL) != MGP_E_FORKED)
        return 10;
    if (mgp_keep_alive_stop(keep_alive, NULL) != MGP_E_FORKED)
        return 11;
    if (mgp_keep_alive_status(keep_alive, &counts, NULL) != MGP_E_FORKED)
        return 12;
    if (mgp_keep_alive_start(client, NULL, queue, NULL, NULL, &other, NULL) != MGP_E_FORKED)
        return 13;
    return 0;
}

/* Makes a client and a queue and uses both ways of sending; 0 when all works. */
static int a_client_of_its_own_works(void)
{
    mgp_client *own = delegated_client();
    mgp_queue *ends = NULL;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_request request = read_adele();
    mgp_response *response = NULL;

    if (mgp_send(own, &request, &response, NULL) != MGP_OK)
        return 1;
    mgp_response_free(response);
    if (mgp_queue_new(&ends, NULL) != MGP_OK || mgp_submit(own, &request, ends, NULL, NULL, NULL, NULL) != MGP_OK)
        return 2;
    if (mgp_queue_wait(ends, 30000, &completion, NULL) != MGP_OK || completion.status != MGP_OK)
        return 3;
    mgp_response_free(completion.response);
    if (strcmp(mgp_status_name(MGP_E_FORKED), "Forked") != 0 || mgp_operation_pairs_json(MGP_OP_SET_PRESENCE) == NULL)
        return 4;
    if (mgp_client_close(own, 30000, NULL) != MGP_OK)
        return 5;
    mgp_queue_free(ends);
    mgp_client_free(own);
    return 0;
}

static int a_grandchild_works_too(void)
{
    int own = a_client_of_its_own_works();

    return own != 0 ? own : 100 + in_child(a_client_of_its_own_works);
}

static int freeing_returns(void)
{
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
    mgp_client_free(client);
    return 0;
}

TEST(in_a_child_what_the_parent_made_says_that_it_forked)
{
    CHECK_TEXT(presence_of("adele"), "Offline/Offline"); /* the library is at work */
    make();
    CHECK(in_child(what_the_parent_made_says_so) == 0);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline"); /* and the parent's is none the worse */
    free_both();
}

TEST(a_child_with_the_id_of_its_parent_is_known_as_a_child)
{
    shown_id = getpid();
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    make();
    CHECK(in_child(what_the_parent_made_says_so) == 0);
    CHECK(in_child(a_client_of_its_own_works) == 0);
    free_both();
    shown_id = 0;
}

TEST(in_a_child_objects_can_be_freed)
{
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    make();
    CHECK(in_child(freeing_returns) == 0);
    free_both();
}

TEST(a_child_makes_a_client_of_its_own_and_so_does_its_child)
{
    CHECK(in_child(a_client_of_its_own_works) == 0); /* before the parent has sent anything */
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    CHECK(in_child(a_grandchild_works_too) == 100);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
}

/* AddressSanitizer's own allocator stays locked in a child of a process with threads. */
#ifndef __SANITIZE_ADDRESS__

static int all_of_it(void)
{
    int wrong = what_the_parent_made_says_so();

    return wrong != 0 ? wrong : a_client_of_its_own_works() + freeing_returns();
}

static volatile int stop;

static void *keep_sending(void *argument)
{
    mgp_request request = read_adele();

    while (!stop) {
        mgp_completion completion = MGP_COMPLETION_INIT;
        mgp_response *response = NULL;

        mgp_send(client, &request, &response, NULL);
        mgp_response_free(response);
        if (mgp_submit(client, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK
            && mgp_queue_wait(queue, 30000, &completion, NULL) == MGP_OK) {
            mgp_response_free(completion.response);
            mgp_error_free(completion.error);
        }
    }
    return argument;
}

TEST(a_fork_in_the_middle_of_traffic_leaves_no_child_waiting)
{
    enum { THREADS = 3, FORKS = 8 };
    pthread_t threads[THREADS];
    int i;

    make();
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, keep_sending, NULL) == 0);
    for (i = 0; i < FORKS; i++)
        CHECK(in_child(all_of_it) == 0);
    stop = 1;
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    free_both();
}

#endif

static mgp_credential *credential;
static int fetched;

static void give_token(void *user, const mgp_token_sink *sink)
{
    (void)user;
    fetched++;
    mgp_token_sink_set(sink, emulator.token, INT64_MAX);
}

/* 0 when a client with the parent's credential asks for a token of its own and works. */
static int the_parents_credential_works(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_client *own = NULL;
    mgp_response *response = NULL;
    int32_t status;

    fetched = 0;
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.credential = credential;
    if (mgp_client_new(&options, &own, NULL) != MGP_OK)
        return 1;
    status = mgp_get_presence(own, "adele", &response, NULL);
    mgp_response_free(response);
    mgp_client_free(own);
    return status == MGP_OK ? 10 + fetched : 2;
}

TEST(a_credential_of_the_parent_fetches_anew_in_the_child)
{
    CHECK(mgp_credential_new_callback(give_token, NULL, NULL, NULL, &credential, NULL) == MGP_OK);
    CHECK(the_parents_credential_works() == 11);
    CHECK(in_child(the_parents_credential_works) == 11);
    mgp_credential_free(credential);
}
