/* A server that never comes to its answer. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Accepts one connection and sends interim answers for as long as anybody takes them. */
static void *flood(void *argument)
{
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    static char many[4000 * (sizeof interim - 1)];
    int connection = accept(*(int *)argument, NULL, NULL);
    size_t i;

    for (i = 0; i < sizeof many; i++)
        many[i] = interim[i % (sizeof interim - 1)];
    recv(connection, (char[4096]){0}, 4096, 0);
    while (send(connection, many, sizeof many, MSG_NOSIGNAL) > 0)
        ;
    close(connection);
    return NULL;
}

TEST(interim_answers_without_end_hold_no_call_beyond_its_time)
{
    struct sockaddr_in address = {0};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    char url[64];
    pthread_t server;
    mgp_client *flooded;
    mgp_error *error = NULL;
    mgp_request request = MGP_REQUEST_INIT;
    struct timespec began, ended;

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 1) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    CHECK(pthread_create(&server, NULL, flood, &listener) == 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    flooded = client_for(url);
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.timeout_ms = 300;
    clock_gettime(CLOCK_MONOTONIC, &began);
    CHECK(mgp_send(flooded, &request, NULL, &error) == MGP_E_TIMEOUT);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    /* The caller itself reads what comes, up to 200 MB between two looks at the clock: a quarter of a second. */
    CHECK((ended.tv_sec - began.tv_sec) * 1000 + (ended.tv_nsec - began.tv_nsec) / 1000000 < 800);
    CHECK_CONTAINS(mgp_error_message(error), "timed out after 0.3 s");
    mgp_error_free(error);
    mgp_client_free(flooded);
    shutdown(listener, SHUT_RDWR);
}
