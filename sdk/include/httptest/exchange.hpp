#pragma once

#include <httptest/abi.hpp>
#include <httptest/captured.hpp>
#include <httptest/exchange_record.hpp>
#include <httptest/location.hpp>
#include <httptest/matcher.hpp>
#include <httptest/verdict.hpp>

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// A request that was sent and its whole reply, with expectations on it. Immutable and cheap to copy; thread-safe.
///
/// `expect…` reports a failure and goes on; `require…` ends the case. Failures point at the line of the call and show
/// the exchange without its secrets, once however many there are.
class HTTPTEST_API Exchange {
public:
    explicit Exchange(std::shared_ptr<ExchangeRecord const> record);

    int status() const noexcept { return record_->response.status; }
    Headers const& headers() const noexcept { return record_->response.headers; }
    std::string const& body() const noexcept { return record_->response.body; }
    Response const& response() const noexcept { return record_->response; }
    /// How many times it was sent, redirects aside: 2 after a replay.
    int attempts() const noexcept { return record_->attempts; }
    Attachment const& attachment() const noexcept { return record_->attachment; }
    /// The redirects that were followed, in their order.
    std::vector<Hop> const& hops() const noexcept { return record_->hops; }

    Exchange const& expectStatus(int expected, Location where = Location::current()) const;
    Exchange const& expectStatus(std::initializer_list<int> expected, Location where = Location::current()) const;
    Exchange const& requireStatus(int expected, Location where = Location::current()) const;
    Exchange const& requireStatus(std::initializer_list<int> expected, Location where = Location::current()) const;

    /// The header's value as a string; that of several of the same name joined by ", ".
    Exchange const& expectHeader(std::string_view name, Matcher const& matcher,
                                 Location where = Location::current()) const;
    Exchange const& requireHeader(std::string_view name, Matcher const& matcher,
                                  Location where = Location::current()) const;

    /// What a JSON Pointer (RFC 6901) leads to: expectJson("/status/phase", "Ready"); "" is the whole body.
    /// @throws InvalidExpectation  The pointer is malformed.
    Exchange const& expectJson(std::string_view pointer, Matcher const& matcher,
                               Location where = Location::current()) const;
    Exchange const& requireJson(std::string_view pointer, Matcher const& matcher,
                                Location where = Location::current()) const;

    /// The members listed are there and match, others may be; arrays are as long and match element by element. A
    /// failure lists all that differs: expectJsonLike({{"name", "x"}, {"tags", {"a", "b"}}}).
    template <class Json = nlohmann::json>
    Exchange const& expectJsonLike(Json const& partial, Location where = Location::current()) const {
        return expectLike(partial.dump(), where);
    }
    template <class Json = nlohmann::json>
    Exchange const& requireJsonLike(Json const& partial, Location where = Location::current()) const {
        return requireLike(partial.dump(), where);
    }

    /// The body as a string.
    Exchange const& expectBody(Matcher const& matcher, Location where = Location::current()) const;
    Exchange const& requireBody(Matcher const& matcher, Location where = Location::current()) const;

    /// How long the last exchange on the wire took: login, replay and hops before it do not count.
    Exchange const& expectUnder(std::chrono::nanoseconds limit, Location where = Location::current()) const;
    Exchange const& requireUnder(std::chrono::nanoseconds limit, Location where = Location::current()) const;

    Exchange const& expect(Condition const& condition, Location where = Location::current()) const;
    Exchange const& require(Condition const& condition, Location where = Location::current()) const;

    /// What a JSON Pointer leads to: capture<std::string>("/id"). T is std::string, bool, an integer, double, or whatever
    /// nlohmann::json converts to where that is included. Ends the case where it is not there, of another type or out
    /// of range. Integers are never rounded, but those inside of what nlohmann::json converts are by its rules.
    template <class T>
    T capture(std::string_view pointer, Location where = Location::current()) const {
        return Captured(*this, pointer, where).as<T>();
    }

    /// The body as JSON; ends the case where it is none. Include <nlohmann/json.hpp> where you call it.
    template <class Json = nlohmann::json>
    Json json(Location where = Location::current()) const {
        requireShallowJson(where);
        Json value = Json::parse(body(), nullptr, false);
        if (value.is_discarded()) {
            endCaseForBadJson(where);
        }
        return value;
    }

    /// The exchange as a failure shows it: redacted, bounded, safe for XML.
    std::string text() const;

private:
    friend class ExchangeNotes;
    Exchange const& expectLike(std::string const& partial, Location where) const;
    Exchange const& requireLike(std::string const& partial, Location where) const;

    void requireShallowJson(Location where) const;
    [[noreturn]] void endCaseForBadJson(Location where) const;

    std::shared_ptr<ExchangeRecord const> record_;
    std::shared_ptr<class ExchangeNotes> notes_; // shared by copies
};

} // namespace httptest::v1
