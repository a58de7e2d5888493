/* Starts the emulator and talks to its control API: docs/emulator.md is that API's manual. */
#define _POSIX_C_SOURCE 200809L
#include "emulator.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ANSWER = 1 << 20 };

struct emulator emulator;
static pid_t process;

static void give_up(const char *what)
{
    perror(what);
    exit(1);
}

/* Copies the string value of a key out of one line of JSON; no value that is asked for has escapes. */
static void value_of(const char *json, const char *key, char *value, size_t size)
{
    char pattern[64];
    const char *start, *end;

    snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
    start = strstr(json, pattern);
    end = start ? strchr(start + strlen(pattern), '"') : NULL;
    if (end == NULL || (size_t)(end - start) >= size + strlen(pattern)) {
        fprintf(stderr, "the emulator's first line has no %s: %s\n", key, json);
        exit(1);
    }
    start += strlen(pattern);
    memcpy(value, start, (size_t)(end - start));
    value[end - start] = '\0';
}

void emulator_start(const char *option)
{
    const char *path = getenv("MGP_EMULATOR");
    char line[8192] = "";
    int input[2], output[2];
    FILE *first_line;

    if (path == NULL)
        path = "target/debug/mgpresence-emulator";
    if (pipe(input) != 0 || pipe(output) != 0)
        give_up("pipe");
    process = fork();
    if (process == 0) {
        dup2(input[0], STDIN_FILENO);
        dup2(output[1], STDOUT_FILENO);
        close(input[1]);
        execl(path, path, "--until-stdin-closes", option, (char *)NULL);
        give_up(path);
    }
    close(input[0]); /* its other end stays open as long as any process of the tests lives */
    close(output[1]);
    first_line = fdopen(output[0], "r");
    if (first_line == NULL || fgets(line, sizeof line, first_line) == NULL)
        give_up(path);
    value_of(line, "url", emulator.url, sizeof emulator.url);
    value_of(line, "appId", emulator.app_id, sizeof emulator.app_id);
    value_of(line, "token", emulator.token, sizeof emulator.token);
    value_of(line, "userToken", emulator.user_token, sizeof emulator.user_token);
}

void emulator_stop(void)
{
    kill(process, SIGTERM);
    waitpid(process, NULL, 0);
}

static int connected(void)
{
    struct sockaddr_in address = {0};
    int connection = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)strtoul(strrchr(emulator.url, ':') + 1, NULL, 10));
    if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0)
        give_up("the emulator is gone");
    return connection;
}

/* One request to the control API; returns the answer's body, good until the next call. In HTTP/1.0 it comes in no chunks. */
static const char *control(const char *method, const char *resource, const char *body)
{
    static char answer[MAX_ANSWER];
    char request[4096];
    size_t length = 0;
    ssize_t got;
    int connection = connected();
    int size = snprintf(request, sizeof request,
                        "%s /_emulator/%s HTTP/1.0\r\nHost: 127.0.0.1\r\n"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                        method, resource, strlen(body), body);

    if (size < 0 || (size_t)size >= sizeof request || send(connection, request, (size_t)size, 0) != size)
        give_up("control request");
    while (length + 1 < sizeof answer && (got = recv(connection, answer + length, sizeof answer - 1 - length, 0)) > 0)
        length += (size_t)got;
    answer[length] = '\0';
    close(connection);
    if (strncmp(answer, "HTTP/1.0 2", 10) != 0 || strstr(answer, "\r\n\r\n") == NULL) {
        fprintf(stderr, "%s /_emulator/%s %s\n%s\n", method, resource, body, answer);
        exit(1);
    }
    return strstr(answer, "\r\n\r\n") + 4;
}

void emulator_reset(void)
{
    control("POST", "reset", "");
}

void emulator_post(const char *resource, const char *json)
{
    control("POST", resource, json);
}

void emulator_fault(const char *json)
{
    emulator_post("faults", json);
}

/* The end of the JSON value that begins at `json`: the brackets outside of strings are counted. */
static const char *end_of_value(const char *json)
{
    int depth = 0, in_string = 0;

    for (; *json != '\0'; json++) {
        if (in_string && *json == '\\')
            json++;
        else if (*json == '"')
            in_string = !in_string;
        else if (!in_string && (*json == '{' || *json == '['))
            depth++;
        else if (!in_string && (*json == '}' || *json == ']') && --depth == 0)
            return json + 1;
    }
    return json;
}

int sent(void)
{
    const char *next = control("GET", "requests", "") + 1; /* past the opening bracket */
    int count = 0;

    for (; *next == '{'; next = end_of_value(next) + 1)
        count++;
    return count;
}

const char *received(int index)
{
    static char line[65536];
    const char *next = control("GET", "requests", "") + 1;

    for (; *next == '{' && index > 0; index--)
        next = end_of_value(next) + 1;
    line[0] = '\0';
    if (*next == '{')
        snprintf(line, sizeof line, "%.*s", (int)(end_of_value(next) - next), next);
    return line;
}
