/* Who owns what: every object may be freed in any order and on any thread. */
#include "harness.h"

#include <pthread.h>

/* The objects of one small program, to be freed in some order. */
struct objects {
    mgp_credential *credential;
    mgp_client *client;
    mgp_queue *queue;
    mgp_response *response;
    mgp_error *error;
};

static struct objects all_of_them(void)
{
    struct objects made = {NULL, NULL, NULL, NULL, NULL};
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_request request = MGP_REQUEST_INIT;
    mgp_response *none = NULL;

    CHECK(mgp_credential_new_token(emulator.token, &made.credential, NULL) == MGP_OK);
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.credential = made.credential;
    CHECK(mgp_client_new(&options, &made.client, NULL) == MGP_OK);
    CHECK(mgp_queue_new(&made.queue, NULL) == MGP_OK);
    CHECK(mgp_get_presence(made.client, "adele", &made.response, NULL) == MGP_OK);
    CHECK(mgp_get_presence(made.client, "..", &none, &made.error) == MGP_E_INVALID_ID);

    /* one request is left in flight */
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    CHECK(mgp_submit(made.client, &request, made.queue, NULL, NULL, NULL, NULL) == MGP_OK);
    return made;
}

static void free_one(struct objects *objects, char which)
{
    switch (which) {
    case 'k': mgp_credential_free(objects->credential); break;
    case 'c': mgp_client_free(objects->client); break;
    case 'q': mgp_queue_free(objects->queue); break;
    case 'r': mgp_response_free(objects->response); break;
    case 'e': mgp_error_free(objects->error); break;
    }
}

static void free_in_order(const char *order)
{
    struct objects objects = all_of_them();
    for (; *order != '\0'; order++)
        free_one(&objects, *order);
}

/* Heap's algorithm: calls free_in_order with every permutation of the first n letters. */
static void permute(char *letters, int n)
{
    int i;
    if (n == 1) {
        free_in_order(letters);
        return;
    }
    for (i = 0; i < n; i++) {
        int other = n % 2 ? 0 : i;
        char kept;
        permute(letters, n - 1);
        kept = letters[other];
        letters[other] = letters[n - 1];
        letters[n - 1] = kept;
    }
}

static void free_and_give_token(void *user, const mgp_token_sink *sink)
{
    struct objects *objects = user;
    free_one(objects, 'c');
    free_one(objects, 'k');
    objects->client = NULL;
    objects->credential = NULL;
    CHECK(mgp_token_sink_set(sink, emulator.token, INT64_MAX) == MGP_OK);
}

TEST(a_call_that_blocks_ends_as_usual_when_a_callback_frees_what_it_uses)
{
    struct objects objects = {NULL, NULL, NULL, NULL, NULL};
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;

    CHECK(mgp_credential_new_callback(free_and_give_token, &objects, NULL, NULL, &objects.credential, NULL) == MGP_OK);
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = emulator.url;
    options.credential = objects.credential;
    CHECK(mgp_client_new(&options, &objects.client, NULL) == MGP_OK);
    CHECK(mgp_get_presence(objects.client, "adele", &objects.response, NULL) == MGP_OK);
    mgp_response_free(objects.response);

    CHECK(mgp_credential_new_callback(free_and_give_token, &objects, NULL, NULL, &objects.credential, NULL) == MGP_OK);
    CHECK(mgp_credential_sign_in(objects.credential, 60000, NULL) == MGP_OK);
    CHECK(objects.credential == NULL);
}

TEST(objects_are_freed_in_every_order)
{
    char letters[] = "kcqre";
    permute(letters, 5);
    CHECK(sent() >= 120); /* each of the 120 orders had read once */
}

static void *free_all(void *argument)
{
    const char *order = "eqrkc";
    for (; *order != '\0'; order++)
        free_one(argument, *order);
    return NULL;
}

TEST(objects_are_freed_on_another_thread)
{
    struct objects objects = all_of_them();
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, free_all, &objects) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

TEST(what_a_response_says_outlives_the_client)
{
    struct objects objects = all_of_them();

    free_one(&objects, 'c');
    free_one(&objects, 'k');
    CHECK_CONTAINS(mgp_response_body(objects.response), "availability");
    CHECK_TEXT(mgp_presence_id(mgp_response_presence(objects.response, 0)), ADELE_ID);
    CHECK_CONTAINS(mgp_error_message(objects.error), "..");
    free_one(&objects, 'q');
    free_one(&objects, 'r');
    free_one(&objects, 'e');
}

TEST(strings_are_copied_before_the_call_returns)
{
    char id[] = "adele", body[512];
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_queue *queue = NULL;

    snprintf(body, sizeof body, "%s", session_body("Busy", "InACall"));
    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = id;
    request.body_json = body;
    CHECK(mgp_submit(client, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK);
    memset(id, 'x', strlen(id));
    memset(body, 'x', strlen(body));
    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_OK);
    CHECK(completion.status == MGP_OK);
    CHECK_CONTAINS(received(0), "/v1.0/users/adele/presence");
    mgp_response_free(completion.response);
    mgp_error_free(completion.error);
    mgp_queue_free(queue);
}

TEST(a_closed_client_refuses_and_stays_safe_to_use)
{
    mgp_error *error = NULL;

    CHECK(mgp_client_close(client, 1000, NULL) == MGP_OK);
    CHECK(mgp_set_presence(client, "adele", APP_ID, "Busy", "InACall", NULL, &error) == MGP_E_CLOSED);
    CHECK(mgp_client_close(client, 1000, NULL) == MGP_OK);
    CHECK(sent() == 0);
    mgp_error_free(error);
}
