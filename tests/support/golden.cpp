#include "golden.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <utility>
#include <vector>

namespace {

void replaceAll(std::string& text, std::string const& from, std::string const& to) {
    for (std::size_t at = text.find(from); !from.empty() && at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), to);
        at += to.size();
    }
}

std::string normalised(std::string text, std::filesystem::path const& folder) {
    replaceAll(text, folder.string(), "FOLDER");
    replaceAll(text, HTTPTEST_BUILD_DIR, "BUILD");
    std::vector<std::pair<char const*, char const*>> const patterns{
        {R"( +[0-9]+\.[0-9] ms)", "  T ms"},
        {R"(httptest-runai([ /])[0-9]+\.[0-9]+\.[0-9]+)", "httptest-runai$1VERSION"},
        {R"((127\.0\.0\.1|localhost):[0-9]+)", "$1:PORT"},
        {R"(fingerprint [0-9a-f]{12})", "fingerprint FINGERPRINT"},
        {R"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z)", "DATE"},
        {R"([A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4} GMT)", "DATE"},
        {R"(in 59 min( [0-9]+ s)?|in 1 h)", "in DURATION"},
        {R"(FIPS (on|off) \(OpenSSL [^)]*\))", "FIPS on or off (OpenSSL VERSION)"},
        {R"((TLSv1\.[23]), [A-Z0-9_-]+(, [A-Za-z0-9-]+)?\n)", "$1, CIPHER, GROUP\n"},
        {R"(cxx11_abi=[01] debug=[01] poco=[0-9a-zA-Zx]+)", "OTHERS"},
        {R"(httptest-[0-9a-f]+-[0-9]+)", "REQUEST-ID"},
        {R"(cannot be resolved: [^\n]*)", "cannot be resolved: REASON"},
    };
    for (auto const& [pattern, replacement] : patterns) {
        text = std::regex_replace(text, std::regex(pattern), replacement);
    }
    return text;
}

} // namespace

void checkGolden(std::string const& name, std::string const& text, std::filesystem::path const& folder) {
    std::string const file = std::string(HTTPTEST_GOLDEN_DIR) + "/" + name + ".txt";
    std::string const actual = normalised(text, folder);
    if (std::getenv("HTTPTEST_RENEW_GOLDEN") != nullptr) {
        std::ofstream(file, std::ios::binary) << actual;
        return;
    }
    std::ifstream stream(file, std::ios::binary);
    std::string const expected{std::istreambuf_iterator<char>(stream), {}};
    BOOST_TEST(actual == expected, "the output is not that of " << file << " (see golden.hpp for how to renew it)\n"
                                                                << "expected:\n"
                                                                << expected << "\ngot:\n"
                                                                << actual);
}
