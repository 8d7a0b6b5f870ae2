#pragma once

#include <httptest/abi.hpp>
#include <httptest/location.hpp>
#include <httptest/session.hpp>

#include <cstddef>
#include <initializer_list>
#include <memory>

namespace httptest::inline v1 {

/// Requests that undo what a test has made, sent in reverse order when the object dies, also after a failure:
///
///     cleanup.add(session.del("/api/v1/org-unit/projects/{id}").path("id", id)); // `cleanup` of CaseFixture
///
/// Each is sent as the identity that it was registered with. One that is answered by another status than those accepted,
/// or by none, is a failure at the line that registered it and does not stop the others. Until it is answered it stands
/// in the ledger, a file in the state folder (settings `ledger`, `state_dir`): what a killed process leaves,
/// `httptest sweep` deletes. Register as early as the path is known, before the resource is made where its name is
/// yours: 404 is accepted.
///
/// Thread-safe. A fork()ed child sends nothing.
class HTTPTEST_API Cleanup {
public:
    Cleanup();
    /// Runs it. What no test framework is there to hear of goes to standard error.
    ~Cleanup();
    Cleanup(Cleanup const&) = delete;
    Cleanup& operator=(Cleanup const&) = delete;

    /// Accepts 200, 202, 204 and 404.
    /// @throws InvalidRequest  The path is not filled in.
    /// @throws Misconfigured   There is no such identity.
    void add(RequestBuilder request, Location where = Location::current());
    void add(RequestBuilder request, std::initializer_list<int> accepted, Location where = Location::current());

    /// Sends them now; those added meanwhile as well.
    void run();

    /// How many are left to be sent.
    std::size_t size() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace httptest::v1
