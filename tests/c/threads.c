/* Which threads the library starts, and what it says when the system has none to give, as under a limit of processes. */
#define _GNU_SOURCE
#include "harness.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static int refused_in; /* 1 refuses the next thread, 2 the one after; 0 none */
static int started;

/* In the place of the C library's for all of this process. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *), void *argument)
{
    create_fn *real;

    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    if (refused_in > 0 && --refused_in == 0)
        return EAGAIN;
    started++;
    return real(thread, attributes, work, argument);
}

static void give_token(void *user, const mgp_token_sink *sink)
{
    (void)user;
    CHECK(mgp_token_sink_set(sink, emulator.token, INT64_MAX) == MGP_OK);
}

/* A client whose tokens come from give_token. */
static mgp_client *client_of_callback(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *made = NULL;

    CHECK(mgp_credential_new_callback(give_token, NULL, NULL, NULL, &credential, NULL) == MGP_OK);
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.credential = credential;
    CHECK(mgp_client_new(&options, &made, NULL) == MGP_OK);
    mgp_credential_free(credential);
    return made;
}

static int32_t set(const mgp_client *by, mgp_error **error)
{
    return mgp_set_presence(by, "adele", APP_ID, "Busy", "InACall", NULL, error);
}

static int lines;

static void count_line(void *user, int32_t level, const char *subject, const char *message)
{
    (void)user, (void)level, (void)subject, (void)message;
    lines++;
}

TEST_APART(calls_that_block_start_no_thread)
{
    mgp_client *nowhere = client_for("http://127.0.0.1:1");
    int i;

    for (i = 0; i < 20; i++)
        CHECK(set(client, NULL) == MGP_OK);
    CHECK(set(nowhere, NULL) == MGP_E_CONNECT);
    CHECK(started == 0);
    mgp_client_free(nowhere);
}

TEST_APART(the_first_submitted_request_starts_the_only_thread)
{
    mgp_queue *queue = NULL;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;
    int i;

    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    CHECK(started == 0);
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    for (i = 0; i < 20; i++) {
        CHECK(mgp_submit(client, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK);
        CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_OK && completion.status == MGP_OK);
        mgp_response_free(completion.response);
        CHECK(set(client, NULL) == MGP_OK);
    }
    CHECK(started == 1);
    mgp_queue_free(queue);
}

TEST_APART(without_a_thread_a_submitted_request_is_refused_and_the_next_one_runs)
{
    mgp_queue *queue = NULL;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_error *error = NULL;

    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    refused_in = 1;
    CHECK(mgp_submit(client, &request, queue, NULL, NULL, NULL, &error) == MGP_E_INTERNAL);
    CHECK_CONTAINS(mgp_error_message(error), "no thread could be started");
    mgp_error_free(error);
    CHECK(mgp_queue_wait(queue, 0, &completion, NULL) == MGP_E_WAIT_TIMEOUT);
    CHECK(mgp_submit(client, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK);
    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_OK && completion.status == MGP_OK);
    mgp_response_free(completion.response);
    mgp_queue_free(queue);
}

TEST_APART(without_a_thread_a_call_says_so_and_the_next_one_works)
{
    mgp_client *made = client_of_callback(); /* the token is asked for on a thread */
    mgp_error *error = NULL;

    refused_in = 1;
    CHECK(set(made, &error) == MGP_E_INTERNAL && refused_in == 0);
    CHECK_CONTAINS(mgp_error_message(error), "no thread could be started");
    CHECK(sent() == 0);
    mgp_error_free(error);
    CHECK(set(made, NULL) == MGP_OK);
    CHECK(set(made, NULL) == MGP_OK);
    mgp_client_free(made);
}

TEST_APART(without_a_thread_for_the_log_requests_go_on_and_the_lines_come_later)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_client *made = NULL;
    int i;

    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.log = count_line;
    options.log_level = MGP_LOG_ERROR;
    CHECK(mgp_client_new(&options, &made, NULL) == MGP_OK);
    for (i = 0; i < 3; i++) {
        refused_in = i == 0;
        CHECK(set(made, NULL) == MGP_E_NO_CREDENTIAL);
    }
    CHECK(mgp_client_close(made, 60000, NULL) == MGP_OK);
    CHECK(lines == 3);
    mgp_client_free(made);
}

static pthread_key_t last_key;
static int32_t late_call, late_submit, late_wait;

/* Runs after the thread has destroyed what belongs to it, with a client that was used on it before. */
static void call_late(void *of)
{
    mgp_queue *queue = NULL;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;

    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    late_call = set(of, NULL);
    late_submit = mgp_submit(of, &request, queue, NULL, NULL, NULL, NULL);
    late_wait = mgp_queue_wait(queue, 60000, &completion, NULL);
    CHECK(completion.status == MGP_OK);
    mgp_response_free(completion.response);
    mgp_queue_free(queue);
    mgp_client_free(of);
}

static void *use_and_end(void *of)
{
    CHECK(set(of, NULL) == MGP_OK);
    CHECK(pthread_setspecific(last_key, of) == 0);
    return NULL;
}

TEST_APART(a_thread_that_is_ending_makes_calls_as_any_other)
{
    pthread_t thread;

    late_call = late_submit = late_wait = -1;
    CHECK(pthread_key_create(&last_key, call_late) == 0);
    CHECK(pthread_create(&thread, NULL, use_and_end, client_of_callback()) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(late_call == MGP_OK);
    CHECK(late_submit == MGP_OK);
    CHECK(late_wait == MGP_OK);
}

static mgp_client *used_at_exit;

static void clear_and_leave(void)
{
    int32_t status = mgp_clear_presence(used_at_exit, "adele", APP_ID, NULL);
    mgp_client_free(used_at_exit);
    _exit(status == MGP_OK ? 0 : 1);
}

TEST_APART(an_exit_handler_clears_what_the_program_has_set)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        used_at_exit = client_of_callback();
        if (set(used_at_exit, NULL) != MGP_OK || atexit(clear_and_leave) != 0)
            _exit(2);
        exit(3);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void *set_here(void *status)
{
    *(int32_t *)status = set(client, NULL);
    return NULL;
}

TEST_APART(a_call_needs_no_more_stack_than_the_header_says)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int32_t status = -1;

    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, 256 * 1024) == 0);
    CHECK(pthread_create(&thread, &attributes, set_here, &status) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(status == MGP_OK);
    pthread_attr_destroy(&attributes);
}
