#include "session/checked_wishes.hpp"
#include "session/request_defaults.hpp"
#include "session/session_core.hpp"

#include <httptest/session.hpp>

#include <utility>

namespace httptest::inline v1 {

namespace {

RequestDefaults copyOf(std::shared_ptr<RequestDefaults const> const& defaults) {
    return defaults ? *defaults : RequestDefaults{};
}

} // namespace

Session::Session(std::shared_ptr<SessionCore> core) : core_(std::move(core)) {}

Session::Session(std::shared_ptr<SessionCore> core, RequestDefaults defaults)
    : core_(std::move(core)),
      defaults_(std::make_shared<RequestDefaults const>(std::move(defaults))) {}

Session Session::withHeader(std::string_view name, std::string value) const {
    RequestDefaults defaults = copyOf(defaults_);
    defaults.headers.set(name, std::move(value));
    return {core_, std::move(defaults)};
}

Session Session::withTimeout(std::chrono::milliseconds limit, Location where) const {
    RequestDefaults defaults = copyOf(defaults_);
    defaults.timeout = checkedTimeout(limit, where);
    return {core_, std::move(defaults)};
}

Session Session::withRedirects(int most, Location where) const {
    RequestDefaults defaults = copyOf(defaults_);
    defaults.redirects = checkedRedirects(most, where);
    return {core_, std::move(defaults)};
}

Session Session::withoutRedirects() const {
    RequestDefaults defaults = copyOf(defaults_);
    defaults.redirects = 0;
    return {core_, std::move(defaults)};
}

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
    return {core_, defaults_ ? *defaults_ : RequestDefaults{}, method, path};
}

Attachment Session::authorize(Request& request, std::chrono::milliseconds timeout, Location where) const {
    return core_->authorize(request, timeout.count() == 0 ? timeout : checkedTimeout(timeout, where));
}

Refusal Session::refused(Response const& response, Attachment const& attachment) const {
    return core_->refused(response, attachment);
}

Url Session::url(std::string_view path) const {
    return core_->urlOf(path);
}

AuthStatus Session::auth() const {
    return core_->auth();
}

} // namespace httptest::v1
