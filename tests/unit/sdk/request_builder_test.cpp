#include "session_support.hpp"

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace session_support;
using namespace std::chrono_literals;
using httptest::InvalidRequest;
using httptest::Multipart;

class BuiltRequests : public HarnessOverScript {
public:
    BuiltRequests() {
        transport.otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
    }

    httptest::Request last() const { return transport.requests().back(); }

    /// A header of the last request; "(none)" when it is missing.
    std::string header(std::string_view name) const {
        httptest::Request const request = last();
        std::string const* const value = request.headers.find(name);
        return value != nullptr ? *value : "(none)";
    }
};

template <class Value>
concept GoesIntoQuery = requires(httptest::RequestBuilder builder, Value value) {
    builder.query("x", value);
};

template <class Value>
concept GoesIntoPath = requires(httptest::RequestBuilder builder, Value value) {
    builder.path("x", value);
};

static_assert(GoesIntoQuery<std::string> && GoesIntoQuery<char const*> && GoesIntoQuery<unsigned long long>);
static_assert(GoesIntoPath<std::string> && GoesIntoPath<char const*> && GoesIntoPath<unsigned long long>);
static_assert(!GoesIntoQuery<char> && !GoesIntoPath<char>, "a text or a number?");
static_assert(!GoesIntoQuery<int*> && !GoesIntoPath<int*>, "a pointer is no bool");
static_assert(!GoesIntoQuery<std::nullptr_t> && !GoesIntoPath<std::nullptr_t>, "nothing is no text");

} // namespace

BOOST_FIXTURE_TEST_SUITE(request_builder, BuiltRequests)

BOOST_AUTO_TEST_CASE(a_form_is_encoded_field_by_field) {
    session().post("/x").form({{"a", "b c&d"}, {"a", "=+%"}, {"\xc3\xa4", ""}}).send();
    BOOST_TEST(last().body == "a=b+c%26d&a=%3D%2B%25&%C3%A4=");
    BOOST_TEST(header("Content-Type") == "application/x-www-form-urlencoded");
    session().post("/x").form({{"one", "1"}}).send();
    BOOST_TEST(last().body == "one=1");
    session().post("/x").form({}).send();
    BOOST_TEST(last().body.empty());
}

BOOST_AUTO_TEST_CASE(a_multipart_body_says_its_boundary) {
    session().post("/x").multipart(Multipart().field("a", "b")).send();
    std::string const prefix = "multipart/form-data; boundary=";
    BOOST_REQUIRE(header("Content-Type").starts_with(prefix));
    std::string const boundary = header("Content-Type").substr(prefix.size());
    BOOST_TEST(last().body == Multipart().field("a", "b").text(boundary));
    BOOST_CHECK_THROW(session().post("/x").multipart(Multipart()), InvalidRequest);
}

BOOST_AUTO_TEST_CASE(a_second_body_is_refused_where_it_is_set) {
    auto builder = session().post("/x");
    builder.json(nlohmann::json{{"a", 1}});
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_EXCEPTION(builder.form({{"a", "b"}}), InvalidRequest, [&](InvalidRequest const& error) {
        return holds(error.what(), "POST /x has a body already") && error.location().line == line &&
               holds(error.location().file, "request_builder_test");
    });
    BOOST_CHECK_THROW(builder.body("x", "text/plain"), InvalidRequest);
    BOOST_CHECK_THROW(builder.json(nlohmann::json{}), InvalidRequest);
    BOOST_CHECK_THROW(builder.multipart(Multipart().field("a", "b")), InvalidRequest);
    builder.send();
    BOOST_TEST(last().body == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_meant_is_refused_where_it_is_said) {
    auto builder = session().get("/x");
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_EXCEPTION(builder.timeout(0ms), InvalidRequest,
                          [&](auto const& error) { return error.location().line == line; });
    BOOST_CHECK_THROW(builder.timeout(-1s), InvalidRequest);
    BOOST_CHECK_EXCEPTION(builder.timeout(std::chrono::milliseconds::max()), InvalidRequest,
                          [](auto const& error) { return holds(error.what(), "the longest is 86400000 ms"); });
    BOOST_CHECK_NO_THROW(builder.timeout(24h));
    for (int const most : {-1, 0, 51}) {
        BOOST_CHECK_THROW(builder.redirects(most), InvalidRequest);
        BOOST_CHECK_THROW(session().withRedirects(most), InvalidRequest);
    }
    BOOST_CHECK_THROW(session().withTimeout(0ms), InvalidRequest);
    BOOST_TEST(transport.requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(a_content_type_of_the_tests_own_holds_before_and_after_the_body) {
    session().patch("/x").header("content-type", "application/merge-patch+json").json(nlohmann::json{}).send();
    BOOST_TEST(header("Content-Type") == "application/merge-patch+json");
    session().patch("/x").json(nlohmann::json{}).header("Content-Type", "application/merge-patch+json").send();
    BOOST_TEST(header("Content-Type") == "application/merge-patch+json");
    session().withHeader("Content-Type", "text/x").post("/x").json(nlohmann::json{}).send();
    BOOST_TEST(header("Content-Type") == "application/json");
}

BOOST_AUTO_TEST_CASE(a_header_can_be_left_out) {
    session()
        .withHeader("X-Tenant", "a")
        .get("/x")
        .withoutHeader("accept")
        .withoutHeader("User-Agent")
        .withoutHeader("X-Request-ID")
        .withoutHeader("X-Tenant")
        .anonymous()
        .send();
    BOOST_TEST(last().headers.empty());
}

BOOST_AUTO_TEST_CASE(a_builder_is_sent_many_times_and_copied) {
    auto const builder = session().get("/x/{id}").path("id", "1");
    builder.send();
    builder.send();
    auto other = builder;
    other.path("id", "2").header("X-Other", "yes").send();
    builder.send();
    BOOST_TEST(urlOf(0) == "https://api.test/x/1");
    BOOST_TEST(urlOf(2) == "https://api.test/x/2");
    BOOST_TEST(urlOf(3) == "https://api.test/x/1");
    BOOST_TEST(header("X-Other") == "(none)");
}

BOOST_AUTO_TEST_CASE(a_session_with_defaults_leaves_the_first_one_as_it_is) {
    auto const plain = session();
    auto const tenant = plain.withHeader("X-Tenant", "a").withHeader("Accept", "application/json");
    auto const other = tenant.withHeader("x-tenant", "b");
    tenant.get("/x").send();
    BOOST_TEST(header("X-Tenant") == "a");
    BOOST_TEST(header("Accept") == "application/json");
    other.get("/x").send();
    BOOST_TEST(header("X-Tenant") == "b");
    other.get("/x").header("X-Tenant", "c").identity("default").send();
    BOOST_TEST(header("X-Tenant") == "c");
    plain.get("/x").send();
    BOOST_TEST(header("X-Tenant") == "(none)");
    BOOST_TEST(header("Accept") == "*/*");
    BOOST_TEST(script->logins == 1);
}

BOOST_AUTO_TEST_CASE(a_sessions_authorization_header_is_the_tests_own) {
    session().withHeader("Authorization", "Basic dGVzdDpvd24=").get("/x").send();
    BOOST_TEST(header("Authorization") == "Basic dGVzdDpvd24=");
    BOOST_TEST(script->logins == 0);
}

BOOST_AUTO_TEST_CASE(a_sessions_timeout_holds_unless_the_request_has_one) {
    session().get("/x").send(); // logged in
    auto const takesHalfASecond = [this](auto const&) {
        script->clock->advance(500ms);
        return httptest::testing::reply(302, "text/plain", "", {{"Location", "/y"}});
    };
    auto const impatient = session().withTimeout(400ms).withRedirects();
    transport.handle(takesHalfASecond);
    BOOST_CHECK_THROW(impatient.get("/x").send(), httptest::TimedOut);
    transport.handle(takesHalfASecond);
    BOOST_TEST(impatient.get("/x").timeout(600ms).send().status() == 200);
}

BOOST_AUTO_TEST_CASE(a_401_stays_the_answer_without_replay) {
    answer(401);
    auto const exchange = session().get("/x").noReplay().send();
    BOOST_TEST(exchange.status() == 401);
    BOOST_TEST(exchange.attempts() == 1);
    BOOST_TEST(harness().counters().replays == 0U);
    BOOST_TEST(holds(exchange.text(), "not replayed, as the test asked"), exchange.text());
    session().get("/x").send(); // the refused token is not sent again
    BOOST_TEST(header("Authorization") == "Bearer " + tokenOf(2));
}

BOOST_AUTO_TEST_CASE(each_send_has_a_request_id_of_its_own_that_its_replay_keeps) {
    std::set<std::string> seen;
    auto const builder = session().get("/x");
    for (int sent = 0; sent < 100; ++sent) {
        builder.send();
        seen.insert(header("X-Request-ID"));
    }
    BOOST_TEST(seen.size() == 100U);
    answer(401);
    auto const exchange = builder.send();
    BOOST_TEST(exchange.attempts() == 2);
    auto const requests = transport.requests();
    BOOST_TEST(*requests[100].headers.find("X-Request-ID") == *requests[101].headers.find("X-Request-ID"));
    BOOST_TEST(!seen.contains(header("X-Request-ID")));
    BOOST_TEST(holds(exchange.text(), header("X-Request-ID")));
}

BOOST_AUTO_TEST_CASE(a_request_id_of_the_tests_own_is_sent_as_it_is) {
    session().get("/x").header("x-request-id", "mine").send();
    BOOST_TEST(header("X-Request-ID") == "mine");
    session().withHeader("X-Request-ID", "the session's").get("/x").send();
    BOOST_TEST(header("X-Request-ID") == "the session's");
}

BOOST_AUTO_TEST_CASE(threads_get_different_request_ids) {
    auto const send = [this] {
        for (int sent = 0; sent < 200; ++sent) {
            session().get("/x").anonymous().send();
        }
    };
    session();
    {
        std::jthread const one(send);
        std::jthread const two(send);
    }
    std::set<std::string> seen;
    for (auto const& request : transport.requests()) {
        seen.insert(*request.headers.find("X-Request-ID"));
    }
    BOOST_TEST(seen.size() == 400U);
}

BOOST_AUTO_TEST_CASE(sent_credentials_that_others_refuse_are_dropped_once) {
    httptest::Request request;
    request.url = session().url("/x");
    auto const attachment = session().authorize(request);
    httptest::Response response;
    response.status = 403;
    BOOST_TEST(!session().refused(response, attachment).replay);
    response.status = 401;
    BOOST_TEST(!session().refused(response, {}).replay);
    auto const refusal = session().refused(response, attachment);
    BOOST_TEST(refusal.replay);
    BOOST_TEST(!refusal.diagnosis.empty());
    httptest::Request again;
    again.url = session().url("/x");
    BOOST_TEST(session().authorize(again).fingerprint != attachment.fingerprint);
    BOOST_TEST(*again.headers.find("Authorization") == "Bearer " + tokenOf(2));
    BOOST_TEST(harness().counters().replays == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
