/* A panic of the library becomes a status. Needs a library built with the feature test-panic. */
#include "harness.h"

int32_t mgp_test_panic(mgp_error **error);

TEST(a_panic_becomes_a_status_and_the_next_call_works)
{
    mgp_error *error = NULL;

    CHECK(mgp_test_panic(&error) == MGP_E_PANIC);
    CHECK(mgp_error_status(error) == MGP_E_PANIC);
    CHECK(mgp_error_message(error)[0] != '\0');
    CHECK(mgp_test_panic(NULL) == MGP_E_PANIC);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    mgp_error_free(error);
}

/* Such a library panics in the work of a request for this user. */
TEST(a_panic_in_the_work_of_a_request_is_the_same_status_from_both_ways)
{
    mgp_request request = MGP_REQUEST_INIT;
    mgp_completion completion = MGP_COMPLETION_INIT;
    mgp_response *response = NULL;
    mgp_queue *queue = NULL;
    mgp_error *error = NULL;

    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = "panic";
    CHECK(mgp_send(client, &request, &response, &error) == MGP_E_PANIC);
    CHECK(mgp_queue_new(&queue, NULL) == MGP_OK);
    CHECK(mgp_submit(client, &request, queue, NULL, NULL, NULL, NULL) == MGP_OK);
    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_OK && completion.status == MGP_E_PANIC);
    CHECK_CONTAINS(mgp_error_message(error), "on purpose");
    CHECK_TEXT(mgp_error_message(completion.error), mgp_error_message(error));
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    mgp_error_free(completion.error);
    mgp_error_free(error);
    mgp_queue_free(queue);
}
