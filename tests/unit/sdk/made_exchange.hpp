#pragma once

#include <httptest/exchange.hpp>
#include <httptest/testing/scripted_transport.hpp>

#include <memory>
#include <string>
#include <utility>

/// An exchange without a session: a GET that was answered with this.
inline httptest::Exchange madeExchange(httptest::Response response) {
    auto record = std::make_shared<httptest::ExchangeRecord>();
    record->request.url = httptest::Url::parse("https://api.test/x");
    record->response = std::move(response);
    return httptest::Exchange(std::move(record));
}

inline httptest::Exchange jsonExchange(std::string body) {
    return madeExchange(httptest::testing::jsonReply(200, std::move(body)));
}
