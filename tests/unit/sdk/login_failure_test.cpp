#include "token/login_failure.hpp"

#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;
using namespace httptest;
using Kind = LoginFailure::Kind;

namespace {

template <class Thrown, class... Arguments>
LoginFailure failureOf(Arguments const&... arguments) {
    return LoginFailure::from(std::make_exception_ptr(Thrown(arguments...)), "ci");
}

struct Row {
    char const* name;
    LoginFailure failure;
    Kind kind;
    bool retried;
    bool final;
};

} // namespace

BOOST_AUTO_TEST_SUITE(login_failure)

BOOST_AUTO_TEST_CASE(what_a_source_throws_decides_on_retries_and_finality) {
    Row const rows[] = {
        {"rejected", failureOf<CredentialsRejected>("text"), Kind::rejected, false, true},
        {"misconfigured", failureOf<Misconfigured>("text"), Kind::misconfigured, false, true},
        {"plugin error", failureOf<PluginError>("text"), Kind::misconfigured, false, true},
        {"invalid request", failureOf<InvalidRequest>("text"), Kind::misconfigured, false, true},
        {"TLS", failureOf<TlsError>(Phase::tls, "text"), Kind::tls, false, true},
        {"proxy 407", failureOf<ProxyRefused>(407, "text"), Kind::proxyRefused, false, true},
        {"proxy 403", failureOf<ProxyRefused>(403, "text"), Kind::proxyRefused, false, true},
        {"proxy 499", failureOf<ProxyRefused>(499, "text"), Kind::proxyRefused, false, true},
        {"proxy 500", failureOf<ProxyRefused>(500, "text"), Kind::unreachable, true, false},
        {"proxy 502", failureOf<ProxyRefused>(502, "text"), Kind::unreachable, true, false},
        {"throttled", failureOf<LoginThrottled>("text"), Kind::throttled, false, false},
        {"unavailable", failureOf<LoginUnavailable>("text"), Kind::unavailable, true, false},
        {"bad login reply", failureOf<BadLoginReply>("text"), Kind::badReply, false, false},
        {"unreachable", failureOf<LoginUnreachable>("text"), Kind::unreachable, true, false},
        {"timed out in a source", failureOf<LoginTimedOut>("text"), Kind::unreachable, true, false},
        {"name", failureOf<NameNotResolved>(Phase::resolve, "text"), Kind::unreachable, true, false},
        {"connect", failureOf<ConnectFailed>(Phase::connect, "text"), Kind::unreachable, true, false},
        {"reset", failureOf<ConnectionLost>(Phase::firstByte, "text"), Kind::unreachable, true, false},
        {"time-out", failureOf<TimedOut>(Phase::body, "text"), Kind::unreachable, true, false},
        {"malformed reply", failureOf<BadReply>(Phase::body, "text"), Kind::badReply, false, false},
        {"reply too large", failureOf<ReplyTooLarge>(Phase::body, "text"), Kind::badReply, false, false},
        {"cancelled", failureOf<Cancelled>(Phase::body, "text"), Kind::cancelled, false, false},
        {"any exception", failureOf<std::runtime_error>("text"), Kind::badReply, false, false},
        {"no exception", LoginFailure::from(std::make_exception_ptr(7), "ci"), Kind::badReply, false, false},
    };
    for (Row const& row : rows) {
        BOOST_TEST_CONTEXT(row.name) {
            BOOST_TEST((row.failure.kind == row.kind));
            BOOST_TEST(row.failure.worthRetrying() == row.retried);
            BOOST_TEST(row.failure.final() == row.final);
        }
    }
}

BOOST_AUTO_TEST_CASE(each_kind_is_thrown_as_its_type) {
    BOOST_CHECK_THROW(failureOf<CredentialsRejected>("text").raise(), CredentialsRejected);
    BOOST_CHECK_THROW(failureOf<Misconfigured>("text").raise(), Misconfigured);
    BOOST_CHECK_THROW(failureOf<TlsError>(Phase::tls, "text").raise(), TlsError);
    BOOST_CHECK_THROW(failureOf<LoginThrottled>("text").raise(), LoginThrottled);
    BOOST_CHECK_THROW(failureOf<LoginUnavailable>("text").raise(), LoginUnavailable);
    BOOST_CHECK_THROW(failureOf<BadLoginReply>("text").raise(), BadLoginReply);
    BOOST_CHECK_THROW(failureOf<ConnectFailed>(Phase::connect, "text").raise(), LoginUnreachable);
    BOOST_CHECK_THROW(failureOf<ProxyRefused>(502, "text").raise(), LoginUnreachable);
    BOOST_CHECK_THROW(failureOf<Cancelled>(Phase::body, "text").raise(), Cancelled);
}

BOOST_AUTO_TEST_CASE(what_the_error_knows_survives) {
    BOOST_CHECK_EXCEPTION(failureOf<ProxyRefused>(407, "text").raise(), ProxyRefused,
                          [](ProxyRefused const& error) { return error.status() == 407; });
    BOOST_CHECK_EXCEPTION(failureOf<LoginThrottled>("text", RetryAfter(7s)).raise(), LoginThrottled,
                          [](LoginThrottled const& error) { return error.retryAfter() == 7s; });
    BOOST_CHECK_EXCEPTION(failureOf<LoginUnavailable>("text", RetryAfter(9s)).raise(), LoginUnavailable,
                          [](LoginUnavailable const& error) { return error.retryAfter() == 9s; });
}

BOOST_AUTO_TEST_CASE(errors_that_are_not_about_a_login_say_that_it_was_one) {
    BOOST_TEST(failureOf<ConnectFailed>(Phase::connect, "connection refused").text ==
               "could not log in (ci): connection refused");
    BOOST_TEST(failureOf<std::runtime_error>("broken").text ==
               "could not log in (ci): the token source failed: broken");
    BOOST_TEST(failureOf<CredentialsRejected>("the server said invalid_client").text ==
               "the server said invalid_client");
}

BOOST_AUTO_TEST_SUITE_END()
