#include "credentials/cli_login.hpp"

#include "base64.hpp"
#include "credentials/ready_token.hpp"
#include "credentials/setting_place.hpp"
#include "printable.hpp"
#include "reply_fields.hpp"

#include <httptest/error.hpp>
#include <httptest/jwt.hpp>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace runai {

namespace {

constexpr std::size_t longestFile = std::size_t{64} * 1024;
constexpr std::size_t longestQuotedUrl = 100;

constexpr auto logInAgain = "log in with the runai command-line tool (`runai login`)";

std::string contentOf(std::filesystem::path const& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string content(longestFile + 1, '\0');
    if (file.is_open()) {
        file.read(content.data(), static_cast<std::streamsize>(content.size()));
    }
    if (!file.is_open() || file.bad()) {
        std::string const why = errno != 0 ? std::strerror(errno) : "is it a folder?";
        throw httptest::Misconfigured("cannot read '" + path.string() + "': " + why + "; " + logInAgain);
    }
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > longestFile) {
        throw httptest::Misconfigured("'" + path.string() + "' is over 64 KiB; is it the tool's file?");
    }
    return content;
}

std::filesystem::path folderOf(httptest::Settings const& settings) {
    constexpr auto key = "cli_config_path";
    if (settings.has(key)) {
        return settings.text(key);
    }
    char const* const home = std::getenv("HOME"); // NOLINT(concurrency-mt-unsafe): nothing here sets any
    if (home == nullptr || *home == '\0') {
        throw httptest::Misconfigured("the runai command-line tool's folder is unknown, since HOME is not set: set " +
                                      settings.howToSet(key));
    }
    return std::filesystem::path(home) / ".runai";
}

class CliLogin final : public CredentialSource {
public:
    CliLogin(std::filesystem::path const& folder, httptest::Url const& baseUrl, std::string baseUrlPlace)
        : planeFile_(folder / "config.json"),
          tokenFile_(folder / "authentication.json"),
          baseUrl_(baseUrl),
          baseUrlPlace_(std::move(baseUrlPlace)) {
        account_.description = "cli login of " + folder.string();
        account_.renewable = false;
    }

    Account const& account() const noexcept override { return account_; }

    Obtained obtain(httptest::LoginContext const& context) override {
        requireSameControlPlane();
        return usableToken(readToken(), context.clock.wall(), "the token of '" + tokenFile_.string() + "'", logInAgain);
    }

    std::string version() const override {
        return readToken().fingerprint() + " " + std::to_string(std::hash<std::string>()(contentOf(planeFile_)));
    }

private:
    [[noreturn]] static void refuse(std::filesystem::path const& file, std::string const& what) {
        throw httptest::Misconfigured("'" + file.string() + "' " + what + "; " + logInAgain);
    }

    void requireSameControlPlane() const {
        auto const document = nlohmann::json::parse(contentOf(planeFile_), nullptr, false);
        if (document.is_discarded()) {
            refuse(planeFile_, "is no JSON");
        }
        auto const url = document.is_object()
                             ? document.value(nlohmann::json::json_pointer("/control_plane/url"), nlohmann::json())
                             : nlohmann::json();
        if (!url.is_string()) {
            refuse(planeFile_, "names no control plane (control_plane.url)");
        }
        std::string const text = printable(url.get_ref<std::string const&>(), longestQuotedUrl);
        std::optional<httptest::Url> plane;
        try {
            plane = httptest::Url::parse(url.get_ref<std::string const&>());
        } catch (httptest::InvalidRequest const&) {
            refuse(planeFile_, "names a control plane whose address is no URL ('" + text + "')");
        }
        if (plane->origin != baseUrl_.origin) {
            throw httptest::Misconfigured("the runai command-line tool is logged in to " + plane->origin.text() +
                                          " ('" + planeFile_.string() + "'), but base_url (" + baseUrlPlace_ + ") is " +
                                          baseUrl_.text() + ": its token is not sent elsewhere; " + logInAgain +
                                          " there, or set another base_url");
        }
    }

    /// The tool wraps the JWT in base64 once more.
    httptest::Secret readToken() const {
        std::string content = contentOf(tokenFile_);
        ReplyBody const body = readReplyBody(content);
        httptest::wipe(content);
        if (!body.fault.empty()) {
            refuse(tokenFile_, body.fault);
        }
        std::string const* const wrapped = body.fields.text("accessToken");
        if (wrapped == nullptr || wrapped->empty()) {
            refuse(tokenFile_, "holds no accessToken");
        }
        std::optional<std::string> token = fromBase64(*wrapped);
        if (!token || !httptest::readJwt(*token)) {
            refuse(tokenFile_, "holds an accessToken that is no JWT in base64");
        }
        return httptest::Secret(std::move(*token));
    }

    std::filesystem::path const planeFile_;
    std::filesystem::path const tokenFile_;
    httptest::Url const baseUrl_;
    std::string const baseUrlPlace_;
    Account account_;
};

} // namespace

std::unique_ptr<CredentialSource> cliLogin(httptest::Settings const& settings, httptest::Url const& baseUrl) {
    constexpr auto key = "base_url";
    return std::make_unique<CliLogin>(folderOf(settings), baseUrl,
                                      settings.has(key) ? shortWhere(settings.where(key)) : settings.howToSet(key));
}

} // namespace runai
