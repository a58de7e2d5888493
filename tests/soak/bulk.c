/*
 * Sets the presence of many users and says in one line of JSON how that went. MGP_BASE_URL and MGP_TOKEN name the service;
 * its users are user1, user2 and so on.
 *
 *     bulk HOW USERS ROUNDS START CEILING
 *
 * HOW: "batch" for batched requests, "queue" for submitted ones, "call" for one blocking call after the other. In each round
 * every user is set once: to Away in all rounds but the last, to Busy in the last.
 */
#define _POSIX_C_SOURCE 200809L
#include "mgpresence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char away[] = "{\"availability\":\"Away\",\"activity\":\"Away\",\"expirationDuration\":\"PT4H\"}";
static const char busy[] = "{\"availability\":\"Busy\",\"activity\":\"InACall\",\"expirationDuration\":\"PT4H\"}";

static mgp_client *client;
static mgp_queue *queue;
static unsigned char *ended; /* how often each input ended */
static long outstanding, succeeded, failed, attempts, most_attempts, full, peak_kib;

static long resident_kib(void)
{
    long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");

    if (statm == NULL || fscanf(statm, "%*s %ld", &pages) != 1)
        exit(1);
    fclose(statm);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void connect_client(unsigned start, unsigned ceiling)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_error *error = NULL;

    options.base_url = getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.throttle_start = start;
    options.throttle_ceiling = ceiling;
    mgp_credential_new_token(getenv("MGP_TOKEN"), &credential, &error);
    options.credential = credential;
    if (mgp_client_new(&options, &client, &error) != MGP_OK || mgp_queue_new(&queue, NULL) != MGP_OK) {
        fprintf(stderr, "%s\n", mgp_error_message(error));
        exit(1);
    }
    mgp_credential_free(credential);
}

static void end_of(uintptr_t input, const mgp_response *response, const mgp_error *error)
{
    long sent = response ? mgp_response_attempts(response) : mgp_error_attempts(error);

    ended[input]++;
    attempts += sent;
    most_attempts = sent > most_attempts ? sent : most_attempts;
    if (response != NULL)
        succeeded++;
    else if (failed++ < 5)
        fprintf(stderr, "%s\n", mgp_error_message(error));
    if ((succeeded + failed) % 1000 == 0) {
        long kib = resident_kib();
        peak_kib = kib > peak_kib ? kib : peak_kib;
    }
}

static void take_one(void)
{
    mgp_completion done = MGP_COMPLETION_INIT;

    if (mgp_queue_wait(queue, 300000, &done, NULL) != MGP_OK) {
        fprintf(stderr, "nothing ended within five minutes\n");
        exit(1);
    }
    outstanding--;
    end_of((uintptr_t)done.user, done.response, done.error);
    mgp_response_free(done.response);
    mgp_error_free(done.error);
}

static void take_what_is_there(void)
{
    mgp_completion done = MGP_COMPLETION_INIT;

    while (mgp_queue_wait(queue, 0, &done, NULL) == MGP_OK) {
        outstanding--;
        end_of((uintptr_t)done.user, done.response, done.error);
        mgp_response_free(done.response);
        mgp_error_free(done.error);
    }
}

static void set(const char *how, uintptr_t input, long user, const char *body)
{
    mgp_request request = MGP_REQUEST_INIT;
    char name[32];
    int32_t status;

    snprintf(name, sizeof name, "user%ld", user);
    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = name;
    request.body_json = body;
    request.flags = MGP_REQUEST_DEFAULT_SESSION_ID;
    if (strcmp(how, "call") == 0) {
        mgp_response *response = NULL;
        mgp_error *error = NULL;
        mgp_send(client, &request, &response, &error);
        end_of(input, response, error);
        mgp_response_free(response);
        mgp_error_free(error);
        return;
    }
    request.flags |= strcmp(how, "batch") == 0 ? MGP_REQUEST_BATCH : 0;
    while ((status = mgp_submit(client, &request, queue, (void *)input, NULL, NULL, NULL)) == MGP_E_FULL) {
        full++;
        take_one();
    }
    if (status != MGP_OK)
        exit(1);
    outstanding++;
    if (outstanding % 100 == 0)
        take_what_is_there();
}

int main(int argc, char **argv)
{
    long users, rounds, round, user, idle_kib, wrong = 0;
    uintptr_t input = 0;
    mgp_client_statistics stats = MGP_CLIENT_STATISTICS_INIT;
    double began;

    if (argc != 6)
        return 2;
    users = atol(argv[2]);
    rounds = atol(argv[3]);
    ended = calloc((size_t)(users * rounds), 1);
    connect_client((unsigned)strtoul(argv[4], NULL, 10), (unsigned)strtoul(argv[5], NULL, 10));
    mgp_get_presence(client, "user1", NULL, NULL);
    idle_kib = peak_kib = resident_kib();

    began = seconds();
    for (round = 1; round <= rounds; round++)
        for (user = 1; user <= users; user++)
            set(argv[1], input++, user, round == rounds ? busy : away);
    mgp_flush(client);
    while (outstanding > 0)
        take_one();
    began = seconds() - began;
    for (input = 0; input < (uintptr_t)(users * rounds); input++)
        wrong += ended[input] != 1;
    mgp_client_stats(client, &stats, NULL);
    printf("{\"seconds\":%.3f,\"succeeded\":%ld,\"failed\":%ld,\"notOnce\":%ld,\"attempts\":%ld,\"mostAttempts\":%ld,"
           "\"requests\":%llu,\"batches\":%llu,\"retries\":%llu,\"throttled\":%llu,\"waits\":%llu,\"limit\":%u,"
           "\"full\":%ld,\"idleKiB\":%ld,\"peakKiB\":%ld}\n",
           began, succeeded, failed, wrong, attempts, most_attempts, (unsigned long long)stats.requests,
           (unsigned long long)stats.batches, (unsigned long long)stats.retries, (unsigned long long)stats.throttled,
           (unsigned long long)stats.throttle_waits, stats.throttle_limit, full, idle_kib, peak_kib);
    mgp_queue_free(queue);
    mgp_client_free(client);
    return wrong != 0;
}
