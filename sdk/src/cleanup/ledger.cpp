#include "cleanup/ledger.hpp"

#include "config/notice.hpp"
#include "store/state_folder.hpp"

#include <httptest/clock.hpp>

#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr char const* ledgerFolder = "ledgers";
constexpr std::string_view suffix = ".jsonl";

/// Unique while the process lives: a program may have several harnesses, one after the other or at once.
std::string newName() {
    static std::atomic<unsigned> count{0};
    return std::string(program_invocation_short_name) + "-" + std::to_string(::getpid()) + "-" +
           std::to_string(BootClock::now().time_since_epoch().count()) + "-" + std::to_string(++count) +
           std::string(suffix);
}

} // namespace

Ledger::Ledger(std::string folder) : configured_(std::move(folder)) {}

Ledger::~Ledger() = default;

std::optional<std::uint64_t> Ledger::promise(cleanup::LedgerEntry entry) noexcept {
    try {
        std::lock_guard const lock(mutex_);
        if (process_ != ::getpid() || !file_) {
            begin();
        }
        entry.number = next_++;
        write(cleanup::promiseLine(entry));
        open_.insert(entry.number);
        return entry.number;
    } catch (std::exception const& error) {
        noticeOnce(std::string("no ledger of what is to be deleted, so that a killed process leaves no word of it: ") +
                   error.what() + " (HTTPTEST_LEDGER=false keeps none)");
        return std::nullopt;
    }
}

void Ledger::done(std::uint64_t number) noexcept {
    try {
        std::lock_guard const lock(mutex_);
        if (process_ != ::getpid() || open_.erase(number) == 0) {
            return;
        }
        if (open_.empty()) {
            end();
        } else {
            write(cleanup::doneLine(number));
        }
    } catch (std::exception const& error) {
        noticeOnce(std::string("the ledger of what is to be deleted lists what is deleted already: ") + error.what());
    }
}

std::string Ledger::path() const {
    std::lock_guard const lock(mutex_);
    return file_ ? folder_->path() + "/" + name_ : std::string();
}

/// @pre The mutex is held.
void Ledger::begin() {
    open_.clear(); // a parent's
    file_ = {};
    folder_ = std::make_unique<store::StateFolder>(configured_, ledgerFolder);
    name_ = newName();
    wire::Descriptor file = folder_->openToAppend(name_);
    // For `httptest sweep`: what a living process has promised is not left behind.
    ::flock(file.get(), LOCK_EX | LOCK_NB);
    file_ = std::move(file);
    process_ = ::getpid();
}

/// @pre The mutex is held.
void Ledger::end() noexcept {
    folder_->remove(name_);
    file_ = {};
}

/// In one call, so that a kill leaves all of the line or a torn last one.
/// @pre The mutex is held.
void Ledger::write(std::string const& line) {
    ssize_t const wrote = ::write(file_.get(), line.data(), line.size());
    if (wrote != static_cast<ssize_t>(line.size())) {
        int const error = wrote < 0 ? errno : ENOSPC;
        if (wrote > 0) { // half a line would spoil the next one
            static_cast<void>(!::ftruncate(file_.get(), ::lseek(file_.get(), 0, SEEK_END) - wrote));
        }
        throw std::system_error(error, std::generic_category(), "cannot write '" + name_ + "'");
    }
}

std::vector<std::string> listLedgers(std::string const& stateFolder) {
    store::StateFolder const folder(stateFolder, ledgerFolder);
    std::vector<std::string> paths;
    for (std::string const& name : folder.names()) {
        if (name.ends_with(suffix)) {
            paths.push_back(folder.path() + "/" + name);
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

} // namespace httptest::v1
