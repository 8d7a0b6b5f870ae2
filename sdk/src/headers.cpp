#include <httptest/headers.hpp>

#include <algorithm>

namespace httptest::inline v1 {

namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool equalsIgnoringCase(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

void Headers::set(std::string_view name, std::string value) {
    auto const named = [name](Field const& field) { return equalsIgnoringCase(field.name, name); };
    auto const first = std::find_if(fields_.begin(), fields_.end(), named);
    if (first == fields_.end()) {
        add(std::string(name), std::move(value));
        return;
    }
    first->value = std::move(value);
    fields_.erase(std::remove_if(std::next(first), fields_.end(), named), fields_.end());
}

void Headers::add(std::string name, std::string value) {
    fields_.push_back({std::move(name), std::move(value)});
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [name](Field const& field) { return equalsIgnoringCase(field.name, name); });
}

std::string const* Headers::find(std::string_view name) const noexcept {
    for (Field const& field : fields_) {
        if (equalsIgnoringCase(field.name, name)) {
            return &field.value;
        }
    }
    return nullptr;
}

} // namespace httptest::v1
