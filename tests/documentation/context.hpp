#pragma once

// What the README's blocks of C++ take for granted. They are compiled and not linked: nothing here is defined.

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <httptest/condition.hpp>
#include <httptest/eventually.hpp>
#include <httptest/matchers.hpp>
#include <httptest/multipart.hpp>
#include <httptest/pages.hpp>
#include <httptest/parallel.hpp>
#include <httptest/poco.hpp>
#include <httptest/unique_name.hpp>
#include <nlohmann/json.hpp>

#include <Poco/Net/HTTPClientSession.h>

#include <chrono>
#include <string>
#include <vector>

using namespace httptest;
using namespace std::chrono_literals;

extern httptest::Session session;
extern std::string const id;
extern std::string const name;
extern std::string const secret;
extern std::string const csv;

// Beside Poco
extern Poco::Net::HTTPClientSession client;
extern Poco::Net::HTTPRequest request;
extern Poco::Net::HTTPResponse response;
extern Poco::URI const uri;
