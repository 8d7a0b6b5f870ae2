#pragma once

#include "support/nginx.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace httptest::bench {

/// One kept connection to the server, and GET /reply with a bearer token over it.
class Client {
public:
    virtual ~Client() = default;

    /// One request and its whole reply, which is looked at.
    virtual void get() = 0;

protected:
    static void check(int status, std::size_t bytes) {
        if (status != 200 || bytes != replyBytes) {
            throw std::runtime_error("the reply is not the one that was asked for: status " + std::to_string(status) +
                                     ", " + std::to_string(bytes) + " bytes");
        }
    }
};

/// Through a session: authorize, transport, exchange record.
std::unique_ptr<Client> harnessClient(Nginx const& server, bool tls);

/// PocoTransport with a request that is made once, its token included.
std::unique_ptr<Client> transportClient(Nginx const& server, bool tls);

/// A socket, or OpenSSL on one, that knows what it will read: what the server and the system alone cost.
std::unique_ptr<Client> rawClient(Nginx const& server, bool tls);

/// Poco's HTTPClientSession or HTTPSClientSession.
std::unique_ptr<Client> pocoClient(Nginx const& server, bool tls);

std::unique_ptr<Client> curlClient(Nginx const& server, bool tls);

std::unique_ptr<Client> httplibClient(Nginx const& server, bool tls);

} // namespace httptest::bench
