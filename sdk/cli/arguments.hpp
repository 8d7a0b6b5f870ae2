#pragma once

#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::cli {

/// The command line is wrong; ends the program with ExitCode::usage.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Option {
    char const* name;     ///< Without the dashes.
    char shortName;       ///< NUL for none.
    char const* argument; ///< What the manual calls its value; null where it takes none.
    char const* text;     ///< What it does, for the manual.
    bool repeatable = false;
};

/// A command's own arguments, taken apart.
class Arguments {
public:
    /// @throws UsageError  Unknown, repeated or ambiguous option, a value too many or too few; names what was meant.
    static Arguments parse(std::span<std::string const> words, std::span<Option const> options);

    bool has(std::string_view option) const { return options_.find(option) != options_.end(); }

    /// The option's value; `otherwise` when it is not given.
    std::string value(std::string_view option, std::string_view otherwise = {}) const;

    /// The values of a repeatable option, in their order.
    std::vector<std::string> values(std::string_view option) const;

    /// What is no option, in its order.
    std::vector<std::string> const& operands() const noexcept { return operands_; }

private:
    class Parser;

    std::map<std::string, std::vector<std::string>, std::less<>> options_;
    std::vector<std::string> operands_;
};

/// "; did you mean 'doctor'?", or nothing when no candidate is near.
std::string didYouMean(std::string_view text, std::vector<std::string> const& candidates);

} // namespace httptest::cli
