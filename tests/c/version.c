/* What a program can ask before it trusts the library. */
#include "harness.h"

TEST(the_version_of_library_and_header_are_one)
{
    char header[32];

    snprintf(header, sizeof header, "%d.%d.%d", MGP_VERSION_MAJOR, MGP_VERSION_MINOR, MGP_VERSION_PATCH);
    CHECK(strncmp(mgp_version(), header, strlen(header)) == 0);
    CHECK(mgp_abi_version() == MGP_ABI_VERSION);
    CHECK(MGP_ABI_VERSION == (MGP_VERSION_MAJOR << 16 | MGP_VERSION_MINOR));
    CHECK(MGP_VERSION_NUMBER == (MGP_VERSION_MAJOR << 16 | MGP_VERSION_MINOR << 8 | MGP_VERSION_PATCH));
}

TEST(a_status_has_a_name)
{
    CHECK_TEXT(mgp_status_name(MGP_OK), "Ok");
    CHECK_TEXT(mgp_status_name(MGP_E_NULL_ARGUMENT), "NullArgument");
    CHECK_TEXT(mgp_status_name(MGP_E_INVALID_PAIR), "InvalidPair");
    CHECK_TEXT(mgp_status_name(MGP_E_PANIC), "Panic");
    CHECK_TEXT(mgp_status_name(4711), "Unknown");
    CHECK_TEXT(mgp_status_name(-1), "Unknown");
}
