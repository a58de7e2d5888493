// mgpresence.hpp: mgpresence.h for C++17. Objects free themselves, failures are exceptions, tokens may come from a function.
// SPDX-License-Identifier: MIT OR Apache-2.0
//
//     mgpresence::Client client{mgpresence::Credential("token")};
//     client.set_presence("adele@contoso.com", "Busy", "InACall", "PT1H");
//     std::cout << client.get_presence("adele@contoso.com").presence().activity() << '\n';
//
// A text with a NUL inside is refused with std::invalid_argument. Whatever is not wrapped is reached with get(), which hands out the C object and keeps it.

#ifndef MGPRESENCE_HPP
#define MGPRESENCE_HPP

#include <chrono>
#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "mgpresence.h"

namespace mgpresence {

namespace detail {

struct Free {
    void operator()(mgp_client *object) const noexcept { mgp_client_free(object); }
    void operator()(mgp_credential *object) const noexcept { mgp_credential_free(object); }
    void operator()(mgp_error *object) const noexcept { mgp_error_free(object); }
    void operator()(mgp_queue *object) const noexcept { mgp_queue_free(object); }
    void operator()(mgp_response *object) const noexcept { mgp_response_free(object); }
};

template <class T> using Owned = std::unique_ptr<T, Free>;

// A text for C, which would take the part before a NUL for all of it.
inline const char *text(const std::string &value) {
    if (value.find('\0') != std::string::npos)
        throw std::invalid_argument("a text with a NUL character cannot be passed on");
    return value.c_str();
}

inline const char *text(const std::optional<std::string> &value) { return value ? text(*value) : nullptr; }

// A time as mgp_queue_wait takes it, rounded up: none for one that has passed; from 49 days on, for ever. The count is
// a long double, since that of seconds::max() in milliseconds does not fit in 64 bits.
template <class Rep, class Period>
std::uint32_t wait_ms(std::chrono::duration<Rep, Period> time) noexcept {
    const long double count = std::ceil(std::chrono::duration<long double, std::milli>(time).count());
    if (count >= MGP_WAIT_FOREVER)
        return MGP_WAIT_FOREVER;
    return count > 0 ? static_cast<std::uint32_t>(count) : 0;
}

} // namespace detail

// Why a call failed. what() is the library's sentence.
class Error : public std::runtime_error {
public:
    explicit Error(mgp_error *error) : std::runtime_error(mgp_error_message(error)), error_(error, detail::Free{}) {}

    std::int32_t status() const noexcept { return mgp_error_status(get()); }
    // 0: there was no answer.
    std::int32_t http_status() const noexcept { return mgp_error_http_status(get()); }
    std::string_view graph_code() const noexcept { return mgp_error_graph_code(get()); }
    std::string_view request_id() const noexcept { return mgp_error_request_id(get()); }
    const mgp_error *get() const noexcept { return error_.get(); }

private:
    std::shared_ptr<mgp_error> error_; // an exception has to be copyable
};

namespace detail {

// Makes a call and throws what it says. The error is passed here and nowhere else: as a second argument beside the call it
// could be read before the call wrote it.
template <class Call> void call(Call call) {
    mgp_error *error = nullptr;
    if (call(&error) != MGP_OK)
        throw Error(error);
}

} // namespace detail

// A presence inside a Response, which it must not outlive.
class Presence {
public:
    explicit Presence(const mgp_presence *presence) noexcept : presence_(presence) {}

    // "" where Graph sent none.
    std::string_view id() const noexcept { return view(mgp_presence_id(presence_)); }
    std::string_view availability() const noexcept { return view(mgp_presence_availability(presence_)); }
    std::string_view activity() const noexcept { return view(mgp_presence_activity(presence_)); }
    const mgp_presence *get() const noexcept { return presence_; }

private:
    static std::string_view view(const char *text) noexcept { return text ? text : std::string_view(); }
    const mgp_presence *presence_;
};

// An answer.
class Response {
public:
    explicit Response(mgp_response *response) noexcept : response_(response) {}

    std::int32_t http_status() const noexcept { return mgp_response_http_status(get()); }
    std::string_view body() const noexcept
    {
        return {mgp_response_body(get()), static_cast<std::size_t>(mgp_response_body_length(get()))};
    }
    std::uint32_t presence_count() const noexcept { return mgp_response_presence_count(get()); }
    Presence presence(std::uint32_t index = 0) const noexcept { return Presence(mgp_response_presence(get(), index)); }
    const mgp_response *get() const noexcept { return response_.get(); }

private:
    detail::Owned<mgp_response> response_;
};

// Where tokens come from.
class Credential {
public:
    explicit Credential(const std::string &token) {
        mgp_credential *made = nullptr;
        detail::call([&](mgp_error **error) { return mgp_credential_new_token(detail::text(token), &made, error); });
        credential_.reset(made);
    }

    // A function that fetches a token, on a thread of the library; what it throws becomes the reason.
    explicit Credential(std::function<std::string()> token) {
        mgp_credential *made = nullptr;
        auto kept = std::make_unique<std::function<std::string()>>(std::move(token));
        detail::call([&](mgp_error **error) {
            return mgp_credential_new_callback(fetch, kept.get(), drop, nullptr, &made, error);
        });
        kept.release(); // the library's now, until it calls drop
        credential_.reset(made);
    }

    // Any other way to sign in; start with MGP_CREDENTIAL_OPTIONS_INIT.
    explicit Credential(const mgp_credential_options &options) {
        mgp_credential *made = nullptr;
        detail::call([&](mgp_error **error) { return mgp_credential_new(&options, &made, error); });
        credential_.reset(made);
    }

    // Signs in now, unless there is a token already; see mgp_credential_sign_in.
    void sign_in(std::uint32_t timeout_ms = 0) const {
        detail::call([&](mgp_error **error) { return mgp_credential_sign_in(get(), timeout_ms, error); });
    }

    // Ends the sign-in that is under way, from any thread.
    void cancel() const noexcept { mgp_credential_cancel(get()); }

    // What is known of it now, as JSON.
    std::string_view about_json() const noexcept { return mgp_credential_about_json(get()); }

    const mgp_credential *get() const noexcept { return credential_.get(); }

private:
    static void fetch(void *user, const mgp_token_sink *sink) noexcept {
        try {
            const std::string token = (*static_cast<std::function<std::string()> *>(user))();
            mgp_token_sink_set(sink, detail::text(token), 0);
        } catch (const std::exception &reason) {
            fail(sink, reason.what());
        } catch (...) {
            mgp_token_sink_fail(sink, "the function that fetches tokens threw something");
        }
    }

    // A message of the system may be in the encoding of the locale, of which the library takes only UTF-8.
    static void fail(const mgp_token_sink *sink, const char *what) noexcept {
        if (what == nullptr || *what == '\0')
            what = "the function that fetches tokens threw an exception without a message";
        if (mgp_token_sink_fail(sink, what) == MGP_OK)
            return;
        char ascii[512];
        std::size_t length = 0;
        for (; what[length] != '\0' && length + 1 < sizeof ascii; length++)
            ascii[length] = static_cast<unsigned char>(what[length]) < 0x80 ? what[length] : '?';
        ascii[length] = '\0';
        mgp_token_sink_fail(sink, ascii);
    }

    static void drop(void *user) noexcept { delete static_cast<std::function<std::string()> *>(user); }

    detail::Owned<mgp_credential> credential_;
};

// A connection to Microsoft Graph, shared by threads.
class Client {
public:
    explicit Client(const Credential &credential, mgp_client_options options = MGP_CLIENT_OPTIONS_INIT) {
        mgp_client *made = nullptr;
        options.credential = credential.get();
        detail::call([&](mgp_error **error) { return mgp_client_new(&options, &made, error); });
        client_.reset(made);
    }

    Response send(const mgp_request &request) const {
        mgp_response *response = nullptr;
        detail::call([&](mgp_error **error) { return mgp_send(get(), &request, &response, error); });
        return Response(response);
    }

    // Without a user: the signed-in one.
    Response get_presence(const std::optional<std::string> &user = {}) const {
        mgp_response *response = nullptr;
        detail::call([&](mgp_error **error) { return mgp_get_presence(get(), detail::text(user), &response, error); });
        return Response(response);
    }

    // Opens or renews the session of the application that the token belongs to.
    void set_presence(const std::optional<std::string> &user, const std::string &availability, const std::string &activity,
                      const std::optional<std::string> &expiration = {}) const {
        detail::call([&](mgp_error **error) {
            return mgp_set_presence(get(), detail::text(user), nullptr, detail::text(availability),
                                    detail::text(activity), detail::text(expiration), error);
        });
    }

    const mgp_client *get() const noexcept { return client_.get(); }

private:
    detail::Owned<mgp_client> client_;
};

// The end of a submitted request.
struct Completion {
    std::uint64_t operation;
    std::variant<Response, Error> result;
};

// Many requests under way: submit them, then take their ends as they come.
class Queue {
public:
    Queue() {
        mgp_queue *made = nullptr;
        detail::call([&](mgp_error **error) { return mgp_queue_new(&made, error); });
        queue_.reset(made);
    }

    std::uint64_t submit(const Client &client, const mgp_request &request) const {
        std::uint64_t operation = 0;
        detail::call([&](mgp_error **error) {
            return mgp_submit(client.get(), &request, get(), nullptr, nullptr, &operation, error);
        });
        return operation;
    }

    // The next end; nothing when none came in time, after wake(), or when the queue is closed and empty. A time that has
    // passed looks and does not wait; one of 49 days or more waits for ever. Of a keep-alive it shows the number and the
    // result, not the event: take that with mgp_queue_wait.
    template <class Rep, class Period>
    std::optional<Completion> take(std::chrono::duration<Rep, Period> timeout) const {
        return take_within(detail::wait_ms(timeout));
    }

    void wake() const noexcept { mgp_queue_wake(get()); }
    const mgp_queue *get() const noexcept { return queue_.get(); }

private:
    std::optional<Completion> take_within(std::uint32_t wait_ms) const {
        mgp_completion done = MGP_COMPLETION_INIT;
        mgp_error *error = nullptr;
        const std::int32_t status = mgp_queue_wait(get(), wait_ms, &done, &error);
        if (status == MGP_E_WAIT_TIMEOUT || status == MGP_E_WOKEN || status == MGP_E_CLOSED) {
            mgp_error_free(error);
            return std::nullopt; // the usual end of a poll, and so no exception
        }
        if (status != MGP_OK)
            throw Error(error);
        mgp_keep_alive_event_free(done.event);
        if (done.status == MGP_OK)
            return Completion{done.operation, Response(done.response)};
        return Completion{done.operation, Error(done.error)};
    }

    detail::Owned<mgp_queue> queue_;
};

} // namespace mgpresence

#endif
