#include "expect/exchange_notes.hpp"
#include "expect/failing.hpp"
#include "expect/matcher_node.hpp"
#include "expect/verdicts.hpp"

#include <httptest/exchange.hpp>
#include <httptest/matchers.hpp>

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

namespace {

void pass(Location where) {
    report(Outcome::passed, where, {});
}

void settle(Exchange const& exchange, Verdict const& verdict, Outcome otherwise, Location where) {
    verdict.met ? pass(where) : fail(exchange, sentence(verdict), otherwise, where);
}

void checkStatus(Exchange const& exchange, std::initializer_list<int> expected, Outcome otherwise, Location where) {
    if (std::find(expected.begin(), expected.end(), exchange.status()) != expected.end()) {
        pass(where);
        return;
    }
    fail(exchange, "expected " + statusesText(expected) + ", got " + std::to_string(exchange.status()), otherwise,
         where);
}

void checkJson(Exchange const& exchange, std::string_view pointer, Matcher const& matcher, Outcome otherwise,
               Location where) {
    JsonPointer const parsed(pointer, where);
    if (jsonMatches(exchange, parsed, matcher)) {
        pass(where);
        return;
    }
    fail(exchange, sentence(judgeJson(exchange, parsed, matcher)), otherwise, where);
}

void checkLike(Exchange const& exchange, std::string const& partial, Outcome otherwise, Location where) {
    checkJson(exchange, "", like(JsonText{partial}), otherwise, where);
}

} // namespace

Exchange::Exchange(std::shared_ptr<ExchangeRecord const> record)
    : record_(std::move(record)),
      notes_(std::make_shared<ExchangeNotes>()) {}

JsonDocument const& ExchangeNotes::json(Exchange const& exchange) {
    ExchangeNotes& notes = *exchange.notes_;
    std::call_once(notes.parsed_, [&] { notes.json_ = JsonDocument::parse(exchange.body()); });
    return notes.json_;
}

Exchange const& Exchange::expectStatus(int expected, Location where) const {
    checkStatus(*this, {expected}, Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::expectStatus(std::initializer_list<int> expected, Location where) const {
    checkStatus(*this, expected, Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::requireStatus(int expected, Location where) const {
    checkStatus(*this, {expected}, Outcome::fatal, where);
    return *this;
}

Exchange const& Exchange::requireStatus(std::initializer_list<int> expected, Location where) const {
    checkStatus(*this, expected, Outcome::fatal, where);
    return *this;
}

Exchange const& Exchange::expectHeader(std::string_view name, Matcher const& matcher, Location where) const {
    settle(*this, judgeHeader(*this, name, matcher), Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::requireHeader(std::string_view name, Matcher const& matcher, Location where) const {
    settle(*this, judgeHeader(*this, name, matcher), Outcome::fatal, where);
    return *this;
}

Exchange const& Exchange::expectJson(std::string_view pointer, Matcher const& matcher, Location where) const {
    checkJson(*this, pointer, matcher, Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::requireJson(std::string_view pointer, Matcher const& matcher, Location where) const {
    checkJson(*this, pointer, matcher, Outcome::fatal, where);
    return *this;
}

Exchange const& Exchange::expectLike(std::string const& partial, Location where) const {
    checkLike(*this, partial, Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::requireLike(std::string const& partial, Location where) const {
    checkLike(*this, partial, Outcome::fatal, where);
    return *this;
}

Exchange const& Exchange::expectBody(Matcher const& matcher, Location where) const {
    settle(*this, judgeBody(*this, matcher), Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::requireBody(Matcher const& matcher, Location where) const {
    settle(*this, judgeBody(*this, matcher), Outcome::fatal, where);
    return *this;
}

Exchange const& Exchange::expectUnder(std::chrono::nanoseconds limit, Location where) const {
    settle(*this, judgeTime(*this, limit), Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::requireUnder(std::chrono::nanoseconds limit, Location where) const {
    settle(*this, judgeTime(*this, limit), Outcome::fatal, where);
    return *this;
}

Exchange const& Exchange::expect(Condition const& condition, Location where) const {
    settle(*this, condition(*this), Outcome::failed, where);
    return *this;
}

Exchange const& Exchange::require(Condition const& condition, Location where) const {
    settle(*this, condition(*this), Outcome::fatal, where);
    return *this;
}

} // namespace httptest::v1
