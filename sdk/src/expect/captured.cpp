#include "expect/decimal.hpp"
#include "expect/exchange_notes.hpp"
#include "expect/failing.hpp"
#include "expect/json_pointer.hpp"
#include "expect/json_text.hpp"

#include <httptest/captured.hpp>

#include <charconv>
#include <optional>
#include <system_error>

namespace httptest::inline v1 {

namespace {

/// A value that is there, or the end of the case.
JsonView valueAt(Exchange const& exchange, JsonPointer const& pointer, Location where) {
    JsonDocument const& document = ExchangeNotes::json(exchange);
    if (!document.problem().empty()) {
        endCase(exchange, "cannot capture " + subjectOf(pointer.text()) + ": the body " + document.problem(), where);
    }
    JsonView const value = pointer.find(document.root());
    if (!value.exists()) {
        endCase(exchange,
                "cannot capture " + subjectOf(pointer.text()) + ": " + pointer.explainAbsence(document.root()), where);
    }
    return value;
}

std::string whyNot(JsonPointer const& pointer, JsonView value, std::string const& wanted) {
    return "cannot capture " + subjectOf(pointer.text()) + " as " + wanted + ": it is " +
           shownJson(value, pointer.memberName());
}

JsonView valueOfKind(Exchange const& exchange, JsonPointer const& pointer, JsonKind kind, Location where) {
    JsonView const value = valueAt(exchange, pointer, where);
    if (value.kind() != kind) {
        endCase(exchange, whyNot(pointer, value, describe(kind)), where);
    }
    return value;
}

/// Whether the double is the integer that was written, where it was written as one.
bool keepsInteger(std::string_view written, double value) {
    Decimal const number(written);
    auto const wide = static_cast<long double>(value); // holds all integers of 64 bits
    if (auto const exact = number.asSigned()) {
        return static_cast<long double>(*exact) == wide;
    }
    if (auto const exact = number.asUnsigned()) {
        return static_cast<long double>(*exact) == wide;
    }
    return true;
}

} // namespace

std::string Captured::string() const {
    return std::string(valueOfKind(exchange_, JsonPointer(pointer_, where_), JsonKind::string, where_).text());
}

bool Captured::boolean() const {
    return valueOfKind(exchange_, JsonPointer(pointer_, where_), JsonKind::boolean, where_).boolean();
}

std::int64_t Captured::signedInteger(std::int64_t least, std::int64_t most) const {
    JsonPointer const pointer(pointer_, where_);
    JsonView const value = valueOfKind(exchange_, pointer, JsonKind::number, where_);
    std::optional<std::int64_t> const integer = Decimal(value.text()).asSigned();
    if (!integer || *integer < least || *integer > most) {
        httptest::endCase(
            exchange_,
            whyNot(pointer, value, "an integer from " + std::to_string(least) + " to " + std::to_string(most)), where_);
    }
    return *integer;
}

std::uint64_t Captured::unsignedInteger(std::uint64_t most) const {
    JsonPointer const pointer(pointer_, where_);
    JsonView const value = valueOfKind(exchange_, pointer, JsonKind::number, where_);
    std::optional<std::uint64_t> const integer = Decimal(value.text()).asUnsigned();
    if (!integer || *integer > most) {
        httptest::endCase(exchange_, whyNot(pointer, value, "an integer from 0 to " + std::to_string(most)), where_);
    }
    return *integer;
}

double Captured::floating() const {
    JsonPointer const pointer(pointer_, where_);
    JsonView const value = valueOfKind(exchange_, pointer, JsonKind::number, where_);
    std::string_view const text = value.text();
    double number = 0;
    auto const result = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const underflow = result.ec == std::errc::result_out_of_range; // the parser refused overflow
    if (!underflow && !keepsInteger(text, number)) {
        httptest::endCase(exchange_, whyNot(pointer, value, "a double, which would round it"), where_);
    }
    return underflow ? 0 : number;
}

std::string Captured::json() const {
    return compactJson(valueAt(exchange_, JsonPointer(pointer_, where_), where_));
}

void Captured::endCase(std::string const& why) const {
    httptest::endCase(exchange_, "cannot capture " + subjectOf(pointer_) + ": " + why, where_);
}

} // namespace httptest::v1
