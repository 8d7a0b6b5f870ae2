#define BOOST_TEST_MODULE doubles
#include <boost/test/unit_test.hpp>

#include <httptest/testing/temporary_folder.hpp>

#include <filesystem>

BOOST_AUTO_TEST_CASE(links_the_test_doubles) {
    httptest::testing::TemporaryFolder const folder;
    BOOST_TEST(std::filesystem::exists(folder.write("file", "text")));
}
