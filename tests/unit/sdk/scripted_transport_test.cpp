#include <httptest/error.hpp>
#include <httptest/testing/fake_clock.hpp>
#include <httptest/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <stop_token>
#include <string>

using namespace std::chrono_literals;
using httptest::testing::FakeClock;
using httptest::testing::jsonReply;
using httptest::testing::ScriptedTransport;

namespace {

struct ScriptFixture {
    std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
    ScriptedTransport transport{clock};

    static httptest::Request request(std::string const& path) {
        httptest::Request request;
        request.url = httptest::Url::parse("https://example.test" + path);
        return request;
    }

    httptest::Response send(std::string const& path, std::stop_token const& stop = {}) {
        return transport.send(request(path), clock->steady() + 30s, stop);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(scripted_transport, ScriptFixture)

BOOST_AUTO_TEST_CASE(answers_in_the_order_of_the_script_and_keeps_the_requests) {
    transport.reply(jsonReply(200, "{}"))
        .fail<httptest::ConnectFailed>(httptest::Phase::connect, "refused")
        .handle([](httptest::Request const& sent) { return jsonReply(202, sent.url.target); });
    BOOST_TEST(send("/a").status == 200);
    BOOST_CHECK_THROW(send("/b"), httptest::ConnectFailed);
    BOOST_TEST(send("/c").body == "/c");
    BOOST_REQUIRE(transport.requestCount() == 3U);
    BOOST_TEST(transport.requests().at(1).url.target == "/b");
}

BOOST_AUTO_TEST_CASE(a_request_without_a_reply_is_named) {
    transport.reply(jsonReply(200, "{}"));
    send("/a");
    BOOST_CHECK_EXCEPTION(send("/b"), httptest::Error, [](httptest::Error const& error) {
        return std::string(error.what()) == "no reply is scripted for request 2: GET https://example.test/b";
    });
}

BOOST_AUTO_TEST_CASE(what_comes_after_the_script_can_be_answered_too) {
    transport.otherwise([](httptest::Request const&) { return jsonReply(503, ""); }).reply(jsonReply(200, ""));
    BOOST_TEST(send("/").status == 200);
    BOOST_TEST(send("/").status == 503);
    BOOST_TEST(send("/").status == 503);
}

BOOST_AUTO_TEST_CASE(a_held_request_waits_for_its_release) {
    transport.reply(jsonReply(200, "{}"));
    transport.hold();
    auto reply = std::async(std::launch::async, [this] { return send("/"); });
    transport.waitForHeld(1);
    BOOST_TEST((reply.wait_for(0s) == std::future_status::timeout));
    transport.release();
    BOOST_TEST(reply.get().status == 200);
}

BOOST_AUTO_TEST_CASE(a_held_request_times_out_on_the_fake_clock) {
    transport.reply(jsonReply(200, "{}"));
    transport.hold();
    auto reply = std::async(std::launch::async, [this] { return send("/"); });
    transport.waitForHeld(1);
    clock->waitForSleepers(1);
    clock->advance(30s - 1ns);
    clock->waitForSleepers(1);
    clock->advance(1ns);
    BOOST_CHECK_THROW(reply.get(), httptest::TimedOut);
}

BOOST_AUTO_TEST_CASE(a_held_request_can_be_cancelled) {
    transport.reply(jsonReply(200, "{}"));
    transport.hold();
    std::stop_source stop;
    auto reply = std::async(std::launch::async, [&] { return send("/", stop.get_token()); });
    transport.waitForHeld(1);
    stop.request_stop();
    BOOST_CHECK_THROW(reply.get(), httptest::Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
