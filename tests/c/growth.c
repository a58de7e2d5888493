/*
 * Many calls must not grow memory: after a tenth of them, which fills pools and caches, the process stays as it is.
 *
 *     growth CALLS
 */
#define _POSIX_C_SOURCE 200809L
#include "emulator.h"
#include "mgpresence.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What an allocator may still fetch after the warm-up. A leak of one small object a call is far beyond. */
enum { ALLOWANCE_KIB = 512 };

static long resident_kib(void)
{
    long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");

    if (statm == NULL || fscanf(statm, "%*s %ld", &pages) != 1) {
        perror("/proc/self/statm");
        exit(1);
    }
    fclose(statm);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static mgp_client *new_client(void)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *client = NULL;

    mgp_credential_new_token(emulator.token, &credential, NULL);
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.proxy_url = "";
    options.credential = credential;
    mgp_client_new(&options, &client, NULL);
    mgp_credential_free(credential);
    return client;
}

/* One call of each kind in turn; returns whether it ended as it should. */
static int call(const mgp_client *client, const mgp_queue *queue, int turn)
{
    mgp_completion done = MGP_COMPLETION_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_response *response = NULL;
    mgp_error *error = NULL;
    int32_t status;

    switch (turn % 4) {
    case 0:
        status = mgp_set_presence(client, "adele", NULL, "Busy", "InACall", "PT1H", &error);
        mgp_error_free(error);
        return status == MGP_OK;
    case 1:
        status = mgp_get_presence(client, "nobody", &response, &error);
        mgp_error_free(error);
        return status == MGP_E_NOT_FOUND;
    case 2:
        status = mgp_set_presence(client, "adele", NULL, "Busy", "Busy", NULL, &error);
        mgp_error_free(error);
        return status == MGP_E_INVALID_PAIR;
    default:
        request.operation = MGP_OP_GET_PRESENCE;
        request.target = MGP_TARGET_USER;
        request.target_id = "adele";
        status = mgp_submit(client, &request, queue, NULL, NULL, NULL, NULL);
        if (status == MGP_OK)
            status = mgp_queue_wait(queue, 60000, &done, NULL);
        mgp_response_free(done.response);
        mgp_error_free(done.error);
        return status == MGP_OK && done.status == MGP_OK;
    }
}

int main(int argc, char **argv)
{
    int calls = argc > 1 ? atoi(argv[1]) : 1000000;
    int i, wrong = 0;
    long before = 0, after;
    mgp_client *client;
    mgp_queue *queue = NULL;

    emulator_start("--throttle-limit=0");
    client = new_client();
    mgp_queue_new(&queue, NULL);
    for (i = 0; i < calls; i++) {
        if (i == calls / 10)
            before = resident_kib();
        wrong += !call(client, queue, i);
        if (i % 1000 == 0) { /* objects that live long come and go as well */
            mgp_client_free(client);
            client = new_client();
        }
    }
    after = resident_kib();
    mgp_queue_free(queue);
    mgp_client_free(client);
    emulator_stop();
    printf("%d calls, %d of which ended otherwise than they should; %ld KiB before, %ld KiB after\n", calls, wrong, before, after);
    return wrong != 0 || after - before > ALLOWANCE_KIB;
}
