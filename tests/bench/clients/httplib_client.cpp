#include "clients/client.hpp"
#include "support/canned_provider.hpp"

#include <httplib.h>

namespace httptest::bench {

namespace {

class HttplibClient final : public Client {
public:
    HttplibClient(Nginx const& server, bool tls) : client_(server.url(tls)) {
        client_.set_keep_alive(true);
        client_.set_tcp_nodelay(true);
        client_.set_default_headers({{"Authorization", "Bearer " + makeToken()}});
        if (tls) {
            client_.set_ca_cert_path(server.caFile());
            client_.enable_server_certificate_verification(true);
        }
    }

    void get() override {
        auto const result = client_.Get("/reply");
        if (!result) {
            throw std::runtime_error("cpp-httplib: " + httplib::to_string(result.error()));
        }
        check(result->status, result->body.size());
    }

private:
    httplib::Client client_;
};

} // namespace

std::unique_ptr<Client> httplibClient(Nginx const& server, bool tls) {
    return std::make_unique<HttplibClient>(server, tls);
}

} // namespace httptest::bench
