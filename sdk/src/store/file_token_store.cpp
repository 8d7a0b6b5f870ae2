#include "config/notice.hpp"
#include "store/leadership.hpp"
#include "store/login_file.hpp"
#include "store/state_folder.hpp"

#include <httptest/token_store.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <optional>
#include <utility>

namespace httptest::inline v1 {

StoreUnavailable::~StoreUnavailable() = default;
TokenStore::~TokenStore() = default;
TokenStore::Entry::~Entry() = default;

namespace {

using store::StateFolder;

/// Steady times mean something within one boot of one machine only; a folder may outlive it, or be shared by several.
std::string bootId() {
    std::string id;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
    return id;
}

std::string loginName(std::string const& account, int slot) {
    return account + "." + std::to_string(slot) + ".login";
}

class FileEntry final : public TokenStore::Entry {
public:
    FileEntry(StateFolder folder, SharingKey const& key, std::shared_ptr<Clock> clock, FileTokenStoreSeams const& seams)
        : folder_(std::move(folder)),
          keys_(key.secret.reveal()),
          name_(keys_.name(key.account + '\n' + bootId())),
          clock_(std::move(clock)),
          seams_(seams) {}

    ~FileEntry() override { resign(); }

    StoredLogin get() override {
        StoredLogin newest;
        for (int slot = 0; slot < store::slots; ++slot) {
            std::string const name = loginName(name_, slot);
            store::Descriptor const file = folder_.openToRead(name);
            if (!file) {
                continue;
            }
            std::optional<std::string> const text = folder_.read(file, store::longestLoginFile);
            std::optional<StoredLogin> login = text ? store::readLogin(*text, keys_, name) : std::nullopt;
            if (!login) {
                ignored_ += std::exchange(ignoredSlots_[static_cast<std::size_t>(slot)], true) ? 0U : 1U;
            } else if (login->number > newest.number) {
                newest = *std::move(login);
            }
        }
        newest_ = std::max(newest_, newest.number);
        return newest;
    }

    bool tryLead(SteadyTime until) override {
        if (!leadership_) {
            step("lock");
            leadership_ = store::tryLead(folder_, name_, newest_, clock_->steady(), stopped_);
        }
        if (leadership_) {
            step("lease");
            leadership_->writeLease(until);
        }
        return leadership_ != nullptr;
    }

    void publish(StoredLogin const& login) override {
        if (!leadership_) {
            throw StoreUnavailable("a login was to be published by a process that does not lead");
        }
        StoredLogin numbered = copyWithNumber(login, leadership_->number());
        std::string const name = loginName(name_, leadership_->slot());
        std::string const temporary = name + ".new";
        step("write");
        folder_.writeNew(temporary, store::writeLogin(numbered, keys_, name));
        step("rename");
        folder_.rename(temporary, name);
    }

    void resign() noexcept override {
        if (leadership_) {
            step("resign");
        }
        leadership_.reset();
    }

    std::uint64_t ignored() const noexcept override { return ignored_; }

private:
    static StoredLogin copyWithNumber(StoredLogin const& login, std::uint64_t number) {
        StoredLogin copy;
        copy.number = number;
        copy.accessToken = login.accessToken.clone();
        copy.obtainedAt = login.obtainedAt;
        copy.expiresAt = login.expiresAt;
        copy.lifetimeSource = login.lifetimeSource;
        copy.clockSkew = login.clockSkew;
        copy.failureKind = login.failureKind;
        copy.failureText = login.failureText;
        copy.failureUntil = login.failureUntil;
        copy.hint = login.hint;
        return copy;
    }

    void step(char const* name) const {
        if (seams_.atStep) {
            seams_.atStep(name);
        }
    }

    StateFolder const folder_;
    store::Keys const keys_;
    std::string const name_;
    std::shared_ptr<Clock> const clock_;
    FileTokenStoreSeams const seams_;
    std::unique_ptr<store::Leadership> leadership_;
    store::StoppedLeaders stopped_;
    std::uint64_t newest_ = 0;
    std::uint64_t ignored_ = 0;
    std::array<bool, store::slots> ignoredSlots_{};
};

class FileTokenStore final : public TokenStore {
public:
    FileTokenStore(std::string configured, std::shared_ptr<Clock> clock, FileTokenStoreSeams seams)
        : configured_(std::move(configured)),
          clock_(std::move(clock)),
          seams_(std::move(seams)) {}

    std::unique_ptr<Entry> open(SharingKey const& key) override {
        if (givenUp_) {
            return nullptr;
        }
        // Entered anew for every login, which is rare: a mutex around one that is kept would have to survive fork().
        return std::make_unique<FileEntry>(StateFolder(configured_), key, clock_, seams_);
    }

    void giveUp(std::string_view reason) noexcept override {
        if (givenUp_.exchange(true)) {
            return;
        }
        notice("the token store is not used, this process logs in itself: " + std::string(reason));
    }

    std::string describe() const override {
        return (givenUp_ ? "file (given up) " : "file ") + store::stateFolderPath(configured_);
    }

private:
    std::string const configured_;
    std::shared_ptr<Clock> const clock_;
    FileTokenStoreSeams const seams_;
    std::atomic<bool> givenUp_{false};
};

} // namespace

std::shared_ptr<TokenStore> fileTokenStore(std::string const& stateFolder, std::shared_ptr<Clock> clock,
                                           FileTokenStoreSeams seams) {
    return std::make_shared<FileTokenStore>(stateFolder, std::move(clock), std::move(seams));
}

} // namespace httptest::v1
