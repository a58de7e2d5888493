/* Presences that are kept alive: what is reported, what ends them, and whose pointers are whose. */
#include "harness.h"

static mgp_keep_alive *start_on(const mgp_client *on, const mgp_queue *queue, uint32_t flags, uint32_t interval_ms)
{
    mgp_keep_alive_options options = MGP_KEEP_ALIVE_OPTIONS_INIT;
    mgp_keep_alive *keep_alive = NULL;
    mgp_error *error = NULL;

    options.flags = flags;
    options.interval_ms = interval_ms;
    CHECK(mgp_keep_alive_start(on, &options, queue, &dropped, count_drop, &keep_alive, &error) == MGP_OK);
    CHECK_TEXT(mgp_error_message(error), "");
    CHECK(mgp_keep_alive_operation(keep_alive) != 0);
    return keep_alive;
}

static mgp_keep_alive *start(const mgp_queue *queue, uint32_t flags, uint32_t interval_ms)
{
    return start_on(client, queue, flags, interval_ms);
}

static mgp_request session(const char *user, const char *availability, const char *activity)
{
    mgp_request request = MGP_REQUEST_INIT;

    request.operation = MGP_OP_SET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = user;
    request.body_json = session_body(availability, activity);
    return request;
}

static void hold(const mgp_keep_alive *keep_alive, const char *user)
{
    mgp_request request = session(user, "Available", "Available");

    CHECK(mgp_keep_alive_hold(keep_alive, &request, NULL) == MGP_OK);
}

static mgp_completion wait_for(const mgp_queue *queue, int32_t state)
{
    mgp_completion completion = MGP_COMPLETION_INIT;

    CHECK(mgp_queue_wait(queue, 60000, &completion, NULL) == MGP_OK);
    CHECK((completion.response == NULL) != (completion.error == NULL));
    CHECK(completion.event != NULL && completion.event->struct_size == sizeof *completion.event);
    CHECK(completion.event->state == state);
    CHECK(completion.user == &dropped);
    return completion;
}

static void release(mgp_completion *completion)
{
    mgp_response_free(completion->response);
    mgp_error_free(completion->error);
    mgp_keep_alive_event_free(completion->event);
}

static void expect(const mgp_queue *queue, int32_t state)
{
    mgp_completion completion = wait_for(queue, state);

    release(&completion);
}

TEST(a_presence_that_is_held_is_reported_with_its_times)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, 0, 0);
    mgp_completion held;

    hold(keep_alive, "adele");
    held = wait_for(queue, MGP_KEEP_ALIVE_HELD);
    CHECK(held.status == MGP_OK && held.operation == mgp_keep_alive_operation(keep_alive));
    CHECK(mgp_response_http_status(held.response) == 200);
    CHECK_TEXT(held.event->user_id, "adele");
    CHECK(held.event->operation == MGP_OP_SET_PRESENCE && held.event->target == MGP_TARGET_USER);
    CHECK(held.event->next - held.event->at >= 220 && held.event->next - held.event->at <= 240);
    CHECK(held.event->lapses - held.event->at >= 280 && held.event->lapses - held.event->at <= 300);
    CHECK_TEXT(presence_of("adele"), "Available/Available");
    release(&held);
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
}

TEST(a_stop_clears_what_was_held_and_gives_the_pointer_back_with_the_last_event)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP, 0);
    mgp_completion ended;

    hold(keep_alive, "adele");
    expect(queue, MGP_KEEP_ALIVE_HELD);
    CHECK(mgp_keep_alive_stop(keep_alive, NULL) == MGP_OK);
    mgp_keep_alive_free(keep_alive); /* the stop goes on */
    expect(queue, MGP_KEEP_ALIVE_STOPPED);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    ended = wait_for(queue, MGP_KEEP_ALIVE_ENDED);
    CHECK(ended.status == MGP_E_CANCELLED && ended.event->user_id == NULL);
    CHECK(ended.event->operation == 0 && ended.event->next == -1 && ended.event->lapses == -1);
    release(&ended);
    mgp_queue_free(queue);
    CHECK(dropped == 0); /* it is the caller's again */
}

TEST(one_user_is_released_and_the_others_stay)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP, 0);
    mgp_keep_alive_counts counts = MGP_KEEP_ALIVE_COUNTS_INIT;
    mgp_error *error = NULL;

    hold(keep_alive, "adele");
    hold(keep_alive, "alex");
    expect(queue, MGP_KEEP_ALIVE_HELD);
    expect(queue, MGP_KEEP_ALIVE_HELD);
    CHECK(mgp_keep_alive_release(keep_alive, "ADELE", NULL) == MGP_OK);
    expect(queue, MGP_KEEP_ALIVE_STOPPED);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    CHECK_TEXT(presence_of("alex"), "Available/Available");
    CHECK(mgp_keep_alive_status(keep_alive, &counts, NULL) == MGP_OK);
    CHECK(counts.held == 1 && counts.pending + counts.failing + counts.lost + counts.refused == 0);
    CHECK(counts.renewals == 2 && counts.failures == 0 && counts.next > 0 && counts.outage == MGP_OK);
    CHECK(mgp_keep_alive_release(keep_alive, "adele", &error) == MGP_E_NOT_FOUND);
    CHECK_CONTAINS(mgp_error_message(error), "The presence of adele is not held.");
    mgp_error_free(error);
    CHECK(mgp_keep_alive_release(keep_alive, NULL, NULL) == MGP_E_NOT_FOUND);
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
}

TEST(one_user_is_cleared_by_a_keep_alive_that_does_not_clear)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, 0, 0);

    hold(keep_alive, "adele");
    hold(keep_alive, "alex");
    expect(queue, MGP_KEEP_ALIVE_HELD);
    expect(queue, MGP_KEEP_ALIVE_HELD);
    CHECK(mgp_keep_alive_clear(keep_alive, "ADELE", NULL) == MGP_OK);
    expect(queue, MGP_KEEP_ALIVE_STOPPED);
    CHECK(mgp_keep_alive_release(keep_alive, "alex", NULL) == MGP_OK);
    expect(queue, MGP_KEEP_ALIVE_STOPPED);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    CHECK_TEXT(presence_of("alex"), "Available/Available");
    CHECK(mgp_keep_alive_clear(keep_alive, "adele", NULL) == MGP_E_NOT_FOUND);
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
}

TEST(renewals_are_reported_if_that_is_wanted)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, MGP_KEEP_ALIVE_FLAG_REPORT_RENEWALS, 1000);

    hold(keep_alive, "adele");
    expect(queue, MGP_KEEP_ALIVE_HELD);
    expect(queue, MGP_KEEP_ALIVE_RENEWED);
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
}

TEST(a_failure_comes_with_its_error_and_is_followed_by_a_recovery)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, 0, 1000);
    mgp_completion failing;

    hold(keep_alive, "adele");
    expect(queue, MGP_KEEP_ALIVE_HELD);
    emulator_fault("{\"kind\":\"answer\",\"status\":500,\"count\":1}");
    failing = wait_for(queue, MGP_KEEP_ALIVE_FAILING);
    CHECK(failing.status == MGP_E_UNAVAILABLE && mgp_error_http_status(failing.error) == 500);
    release(&failing);
    expect(queue, MGP_KEEP_ALIVE_RECOVERED);
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
}

TEST(an_unknown_user_is_refused_and_not_tried_again)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, 0, 1000);
    mgp_completion refused;

    hold(keep_alive, "nobody");
    refused = wait_for(queue, MGP_KEEP_ALIVE_REFUSED);
    CHECK(refused.status == MGP_E_NOT_FOUND && refused.event->lapses == -1 && refused.event->next == -1);
    release(&refused);
    CHECK(sent() == 1);
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
}

TEST(what_cannot_be_held_is_said_at_once)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, 0, 600000);
    mgp_request busy = session("adele", "Busy", "Busy"), read = session("adele", "Away", "Away"), away;
    mgp_error *error = NULL;

    busy.body_json = "{\"availability\":\"Busy\",\"activity\":\"Busy\"}";
    CHECK(mgp_keep_alive_hold(keep_alive, &busy, NULL) == MGP_E_INVALID_PAIR);
    read.operation = MGP_OP_GET_PRESENCE;
    read.body_json = NULL;
    CHECK(mgp_keep_alive_hold(keep_alive, &read, NULL) == MGP_E_OPERATION);
    away = session("adele", "Away", "Away");
    CHECK(mgp_keep_alive_hold(keep_alive, &away, &error) == MGP_E_OPTION);
    CHECK_CONTAINS(mgp_error_message(error), "`interval` is 600 s");
    mgp_error_free(error);
    CHECK(sent() == 0);
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
}

TEST(options_that_do_not_exist_are_refused)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive_options options = MGP_KEEP_ALIVE_OPTIONS_INIT;
    mgp_keep_alive_counts counts = MGP_KEEP_ALIVE_COUNTS_INIT;
    mgp_keep_alive *keep_alive = NULL;

    options.flags = 0x80;
    CHECK(mgp_keep_alive_start(client, &options, queue, NULL, NULL, &keep_alive, NULL) == MGP_E_OPTION);
    options.struct_size = 0;
    CHECK(mgp_keep_alive_start(client, &options, queue, NULL, NULL, &keep_alive, NULL) == MGP_E_STRUCT_SIZE);
    CHECK(keep_alive == NULL);
    keep_alive = start(queue, 0, 0);
    counts.struct_size = 4;
    CHECK(mgp_keep_alive_status(keep_alive, &counts, NULL) == MGP_E_STRUCT_SIZE);
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
}

TEST(freeing_a_keep_alive_ends_it_and_leaves_what_was_set)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP, 0);

    hold(keep_alive, "adele");
    expect(queue, MGP_KEEP_ALIVE_HELD);
    mgp_keep_alive_free(keep_alive);
    expect(queue, MGP_KEEP_ALIVE_ENDED);
    CHECK_TEXT(presence_of("adele"), "Available/Available");
    mgp_queue_free(queue);
    CHECK(dropped == 0);
}

TEST(freeing_the_queue_drops_the_pointer_once_and_ends_the_keep_alive)
{
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start(queue, 0, 0);
    mgp_request request = session("alex", "Away", "Away");
    mgp_error *error = NULL;
    mgp_status status;

    hold(keep_alive, "adele");
    expect(queue, MGP_KEEP_ALIVE_HELD);
    CHECK(dropped == 0);
    mgp_queue_free(queue);
    CHECK(mgp_client_close(client, 60000, NULL) == MGP_OK); /* waits for its end */
    CHECK(dropped == 1);
    status = mgp_keep_alive_hold(keep_alive, &request, &error);
    CHECK(status == MGP_E_CLOSED);
    CHECK_TEXT(mgp_error_message(error), "The keep-alive has ended. Start a new one.");
    mgp_error_free(error);
    mgp_keep_alive_free(keep_alive);
}

TEST(closing_the_client_stops_its_keep_alives)
{
    mgp_client *other = delegated_client();
    mgp_queue *queue = new_queue();
    mgp_keep_alive *keep_alive = start_on(other, queue, MGP_KEEP_ALIVE_FLAG_CLEAR_ON_STOP, 0), *late = NULL;
    mgp_completion ended;

    hold(keep_alive, "adele");
    expect(queue, MGP_KEEP_ALIVE_HELD);
    CHECK(mgp_client_close(other, 60000, NULL) == MGP_OK);
    CHECK_TEXT(presence_of("adele"), "Offline/Offline");
    expect(queue, MGP_KEEP_ALIVE_STOPPED);
    ended = wait_for(queue, MGP_KEEP_ALIVE_ENDED);
    CHECK(ended.status == MGP_E_CLOSED);
    release(&ended);
    CHECK(mgp_keep_alive_start(other, NULL, queue, NULL, NULL, &late, NULL) == MGP_E_CLOSED);
    mgp_keep_alive_free(keep_alive);
    mgp_queue_free(queue);
    mgp_client_free(other);
}
