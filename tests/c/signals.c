/* Signals: what a host has set up for them stays, whatever the library does on the host's threads. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

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
    static int log_dropped;
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_client *made = NULL;
    mgp_queue *queue = NULL;
    time_t began;

    emulator_fault("{\"kind\":\"delay\",\"delayMs\":300,\"count\":1}");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.log_user = &log_dropped;
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
    CHECK(time(NULL) - began < 3 && !log_dropped);
    mgp_queue_free(queue);
}

static int resets; /* how many writes to a socket find that the server has reset the connection */

/* In the place of the C library's for all of this process, with the signal that the kernel would send. */
ssize_t writev(int file, const struct iovec *parts, int count)
{
    struct msghdr message = {0};

    if (resets > 0) {
        resets--;
        pthread_kill(pthread_self(), SIGPIPE);
        errno = EPIPE;
        return -1;
    }
    message.msg_iov = (struct iovec *)parts;
    message.msg_iovlen = (size_t)count;
    return sendmsg(file, &message, MSG_NOSIGNAL);
}

static int is_pending(void)
{
    sigset_t set;

    sigpending(&set);
    return sigismember(&set, SIGPIPE);
}

/* A call within which the server resets the connection. */
static void lose_a_connection(void)
{
    resets = 1;
    mgp_client_free(client);
    client = client_for(emulator.url); /* one attempt, and no connection that waits */
    CHECK(mgp_set_presence(client, "adele", APP_ID, "Busy", "InACall", NULL, NULL) == MGP_E_CONNECTION_LOST);
    CHECK(resets == 0);
}

TEST_APART(a_reset_connection_sends_a_host_no_sigpipe)
{
    signal(SIGPIPE, SIG_DFL); /* ends the process */
    change_mask(SIG_UNBLOCK);
    lose_a_connection();
    CHECK(!is_blocked() && !is_pending());
}

TEST_APART(a_reset_connection_leaves_no_sigpipe_to_a_host_that_blocks_it)
{
    signal(SIGPIPE, SIG_DFL);
    change_mask(SIG_BLOCK);
    lose_a_connection();
    CHECK(is_blocked() && !is_pending());
}

TEST_APART(a_sigpipe_of_the_hosts_own_still_waits_after_a_call)
{
    signal(SIGPIPE, SIG_DFL);
    change_mask(SIG_BLOCK);
    pthread_kill(pthread_self(), SIGPIPE);
    lose_a_connection();
    CHECK(is_blocked() && is_pending());
    signal(SIGPIPE, SIG_IGN); /* drops it */
}

static volatile sig_atomic_t alarms;

static void count_alarm(int signal_number)
{
    (void)signal_number;
    alarms++;
}

TEST(signals_of_the_host_interrupt_no_call)
{
    const struct itimerval often = {{0, 500}, {0, 500}}, never = {{0, 0}, {0, 0}};
    struct sigaction action = {0}, before;
    int i;

    action.sa_handler = count_alarm; /* without SA_RESTART */
    sigaction(SIGALRM, &action, &before);
    alarms = 0;
    setitimer(ITIMER_REAL, &often, NULL);
    for (i = 0; i < 200 || alarms < 20; i++)
        CHECK(mgp_set_presence(client, "adele", APP_ID, "Busy", "InACall", NULL, NULL) == MGP_OK);
    setitimer(ITIMER_REAL, &never, NULL);
    while (poll(NULL, 0, 20) != 0)
        ; /* one that is still on its way still finds its handler; valgrind delivers late */
    sigaction(SIGALRM, &before, NULL);
    alarm(240); /* the harness' own, which this test has taken */
}

static int call_ended;

static void *call_silence(void *listener)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    mgp_request request = MGP_REQUEST_INIT;
    char url[64];
    mgp_client *made;

    getsockname(*(int *)listener, (struct sockaddr *)&address, &length);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    made = client_for(url);
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.timeout_ms = 500;
    call_ended = mgp_send(made, &request, NULL, NULL) == MGP_E_TIMEOUT;
    mgp_client_free(made);
    pthread_testcancel();
    return NULL;
}

/* An unwinding through the library would end the process. */
TEST(a_thread_is_cancelled_after_its_call_and_not_within)
{
    const struct timespec a_while = {0, 200000000};
    struct sockaddr_in address = {0};
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    void *result = NULL;
    pthread_t thread;

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 1) == 0);
    call_ended = 0;
    CHECK(pthread_create(&thread, NULL, call_silence, &listener) == 0);
    nanosleep(&a_while, NULL);
    pthread_cancel(thread);
    CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
    CHECK(call_ended);
    close(listener);
}
