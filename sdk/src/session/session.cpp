#include "session/session_core.hpp"

#include <httptest/session.hpp>

#include <utility>

namespace httptest::inline v1 {

Session::Session(std::shared_ptr<SessionCore> core) : core_(std::move(core)) {}

RequestBuilder Session::get(std::string_view path) const {
    return request("GET", path);
}

RequestBuilder Session::head(std::string_view path) const {
    return request("HEAD", path);
}

RequestBuilder Session::post(std::string_view path) const {
    return request("POST", path);
}

RequestBuilder Session::put(std::string_view path) const {
    return request("PUT", path);
}

RequestBuilder Session::patch(std::string_view path) const {
    return request("PATCH", path);
}

RequestBuilder Session::del(std::string_view path) const {
    return request("DELETE", path);
}

RequestBuilder Session::options(std::string_view path) const {
    return request("OPTIONS", path);
}

RequestBuilder Session::request(std::string_view method, std::string_view path) const {
    return RequestBuilder(core_, method, path);
}

Attachment Session::authorize(Request& request, std::chrono::milliseconds timeout) const {
    return core_->authorize(request, timeout);
}

Url Session::url(std::string_view path) const {
    return core_->urlOf(path);
}

AuthStatus Session::auth() const {
    return core_->auth();
}

} // namespace httptest::v1
