/* SIGPIPE: a callback has the mask that its host has, and the host's drop functions hold up nothing. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

static int in_token, in_log; /* whether SIGPIPE is blocked there; -1: not asked yet */

static int is_blocked(void)
{
    sigset_t set;

    pthread_sigmask(SIG_BLOCK, NULL, &set);
    return sigismember(&set, SIGPIPE);
}

static void give_token(void *user, const mgp_token_sink *sink)
{
    (void)user;
    in_token = is_blocked();
    mgp_token_sink_set(sink, emulator.token, INT64_MAX);
}

static void note_line(void *user, int32_t level, const char *subject, const char *message)
{
    (void)user, (void)level, (void)subject, (void)message;
    in_log = is_blocked();
}

static void change_mask(int how)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(how, &set, NULL);
}

/* Makes a client with both callbacks, lets them run, and compares. */
static void callbacks_have_the_mask(int blocked)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *made = NULL;

    in_token = in_log = -1;
    CHECK(mgp_credential_new_callback(give_token, NULL, NULL, NULL, &credential, NULL) == MGP_OK);
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.credential = credential;
    options.log = note_line;
    options.log_level = MGP_LOG_INFO;
    CHECK(mgp_client_new(&options, &made, NULL) == MGP_OK);
    CHECK(mgp_set_presence(made, "adele", APP_ID, "Busy", "InACall", NULL, NULL) == MGP_OK);
    CHECK(mgp_client_close(made, 60000, NULL) == MGP_OK);
    CHECK(in_token == blocked && in_log == blocked);
    mgp_client_free(made);
    mgp_credential_free(credential);
}

TEST(callbacks_of_a_host_that_blocks_sigpipe_run_with_it_blocked)
{
    change_mask(SIG_BLOCK);
    callbacks_have_the_mask(1);
    CHECK(is_blocked()); /* the caller's own mask is left alone */
}

TEST(callbacks_of_a_host_that_does_not_block_sigpipe_run_with_it_open)
{
    change_mask(SIG_UNBLOCK);
    callbacks_have_the_mask(0);
    CHECK(!is_blocked());
}

TEST(two_hosts_in_a_process_have_each_its_own)
{
    change_mask(SIG_BLOCK);
    callbacks_have_the_mask(1);
    change_mask(SIG_UNBLOCK);
    callbacks_have_the_mask(0);
}

static void take_long(void *user)
{
    const struct timespec long_time = {4, 0};

    nanosleep(&long_time, NULL);
    *(int *)user = 1;
}

/* The last to let go of a client that is freed with a request under way is the thread that does all I/O. */
TEST(a_drop_function_that_takes_long_holds_up_no_other_client)
{
    static int dropped;
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_client *made = NULL;
    mgp_queue *queue = NULL;
    time_t began;

    emulator_fault("{\"kind\":\"delay\",\"delayMs\":300,\"count\":1}");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.log_user = &dropped;
    options.log = note_line;
    options.log_level = MGP_LOG_WARNING; /* not one line */
    options.log_drop = take_long;
    CHECK(mgp_client_new(&options, &made, NULL) == MGP_OK && mgp_queue_new(&queue, NULL) == MGP_OK);
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.access_token = emulator.token;
    CHECK(mgp_submit(made, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK);
    mgp_client_free(made);
    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_OK && completion.status == MGP_OK);
    mgp_response_free(completion.response);
    began = time(NULL);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    CHECK(time(NULL) - began < 3 && !dropped);
    mgp_queue_free(queue);
}
