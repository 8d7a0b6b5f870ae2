#pragma once

#include <httptest/abi.hpp>
#include <httptest/clock.hpp>
#include <httptest/secret.hpp>
#include <httptest/token_source.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// What the last login of an account left for the others: a token, a failure that still lasts, or both (a failed
/// refresh beside the token that is still good).
struct StoredLogin {
    std::uint64_t number = 0; ///< Of the leadership that published it (a fencing number); 0: nothing was.

    Secret accessToken; ///< Empty for none.
    SteadyTime obtainedAt;
    SteadyTime expiresAt;
    std::string lifetimeSource;
    std::chrono::nanoseconds clockSkew{0};

    std::string failureKind; ///< Empty for none.
    std::string failureText;
    SteadyTime failureUntil;

    std::string hint; ///< Token::hint of the last login that worked.
};

/// A store that cannot be used: a full disk, a folder that others can write. Never reaches a test: the process goes on
/// with logins of its own.
class HTTPTEST_API StoreUnavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
    ~StoreUnavailable() override;
};

/// Where processes share the logins of an account. One of them leads (logs in and publishes), the others follow.
///
/// Implementations are thread-safe; an entry is used by one thread at a time.
class HTTPTEST_API TokenStore {
public:
    /// One account's place in the store. Ending the object gives up its leadership.
    class HTTPTEST_API Entry {
    public:
        virtual ~Entry();

        /// The newest login that was published and can be read with this account's secret; expired ones too.
        /// @throws StoreUnavailable
        virtual StoredLogin get() = 0;

        /// Tries to become the one that logs in, without waiting. Leadership ends with `resign`, with the process, and
        /// for others also at `until`: one that is stopped or hung does not hold them up.
        /// @throws StoreUnavailable
        virtual bool tryLead(SteadyTime until) = 0;

        /// Publishes under the number of the leadership held; one that ran out meanwhile replaces nothing newer.
        /// @throws StoreUnavailable  Also when this entry does not lead.
        virtual void publish(StoredLogin const& login) = 0;

        virtual void resign() noexcept = 0;

        /// Files and the like that were there but not ours to read: damaged, foreign, or of a wrong mode.
        virtual std::uint64_t ignored() const noexcept = 0;
    };

    virtual ~TokenStore();

    /// Null once the store has been given up.
    virtual std::unique_ptr<Entry> open(SharingKey const& key) = 0;

    /// Gives the store up for this process and says why, once, on standard error.
    virtual void giveUp(std::string_view reason) noexcept = 0;

    /// "file /run/user/1000/httptest", for reports.
    virtual std::string describe() const = 0;
};

/// Seams for tests.
struct FileTokenStoreSeams {
    /// Called before each step with its name: "lock", "lease", "write", "rename" (there it may throw StoreUnavailable)
    /// and "resign".
    std::function<void(std::string_view step)> atStep;
};

/// A store in files, for the processes of one user on one machine.
///
/// Tokens are sealed (AES-256-GCM) under a key that is derived from the account's secret, so that only those who could
/// log in can read them. @param stateFolder  Empty: $XDG_RUNTIME_DIR/httptest, else $TMPDIR/httptest-<uid>.
HTTPTEST_API std::shared_ptr<TokenStore> fileTokenStore(std::string const& stateFolder, std::shared_ptr<Clock> clock,
                                                        FileTokenStoreSeams seams = {});

/// An account's entry in a folder, as far as it shows without the account's secret.
struct StoredEntryInfo {
    std::string name; ///< Of its files; means nothing.
    std::uint64_t number = 0;
    std::uint64_t bytes = 0;
    std::chrono::seconds age{0};       ///< Since it was published.
    std::chrono::seconds remaining{0}; ///< Until its token ends; negative when it has, or was of an earlier boot.
    bool leading = false;              ///< A process is logging in.
};

/// What a folder's store holds. @throws StoreUnavailable
HTTPTEST_API std::vector<StoredEntryInfo> listTokenStore(std::string const& stateFolder);

/// Removes the logins of all slots that nobody leads in; returns how many files went. @throws StoreUnavailable
HTTPTEST_API std::size_t clearTokenStore(std::string const& stateFolder);

} // namespace httptest::v1
