// mgpresence.hpp on an emulator: what it adds to the C library. Prints a line a test, as tools/count wants them.
#include "mgpresence.hpp"

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <set>
#include <stdexcept>
#include <thread>
#include <type_traits>

using namespace std::chrono_literals;
using mgpresence::Client;
using mgpresence::Credential;
using mgpresence::Error;
using mgpresence::Queue;

namespace {

int failures;

void check(bool holds, const char *condition, int line) {
    if (!holds) {
        failures++;
        std::cout << "  mgpresence.cpp:" << line << ": does not hold: " << condition << '\n';
    }
}
#define CHECK(condition) check((condition), #condition, __LINE__)

mgp_client_options emulator() {
    mgp_client_options options = MGP_CLIENT_OPTIONS_INIT;
    options.flags = MGP_CLIENT_ALLOW_LOOPBACK_HTTP;
    options.base_url = std::getenv("MGP_BASE_URL");
    options.proxy_url = "";
    return options;
}

Client client() { return Client(Credential(std::string(std::getenv("MGP_TOKEN"))), emulator()); }

mgp_request read(const char *user) {
    mgp_request request = MGP_REQUEST_INIT;
    request.operation = MGP_OP_GET_PRESENCE;
    request.target = MGP_TARGET_USER;
    request.target_id = user;
    return request;
}

void what_is_set_is_what_the_next_read_shows() {
    const Client graph = client();
    graph.set_presence("adele", "Busy", "InACall", "PT1H");
    const auto response = graph.get_presence("adele");
    CHECK(response.presence().availability() == "Busy" && response.presence().activity() == "InACall");
    CHECK(response.body().find("InACall") != std::string_view::npos);
    CHECK(response.presence(1).id().empty());
}

void a_refusal_is_an_exception_with_all_that_is_known() {
    try {
        client().get_presence("nobody");
        CHECK(!"an exception was thrown");
    } catch (const Error &error) {
        const Error copy = error; // outlives the one that is in flight
        CHECK(copy.status() == MGP_E_NOT_FOUND && copy.http_status() == 404);
        CHECK(!copy.graph_code().empty() && !copy.request_id().empty());
        CHECK(std::strstr(copy.what(), "nobody") != nullptr);
    }
}

void a_token_may_come_from_a_function() {
    int calls = 0;
    const auto owned = std::make_shared<int>(0);
    {
        const Client graph(Credential([&calls, owned] { calls++; return std::string(std::getenv("MGP_TOKEN")); }), emulator());
        graph.get_presence("adele");
        graph.get_presence("adele");
        CHECK(mgp_client_close(graph.get(), 60000, nullptr) == MGP_OK);
    }
    CHECK(calls == 1);
    CHECK(owned.use_count() == 1); // the function and what it had captured are gone
}

void what_the_function_throws_becomes_the_reason() {
    const char *const reasons[][2] = {
        {"the vault is locked", "the vault is locked"},
        {"the caf\xe9 is locked", "the caf? is locked"}, // Latin-1
        {"", "an exception without a message"},
    };
    for (const auto &[thrown, reason] : reasons) {
        const std::runtime_error exception(thrown);
        const Client graph(Credential([exception]() -> std::string { throw exception; }), emulator());
        try {
            graph.get_presence("adele");
            CHECK(!"an exception was thrown");
        } catch (const Error &error) {
            CHECK(error.status() == MGP_E_TOKEN && std::strstr(error.what(), reason) != nullptr);
        }
    }
}

void a_hundred_requests_end_once_each() {
    const Client graph = client();
    const Queue queue;
    std::set<std::uint64_t> submitted, ended;
    for (int i = 0; i < 100; i++)
        submitted.insert(queue.submit(graph, read(i % 2 ? "adele" : "nobody")));
    for (int i = 0; i < 100; i++) {
        const auto completion = queue.take(60s);
        CHECK(completion && ended.insert(completion->operation).second);
    }
    CHECK(ended == submitted && !queue.take(0ms));
}

void what_a_keep_alive_reports_is_freed() {
    const Client graph = client();
    const Queue queue;
    mgp_keep_alive *keep_alive = nullptr;
    mgp_request busy = read("adele");
    busy.operation = MGP_OP_SET_PRESENCE;
    busy.body_json = R"({"availability":"Busy","activity":"InACall"})";
    busy.flags = MGP_REQUEST_DEFAULT_SESSION_ID;
    CHECK(mgp_keep_alive_start(graph.get(), nullptr, queue.get(), nullptr, nullptr, &keep_alive, nullptr) == MGP_OK);
    CHECK(mgp_keep_alive_hold(keep_alive, &busy, nullptr) == MGP_OK);
    CHECK(queue.take(60s)->operation == mgp_keep_alive_operation(keep_alive));
    mgp_keep_alive_free(keep_alive);
}

void a_time_that_has_passed_does_not_wait() {
    const Queue queue;
    const auto began = std::chrono::steady_clock::now();
    CHECK(!queue.take(-1ms) && !queue.take(std::chrono::milliseconds::min()) && !queue.take(std::chrono::hours::min()));
    CHECK(std::chrono::steady_clock::now() - began < 30s);
}

// 2^32 ms, of which a cast would leave nothing; a wake ends the wait.
template <class Time> void waits(Time time) {
    const Queue queue;
    bool woken = false;
    std::thread waker([&] {
        std::this_thread::sleep_for(100ms);
        woken = true;
        queue.wake();
    });
    const bool nothing = !queue.take(time);
    CHECK(nothing && woken);
    waker.join();
}

void a_time_of_49_days_and_more_waits() {
    waits(std::chrono::milliseconds(0x100000000));
    waits(std::chrono::milliseconds::max());
    waits(std::chrono::seconds::max());
    waits(std::chrono::hours::max());
    waits(std::chrono::duration<double>::max());
}

template <class Call> bool refused(Call call) {
    try {
        call();
        return false;
    } catch (const std::invalid_argument &) {
        return true;
    }
}

void a_text_with_a_nul_is_refused_and_acts_on_nobody() {
    using namespace std::string_literals;
    const Client graph = client();
    const std::string cut = "adele\0@elsewhere.example"s;
    CHECK(refused([&] { graph.get_presence(cut); }));
    CHECK(refused([&] { graph.set_presence(cut, "Away", "Away"); }));
    CHECK(refused([&] { graph.set_presence("adele", "Away\0"s, "Away"); }));
    CHECK(refused([&] { graph.set_presence("adele", "Away", "Away\0x"s); }));
    CHECK(refused([&] { graph.set_presence("adele", "Away", "Away", "PT5M\0x"s); }));
    CHECK(refused([&] { Credential credential("token\0x"s); }));
}

void any_way_to_sign_in_makes_a_credential() {
    mgp_credential_options options = MGP_CREDENTIAL_OPTIONS_INIT;
    options.kind = MGP_CREDENTIAL_CLIENT_SECRET;
    options.flags = MGP_CREDENTIAL_FLAG_ALLOW_LOOPBACK_HTTP;
    options.authority = std::getenv("MGP_BASE_URL");
    options.tenant_id = std::getenv("MGP_TENANT_ID");
    options.client_id = std::getenv("MGP_APP_ID");
    options.client_secret = "emulator-client-secret";
    const Credential credential(options);
    credential.sign_in();
    CHECK(credential.about_json().find("clientSecret") != std::string_view::npos);
    CHECK(Client(credential, emulator()).get_presence("adele").http_status() == 200);
    credential.cancel(); // there is nothing to end

    options.client_secret = "not the secret";
    try {
        Credential(options).sign_in();
        CHECK(!"an exception was thrown");
    } catch (const Error &error) {
        CHECK(error.status() == MGP_E_SIGN_IN);
    }
}

void objects_are_moved_and_never_copied() {
    Client graph = client();
    const Client moved = std::move(graph);
    CHECK(graph.get() == nullptr && moved.get_presence("adele").http_status() == 200);
    CHECK(!std::is_copy_constructible_v<Client> && !std::is_copy_constructible_v<mgpresence::Response>);
    try {
        graph.get_presence("adele"); // an error, and no crash
        CHECK(!"an exception was thrown");
    } catch (const Error &error) {
        CHECK(error.status() == MGP_E_NULL_ARGUMENT);
    }
}

void run(const char *name, void (*test)()) {
    failures = 0;
    try {
        test();
    } catch (const std::exception &unexpected) {
        failures++;
        std::cout << "  " << unexpected.what() << '\n';
    }
    std::cout << (failures == 0 ? "ok      " : "FAILED  ") << name << std::endl;
}

} // namespace

int main() {
#define RUN(test) run(#test, test)
    RUN(what_is_set_is_what_the_next_read_shows);
    RUN(a_refusal_is_an_exception_with_all_that_is_known);
    RUN(a_token_may_come_from_a_function);
    RUN(what_the_function_throws_becomes_the_reason);
    RUN(a_hundred_requests_end_once_each);
    RUN(what_a_keep_alive_reports_is_freed);
    RUN(a_time_that_has_passed_does_not_wait);
    RUN(a_time_of_49_days_and_more_waits);
    RUN(a_text_with_a_nul_is_refused_and_acts_on_nobody);
    RUN(any_way_to_sign_in_makes_a_credential);
    RUN(objects_are_moved_and_never_copied);
}
