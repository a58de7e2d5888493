/* Callers that were compiled against an older or a newer header than the library. */
#include "harness.h"

/* A request of a later release, with fields that this library cannot know. */
struct newer_request {
    mgp_request known;
    uint64_t later_flags;
    const char *later_text;
};

static mgp_request set_busy(void)
{
    mgp_request request = MGP_REQUEST_INIT;
    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "adele";
    request.body_json = session_body("Busy", "InACall");
    return request;
}

/* sizeof a pointer to the struct is the classic slip. With the rest taken for zero, the request would be for another user. */
TEST(a_struct_smaller_than_its_first_version_is_refused)
{
    mgp_request request = set_busy();
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_credential_options credential = MGP_CREDENTIAL_OPTIONS_INIT;
    mgp_keep_alive_options kept = MGP_KEEP_ALIVE_OPTIONS_INIT;
    mgp_client *made = NULL;
    mgp_credential *signed_in = NULL;
    mgp_keep_alive *keep_alive = NULL;
    mgp_queue *queue = NULL;
    uint32_t size;

    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    for (size = 4; size < sizeof request; size += 4) {
        request.struct_size = size;
        CHECK(mgp_send(client, &request, NULL, NULL) == MGP_E_STRUCT_SIZE);
    }
    for (size = 4; size < sizeof options; size += 4) {
        options.struct_size = size;
        CHECK(mgp_client_new(&options, &made, NULL) == MGP_E_STRUCT_SIZE);
    }
    for (size = 4; size < sizeof credential; size += 4) {
        credential.struct_size = size;
        CHECK(mgp_credential_new(&credential, &signed_in, NULL) == MGP_E_STRUCT_SIZE);
    }
    for (size = 4; size < sizeof kept; size += 4) {
        kept.struct_size = size;
        CHECK(mgp_keep_alive_start(client, &kept, queue, NULL, NULL, &keep_alive, NULL) == MGP_E_STRUCT_SIZE);
    }
    mgp_queue_free(queue);
    CHECK(sent() == 0);
}

TEST(a_newer_caller_is_accepted_while_its_tail_is_zero)
{
    struct newer_request request = {set_busy(), 0, NULL};
    mgp_response *response = NULL;

    request.known.struct_size = (uint32_t)sizeof request;
    CHECK(mgp_send(client, &request.known, &response, NULL) == MGP_OK);
    mgp_response_free(response);
}

TEST(a_newer_caller_who_uses_his_tail_is_told_so)
{
    struct newer_request request = {set_busy(), 0, "something new"};
    mgp_response *response = NULL;
    mgp_error *error = NULL;

    request.known.struct_size = (uint32_t)sizeof request;
    CHECK(mgp_send(client, &request.known, &response, &error) == MGP_E_STRUCT_SIZE);
    CHECK_CONTAINS(mgp_error_message(error), "mgp_request");
    CHECK(sent() == 0);
    mgp_error_free(error);
}

TEST(a_struct_without_its_size_is_refused)
{
    mgp_request request = set_busy();
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    mgp_client *made = NULL;
    mgp_response *response = NULL;

    request.struct_size = 0;
    CHECK(mgp_send(client, &request, &response, NULL) == MGP_E_STRUCT_SIZE);
    request.struct_size = 3; /* not even the size itself */
    CHECK(mgp_send(client, &request, &response, NULL) == MGP_E_STRUCT_SIZE);
    options.struct_size = 0;
    CHECK(mgp_client_new(&options, &made, NULL) == MGP_E_STRUCT_SIZE);
    CHECK(sent() == 0);
}

/* The library writes completions: into an older caller's smaller struct nothing may be written beyond its end. */
TEST(a_completion_is_written_no_further_than_its_caller_knows)
{
    struct {
        mgp_completion completion;
        uint64_t beyond;
    } memory = {MGP_COMPLETION_INIT, 0x5A5A5A5A5A5A5A5AU};
    mgp_request request = set_busy();
    mgp_queue *queue = NULL;

    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    CHECK(mgp_submit(client, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK);
    CHECK(mgp_queue_wait(queue, 60000, &memory.completion, NULL) == MGP_OK);
    CHECK(memory.completion.struct_size == sizeof memory.completion);
    CHECK(memory.beyond == 0x5A5A5A5A5A5A5A5AU);
    mgp_response_free(memory.completion.response);
    mgp_error_free(memory.completion.error);
    mgp_queue_free(queue);
}

/* An event that has no place would be lost, and its memory with it. */
TEST(a_completion_without_room_for_an_event_takes_nothing_from_the_queue)
{
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_request request = set_busy();
    mgp_queue *queue = NULL;

    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    CHECK(mgp_submit(client, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK);
    completion.struct_size = (uint32_t)offsetof(mgp_completion, event);
    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_E_STRUCT_SIZE);
    completion.struct_size = sizeof completion;
    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_OK);
    CHECK(completion.event == NULL);
    mgp_response_free(completion.response);
    mgp_error_free(completion.error);
    mgp_queue_free(queue);
}

/* The layout on a 64-bit machine, as stored for every release: docs/abi.md. */
TEST(the_layouts_are_those_of_this_release)
{
#if UINTPTR_MAX == UINT64_MAX
    CHECK(sizeof(mgp_field) == 16);
    CHECK(sizeof(mgp_client_options) == 128);
    CHECK(offsetof(mgp_client_options, timeout_ms) == 56);
    CHECK(offsetof(mgp_client_options, log) == 80);
    CHECK(sizeof(mgp_request) == 80);
    CHECK(offsetof(mgp_request, query_count) == 48);
    CHECK(offsetof(mgp_request, access_token) == 56);
    CHECK(sizeof(mgp_completion) == 48);
    CHECK(offsetof(mgp_completion, response) == 24);
#endif
}
