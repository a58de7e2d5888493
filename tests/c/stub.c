/* The server of stub.h: one thread, one connection at a time. */
#define _POSIX_C_SOURCE 200809L
#include "stub.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

struct stub {
    pthread_t thread;
    pthread_mutex_t lock;
    int listener;
    int count;
    const char *answer;
    char url[64];
    char received[8192];
};

/* The length that the head announces, 0 without one. */
static size_t body_length(const char *head)
{
    const char *line = strstr(head, "\r\n");
    while (line != NULL) {
        if (strncasecmp(line + 2, "content-length:", 15) == 0)
            return strtoul(line + 17, NULL, 10);
        line = strstr(line + 2, "\r\n");
    }
    return 0;
}

/* Reads one whole request, so that closing afterwards is an orderly end and not a reset. */
static size_t read_request(int connection, char *buffer, size_t size)
{
    size_t length = 0;
    while (length + 1 < size) {
        const char *end = strstr(buffer, "\r\n\r\n");
        ssize_t got;
        if (end != NULL && length >= (size_t)(end + 4 - buffer) + body_length(buffer))
            break;
        got = recv(connection, buffer + length, size - 1 - length, 0);
        if (got <= 0)
            break;
        length += (size_t)got;
        buffer[length] = '\0';
    }
    return length;
}

static void *serve(void *argument)
{
    struct stub *stub = argument;
    int connection;

    while ((connection = accept(stub->listener, NULL, NULL)) >= 0) {
        char request[sizeof stub->received] = "";
        if (read_request(connection, request, sizeof request) > 0) {
            pthread_mutex_lock(&stub->lock);
            stub->count++;
            memcpy(stub->received, request, sizeof request);
            pthread_mutex_unlock(&stub->lock);
            send(connection, stub->answer, strlen(stub->answer), MSG_NOSIGNAL);
        }
        close(connection);
    }
    return NULL;
}

struct stub *stub_start(const char *answer)
{
    struct stub *stub = calloc(1, sizeof *stub);
    struct sockaddr_in address = {0};
    socklen_t length = sizeof address;

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (stub == NULL || (stub->listener = socket(AF_INET, SOCK_STREAM, 0)) < 0
        || bind(stub->listener, (struct sockaddr *)&address, sizeof address) != 0
        || listen(stub->listener, 8) != 0
        || getsockname(stub->listener, (struct sockaddr *)&address, &length) != 0
        || pthread_mutex_init(&stub->lock, NULL) != 0) {
        perror("stub");
        exit(1);
    }
    stub->answer = answer;
    snprintf(stub->url, sizeof stub->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    if (pthread_create(&stub->thread, NULL, serve, stub) != 0)
        exit(1);
    return stub;
}

const char *stub_url(const struct stub *stub)
{
    return stub->url;
}

int stub_count(struct stub *stub)
{
    int count;
    pthread_mutex_lock(&stub->lock);
    count = stub->count;
    pthread_mutex_unlock(&stub->lock);
    return count;
}

const char *stub_received(struct stub *stub)
{
    return stub->received; /* read when the client has its answer, which is after the write */
}

void stub_stop(struct stub *stub)
{
    shutdown(stub->listener, SHUT_RDWR); /* wakes accept */
    pthread_join(stub->thread, NULL);
    close(stub->listener);
    pthread_mutex_destroy(&stub->lock);
    free(stub);
}
