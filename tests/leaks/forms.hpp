#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leaks {

/// One way to write a secret down.
struct Form {
    std::string name;
    std::string text;
};

/// `secret` as the encoders write it that may come to see one: of URLs, forms, JSON, HTML, base64, hex and shells.
/// Each text once; for base64 the secret stands at each alignment, with something around it.
std::vector<Form> formsOf(std::string_view secret);

} // namespace leaks
