/*
 * Everything that an error can tell, shown on a user that does not exist.
 *
 *     MGP_TOKEN=... ./error_fields nobody@contoso.com
 */
#include <inttypes.h>
#include <mgpresence.h>
#include <stdio.h>
#include <stdlib.h>

static void show(const mgp_error *error)
{
    const mgp_response *answer = mgp_error_response(error);
    uint32_t i;

    printf("status             %" PRId32 " (%s)\n", mgp_error_status(error), mgp_status_name(mgp_error_status(error)));
    printf("message            %s\n", mgp_error_message(error));
    printf("HTTP status        %" PRId32 "\n", mgp_error_http_status(error));
    printf("Graph's code       %s\n", mgp_error_graph_code(error));
    printf("Graph's message    %s\n", mgp_error_graph_message(error));
    printf("advice             %s\n", mgp_error_advice(error));
    printf("request id         %s\n", mgp_error_request_id(error));
    printf("client request id  %s\n", mgp_error_client_request_id(error));
    printf("retry after        %" PRId64 " ms\n", mgp_error_retry_after_ms(error));
    printf("attempts           %" PRIu32 "\n", mgp_error_attempts(error));
    for (i = 0; i < mgp_response_header_count(answer); i++)
        printf("header             %s: %s\n", mgp_response_header_name(answer, i), mgp_response_header_value(answer, i));
    printf("body               %s\n", mgp_response_body(answer));
}

int main(int argc, char **argv)
{
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_client *client = NULL;
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    options.base_url = getenv("MGP_BASE_URL");
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = argc > 1 ? MGP_TARGET_USER : MGP_TARGET_ME;
    request.target_id = argc > 1 ? argv[1] : NULL;
    request.access_token = getenv("MGP_TOKEN");

    if (mgp_client_new(&options, &client, &error) == MGP_OK)
        mgp_send(client, &request, &response, &error);
    if (error != NULL)
        show(error);
    else
        printf("no error: %s\n", mgp_response_body(response));

    mgp_response_free(response);
    mgp_error_free(error);
    mgp_client_free(client);
    return 0;
}
