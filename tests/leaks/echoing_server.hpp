#pragma once

#include <httptest/testing/stub_server.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leaks {

/// The worst server there is: it tells secrets in every form, wherever a reply has room for them.
///
/// Below `url()` a login succeeds with the token `canary::accessToken`; below `url("/rejected")` and the other names of
/// `badLogins` it fails so. The rest is under `/echo/…`, each kind of reply by its name. Since reports show a reply's
/// beginning, each tells a few forms only, in a path with `/from-<n>` those from the nth on.
class EchoingServer {
public:
    /// @param secrets  What it tells, beside the request itself.
    explicit EchoingServer(std::vector<std::string> secrets);

    std::string url(std::string_view path = "") const { return server_.url(path); }

    std::size_t formCount() const noexcept { return forms_.size(); }

    void waitForRequests(std::size_t count) const { server_.waitForRequests(count); }

    /// Prefixes under which no login succeeds.
    static std::vector<std::string> const& badLogins();

private:
    void serve(httptest::testing::StubConnection& connection) const;
    std::vector<std::string> formsFor(std::string const& path) const;

    std::vector<std::string> const secrets_;
    std::vector<std::string> const forms_; ///< All of all secrets.
    httptest::testing::StubServer server_;
};

} // namespace leaks
