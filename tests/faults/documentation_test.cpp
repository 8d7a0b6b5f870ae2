#include "documentation.hpp"
#include "fault_table.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

namespace fault_tests {

namespace {

constexpr std::string_view beginMark = "<!-- written by fault_tests -->\n";
constexpr std::string_view endMark = "<!-- until here -->\n";
constexpr char const* file = HTTPTEST_SOURCE_DIR "/tests/faults/README.md";

std::string read() {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(fault_table)

BOOST_AUTO_TEST_CASE(stands_in_the_readme_as_it_is_here) {
    std::string const text = read();
    auto const mark = text.find(beginMark);
    auto const end = text.find(endMark);
    BOOST_REQUIRE_MESSAGE(mark != std::string::npos && end != std::string::npos && mark < end,
                          file << " has lost the marks around its table");
    auto const begin = mark + beginMark.size();
    std::string const table = documentation(faultTable());
    if (std::getenv("HTTPTEST_RENEW_GOLDEN") != nullptr) {
        std::ofstream(file, std::ios::binary) << text.substr(0, begin) << table << text.substr(end);
        return;
    }
    std::string const written = text.substr(begin, end - begin);
    auto const [here, there] = std::mismatch(table.begin(), table.end(), written.begin(), written.end());
    BOOST_TEST((here == table.end() && there == written.end()),
               file << " has another table; run fault_tests with HTTPTEST_RENEW_GOLDEN=1 and read the difference in "
                       "git. It begins at: "
                    << std::string(here, table.end()).substr(0, 200));
}

BOOST_AUTO_TEST_CASE(names_each_fault_of_a_section_and_scheme_once) {
    std::set<std::string> names;
    for (auto const scheme : {FaultRow::Over::http, FaultRow::Over::https}) {
        for (auto const& row : faultsOver(scheme)) {
            auto const name = row.section + row.name + (scheme == FaultRow::Over::http ? "http" : "https");
            BOOST_TEST(names.insert(name).second, row << " is there twice");
        }
    }
}

BOOST_AUTO_TEST_CASE(never_has_a_post_sent_twice_after_a_lost_connection) {
    for (auto const& row : faultTable()) {
        auto const& post = row.post ? row.post : row.get;
        BOOST_TEST((!post || post->error != "ConnectionLost" || post->requests <= 1), row);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fault_tests
