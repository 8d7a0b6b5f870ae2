#include "expect/verdicts.hpp"

#include <httptest/condition.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

Condition status(int expected) {
    return status({expected});
}

Condition status(std::initializer_list<int> expected) {
    return [codes = std::vector<int>(expected)](Exchange const& exchange) {
        bool const met = std::find(codes.begin(), codes.end(), exchange.status()) != codes.end();
        return Verdict{met, statusesText(codes), "status " + std::to_string(exchange.status())};
    };
}

Condition header(std::string name, Matcher matcher) {
    return [name = std::move(name), matcher = std::move(matcher)](Exchange const& exchange) {
        return judgeHeader(exchange, name, matcher);
    };
}

Condition body(Matcher matcher) {
    return [matcher = std::move(matcher)](Exchange const& exchange) { return judgeBody(exchange, matcher); };
}

Condition json(std::string_view pointer, Matcher matcher, Location where) {
    return [parsed = JsonPointer(pointer, where), matcher = std::move(matcher)](Exchange const& exchange) {
        return judgeJson(exchange, parsed, matcher);
    };
}

Condition not_(Condition condition) {
    return [condition = std::move(condition)](Exchange const& exchange) {
        Verdict verdict = condition(exchange);
        return Verdict{!verdict.met, "not " + verdict.expected, std::move(verdict.found)};
    };
}

} // namespace httptest::v1
