/*
 * Runs the tests of harness.h, each in a process of its own, and counts. With MGP_TEST_IN_PROCESS they share one, which is
 * quicker under valgrind; a crash then ends the run, and what leaks is shown at its end.
 */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

mgp_client *client;

static struct test *first;
static int failures; /* of the test that runs in this process */

void register_test(struct test *test)
{
    struct test **end = &first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = test;
}

void check(int holds, const char *condition, const char *file, int line)
{
    if (!holds) {
        failures++;
        printf("  %s:%d: does not hold: %s\n", file, line, condition);
    }
}

void check_text(const char *actual, const char *expected, const char *what, const char *file, int line)
{
    if (actual == NULL || strcmp(actual, expected) != 0) {
        failures++;
        printf("  %s:%d: %s is\n    %s\n  and not\n    %s\n", file, line, what, actual ? actual : "(NULL)", expected);
    }
}

void check_contains(const char *text, const char *part, const char *what, const char *file, int line)
{
    if (text == NULL || strstr(text, part) == NULL) {
        failures++;
        printf("  %s:%d: %s is\n    %s\n  without\n    %s\n", file, line, what, text ? text : "(NULL)", part);
    }
}

static mgp_client *client_with(const char *base_url, const char *token, uint32_t max_attempts)
{
    mgp_credential *credential = NULL;
    mgp_client *made = NULL;
    mgp_error *error = NULL;
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;

    if (mgp_credential_new_token(token, &credential, &error) == MGP_OK) {
        options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
        options.base_url = base_url;
        options.credential = credential;
        options.proxy_url = ""; /* the tests' machine may have one */
        options.max_attempts = max_attempts;
        mgp_client_new(&options, &made, &error);
    }
    if (made == NULL) {
        printf("  no client for %s: %s\n", base_url, mgp_error_message(error));
        exit(1);
    }
    mgp_credential_free(credential); /* the client keeps what it needs */
    return made;
}

mgp_client *delegated_client(void)
{
    return client_with(emulator.url, emulator.user_token, 0);
}

int dropped;

void count_drop(void *user)
{
    dropped++;
    CHECK(user == &dropped);
}

mgp_queue *new_queue(void)
{
    mgp_queue *queue = NULL;

    dropped = 0;
    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    return queue;
}

mgp_client *client_for(const char *base_url)
{
    return client_with(base_url, "secret-token", 1);
}

const char *session_body(const char *availability, const char *activity)
{
    static char body[512];
    snprintf(body, sizeof body, "{\"sessionId\":\"%s\",\"availability\":\"%s\",\"activity\":\"%s\"}", APP_ID,
             availability, activity);
    return body;
}

const char *presence_of(const char *user)
{
    static char text[128];
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    if (mgp_get_presence(client, user, &response, &error) == MGP_OK) {
        const mgp_presence *presence = mgp_response_presence(response, 0);
        snprintf(text, sizeof text, "%s/%s", mgp_presence_availability(presence), mgp_presence_activity(presence));
    } else {
        snprintf(text, sizeof text, "(%s)", mgp_error_message(error));
    }
    mgp_response_free(response);
    mgp_error_free(error);
    return text;
}

static int run_here(const struct test *test)
{
    failures = 0;
    alarm(240); /* a test that hangs is a test that fails; valgrind is slow */
    emulator_reset();
    client = client_with(emulator.url, emulator.token, 0);
    test->body();
    mgp_client_free(client);
    return failures == 0;
}

static int run_apart(const struct test *test)
{
    int status = 0;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0)
        exit(run_here(test) ? 0 : 1); /* not _exit: the leak checkers work at exit */
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 0;
    if (WIFSIGNALED(status))
        printf("  ended by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) > 1)
        printf("  ended with status %d: a sanitizer or valgrind found something\n", WEXITSTATUS(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* No argument selects all. */
static int selected(const struct test *test, int argc, char **argv)
{
    int i;
    for (i = 1; i < argc; i++)
        if (strstr(test->file, argv[i]) != NULL || strstr(test->name, argv[i]) != NULL)
            return 1;
    return argc == 1;
}

static int passed, failed;

static void run_test(const struct test *test, int (*run)(const struct test *))
{
    if (run(test)) {
        passed++;
        printf("ok      %s %s\n", test->file, test->name);
    } else {
        failed++;
        printf("FAILED  %s %s\n", test->file, test->name);
    }
}

int main(int argc, char **argv)
{
    const struct test *test;
    const int is_shared = getenv("MGP_TEST_IN_PROCESS") != NULL;

    setvbuf(stdout, NULL, _IOLBF, 0); /* each line as it comes, so that a log shows how far the tests are */
    signal(SIGPIPE, SIG_IGN);
    emulator_start(NULL);
    /* Those with a process of their own come first: what this process holds later is lost in a fork. */
    for (test = first; test != NULL; test = test->next)
        if (selected(test, argc, argv) && (test->is_apart || !is_shared))
            run_test(test, run_apart);
    for (test = first; test != NULL; test = test->next)
        if (selected(test, argc, argv) && !test->is_apart && is_shared)
            run_test(test, run_here);
    emulator_stop();
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
