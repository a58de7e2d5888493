/*
 * Sets a user's presence and shows what it is now.
 *
 *     cc set_presence.c $(pkg-config --cflags --libs mgpresence) -o set_presence
 *     MGP_TOKEN=... ./set_presence adele@contoso.com Busy InACall PT1H
 *
 * MGP_BASE_URL, when set, is asked instead of Graph: an emulator on this machine, say.
 */
#include <mgpresence.h>
#include <stdio.h>
#include <stdlib.h>

static mgp_client *connect(mgp_error **error)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *client = NULL;
    const char *token = getenv("MGP_TOKEN");

    if (mgp_credential_new_token(token ? token : "", &credential, error) != MGP_OK)
        return NULL;
    options.credential = credential;
    options.base_url = getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    mgp_client_new(&options, &client, error);
    mgp_credential_free(credential); /* the client keeps what it needs */
    return client;
}

int main(int argc, char **argv)
{
    mgp_error *error = NULL;
    mgp_client *client;
    mgp_response *response = NULL;
    int failed = 1;

    if (argc < 4) {
        fprintf(stderr, "usage: %s user availability activity [duration]\n", argv[0]);
        return 2;
    }
    client = connect(&error);
    if (client != NULL
        && mgp_set_presence(client, argv[1], NULL, argv[2], argv[3], argv[4], &error) == MGP_OK
        && mgp_get_presence(client, argv[1], &response, &error) == MGP_OK) {
        const mgp_presence *now = mgp_response_presence(response, 0);
        printf("%s is now %s/%s\n", argv[1], mgp_presence_availability(now), mgp_presence_activity(now));
        failed = 0;
    }
    if (error != NULL)
        fprintf(stderr, "%s\n", mgp_error_message(error));

    mgp_response_free(response);
    mgp_client_free(client);
    mgp_error_free(error);
    return failed;
}
