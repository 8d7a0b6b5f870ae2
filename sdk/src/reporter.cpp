#include <httptest/error.hpp>
#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <atomic>
#include <cstdint>

namespace httptest::inline v1 {

namespace {

std::atomic<Reporter> currentReporter{nullptr};
thread_local int thrownReports = 0; // ThrownReports alive on this thread

/// Length of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7), or 0.
std::size_t utf8Length(std::string_view text) noexcept {
    auto const byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    auto const continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    unsigned const first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return continues(1) ? 2 : 0;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        bool const overlong = first == 0xE0 && byte(1) < 0xA0;
        bool const surrogate = first == 0xED && byte(1) > 0x9F;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        bool const overlong = first == 0xF0 && byte(1) < 0x90;
        bool const beyond = first == 0xF4 && byte(1) > 0x8F;
        return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

void appendByteMark(std::string& text, char c) {
    constexpr char const* digits = "0123456789ABCDEF";
    auto const byte = static_cast<unsigned char>(c);
    text.append("\\x");
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
}

} // namespace

ThrownReports::ThrownReports() noexcept {
    ++thrownReports;
}

ThrownReports::~ThrownReports() {
    --thrownReports;
}

Reporter setReporter(Reporter reporter) noexcept {
    return currentReporter.exchange(reporter);
}

void report(Outcome outcome, Location where, std::string const& text) {
    Reporter const reporter = thrownReports > 0 ? nullptr : currentReporter.load();
    if (outcome == Outcome::passed) {
        if (reporter != nullptr) {
            reporter(outcome, where, {});
        }
        return;
    }
    std::string const clean = cleanForXml(redacted(text));
    if (reporter == nullptr) {
        ExpectationFailed failure(clean);
        failure.setLocation(where);
        throw failure; // NOLINT(misc-throw-by-value-catch-by-reference,cert-err09-cpp,cert-err61-cpp): a local value
    }
    reporter(outcome, where, clean);
}

std::string cleanForXml(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        std::string_view const rest = text.substr(at);
        std::size_t const length = utf8Length(rest);
        auto const byte = static_cast<unsigned char>(rest.front());
        bool const control = length == 1 && ((byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F);
        bool const nonCharacter = length == 3 && (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF"));
        if (rest.starts_with("]]>")) {
            // Boost writes messages into CDATA sections, which these three characters would end.
            result.append("]] >");
            at += 3;
        } else if (rest.starts_with("\r\n")) {
            at += 1;
        } else if (length == 0 || control || nonCharacter) {
            appendByteMark(result, rest.front());
            at += 1;
        } else {
            result.append(rest.substr(0, length));
            at += length;
        }
    }
    return result;
}

} // namespace httptest::v1
