#include "clients/client.hpp"
#include "support/canned_provider.hpp"

#include <httptest/poco_transport.hpp>

#include <chrono>

namespace httptest::bench {

namespace {

class HarnessClient final : public Client {
public:
    HarnessClient(Nginx const& server, bool tls)
        : harness_(cannedOptions(server.url(tls), tls ? server.caFile() : "")),
          session_(harness_.session()) {}

    void get() override {
        auto const exchange = session_.get("/reply").send();
        check(exchange.status(), exchange.body().size());
    }

private:
    Harness harness_;
    Session session_;
};

class TransportClient final : public Client {
public:
    TransportClient(Nginx const& server, bool tls) : transport_(settings(server, tls)) {
        request_.url = Url::parse(server.url(tls) + "/reply");
        request_.headers = {{"Accept", "*/*"}, {"Authorization", "Bearer " + makeToken()}};
    }

    void get() override {
        auto const response = transport_.send(request_, BootClock::now() + std::chrono::seconds(30), {});
        check(response.status, response.body.size());
    }

private:
    static TransportSettings settings(Nginx const& server, bool tls) {
        TransportSettings settings;
        settings.tls.caFile = tls ? server.caFile() : "";
        return settings;
    }

    PocoTransport transport_;
    Request request_;
};

} // namespace

std::unique_ptr<Client> harnessClient(Nginx const& server, bool tls) {
    return std::make_unique<HarnessClient>(server, tls);
}

std::unique_ptr<Client> transportClient(Nginx const& server, bool tls) {
    return std::make_unique<TransportClient>(server, tls);
}

} // namespace httptest::bench
