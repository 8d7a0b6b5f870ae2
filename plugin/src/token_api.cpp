#include "token_api.hpp"

#include <string>

namespace runai {

std::string_view apiName(ApiVersion version) noexcept {
    return version == ApiVersion::v1 ? "v1" : "v2";
}

httptest::Url tokenEndpoint(httptest::Url const& baseUrl, ApiVersion version) {
    std::string path = baseUrl.target.substr(0, baseUrl.target.find('?'));
    path.erase(path.find_last_not_of('/') + 1);
    path.append("/api/").append(apiName(version)).append("/token");
    return {baseUrl.origin, std::move(path)};
}

} // namespace runai
