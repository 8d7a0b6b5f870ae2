#include "search.hpp"
#include "forms.hpp"

#include "support/canary.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leaks {

namespace {

namespace data = boost::unit_test::data;

std::vector<std::string> const secrets{std::string(canary::clientSecret), std::string(canary::accessToken),
                                       std::string(canary::password), std::string(canary::proxyPassword),
                                       "f0e1d2c3b4a5968778695a4b3c2d1e0f"};

Search searchFor(std::string const& secret) {
    return Search({{"the canary", secret}});
}

std::string toldOf(std::vector<Leak> const& found) {
    std::ostringstream text;
    for (Leak const& leak : found) {
        text << leak << '\n';
    }
    return text.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(LeakSearch)

BOOST_DATA_TEST_CASE(every_form_of_a_secret_is_found, data::make(secrets), secret) {
    Search const search = searchFor(secret);
    for (Form const& form : formsOf(secret)) {
        for (std::string const& text : {form.text, "{\"x\": \"" + form.text + "\"}", "x=" + form.text + "&y=1\n"}) {
            std::vector<Leak> const found = search.inText("the text", text);
            BOOST_TEST_REQUIRE(!found.empty(), form.name << " is not found");
            BOOST_TEST(found.front().canary == "the canary");
            BOOST_TEST(found.front().length >= secret.size() - 2,
                       form.name << ": " << found.front()); // at a base64's ends
        }
    }
}

BOOST_DATA_TEST_CASE(a_cut_secret_is_found_in_every_form, data::make(secrets), secret) {
    Search const search = searchFor(secret);
    for (std::string const& part : {secret.substr(0, 14), secret.substr(secret.size() - 14), secret.substr(4, 14)}) {
        for (Form const& form : formsOf(part)) {
            BOOST_TEST(!search.inText("the text", "<" + form.text + ">").empty(), form.name);
        }
    }
}

BOOST_DATA_TEST_CASE(near_misses_are_not, data::make(secrets), secret) {
    Search const search = searchFor(secret);
    std::string other = secret; // never twelve in a row
    for (std::size_t at = 6; at < other.size(); at += 8) {
        other[at] = other[at] == 'x' ? 'y' : 'x';
    }
    for (Form const& form : formsOf(other)) {
        BOOST_TEST(search.inText("the text", form.text).empty(), form.name);
    }
    for (std::string const& text :
         {std::string(), secret.substr(0, 11), std::string("[redacted]"), std::string(2000, 'c'), std::string("%"),
          std::string("\\u12"), std::string("&#xZZ;&#;&amp")}) {
        BOOST_TEST(search.inText("the text", text).empty(), text);
    }
}

BOOST_AUTO_TEST_CASE(the_form_is_told_and_the_value_is_not) {
    std::string const secret(canary::clientSecret);
    for (auto const& [form, told] :
         std::vector<std::pair<std::string, std::string>>{{"literal", "literal"},
                                                          {"percent-encoded", "percent-encoded"},
                                                          {"JSON", "escaped"},
                                                          {"JSON in JSON", "escaped twice"},
                                                          {"HTML", "in XML"},
                                                          {"hex", "in hex"},
                                                          {"base64 at 1, before 1", "in base64"}}) {
        for (Form const& candidate : formsOf(secret)) {
            if (candidate.name == form) {
                std::string const text = toldOf(searchFor(secret).inText("stdout", "0123456 " + candidate.text));
                BOOST_TEST(text.starts_with("stdout, byte "), text);
                BOOST_TEST(text.ends_with(" characters of the canary, " + told + "\n"), form << ": " << text);
                BOOST_TEST(text.find("canary-client") == std::string::npos);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_offset_is_where_it_begins) {
    std::string const secret(canary::accessToken);
    BOOST_TEST(searchFor(secret).inText("x", "12345" + secret).front().offset == 5U);
    BOOST_TEST(searchFor(secret).inText("x", "%41%42%43 " + secret + "%44").front().offset == 10U);
}

BOOST_AUTO_TEST_CASE(short_canaries_are_looked_for_whole_and_very_short_ones_are_refused) {
    Search const search = searchFor("open-sesame");
    BOOST_TEST(search.inText("x", "<open-sesame>").size() == 1U);
    BOOST_TEST(search.inText("x", "<b3Blbi1zZXNhbWU=>").size() == 1U);
    BOOST_TEST(search.inText("x", "<open-sesam>").empty());
    BOOST_CHECK_THROW(searchFor("seven77"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(folders_are_searched_with_the_names_of_files_and_the_ends_of_links) {
    std::string const secret(canary::accessToken);
    httptest::testing::TemporaryFolder const folder;
    folder.write("clean/a", "nothing");
    BOOST_TEST(searchFor(secret).inFolder(folder.path()).empty());
    folder.write("deep/er/b", std::string(70000, '.') + secret);
    folder.write(secret + ".log", "nothing");
    std::filesystem::create_symlink("/tmp/" + secret, folder.path() / "link");
    std::string const told = toldOf(searchFor(secret).inFolder(folder.path()));
    BOOST_TEST(told.find("deep/er/b, byte 70000: ") != std::string::npos, told);
    BOOST_TEST(told.find("the name of ") != std::string::npos);
    BOOST_TEST(told.find("the link ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace leaks
