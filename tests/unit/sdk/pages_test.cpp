#include "recorded_reports.hpp"
#include "session_support.hpp"
#include "thrown_reports.hpp"

#include <httptest/pages.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <ranges>
#include <string>
#include <vector>

namespace {

using namespace session_support;
using httptest::pages;
using nlohmann::json;

static_assert(std::ranges::input_range<httptest::Pages<json>>);

std::size_t parameter(httptest::Request const& request, std::string const& name, std::size_t otherwise) {
    std::string const& target = request.url.target;
    auto const at = target.find(name + "=");
    return at == std::string::npos ? otherwise : std::stoul(target.substr(at + name.size() + 1));
}

/// A server with a list of so many items, {"id": 0}, {"id": 1}, …; 50 a page by default.
class Listing : public HarnessOverScript {
public:
    using Shape = std::function<json(json const& items, std::size_t next, std::size_t total)>;

    void serve(std::size_t total, Shape const& shape) {
        transport.otherwise([total, shape](httptest::Request const& request) {
            std::size_t const offset = parameter(request, "offset", 0);
            std::size_t const end = std::min(offset + parameter(request, "limit", 50), total);
            json items = json::array();
            for (std::size_t i = offset; i < end; ++i) {
                items.push_back({{"id", i}});
            }
            return httptest::testing::jsonReply(200, shape(items, end, total).dump());
        });
    }

    void servePage(std::string const& body) {
        transport.otherwise([body](auto const&) { return httptest::testing::jsonReply(200, body); });
    }

    std::size_t countOf(std::uint64_t limit) {
        return pages(session(), "/x").limit(limit).expectNoDuplicates("/id").count();
    }

    std::string failure() {
        return reportedFailure([&] { pages(session(), "/x").count(); });
    }
};

json byNext(json const& items, std::size_t next, std::size_t total) {
    json page{{"projects", items}};
    if (next < total) {
        page["next"] = next;
    }
    return page;
}

json byNullNext(json const& items, std::size_t next, std::size_t total) {
    return {{"projects", items}, {"next", next < total ? json(next) : json(nullptr)}};
}

json byTotal(json const& items, std::size_t, std::size_t total) {
    return {{"workloads", items}, {"totalRecords", total}};
}

json byPagination(json const& items, std::size_t next, std::size_t total) {
    json page{{"entries", items}, {"pagination", {{"limit", 50}}}};
    if (next < total) {
        page["pagination"]["nextOffset"] = next;
    }
    return page;
}

json bare(json const& items, std::size_t, std::size_t) {
    return items;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(pages_of_lists, Listing)

BOOST_AUTO_TEST_CASE(every_shape_gives_every_item_once) {
    for (Shape const& shape : {Shape(byNext), Shape(byNullNext), Shape(byTotal), Shape(byPagination), Shape(bare)}) {
        for (std::size_t const total : {0U, 1U, 2U, 3U, 4U, 7U}) {
            serve(total, shape);
            for (std::uint64_t const limit : {1U, 2U, 3U, 50U}) {
                BOOST_TEST(countOf(limit) == total);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_range_runs_over_pages_and_fetches_each_once) {
    serve(5, byNext);
    auto const list = pages(session().get("/x").query("search", "a b")).limit(2);
    std::vector<int> ids;
    for (json const& item : list) {
        ids.push_back(item["id"]);
    }
    BOOST_TEST(ids == (std::vector<int>{0, 1, 2, 3, 4}), boost::test_tools::per_element());
    BOOST_TEST(list.all().size() == 5U);
    list.expectCount(5).expectNoDuplicates("/id");
    BOOST_TEST(transport.requestCount() == 3U);
    BOOST_TEST(urlOf(0) == "https://api.test/x?search=a%20b&limit=2");
    BOOST_TEST(urlOf(2) == "https://api.test/x?search=a%20b&offset=4&limit=2");
}

BOOST_AUTO_TEST_CASE(pages_are_fetched_when_they_are_needed) {
    serve(100, byNext);
    for (json const& item : pages(session(), "/x").limit(10)) {
        if (item["id"] == 15) {
            break;
        }
    }
    BOOST_TEST(transport.requestCount() == 2U);
}

BOOST_AUTO_TEST_CASE(other_kinds_of_json_may_be_asked_for) {
    servePage(R"({"items":[{"z":1,"a":2}]})");
    BOOST_TEST(pages<nlohmann::ordered_json>(session(), "/x").all().at(0).dump() == R"({"z":1,"a":2})");
}

BOOST_AUTO_TEST_CASE(a_bare_array_that_is_not_paged_is_read_once) {
    servePage(R"([{"id":1},{"id":2}])"); // whatever the limit
    BOOST_TEST(countOf(1) == 2U);
    BOOST_TEST(countOf(2) == 2U);
    BOOST_TEST(countOf(3) == 2U);
    BOOST_TEST(pages(session(), "/x").count() == 2U);
}

BOOST_AUTO_TEST_CASE(several_arrays_want_to_be_told_apart) {
    servePage(R"({"projects":[{"id":1}],"warnings":[]})");
    BOOST_TEST(holds(failure(), "several arrays (projects, warnings); say which holds its items: .items(\"/"),
               failure());
    BOOST_TEST(pages(session(), "/x").items("/projects").count() == 1U);
    servePage(R"({"data":{"a/b":[1,2,3]},"x":1})");
    BOOST_TEST(holds(failure(), "no array among its members (data, x)"), failure());
    BOOST_TEST(pages(session(), "/x").items("/data/a~1b").count() == 3U);
    servePage(R"({"a/~b":[1,2]})");
    BOOST_TEST(pages(session(), "/x").all().size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_no_list_ends_the_case_with_the_reply) {
    for (std::string const& body :
         {std::string("<html>"), std::string(), std::string("3"), std::string("{}"),
          std::string(R"({"projects":null})"), std::string(R"({"p":[],"next":"abc"})"),
          std::string(R"({"p":[],"next":-1})"), std::string(R"({"p":[],"totalRecords":1.5})")}) {
        servePage(body);
        BOOST_TEST(holds(failure(), "pages(): the page"), failure());
        BOOST_TEST(holds(failure(), "\nGET https://api.test/x\n"), failure());
    }
    servePage("[]");
    BOOST_TEST(holds(reportedFailure([&] { pages(session(), "/x").items("/p").count(); }), "no array at '/p'"));
    BOOST_TEST(holds(reportedFailure([&] { pages(session(), "/x").items("p").count(); }), "'p' is no JSON pointer"));
}

BOOST_AUTO_TEST_CASE(another_status_ends_the_case_at_the_call) {
    answer(403);
    unsigned line = 0;
    unsigned const expected = __LINE__ + 1;
    std::string const text = reportedFailure([&] { pages(session(), "/x").count(); }, &line);
    BOOST_TEST(holds(text, "expected status 200, got 403"), text);
    BOOST_TEST(line == expected);
}

BOOST_AUTO_TEST_CASE(lists_without_an_end_are_errors) {
    servePage(R"({"projects":[{"id":1}],"next":0})");
    BOOST_TEST(holds(failure(), "at offset 0 names 0 as the next one, which does not lead on"), failure());
    servePage(R"({"projects":[],"totalRecords":3})");
    BOOST_TEST(holds(failure(), "has 3 records, it says, and ends after 0"), failure());
    serve(100, byNext);
    BOOST_TEST(
        holds(reportedFailure([&] { pages(session(), "/x").limit(1).maxPages(7).count(); }), "more than 7 pages"));
    BOOST_TEST(
        holds(reportedFailure([&] { pages(session(), "/x").limit(9).maxItems(17).count(); }), "has 18 items or more"));
    BOOST_TEST(pages(session(), "/x").limit(10).maxPages(10).maxItems(100).count() == 100U);
}

BOOST_AUTO_TEST_CASE(expectations_say_what_is_wrong_where_they_stand) {
    servePage(R"({"projects":[{"id":"a"},{"id":"b"},{"id":"a"},{"name":"x"}]})");
    unsigned line = 0;
    unsigned const expected = __LINE__ + 1;
    std::string text = reportedFailure([&] { pages(session(), "/x").expectNoDuplicates("/id"); }, &line);
    BOOST_TEST(line == expected);
    BOOST_TEST(
        holds(
            text,
            "item 3 has the /id of item 1: \"a\"\n  item 4 has no /id: /projects/3 has no member 'id'; it has 'name'"),
        text);
    text = reportedFailure([&] { pages(session(), "/x").expectCount(3); });
    BOOST_TEST(holds(text, "expected a list of 3 items, got 4 on 1 pages"), text);
}

BOOST_AUTO_TEST_CASE(an_unknown_member_is_answered_by_those_that_items_have) {
    servePage(R"({"projects":[{"uuid":"a","name":"x"},{"uuid":"b","name":"y"}]})");
    std::string text = reportedFailure([&] { pages(session(), "/x").expectNoDuplicates("/uid"); });
    BOOST_TEST(holds(text,
                     "item 1 has no /uid: /projects/0 has no member 'uid'; it has 'uuid', 'name' (did you mean "
                     "'uuid'?)\n  item 2 has no /uid\n"),
               text);
    servePage(R"([7,{"meta":{"id":1}}])");
    text = reportedFailure([&] { pages(session(), "/x").expectNoDuplicates("/meta/id"); });
    BOOST_TEST(holds(text, "item 1 has no /meta/id: /0 is a number and has no members"), text);
}

BOOST_AUTO_TEST_CASE(a_malformed_pointer_is_refused_where_it_stands) {
    serve(5, byNext);
    try {
        (void)pages(session(), "/x").expectNoDuplicates("id");
        BOOST_ERROR("a pointer without its '/' passes");
    } catch (httptest::InvalidExpectation const& error) {
        BOOST_TEST(error.location().line == __LINE__ - 3U);
        BOOST_TEST(holds(error.what(), "'id' is no JSON Pointer"), error.what());
    }
}

BOOST_AUTO_TEST_CASE(wishes_that_contradict_the_request_are_refused) {
    using httptest::InvalidRequest;
    serve(5, byNext);
    BOOST_CHECK_THROW((void)pages(session(), "/x?offset=3"), InvalidRequest);
    BOOST_CHECK_THROW((void)pages(session().get("/x").query("a", 1).query("limit", 3)), InvalidRequest);
    BOOST_CHECK_THROW((void)pages(session(), "/x").limit(0), InvalidRequest);
    auto const list = pages(session(), "/x?nolimit=1&unlimited=2");
    BOOST_TEST(list.count() == 5U);
    BOOST_CHECK_THROW((void)list.limit(3), InvalidRequest);
}

BOOST_AUTO_TEST_CASE(the_last_page_is_shown_once_however_much_differs) {
    RecordedReports const reports;
    servePage(R"([{"id":1},{"id":1}])");
    pages(session(), "/x").expectCount(3).expectNoDuplicates("/id");
    BOOST_REQUIRE(reports.failures().size() == 2U);
    BOOST_TEST(reports.failures()[0].text.find("< 200") != std::string::npos);
    BOOST_TEST(reports.failures()[1].text.find("the exchange is shown above") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
