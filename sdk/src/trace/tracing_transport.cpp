#include "trace/tracing_transport.hpp"

#include "trace/body_excerpt.hpp"

#include <httptest/redactor.hpp>

#include <array>
#include <cstdio>
#include <exception>
#include <utility>

namespace httptest::inline v1 {

namespace {

std::string tracedTime(std::chrono::nanoseconds time) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f ms", std::chrono::duration<double, std::milli>(time).count());
    return text.data();
}

/// `first`, the header, an empty line and the body, each line after `sign`.
std::string tracedMessage(char sign, std::string const& first, Headers const& headers, std::string const& body) {
    std::string const start = {sign, ' '};
    std::string text = start + first + "\n";
    for (Headers::Field const& field : headers) {
        text.append(start).append(field.name).append(": ");
        text.append(isSecretHeader(field.name) ? redactedMark : std::string_view(field.value)).append("\n");
    }
    std::string const excerpt = bodyExcerpt(headers, body);
    if (excerpt.empty()) {
        return text;
    }
    text.append(start).append("\n").append(start);
    for (char const c : excerpt) {
        text.push_back(c);
        if (c == '\n') {
            text.append(start);
        }
    }
    return text.append("\n");
}

std::string connectionText(Response const& response) {
    if (!response.connection) {
        return {};
    }
    ConnectionFacts const& facts = *response.connection;
    std::string text = ", peer " + facts.peer + (response.connectionReused ? ", kept connection" : "");
    text.append(facts.tlsVersion.empty() ? "" : ", ").append(facts.tlsVersion);
    return text.append(facts.proxy.empty() ? "" : ", by proxy ").append(facts.proxy);
}

} // namespace

TracingTransport::TracingTransport(std::shared_ptr<Transport> wrapped, std::shared_ptr<Trace> trace,
                                   std::string purpose)
    : wrapped_(std::move(wrapped)),
      trace_(std::move(trace)),
      purpose_(std::move(purpose)) {}

Response TracingTransport::send(Request const& request, SteadyTime deadline, std::stop_token stop) {
    std::string const subject = "#" + std::to_string(trace_->nextExchange());
    std::string const asked = request.method + " " + request.url.text() + " " + purpose_;
    if (trace_->shows(TraceLevel::wire)) {
        trace_->write(subject, tracedMessage('>', asked, request.headers, request.body));
    }
    SteadyTime const began = trace_->clock().steady();
    auto const took = [&] { return tracedTime(trace_->clock().steady() - began); };
    try {
        Response response = wrapped_->send(request, deadline, std::move(stop));
        std::string const outcome = std::to_string(response.status) + (response.reason.empty() ? "" : " ") +
                                    response.reason + " in " + took() + ", " + std::to_string(response.body.size()) +
                                    " bytes" + connectionText(response);
        if (trace_->shows(TraceLevel::wire)) {
            trace_->write(subject, tracedMessage('<', outcome, response.headers, response.body));
        } else if (trace_->shows(TraceLevel::info)) {
            trace_->write(subject, asked + " -> " + outcome);
        }
        return response;
    } catch (std::exception const& error) {
        trace_->write(subject, asked + " FAILED after " + took() + ": " + error.what());
        throw;
    }
}

} // namespace httptest::v1
