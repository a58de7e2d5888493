/*
 * Tokens on demand: the library asks for one when it has none that still lives, and never twice at a time.
 *
 *     MGP_TOKEN_FILE=/run/secrets/graph-token ./token_callback adele@contoso.com
 *
 * Here a file that something else keeps fresh is read; a program of your own asks its identity library.
 */
#include <mgpresence.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How long a token from the file is trusted before the file is read again. */
enum { TRUSTED_SECONDS = 300 };

/* Runs on a thread of the library that may block; answers before it returns. */
static void read_token(void *user, const mgp_token_sink *sink)
{
    const char *path = user;
    char token[8192];
    FILE *file = path ? fopen(path, "r") : NULL;

    printf("a token is asked for\n");
    if (file != NULL && fgets(token, sizeof token, file) != NULL) {
        token[strcspn(token, "\r\n")] = '\0';
        mgp_token_sink_set(sink, token, (int64_t)time(NULL) + TRUSTED_SECONDS);
    } else {
        mgp_token_sink_fail(sink, "the file that MGP_TOKEN_FILE names has no token");
    }
    if (file != NULL)
        fclose(file);
}

int main(int argc, char **argv)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *client = NULL;
    mgp_error *error = NULL;
    const char *user = argc > 1 ? argv[1] : NULL; /* NULL is the signed-in user */

    options.base_url = getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    if (mgp_credential_new_callback(read_token, getenv("MGP_TOKEN_FILE"), NULL, NULL, &credential, &error) == MGP_OK) {
        options.credential = credential;
        if (mgp_client_new(&options, &client, &error) == MGP_OK
            && mgp_set_presence(client, user, NULL, "DoNotDisturb", "Presenting", "PT1H", &error) == MGP_OK
            && mgp_set_presence(client, user, NULL, "Available", "Available", NULL, &error) == MGP_OK)
            printf("two presences were set\n");
    }
    if (error != NULL)
        fprintf(stderr, "%s\n", mgp_error_message(error));

    mgp_client_free(client);
    mgp_credential_free(credential);
    if (error == NULL)
        return 0;
    mgp_error_free(error);
    return 1;
}
