#include "store/leadership.hpp"
#include "store/login_file.hpp"
#include "store/state_folder.hpp"

#include <httptest/token_store.hpp>

#include <sys/file.h>
#include <sys/stat.h>

#include <ctime>
#include <string_view>

namespace httptest::inline v1 {

namespace {

using store::Descriptor;
using store::StateFolder;

constexpr std::string_view loginSuffix = ".login";
constexpr std::string_view unfinishedSuffix = ".login.new";

/// "<account>.<slot>" of "<account>.<slot>.login"; empty for other files.
std::string_view placeOf(std::string_view file, std::string_view suffix) {
    return file.ends_with(suffix) ? file.substr(0, file.size() - suffix.size()) : std::string_view();
}

struct Slot {
    std::string account;
    int number;
};

std::optional<Slot> slotOf(std::string_view place) {
    auto const dot = place.rfind('.');
    int const number = dot != std::string_view::npos && dot + 2 == place.size() ? place.back() - '0' : -1;
    return number >= 0 && number < store::slots ? std::optional(Slot{std::string(place.substr(0, dot)), number})
                                                : std::nullopt;
}

/// Not while somebody leads in its slot: who is about to rename a file that has gone takes the store for broken.
bool removeUnlessLed(StateFolder const& folder, std::string const& name, std::string_view place) {
    std::optional<Slot> const slot = slotOf(place);
    Descriptor const idle = slot ? store::lockIdleSlot(folder, slot->account, slot->number) : Descriptor();
    return (idle || !slot) && folder.remove(name);
}

} // namespace

std::vector<StoredEntryInfo> listTokenStore(std::string const& stateFolder) {
    StateFolder const folder(stateFolder);
    SteadyTime const now = BootClock::now();
    std::vector<StoredEntryInfo> entries;
    for (std::string const& name : folder.names()) {
        std::string_view const place = placeOf(name, loginSuffix);
        Descriptor const file = place.empty() ? Descriptor() : folder.openToRead(name);
        std::optional<std::string> const text =
            file ? folder.read(file, store::longestLoginFile) : std::optional<std::string>();
        std::optional<store::LoginFileHead> const head = text ? store::readHead(*text) : std::nullopt;
        struct stat status {};
        if (!head || ::fstat(file.get(), &status) != 0) {
            continue;
        }
        StoredEntryInfo entry;
        entry.name = std::string(place);
        entry.number = head->number;
        entry.bytes = text->size();
        entry.age = std::chrono::seconds(std::time(nullptr) - status.st_mtime);
        entry.remaining =
            std::chrono::floor<std::chrono::seconds>(SteadyTime(std::chrono::nanoseconds(head->expiresAt)) - now);
        std::optional<Slot> const slot = slotOf(place);
        entry.leading = slot && store::slotIsLed(folder, slot->account, slot->number, now);
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::size_t clearTokenStore(std::string const& stateFolder) {
    StateFolder const folder(stateFolder);
    std::size_t removed = 0;
    for (std::string const& name : folder.names()) {
        // Lock files stay: one that is removed while somebody opens it would be held by two. They are empty of secrets.
        std::string_view const login = placeOf(name, loginSuffix);
        std::string_view const place = login.empty() ? placeOf(name, unfinishedSuffix) : login;
        removed += !place.empty() && removeUnlessLed(folder, name, place) ? 1U : 0U;
    }
    return removed;
}

} // namespace httptest::v1
