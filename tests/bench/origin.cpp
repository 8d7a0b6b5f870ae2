// A request to a TLS origin that was never talked to, beside libcurl's. See README.md.

#include "support/nginx.hpp"
#include "support/rounds.hpp"

#include <httptest/poco_transport.hpp>

#include <curl/curl.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace httptest;
using namespace httptest::bench;

constexpr int requestsOfARound = 5;
constexpr int standardRounds = 60;
constexpr std::size_t freshCurl = 2;

/// A name of its own for every request; all of them stand in the certificate as *.bench.test.
std::string newHost() {
    static int count = 0;
    return "origin-" + std::to_string(++count) + ".bench.test";
}

void check(long status, std::size_t bytes) {
    if (status != 200 || bytes != replyBytes) {
        throw std::runtime_error("the reply is not the one that was asked for");
    }
}

class Ours {
public:
    explicit Ours(Nginx const& server) : transport_(settings(server)), port_(std::to_string(server.port(true))) {}

    void get(std::string const& host, bool close = false) {
        Request request;
        request.url = Url::parse("https://" + host + ":" + port_ + "/reply");
        if (close) {
            request.headers = {{"Connection", "close"}};
        }
        auto const response = transport_.send(request, BootClock::now() + std::chrono::seconds(30), {});
        check(response.status, response.body.size());
    }

private:
    static TransportSettings settings(Nginx const& server) {
        TransportSettings settings;
        settings.tls.caFile = server.caFile();
        settings.resolveName = [](std::string const&) { return std::vector<std::string>{"127.0.0.1"}; };
        return settings;
    }

    PocoTransport transport_;
    std::string port_;
};

/// Trusts the benchmark's CA alone; with the system's bundle, its default, it would take 20 ms longer.
class Curl {
public:
    explicit Curl(Nginx const& server) : caFile_(server.caFile()), port_(std::to_string(server.port(true))) {
        ::curl_easy_setopt(handle_.get(), CURLOPT_CAINFO, caFile_.c_str());
        ::curl_easy_setopt(handle_.get(), CURLOPT_CAPATH, nullptr);
        ::curl_easy_setopt(handle_.get(), CURLOPT_NOSIGNAL, 1L);
        ::curl_easy_setopt(handle_.get(), CURLOPT_WRITEDATA, &body_);
        ::curl_easy_setopt(handle_.get(), CURLOPT_WRITEFUNCTION, &Curl::take);
    }

    void get(std::string const& host, bool close = false) {
        body_.clear();
        std::unique_ptr<curl_slist, Free> const address(
            ::curl_slist_append(nullptr, (host + ":" + port_ + ":127.0.0.1").c_str()));
        ::curl_easy_setopt(handle_.get(), CURLOPT_RESOLVE, address.get());
        ::curl_easy_setopt(handle_.get(), CURLOPT_FORBID_REUSE, close ? 1L : 0L);
        std::string const url = "https://" + host + ":" + port_ + "/reply";
        ::curl_easy_setopt(handle_.get(), CURLOPT_URL, url.c_str());
        if (auto const code = ::curl_easy_perform(handle_.get()); code != CURLE_OK) {
            throw std::runtime_error(::curl_easy_strerror(code));
        }
        long status = 0;
        ::curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        check(status, body_.size());
    }

private:
    struct Free {
        void operator()(CURL* handle) const noexcept { ::curl_easy_cleanup(handle); }
        void operator()(curl_slist* list) const noexcept { ::curl_slist_free_all(list); }
    };

    static std::size_t take(char const* bytes, std::size_t size, std::size_t count, std::string* body) {
        body->append(bytes, size * count);
        return size * count;
    }

    std::string caFile_;
    std::string port_;
    std::string body_;
    std::unique_ptr<CURL, Free> handle_{::curl_easy_init()};
};

template <class Peer>
Contestant everythingNew(std::string name, Nginx const& server) {
    return {std::move(name), [&server](int count) {
                for (int i = 0; i < count; ++i) Peer(server).get(newHost());
            }};
}

template <class Peer>
Contestant newOrigin(std::string name, Nginx const& server) {
    auto const peer = std::make_shared<Peer>(server);
    return {std::move(name), [peer](int count) {
                for (int i = 0; i < count; ++i) peer->get(newHost());
            }};
}

template <class Peer>
Contestant newConnection(std::string name, Nginx const& server) {
    auto const peer = std::make_shared<Peer>(server);
    return {std::move(name), [peer, host = newHost()](int count) {
                for (int i = 0; i < count; ++i) peer->get(host, true);
            }};
}

} // namespace

/// bench_origin [rounds]
int main(int argc, char** argv) {
    try {
        int const rounds = argc > 1 ? std::atoi(argv[1]) : standardRounds;
        Nginx const server;
        std::vector<Contestant> const contestants = {
            everythingNew<Ours>("PocoTransport: all new", server),
            newOrigin<Ours>("PocoTransport: new origin", server),
            everythingNew<Curl>("libcurl: all new", server),
            newOrigin<Curl>("libcurl: new origin", server),
            newConnection<Ours>("PocoTransport: new connection, known origin", server),
            newConnection<Curl>("libcurl: new connection, known origin", server),
        };
        print("First request over TLS; speed: libcurl with all new is 1",
              compare(contestants, rounds, requestsOfARound, freshCurl), std::chrono::microseconds(1), "us");
        return EXIT_SUCCESS;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "bench_origin: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
