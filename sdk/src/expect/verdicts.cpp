#include "expect/verdicts.hpp"

#include "expect/exchange_notes.hpp"
#include "expect/json_text.hpp"
#include "expect/matcher_node.hpp"
#include "report/excerpt.hpp"
#include "time_text.hpp"

#include <httptest/redactor.hpp>

#include <algorithm>
#include <array>

namespace httptest::inline v1 {

namespace {

/// What is expected and found goes on one line up to here.
constexpr std::size_t longestLine = 120;
constexpr std::size_t shownNamesBytes = 300;

std::string differences(MatcherNode const& node, JsonView value, Place const& place) {
    Mismatches mismatches;
    node.explain(value, place, mismatches);
    auto const& entries = mismatches.entries();
    if (mismatches.count() == 1 && entries.front().pointer == place.pointer) {
        return entries.front().found;
    }
    std::string text = counted(mismatches.count(), "difference") + ":";
    for (Mismatches::Entry const& entry : entries) {
        text.append("\n  ").append(subjectOf(entry.pointer)).append(": expected ").append(entry.expected);
        text.append(", got ").append(entry.found);
    }
    if (entries.size() < mismatches.count()) {
        text.append("\n  … and ").append(std::to_string(mismatches.count() - entries.size())).append(" more");
    }
    return text;
}

/// @param nothing  What to say of a value that is not there.
Verdict judge(MatcherNode const& node, JsonView value, Place const& place, std::string const& nothing) {
    Verdict verdict;
    verdict.met = node.matches(value);
    verdict.expected = subjectOf(place.pointer) + " " +
                       (isSecretMember(place.member) ? "to be what the test expects" : infinitive(node.describe()));
    if (!value.exists()) {
        verdict.found = "nothing" + (nothing.empty() ? "" : ": " + nothing);
    } else {
        verdict.found = verdict.met ? shownJson(value, place.member) : differences(node, value, place);
    }
    return verdict;
}

bool sameHeader(Headers::Field const& field, std::string_view name) {
    return equalsIgnoringCase(field.name, name);
}

std::string headerNames(Headers const& headers) {
    std::string names;
    for (Headers::Field const& field : headers) {
        names.append(names.empty() ? "" : ", ").append(field.name);
    }
    Excerpt const shown = redactedExcerpt(names, shownNamesBytes);
    return names.empty() ? "the reply has no headers" : "the reply has " + shown.text + (shown.whole ? "" : "…");
}

} // namespace

std::string statusesText(std::vector<int> const& statuses) {
    std::string text = "status ";
    char const* separator = "";
    for (int const code : statuses) {
        text.append(separator).append(std::to_string(code));
        separator = " or ";
    }
    return text;
}

Verdict judgeHeader(Exchange const& exchange, std::string_view name, Matcher const& matcher) {
    Headers const& headers = exchange.headers();
    std::string value;
    bool present = false;
    for (Headers::Field const& field : headers) {
        if (sameHeader(field, name)) {
            value.append(present ? ", " : "").append(field.value);
            present = true;
        }
    }
    JsonDocument const document = present ? JsonDocument::ofText(value) : JsonDocument();
    // A header's name tells of its value what a member's does.
    Place const place{"header " + std::string(name), std::string(name)};
    return judge(*matcher.node(), document.root(), place, present ? "" : headerNames(headers));
}

Verdict judgeBody(Exchange const& exchange, Matcher const& matcher) {
    JsonDocument const document = JsonDocument::ofText(exchange.body());
    return judge(*matcher.node(), document.root(), {}, "");
}

Verdict judgeJson(Exchange const& exchange, JsonPointer const& pointer, Matcher const& matcher) {
    Place const place{pointer.text(), pointer.memberName()};
    JsonDocument const& document = ExchangeNotes::json(exchange);
    if (!document.problem().empty()) {
        Verdict verdict = judge(*matcher.node(), {}, place, "");
        verdict.met = false; // nothing is absent from what is no JSON
        verdict.found = "a body that " + document.problem();
        return verdict;
    }
    JsonView const value = pointer.find(document.root());
    return judge(*matcher.node(), value, place, value.exists() ? "" : pointer.explainAbsence(document.root()));
}

bool jsonMatches(Exchange const& exchange, JsonPointer const& pointer, Matcher const& matcher) {
    JsonDocument const& document = ExchangeNotes::json(exchange);
    return document.problem().empty() && matcher.node()->matches(pointer.find(document.root()));
}

Verdict judgeTime(Exchange const& exchange, std::chrono::nanoseconds limit) {
    std::chrono::nanoseconds const taken = exchange.response().timings.total;
    return {taken < limit, "the reply in under " + shortTime(limit), shortTime(taken)};
}

std::string sentence(Verdict const& verdict) {
    bool const shortEnough = verdict.expected.size() + verdict.found.size() <= longestLine;
    bool const oneLine = shortEnough && verdict.found.find('\n') == std::string::npos;
    return "expected " + verdict.expected + (oneLine ? ", got " : "\ngot ") + verdict.found;
}

} // namespace httptest::v1
