#include "integration/session/session_over_network.hpp"

#include <httptest/multipart.hpp>

#include <boost/test/unit_test.hpp>

#include <Poco/Net/HTMLForm.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/PartHandler.h>
#include <Poco/StreamCopier.h>

#include <istream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using session_over_network::SessionOverNetwork;

/// Keeps the files of a form that Poco reads.
class Files final : public Poco::Net::PartHandler {
public:
    struct File {
        std::string disposition;
        std::string type;
        std::string content;
    };
    std::vector<File> all;

    void handlePart(Poco::Net::MessageHeader const& header, std::istream& content) override {
        std::string bytes;
        Poco::StreamCopier::copyToString(content, bytes);
        all.push_back({header.get("Content-Disposition"), header.get("Content-Type"), bytes});
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(multipart_upload, SessionOverNetwork)

BOOST_AUTO_TEST_CASE(is_read_by_another_parser_as_it_was_written) {
    std::string const bytes("1,2\r\n--\r\n\0\xff\n", 12);
    session()
        .post("/upload")
        .multipart(httptest::Multipart()
                       .field("purpose", "test & more")
                       .file("data", "a.csv", bytes, "text/csv")
                       .file("data", "b.bin", "")
                       .field("last", "\xc3\xa4"))
        .send()
        .requireStatus(200);

    std::istringstream wire(api.requests().back());
    Poco::Net::HTTPRequest request;
    request.read(wire);
    Files files;
    Poco::Net::HTMLForm const form(request, wire, files);
    BOOST_TEST(form.size() == 2U);
    BOOST_TEST(form.get("purpose") == "test & more");
    BOOST_TEST(form.get("last") == "\xc3\xa4");
    BOOST_TEST_REQUIRE(files.all.size() == 2U);
    BOOST_TEST(files.all[0].disposition == "form-data; name=\"data\"; filename=\"a.csv\"");
    BOOST_TEST(files.all[0].type == "text/csv");
    BOOST_TEST(files.all[0].content == bytes);
    BOOST_TEST(files.all[1].content.empty());
}

BOOST_AUTO_TEST_SUITE_END()
