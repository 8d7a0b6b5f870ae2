#include "clients/client.hpp"
#include "support/canned_provider.hpp"

#include <curl/curl.h>

namespace httptest::bench {

namespace {

class CurlClient final : public Client {
public:
    CurlClient(Nginx const& server, bool tls) : url_(server.url(tls) + "/reply"), caFile_(server.caFile()) {
        std::string const authorization = "Authorization: Bearer " + makeToken();
        fields_.reset(::curl_slist_append(nullptr, authorization.c_str()));
        ::curl_easy_setopt(handle_.get(), CURLOPT_URL, url_.c_str());
        ::curl_easy_setopt(handle_.get(), CURLOPT_HTTPHEADER, fields_.get());
        ::curl_easy_setopt(handle_.get(), CURLOPT_CAINFO, caFile_.c_str());
        ::curl_easy_setopt(handle_.get(), CURLOPT_NOSIGNAL, 1L);
        ::curl_easy_setopt(handle_.get(), CURLOPT_WRITEDATA, &body_);
        ::curl_easy_setopt(handle_.get(), CURLOPT_WRITEFUNCTION, &CurlClient::take);
    }

    void get() override {
        body_.clear();
        if (auto const code = ::curl_easy_perform(handle_.get()); code != CURLE_OK) {
            throw std::runtime_error(::curl_easy_strerror(code));
        }
        long status = 0;
        ::curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        check(static_cast<int>(status), body_.size());
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

    std::string url_;
    std::string caFile_;
    std::string body_;
    std::unique_ptr<curl_slist, Free> fields_;
    std::unique_ptr<CURL, Free> handle_{::curl_easy_init()};
};

} // namespace

std::unique_ptr<Client> curlClient(Nginx const& server, bool tls) {
    return std::make_unique<CurlClient>(server, tls);
}

} // namespace httptest::bench
