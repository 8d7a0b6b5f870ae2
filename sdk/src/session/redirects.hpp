#pragma once

#include <httptest/exchange_record.hpp>
#include <httptest/request.hpp>
#include <httptest/response.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace httptest::inline v1 {

/// The redirects of one request (RFC 9110 section 15.4). Sends nothing.
class Redirects {
public:
    /// @param most  How many are followed.
    explicit Redirects(int most) : most_(most) {}

    /// The request that follows from this reply; nothing where the reply is the answer.
    ///
    /// One to another origin lacks whatever holds a credential, so that no later one has it either.
    /// @param sent   As the test asked for it, without the provider's credential.
    /// @param note   Gets the reason when a redirect is not followed for what it says.
    /// @throws RedirectError  A circle, or one too many; names all of `hops`.
    std::optional<Request> next(Request const& sent, Response const& reply, std::vector<Hop> const& hops,
                                std::string& note);

private:
    int const most_;
    std::set<std::string> seen_; // method and URL
};

/// Whether a header of the request holds a credential.
bool carriesCredential(Request const& request);

/// Appends a sentence to an exchange's note.
void appendNote(std::string& note, std::string_view text);

} // namespace httptest::v1
