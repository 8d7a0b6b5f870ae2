#pragma once

#include <httptest/testing/fault_server.hpp>
#include <httptest/testing/faults.hpp>

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace fault_tests {

/// What a call comes to.
struct Outcome {
    enum class Connection { discarded, kept };

    std::string error = {};                        ///< The exact type of the exception; empty where there is a reply,
    int status = 200;                              ///< which has this status.
    std::string text = {};                         ///< The exception's, with placeholders (text_pattern.hpp).
    std::size_t requests = 1;                      ///< How many requests the server has received when the call is over.
    Connection connection = Connection::discarded; ///< What becomes of the last one.
};

/// How the host of the base URL is found.
enum class Name {
    none, ///< It is an address.
    unknown,
    neverResolved,
    firstAddressDead, ///< One of two.
};

/// Whether the call finds a connection of an earlier one.
enum class Kept {
    none,
    well,
    spoilt ///< It is the earlier call that the fault happens to.
};

/// What is special about the client.
struct Client {
    std::string path = "/api/v1/clusters";
    std::size_t uploadBytes = 0;
    bool gzip = false;
    bool followsRedirects = false;
    bool logsIn = false; ///< The API call's token is from a login, where it is ready-made otherwise.
    Kept connection = Kept::none;
    bool anotherConnects = false; ///< Another client has a connection already.
    bool proxy = false;           ///< The server is the proxy to a host that exists nowhere else.
    Name name = Name::none;
};

/// The limit that ends a call: none where the fault itself does.
enum class Limit { none, exchange, connect, tls };

struct FaultRow {
    enum class Over { both, http, https };
    std::string section;
    std::string name;
    httptest::testing::Fault fault = httptest::testing::faults::none();
    std::size_t times = 0; ///< How many requests it happens to; 0 for all.
    httptest::testing::FaultServerOptions server = {};
    Client client = {};
    Over over = Over::both;
    Limit limit = Limit::none;

    std::optional<Outcome> get = std::nullopt;
    std::optional<Outcome> post = std::nullopt;  ///< Nothing: like GET's.
    std::optional<Outcome> login = std::nullopt; ///< Nothing: there is no such login.
};

std::ostream& operator<<(std::ostream& stream, FaultRow const& row);

/// Every fault and what becomes of it: the one source of the tests and of README.md.
std::vector<FaultRow> const& faultTable();

/// The rows that are for this scheme.
std::vector<FaultRow> faultsOver(FaultRow::Over scheme);

} // namespace fault_tests
