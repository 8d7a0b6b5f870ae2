#include "trace/trace.hpp"

#include "config/notice.hpp"
#include "time_text.hpp"

#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace httptest::inline v1 {

namespace {

char const* eventName(AuthEvent::Kind kind) noexcept {
    switch (kind) {
    case AuthEvent::Kind::loginStarted: return "login started";
    case AuthEvent::Kind::loginRetried: return "login retried";
    case AuthEvent::Kind::loginSucceeded: return "login succeeded";
    case AuthEvent::Kind::loginFailed: return "LOGIN FAILED";
    case AuthEvent::Kind::tokenRefused: return "token refused";
    case AuthEvent::Kind::tokenShared: return "token taken from the store";
    }
    return "";
}

TraceLevel traceLevelOf(std::string const& text) noexcept {
    return text == "error" ? TraceLevel::error : text == "info" ? TraceLevel::info : TraceLevel::wire;
}

} // namespace

Trace::Trace(TraceLevel level, std::unique_ptr<TraceFile> file, std::shared_ptr<Clock> clock)
    : level_(level),
      file_(std::move(file)),
      clock_(std::move(clock)) {}

void Trace::write(std::string_view subject, std::string_view text) noexcept {
    try {
        std::string const clean = cleanForXml(redacted(text));
        std::string prefix = utcWithMilliseconds(clock_->wall()) + " httptest[" + std::to_string(::getpid()) + "] ";
        prefix.append(subject).append(" ");
        std::string lines;
        for (std::string_view rest = clean; !rest.empty();) {
            std::string_view const line = rest.substr(0, rest.find('\n'));
            lines.append(prefix).append(line).append("\n");
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        }
        file_->write(lines);
    } catch (std::exception const&) {
        // A trace never fails a test.
    }
}

void Trace::event(AuthEvent const& event) noexcept {
    if (!shows(event.kind == AuthEvent::Kind::loginFailed ? TraceLevel::error : TraceLevel::info)) {
        return;
    }
    try {
        std::string text = std::string(eventName(event.kind));
        if (!event.fingerprint.empty()) {
            text.append(", token ").append(event.fingerprint);
        }
        write("auth '" + event.identity + "'", text.append(": ").append(event.text));
    } catch (std::exception const&) {
        // As above.
    }
}

std::shared_ptr<Trace> traceOf(Settings const& own, std::shared_ptr<Clock> clock) {
    if (own.text("log") == "off") {
        if (own.has("log_file") && own.source("log") == Settings::Source::standard) {
            noticeOnce("log_file is set, but nothing is written to it, since log is off; set " + own.howToSet("log"));
        }
        return nullptr;
    }
    auto file = own.has("log_file") ? std::make_unique<TraceFile>(own.text("log_file")) : std::make_unique<TraceFile>();
    return std::make_shared<Trace>(traceLevelOf(own.text("log")), std::move(file), std::move(clock));
}

} // namespace httptest::v1
