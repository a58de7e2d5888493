/*
 * Signs in as an application with a client secret, and sets a user's presence.
 *
 *     MGP_CLIENT_SECRET=... ./sign_in TENANT_ID CLIENT_ID adele@contoso.com
 *
 * The library fetches the token, keeps it in memory, and renews it. For another way to sign in, set another kind and its
 * fields: mgpresence.h, chapter CREDENTIAL, lists them.
 */
#include <mgpresence.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    mgp_credential_options sign_in = MGP_CREDENTIAL_OPTIONS_INIT;
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential *credential = NULL;
    mgp_client *client = NULL;
    mgp_error *error = NULL;

    if (argc < 4) {
        fprintf(stderr, "usage: %s TENANT_ID CLIENT_ID USER\n", argv[0]);
        return 2;
    }
    sign_in.kind = MGP_CREDENTIAL_CLIENT_SECRET;
    sign_in.tenant_id = argv[1];
    sign_in.client_id = argv[2];
    sign_in.client_secret = getenv("MGP_CLIENT_SECRET");
    sign_in.authority = getenv("MGP_BASE_URL"); /* an emulator; NULL is the login host of the cloud */
    sign_in.flags = MGP_CREDENTIAL_FLAG_ALLOW_LOOPBACK_HTTP;
    options.base_url = getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;

    if (mgp_credential_new(&sign_in, &credential, &error) == MGP_OK) {
        options.credential = credential;
        if (mgp_client_new(&options, &client, &error) == MGP_OK
            && mgp_set_presence(client, argv[3], NULL, "Busy", "InACall", "PT1H", &error) == MGP_OK)
            printf("%s is now Busy/InACall\n", argv[3]);
    }
    if (error != NULL) /* Entra's code, such as AADSTS7000215, is in the message, and what to do */
        fprintf(stderr, "%s\n", mgp_error_message(error));

    mgp_client_free(client);
    mgp_credential_free(credential);
    if (error == NULL)
        return 0;
    mgp_error_free(error);
    return 1;
}
