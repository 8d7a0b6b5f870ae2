#pragma once

#include <httptest/abi.hpp>
#include <httptest/exchange_record.hpp>
#include <httptest/location.hpp>

#include <nlohmann/json_fwd.hpp>

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace httptest::inline v1 {

/// A request that was sent and its whole reply, with expectations on it. Immutable and cheap to copy.
///
/// `expect…` reports a failure and goes on; `require…` ends the case. Failures point at the line of the call and show
/// the exchange without its secrets.
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
    void requireShallowJson(Location where) const;
    [[noreturn]] void endCaseForBadJson(Location where) const;

    std::shared_ptr<ExchangeRecord const> record_;
};

} // namespace httptest::v1
