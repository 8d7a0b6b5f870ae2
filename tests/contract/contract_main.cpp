#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_MODULE contract
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>

int main(int argc, char** argv) {
    constexpr int skipped = 77;
    auto const* document = std::getenv("HTTPTEST_OPENAPI");
    if (document == nullptr || !std::filesystem::exists(document)) {
        std::cout << "skipped: set HTTPTEST_OPENAPI to the control plane's OpenAPI document (a file)";
        if (document != nullptr) {
            std::cout << "; there is no " << document;
        }
        std::cout << std::endl;
        return skipped;
    }
    return boost::unit_test::unit_test_main(&init_unit_test, argc, argv);
}
