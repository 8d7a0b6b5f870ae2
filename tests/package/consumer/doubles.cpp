#define BOOST_TEST_MODULE doubles
#include <boost/test/unit_test.hpp>

#include <httptest/poco_transport.hpp>
#include <httptest/testing/fault_server.hpp>
#include <httptest/testing/faults.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <chrono>
#include <filesystem>

BOOST_AUTO_TEST_CASE(links_the_test_doubles) {
    httptest::testing::TemporaryFolder const folder;
    BOOST_TEST(std::filesystem::exists(folder.write("file", "text")));
}

BOOST_AUTO_TEST_CASE(links_the_fault_server) {
    namespace faults = httptest::testing::faults;
    httptest::testing::FaultServer server;
    server.next(faults::status(503) + faults::gzip());
    httptest::Request request;
    request.url = httptest::Url::parse(server.url("/"));
    httptest::PocoTransport transport;
    auto const reply = transport.send(request, httptest::BootClock::now() + std::chrono::seconds(20), {});
    BOOST_TEST(reply.status == 503);
    BOOST_TEST(*reply.headers.find("Content-Encoding") == "gzip");
}
