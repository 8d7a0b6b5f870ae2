#include "http_text.hpp"

#include <httptest/error.hpp>

#include <charconv>
#include <system_error>

namespace httptest::testing {

namespace {

/// Takes what comes before `end` off `text`, and `end` too.
std::string_view take(std::string_view& text, std::string_view end) {
    auto const at = text.find(end);
    if (at == std::string_view::npos) {
        throw InvalidRequest("the request's head is malformed");
    }
    auto const taken = text.substr(0, at);
    text.remove_prefix(at + end.size());
    return taken;
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) {
        text.remove_prefix(1);
    }
    while (text.ends_with(' ') || text.ends_with('\t')) {
        text.remove_suffix(1);
    }
    return text;
}

std::string absolute(std::string_view method, std::string_view target, std::string const* host, Origin const& own) {
    if (method == "CONNECT") {
        return "https://" + std::string(target);
    }
    if (!target.starts_with('/')) {
        return std::string(target == "*" ? own.text() : target);
    }
    return own.scheme + "://" + (host != nullptr ? *host : own.authority()) + std::string(target);
}

} // namespace

std::string headText(Response const& reply) {
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + ' ' + reply.reason + "\r\n";
    for (auto const& field : reply.headers) {
        text.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    return text + "\r\n";
}

Request parseHead(std::string_view head, Origin const& own) {
    Request request;
    auto line = take(head, "\r\n");
    request.method = take(line, " ");
    auto const target = take(line, " ");
    while (!head.starts_with("\r\n")) {
        auto field = take(head, "\r\n");
        auto const name = take(field, ":");
        request.headers.add(std::string(name), std::string(trimmed(field)));
    }
    request.url = Url::parse(absolute(request.method, target, request.headers.find("Host"), own));
    return request;
}

std::size_t bodySize(Request const& request) {
    auto const* const length = request.headers.find("Content-Length");
    if (length == nullptr) {
        return 0;
    }
    std::size_t size = 0;
    auto const* const end = length->data() + length->size();
    if (auto const read = std::from_chars(length->data(), end, size); read.ec != std::errc() || read.ptr != end) {
        throw InvalidRequest("the request's Content-Length is no number");
    }
    return size;
}

} // namespace httptest::testing
