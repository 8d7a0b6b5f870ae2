#include "search.hpp"

#include "readings.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace leaks {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t shortestCanary = 8;
constexpr std::size_t mostTold = 10; // of one place
constexpr unsigned hashBits = 20;

std::size_t hashOfFour(char const* bytes) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value * 2654435769U >> (32 - hashBits);
}

std::string contentOf(fs::path const& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        throw std::runtime_error("cannot read " + file.string() + ", so that it cannot be searched");
    }
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

/// A part of a canary, and where it stands.
struct Search::Run {
    std::size_t canary;
    std::size_t length;
    std::size_t begin;
    std::size_t end;
    std::string const* form = nullptr;
};

std::ostream& operator<<(std::ostream& stream, Leak const& leak) {
    return stream << leak.place << ", byte " << leak.offset << ": " << leak.length << " characters of " << leak.canary
                  << ", " << leak.form;
}

Search::Search(std::vector<Canary> canaries) : canaries_(std::move(canaries)), beginnings_(std::size_t{1} << hashBits) {
    for (std::size_t i = 0; i < canaries_.size(); ++i) {
        std::string_view const value = canaries_[i].value;
        if (value.size() < shortestCanary) {
            throw std::invalid_argument("the canary '" + canaries_[i].name + "' is too short");
        }
        if (value.size() < shortestPart) {
            short_.push_back(i);
            continue;
        }
        for (std::size_t at = 0; at + shortestPart <= value.size(); ++at) {
            partsAt_.emplace(value.substr(at, shortestPart), Position{i, at});
            beginnings_[hashOfFour(value.data() + at)] = true;
        }
    }
}

bool Search::mayBeginAt(std::string_view text, std::size_t at) const {
    return beginnings_[hashOfFour(text.data() + at)];
}

void Search::findParts(std::string_view text, std::vector<Run>& runs) const {
    for (std::size_t at = 0; at + shortestPart <= text.size(); ++at) {
        if (!mayBeginAt(text, at)) {
            continue;
        }
        auto const found = partsAt_.find(text.substr(at, shortestPart));
        if (found == partsAt_.end()) {
            continue;
        }
        Position const position = found->second;
        std::string_view const rest = std::string_view(canaries_[position.canary].value).substr(position.offset);
        std::string_view const here = text.substr(at);
        auto const length = static_cast<std::size_t>(
            std::mismatch(here.begin(), here.end(), rest.begin(), rest.end()).first - here.begin());
        runs.push_back({position.canary, length, at, at + length});
        at += length - 1;
    }
}

void Search::findWhole(std::string_view text, std::vector<Run>& runs) const {
    for (std::size_t const canary : short_) {
        std::string const& value = canaries_[canary].value;
        for (auto at = text.find(value); at != std::string_view::npos; at = text.find(value, at + 1)) {
            runs.push_back({canary, value.size(), at, at + value.size()});
        }
    }
}

std::vector<Leak> Search::inText(std::string const& place, std::string_view text) const {
    std::vector<Run> all;
    for (Reading const& reading : readings()) {
        auto const decoded = reading.read(text);
        if (!decoded) {
            continue;
        }
        std::vector<Run> runs;
        findParts(decoded->bytes, runs);
        findWhole(decoded->bytes, runs);
        for (Run& run : runs) {
            run.begin = decoded->origin[run.begin];
            run.end = decoded->origin[run.end - 1] + 1;
            run.form = &reading.name;
        }
        all.insert(all.end(), runs.begin(), runs.end());
    }
    // The reading that shows most of it is the one that it is written in.
    std::stable_sort(all.begin(), all.end(), [](Run const& a, Run const& b) { return a.length > b.length; });
    std::vector<Run> told;
    for (Run const& run : all) {
        bool const again = std::any_of(told.begin(), told.end(),
                                       [&](Run const& one) { return run.begin < one.end && one.begin < run.end; });
        if (!again && told.size() < mostTold) {
            told.push_back(run);
        }
    }
    std::vector<Leak> leaks;
    for (Run const& run : told) {
        leaks.push_back({place, run.begin, *run.form, canaries_[run.canary].name, run.length});
    }
    return leaks;
}

std::vector<Leak> Search::inFolder(fs::path const& folder) const {
    std::vector<Leak> leaks;
    auto const look = [&](std::string const& place, std::string_view text) {
        auto found = inText(place, text);
        std::move(found.begin(), found.end(), std::back_inserter(leaks));
    };
    for (fs::directory_entry const& entry : fs::recursive_directory_iterator(folder)) {
        std::string const name = entry.path().lexically_relative(folder).string();
        look("the name of " + entry.path().string(), name);
        if (entry.is_symlink()) {
            look("the link " + entry.path().string(), fs::read_symlink(entry.path()).string());
        } else if (entry.is_regular_file()) {
            look(entry.path().string(), contentOf(entry.path()));
        }
    }
    return leaks;
}

} // namespace leaks
