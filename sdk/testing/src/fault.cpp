#include "http_text.hpp"

#include <httptest/testing/fault.hpp>

#include <utility>

namespace httptest::testing {

namespace {

bool hasLength(Response const& reply) {
    bool const bodiless = reply.status / 100 == 1 || reply.status == 204 || reply.status == 304;
    return bodiless || reply.headers.has("Content-Length") || reply.headers.has("Transfer-Encoding");
}

std::string replyText(Delivery const& delivery, bool body) {
    Response framed;
    framed.status = delivery.reply.status;
    framed.reason = delivery.reply.reason;
    framed.headers = delivery.reply.headers;
    if (delivery.saysItsLength && !hasLength(framed)) {
        framed.headers.add("Content-Length", std::to_string(delivery.reply.body.size()));
    }
    std::string text = headText(framed);
    return body ? text.append(delivery.reply.body) : text;
}

} // namespace

std::string Delivery::text(bool body) const {
    std::string all = before + (bytes ? *bytes : replyText(*this, body)) + after;
    if (all.size() > limit) {
        all.resize(limit);
    }
    return all;
}

Fault::Fault(std::string name, Change change) : name_(std::move(name)), change_(std::move(change)) {}

Fault operator+(Fault const& first, Fault const& second) {
    return {first.name() + ", " + second.name(), [first, second](Delivery& delivery) {
                first.applyTo(delivery);
                second.applyTo(delivery);
            }};
}

} // namespace httptest::testing
