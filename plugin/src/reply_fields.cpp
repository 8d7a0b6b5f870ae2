#include "reply_fields.hpp"

#include "printable.hpp"

#include <httptest/secret.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <utility>

namespace runai {

namespace {

using Json = nlohmann::json;

/// As for all JSON that this project reads; a token reply has one or two levels.
constexpr std::size_t deepestNesting = 128;

/// A login reply is a few kilobytes; what is larger is none.
constexpr std::size_t longestBody = std::size_t{1024} * 1024;

class TopLevelReader final : public nlohmann::json_sax<Json> {
public:
    explicit TopLevelReader(std::size_t length) : length_(length) {}

    ReplyBody take() && { return std::move(result_); }

    bool null() override { return scalar(nullptr); }
    bool boolean(bool value) override { return scalar(value); }
    bool number_integer(std::int64_t value) override { return scalar(value); }
    bool number_unsigned(std::uint64_t value) override { return scalar(value); }
    bool number_float(double value, std::string const&) override { return scalar(value); }
    bool string(std::string& value) override { return scalar(std::exchange(value, {})); }
    bool binary(Json::binary_t&) override { return false; }

    bool start_object(std::size_t) override { return open(true); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(false); }
    bool end_array() override { return close(); }

    bool key(std::string& value) override {
        if (depth_ == 1) {
            key_ = value;
        }
        return true;
    }

    bool parse_error(std::size_t position, std::string const&, Json::exception const& error) override {
        constexpr int numberOverflow = 406;
        if (error.id == numberOverflow) {
            return fail("is JSON with a number out of range, at or below '" + printable(key_, 40) + "'");
        }
        return fail(position > length_ ? "is JSON that is cut short" : "is no JSON");
    }

private:
    bool scalar(FieldValue value) {
        if (depth_ == 0) {
            return fail("is JSON, but no object");
        }
        if (depth_ == 1) {
            result_.fields.set(key_, std::move(value));
        } else if (auto* const text = std::get_if<std::string>(&value)) {
            httptest::wipe(*text);
        }
        return true;
    }

    bool open(bool object) {
        if (depth_ == 0 && !object) {
            return fail("is JSON, but no object");
        }
        if (depth_ == 1) {
            result_.fields.set(key_, Nested{});
        }
        if (++depth_ > deepestNesting) {
            return fail("is JSON nested deeper than " + std::to_string(deepestNesting) + " levels");
        }
        return true;
    }

    bool close() {
        --depth_;
        return true;
    }

    bool fail(std::string fault) {
        result_ = {{}, std::move(fault)};
        return false;
    }

    std::size_t const length_;
    std::size_t depth_ = 0;
    std::string key_;
    ReplyBody result_;
};

} // namespace

ReplyFields::~ReplyFields() {
    for (auto& [name, value] : fields_) {
        if (auto* const text = std::get_if<std::string>(&value)) {
            httptest::wipe(*text);
        }
    }
}

FieldValue const* ReplyFields::find(std::string_view name) const {
    auto const found = fields_.find(name);
    return found == fields_.end() ? nullptr : &found->second;
}

std::string const* ReplyFields::text(std::string_view name) const {
    FieldValue const* const value = find(name);
    return value == nullptr ? nullptr : std::get_if<std::string>(value);
}

void ReplyFields::set(std::string name, FieldValue value) {
    fields_.insert_or_assign(std::move(name), std::move(value));
}

ReplyBody readReplyBody(std::string_view body) {
    if (body.empty()) {
        return {{}, "is empty"};
    }
    if (body.size() > longestBody) {
        return {{}, "is larger than 1 MiB"};
    }
    TopLevelReader reader(body.size());
    Json::sax_parse(body, &reader);
    return std::move(reader).take();
}

} // namespace runai
