#include "session/checked_wishes.hpp"
#include "session/request_defaults.hpp"
#include "session/request_id.hpp"
#include "session/session_core.hpp"
#include "session/version.hpp"

#include <httptest/error.hpp>
#include <httptest/request_builder.hpp>

#include <set>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr std::string_view requestIdHeader = "X-Request-ID";

/// Fills the `{name}` parts of a path.
std::string filled(std::string_view path, std::map<std::string, std::string, std::less<>> const& values) {
    std::string result;
    result.reserve(path.size());
    std::set<std::string_view> used;
    while (!path.empty()) {
        auto const open = path.find('{');
        result.append(path.substr(0, open));
        if (open == std::string_view::npos) {
            break;
        }
        auto const close = path.find('}', open);
        if (close == std::string_view::npos) {
            throw InvalidRequest("the path '" + std::string(path) + "' has a '{' without its '}'");
        }
        std::string_view const name = path.substr(open + 1, close - open - 1);
        auto const value = values.find(name);
        if (value == values.end()) {
            throw InvalidRequest("nothing fills {" + std::string(name) + "} in the path; call .path(\"" +
                                 std::string(name) + "\", value)");
        }
        if (value->second.empty()) {
            throw InvalidRequest("the value for {" + std::string(name) +
                                 "} in the path is empty, which would name "
                                 "another resource");
        }
        if (value->second == "." || value->second == "..") {
            throw InvalidRequest("the value for {" + std::string(name) + "} in the path is '" + value->second +
                                 "', which servers take for a step in the path");
        }
        result.append(percentEncode(value->second));
        used.insert(name);
        path.remove_prefix(close + 1);
    }
    if (used.size() < values.size()) {
        throw InvalidRequest("a path() value has no {name} in the path '" + result + "' to fill");
    }
    return result;
}

} // namespace

RequestBuilder::RequestBuilder(std::shared_ptr<SessionCore> core, RequestDefaults const& defaults,
                               std::string_view method, std::string_view path)
    : core_(std::move(core)),
      path_(path),
      timeout_(defaults.timeout),
      redirects_(defaults.redirects) {
    request_.method = method;
    request_.headers.reserve(6 + defaults.headers.size());
    request_.headers.add("Accept", "*/*");
    request_.headers.add("User-Agent", userAgent);
    for (Headers::Field const& field : defaults.headers) {
        header(field.name, field.value);
    }
    ownContentType_ = false; // the session's is a default, which a body's own type replaces
}

RequestBuilder& RequestBuilder::path(std::string_view name, std::string_view value) {
    pathValues_.insert_or_assign(std::string(name), std::string(value));
    return *this;
}

RequestBuilder& RequestBuilder::query(std::string_view name, std::string_view value) {
    query_.append(query_.empty() ? "" : "&").append(percentEncode(name)).append("=").append(percentEncode(value));
    return *this;
}

RequestBuilder& RequestBuilder::header(std::string_view name, std::string value) {
    ownContentType_ |= equalsIgnoringCase(name, "Content-Type");
    requestId_ &= !equalsIgnoringCase(name, requestIdHeader);
    request_.headers.set(name, std::move(value));
    return *this;
}

RequestBuilder& RequestBuilder::withoutHeader(std::string_view name) {
    requestId_ &= !equalsIgnoringCase(name, requestIdHeader);
    request_.headers.remove(name);
    return *this;
}

RequestBuilder& RequestBuilder::body(std::string content, std::string_view contentType, Location where) {
    if (hasBody_) {
        refuseRequest("the request " + request_.method + " " + path_ +
                          " has a body already, and a request has one; copy the builder before its body is set, or "
                          "build another request",
                      where);
    }
    hasBody_ = true;
    request_.body = std::move(content);
    if (!ownContentType_) {
        request_.headers.set("Content-Type", std::string(contentType));
    }
    return *this;
}

RequestBuilder& RequestBuilder::form(std::vector<FormField> const& fields, Location where) {
    std::string text;
    for (FormField const& field : fields) {
        text.append(text.empty() ? "" : "&").append(formEncode(field.name)).append("=").append(formEncode(field.value));
    }
    return body(std::move(text), "application/x-www-form-urlencoded", where);
}

RequestBuilder& RequestBuilder::multipart(Multipart const& parts, Location where) {
    if (parts.empty()) {
        refuseRequest("a multipart body needs a part; add one with field() or file()", where);
    }
    std::string const boundary = parts.boundary();
    return body(parts.text(boundary), "multipart/form-data; boundary=" + boundary, where);
}

RequestBuilder& RequestBuilder::timeout(std::chrono::milliseconds limit, Location where) {
    timeout_ = checkedTimeout(limit, where);
    return *this;
}

RequestBuilder& RequestBuilder::redirects(int most, Location where) {
    redirects_ = checkedRedirects(most, where);
    return *this;
}

RequestBuilder& RequestBuilder::noRedirects() {
    redirects_ = 0;
    return *this;
}

RequestBuilder& RequestBuilder::noReplay() {
    replay_ = false;
    return *this;
}

RequestBuilder& RequestBuilder::gzip() {
    gzip_ = true;
    return header("Accept-Encoding", "gzip");
}

RequestBuilder& RequestBuilder::identity(std::string_view name) {
    identity_ = name;
    return *this;
}

RequestBuilder& RequestBuilder::anonymous() {
    anonymous_ = true;
    bad_.reset();
    return *this;
}

RequestBuilder& RequestBuilder::auth(BadCredential bad) {
    bad_ = std::move(bad);
    anonymous_ = false;
    return *this;
}

std::string RequestBuilder::target() const {
    std::string target = filled(path_, pathValues_);
    if (!query_.empty()) {
        target.append(target.find('?') == std::string::npos ? "?" : "&").append(query_);
    }
    return target;
}

std::shared_ptr<SessionCore> RequestBuilder::core() const {
    return identity_.empty() ? core_ : core_->sibling(identity_);
}

Exchange RequestBuilder::send(Location where) const {
    try {
        Request request = request_;
        std::string const target = this->target();
        std::shared_ptr<SessionCore> const core = this->core();
        request.url = core->urlOf(target);
        if (requestId_) {
            request.headers.add(std::string(requestIdHeader), newRequestId());
        }
        return core->send(std::move(request), {.anonymous = anonymous_,
                                               .bad = bad_ ? &*bad_ : nullptr,
                                               .timeout = timeout_,
                                               .redirects = redirects_,
                                               .replay = replay_,
                                               .gzip = gzip_});
    } catch (Error& error) {
        error.setLocation(where);
        throw;
    }
}

} // namespace httptest::v1
