#include "config/notice.hpp"
#include "config/user_info.hpp"

#include <httptest/configuration.hpp>
#include <httptest/error.hpp>
#include <httptest/settings.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t longestSecretFile = std::size_t{64} * 1024;

/// The file's content without its trailing newline; nothing when it cannot be read, with errno set.
std::optional<std::string> secretFileContent(std::string const& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string content(longestSecretFile + 1, '\0');
    if (!file.is_open()) {
        return std::nullopt;
    }
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (file.bad()) {
        return std::nullopt;
    }
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.ends_with('\n')) {
        content.pop_back();
    }
    if (content.ends_with('\r')) {
        content.pop_back();
    }
    return content;
}

std::string requiredSecretFileContent(std::string const& path, std::string const& where) {
    std::optional<std::string> content = secretFileContent(path);
    if (!content) {
        throw Misconfigured("cannot read the secret's file '" + path + "' (" + where + "): " + std::strerror(errno));
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0) {
        noticeOnce("the secret's file '" + path + "' (" + where +
                   ") can be read by everybody; take that away (chmod o-r)");
    }
    if (content->empty()) {
        throw Misconfigured("the secret's file '" + path + "' (" + where + ") is empty");
    }
    if (content->size() > longestSecretFile) {
        throw Misconfigured("the secret's file '" + path + "' (" + where + ") is over 64 KiB; is it the right file?");
    }
    return std::move(*content);
}

} // namespace

SecretSource SecretSource::value(std::string text, std::string where) {
    SecretSource source;
    source.value_ = std::make_shared<Secret const>(std::move(text));
    source.where_ = std::move(where);
    return source;
}

SecretSource SecretSource::file(std::string path, std::string where) {
    SecretSource source;
    source.path_ = std::move(path);
    source.where_ = std::move(where);
    return source;
}

Secret SecretSource::read() const {
    return value_ ? value_->clone() : Secret(requiredSecretFileContent(path_, where_));
}

std::string SecretSource::version() const {
    if (value_) {
        return "value";
    }
    std::optional<std::string> content = secretFileContent(path_);
    return content ? Secret(std::move(*content)).fingerprint() : std::string();
}

Settings::Settings(std::string section, std::vector<SettingSpec> specs,
                   std::map<std::string, Value, std::less<>> values, std::string identity)
    : section_(std::move(section)),
      specs_(std::move(specs)),
      values_(std::move(values)),
      identity_(std::move(identity)) {}

bool Settings::has(std::string_view key) const {
    return values_.find(key) != values_.end();
}

Settings::Value const& Settings::value(std::string_view key) const {
    auto const found = values_.find(key);
    if (found == values_.end()) {
        throw MissingSetting(std::string(key), "missing setting: set " + howToSet(key));
    }
    return found->second;
}

std::string const& Settings::text(std::string_view key) const {
    return value(key).text;
}

std::int64_t Settings::integer(std::string_view key) const {
    std::string const& text = value(key).text;
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number); // checked when it was resolved
    return number;
}

bool Settings::boolean(std::string_view key) const {
    return value(key).text == "true";
}

std::chrono::milliseconds Settings::milliseconds(std::string_view key) const {
    return std::chrono::milliseconds(integer(key));
}

SecretSource Settings::secret(std::string_view key) const {
    Value const& found = value(key);
    return found.isFile ? SecretSource::file(found.text, found.where) : SecretSource::value(found.text, found.where);
}

std::string Settings::secretUrl(std::string_view key) const {
    Value const& found = value(key);
    std::string url = found.isFile ? requiredSecretFileContent(found.text, found.where) : found.text;
    keepUserInfoOutOfOutput(url);
    return url;
}

Settings::Source Settings::source(std::string_view key) const {
    return value(key).source;
}

std::string const& Settings::where(std::string_view key) const {
    return value(key).where;
}

void Settings::requireTrusted(std::string_view key) const {
    Value const& found = value(key);
    if (found.source != Source::file) {
        return;
    }
    struct stat status {};
    bool const trusted = ::stat(found.file.c_str(), &status) == 0 && status.st_uid == ::geteuid() &&
                         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    if (!trusted) {
        throw Misconfigured(found.where +
                            ": a file may set this only if you own it and nobody else can write it; set " +
                            variableName(section_, key) + " instead");
    }
}

bool Settings::agree(std::string_view key, Settings const& other) const {
    auto const mine = values_.find(key);
    auto const theirs = other.values_.find(key);
    if (mine == values_.end() || theirs == other.values_.end()) {
        return mine == values_.end() && theirs == other.values_.end();
    }
    return mine->second.text == theirs->second.text && mine->second.isFile == theirs->second.isFile;
}

std::string Settings::howToSet(std::string_view key) const {
    std::string const section = identity_.empty() ? section_ : "identity." + identity_;
    std::string const path = section.empty() ? std::string(key) : section + "." + std::string(key);
    return variableName(identity_.empty() ? section_ : section_ + "." + identity_, key) + " (or key '" + path +
           "' of the configuration file)";
}

} // namespace httptest::v1
