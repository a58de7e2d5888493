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
