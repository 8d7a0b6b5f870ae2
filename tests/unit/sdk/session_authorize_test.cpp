#include "session_support.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace {

using session_support::HarnessOverScript;
using session_support::tokenOf;

/// Counts what goes through it.
class CountingTransport final : public httptest::Transport {
public:
    CountingTransport(std::shared_ptr<httptest::Transport> wrapped, std::atomic<int>& count)
        : wrapped_(std::move(wrapped)),
          count_(count) {}

    httptest::Response send(httptest::Request const& request, httptest::SteadyTime deadline,
                            std::stop_token stop) override {
        ++count_;
        return wrapped_->send(request, deadline, std::move(stop));
    }

private:
    std::shared_ptr<httptest::Transport> wrapped_;
    std::atomic<int>& count_;
};

httptest::Request requestTo(httptest::Url url) {
    httptest::Request request;
    request.url = std::move(url);
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(SessionAuthorize)

BOOST_FIXTURE_TEST_CASE(a_request_that_others_send_gets_the_token, HarnessOverScript) {
    auto request = requestTo(session().url("/things?x=1"));
    BOOST_TEST(request.url.text() == "https://api.test/things?x=1");
    auto const attachment = session().authorize(request);
    BOOST_TEST(attachment.attached());
    BOOST_REQUIRE(request.headers.find("Authorization") != nullptr);
    BOOST_TEST(*request.headers.find("Authorization") == "Bearer " + tokenOf(1));
    BOOST_TEST(attachment.fingerprint == session().auth().fingerprint);
    session().authorize(request = requestTo(session().url("/")));
    BOOST_TEST(script->logins == 1);
}

BOOST_FIXTURE_TEST_CASE(another_origin_gets_none, HarnessOverScript) {
    auto request = requestTo(httptest::Url::parse("https://elsewhere.test/"));
    BOOST_TEST(!session().authorize(request).attached());
    BOOST_TEST(request.headers.find("Authorization") == nullptr);
    BOOST_TEST(script->logins == 0);
}

BOOST_FIXTURE_TEST_CASE(an_authorization_of_the_callers_own_is_left_alone, HarnessOverScript) {
    auto request = requestTo(session().url("/"));
    request.headers.set("Authorization", "Basic abc");
    BOOST_TEST(!session().authorize(request).attached());
    BOOST_TEST(*request.headers.find("Authorization") == "Basic abc");
}

BOOST_FIXTURE_TEST_CASE(clear_text_beyond_loopback_is_refused, HarnessOverScript) {
    options.configuration->set("scripted.base_url", "http://api.test");
    auto request = requestTo(session().url("/"));
    BOOST_CHECK_THROW(session().authorize(request), httptest::Misconfigured);
}

BOOST_FIXTURE_TEST_CASE(a_failed_login_is_its_own_error, HarnessOverScript) {
    script->onLogin = [](int) { throw httptest::CredentialsRejected("no"); };
    auto request = requestTo(session().url("/"));
    BOOST_CHECK_THROW(session().authorize(request), httptest::CredentialsRejected);
}

BOOST_FIXTURE_TEST_CASE(an_ended_harness_authorizes_nothing, HarnessOverScript) {
    httptest::Session const kept = session();
    auto request = requestTo(kept.url("/"));
    endHarness();
    BOOST_CHECK_THROW(kept.authorize(request), httptest::Cancelled);
}

BOOST_FIXTURE_TEST_CASE(a_wrapped_transport_carries_every_exchange, HarnessOverScript) {
    std::atomic<int> count{0};
    options.wrapTransport = [&](std::shared_ptr<httptest::Transport> wrapped) {
        return std::make_shared<CountingTransport>(std::move(wrapped), count);
    };
    answer(200);
    session().get("/").send();
    BOOST_TEST(count == 1);
}

BOOST_AUTO_TEST_SUITE_END()
