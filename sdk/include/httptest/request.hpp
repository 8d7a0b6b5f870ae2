#pragma once

#include <httptest/abi.hpp>
#include <httptest/headers.hpp>
#include <httptest/url.hpp>

#include <string>

namespace httptest::inline v1 {

/// One request, as it goes on the wire. The transport adds Host and Content-Length.
struct Request {
    std::string method = "GET";
    Url url;
    Headers headers;
    std::string body;
};

} // namespace httptest::v1
