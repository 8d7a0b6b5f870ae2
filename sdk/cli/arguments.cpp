#include "arguments.hpp"

#include "config/nearest.hpp"

#include <Poco/Util/Option.h>
#include <Poco/Util/OptionException.h>
#include <Poco/Util/OptionProcessor.h>
#include <Poco/Util/OptionSet.h>

#include <algorithm>

namespace httptest::cli {

namespace {

Poco::Util::OptionSet optionSet(std::span<Option const> options) {
    Poco::Util::OptionSet set;
    for (Option const& option : options) {
        Poco::Util::Option added(option.name, option.shortName != '\0' ? std::string(1, option.shortName) : "");
        added.repeatable(option.repeatable);
        if (option.argument != nullptr) {
            added.argument(option.argument);
        }
        set.addOption(added);
    }
    return set;
}

/// The option's word without its value: a value may be a secret.
std::string nameIn(std::string const& word) {
    return word.starts_with("--") ? word.substr(0, word.find_first_of("=:")) : word.substr(0, 2);
}

[[noreturn]] void refuseUnknown(std::string const& word, std::span<Option const> options) {
    std::vector<std::string> known;
    for (Option const& option : options) {
        known.push_back(std::string("--") + option.name);
    }
    std::string const name = nameIn(word);
    throw UsageError("unknown option " + name + didYouMean(name, known));
}

[[noreturn]] void missingValue(std::string const& word) {
    throw UsageError(nameIn(word) + " needs a value");
}

/// "-dvalue" as two words: Poco would look for a '=' or ':' in the value and take what stands before it away.
std::vector<std::string> separated(std::string const& word, std::span<Option const> options) {
    bool const joined = word.size() > 2 && word[0] == '-' && word[1] != '-';
    bool const takesValue = joined && std::any_of(options.begin(), options.end(), [&](Option const& option) {
                                return option.shortName == word[1] && option.argument != nullptr;
                            });
    return takesValue ? std::vector<std::string>{word.substr(0, 2), word.substr(2)} : std::vector<std::string>{word};
}

} // namespace

/// Takes words one by one; Poco keeps state between them.
class Arguments::Parser {
public:
    Parser(std::span<Option const> options, Arguments& result)
        : options_(options),
          set_(optionSet(options)),
          processor_(set_),
          result_(result) {
        processor_.setUnixStyle(true);
    }

    void take(std::string const& word) {
        if (!waiting_.empty()) {
            takeOne(word);
            return;
        }
        for (std::string const& part : ended_ ? std::vector<std::string>{word} : separated(word, options_)) {
            takeOne(part);
        }
    }

    void end() const {
        if (!waiting_.empty()) {
            missingValue(waiting_);
        }
    }

private:
    void takeOne(std::string const& word) {
        try {
            process(word);
        } catch (Poco::Util::UnknownOptionException const&) {
            refuseUnknown(word, options_);
        } catch (Poco::Util::AmbiguousOptionException const&) {
            throw UsageError(nameIn(word) + " may be short for more than one option");
        } catch (Poco::Util::DuplicateOptionException const&) {
            throw UsageError(nameIn(waiting_.empty() ? word : waiting_) + " is given more than once");
        } catch (Poco::Util::UnexpectedArgumentException const&) {
            throw UsageError(nameIn(word) + " takes no value");
        } catch (Poco::Util::OptionException const& error) {
            throw UsageError(nameIn(word) + ": " + error.displayText());
        }
    }

    void process(std::string const& word) {
        // Poco would take an empty value for none, and the word after it for the value.
        if (!waiting_.empty() && word.empty()) {
            missingValue(waiting_);
        }
        std::string name;
        std::string value;
        if (!processor_.process(word, name, value)) {
            result_.operands_.push_back(word);
        } else if (!name.empty()) {
            if (value.empty() && takesValue(name)) {
                missingValue(word);
            }
            result_.options_[name].push_back(value);
            waiting_.clear();
        } else if (word == "--" && waiting_.empty()) {
            ended_ = true;
        } else {
            waiting_ = word;
        }
    }

    bool takesValue(std::string_view name) const {
        return std::any_of(options_.begin(), options_.end(),
                           [&](Option const& option) { return option.name == name && option.argument != nullptr; });
    }

    std::span<Option const> options_;
    Poco::Util::OptionSet set_;
    Poco::Util::OptionProcessor processor_;
    Arguments& result_;
    std::string waiting_; ///< The option whose value is the next word.
    bool ended_ = false;  ///< Behind "--" there are no options.
};

Arguments Arguments::parse(std::span<std::string const> words, std::span<Option const> options) {
    Arguments result;
    Parser parser(options, result);
    for (std::string const& word : words) {
        parser.take(word);
    }
    parser.end();
    return result;
}

std::string Arguments::value(std::string_view option, std::string_view otherwise) const {
    auto const found = options_.find(option);
    return found == options_.end() ? std::string(otherwise) : found->second.front();
}

std::vector<std::string> Arguments::values(std::string_view option) const {
    auto const found = options_.find(option);
    return found == options_.end() ? std::vector<std::string>() : found->second;
}

std::string didYouMean(std::string_view text, std::vector<std::string> const& candidates) {
    std::string const guess = nearest(text, candidates);
    return guess.empty() ? guess : "; did you mean '" + guess + "'?";
}

} // namespace httptest::cli
