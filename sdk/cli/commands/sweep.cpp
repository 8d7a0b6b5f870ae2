#include "cleanup/ledger.hpp"
#include "command.hpp"
#include "left_ledger.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <httptest/error.hpp>
#include <httptest/harness.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace httptest::cli {

namespace {

/// Sweeps one ledger after the other; the first problem decides how the command ends.
class Sweep {
public:
    explicit Sweep(bool deletes) : deletes_(deletes) {}

    void ledger(std::string const& path) {
        try {
            LeftLedger ledger(path, deletes_ ? LeftLedger::Access::write : LeftLedger::Access::read);
            tell(ledger);
            if (!requireBaseUrl(ledger)) {
                return;
            }
            std::size_t const left = sweep(ledger);
            if (deletes_ && left == 0 && ledger.contents().problems.empty()) {
                ledger.remove();
            }
        } catch (LedgerError const& error) {
            complain(error.what(), ExitCode::failed);
        }
    }

    ExitCode end() const {
        if (!deletes_ && deletable_ > 0) {
            writeOut(std::to_string(deletable_) + " to delete; nothing was sent: do it with --delete\n");
        }
        return code_;
    }

private:
    static void tell(LeftLedger const& ledger) {
        std::size_t const count = ledger.contents().left.size();
        writeOut(shown(ledger.path()) + ": " + std::to_string(count) + (count == 1 ? " is" : " are") + " left\n");
    }

    /// All of it or nothing: a ledger of another system says nothing of this one's paths.
    bool requireBaseUrl(LeftLedger const& ledger) {
        for (std::string const& problem : ledger.contents().problems) {
            complain(ledger.path() + ": " + problem, ExitCode::failed);
        }
        if (ledger.contents().torn) {
            writeOut("  the last line was cut short, and is left out\n");
        }
        for (cleanup::LedgerEntry const& entry : ledger.contents().left) {
            if (std::string const ours = baseUrlOf(entry.identity); entry.baseUrl != ours) {
                complain(ledger.path() + ": is of " + entry.baseUrl + ", not of the configured base URL " + ours +
                             "; nothing of it was deleted",
                         ExitCode::configuration);
                return false;
            }
        }
        return true;
    }

    /// How many entries remain.
    std::size_t sweep(LeftLedger& ledger) {
        std::size_t remain = 0;
        for (cleanup::LedgerEntry const& entry : ledger.contents().left) {
            std::string const what =
                "  " + entry.method + " " + entry.path + " as '" + entry.identity + "', since " + entry.time + ": ";
            if (entry.method != "DELETE" || !entry.repeatable) {
                complain(what + "cannot be sent again by itself; do it by hand", ExitCode::request);
                ++remain;
            } else if (!deletes_) {
                ++deletable_;
                ++remain;
                writeOut(shown(what) + "would be deleted\n");
            } else if (send(entry, what)) {
                ledger.done(entry.number);
            } else {
                ++remain;
            }
        }
        return remain;
    }

    bool send(cleanup::LedgerEntry const& entry, std::string const& what) {
        try {
            Exchange const exchange = harness().session(entry.identity).del(entry.path).send();
            bool const gone =
                std::find(entry.accepted.begin(), entry.accepted.end(), exchange.status()) != entry.accepted.end();
            std::string const status = std::to_string(exchange.status());
            if (gone) {
                writeOut(shown(what) + "deleted (" + status + ")\n");
            } else {
                complain(what + "answered by " + status, ExitCode::request);
            }
            return gone;
        } catch (Error const& error) {
            complain(what + error.what(), exitCodeOf(error));
            return false;
        }
    }

    void complain(std::string const& what, ExitCode code) {
        writeError(shown(what) + "\n");
        code_ = code_ == ExitCode::ok ? code : code_;
    }

    Harness& harness() {
        if (!harness_) {
            harness_.emplace(commandHarness());
        }
        return *harness_;
    }

    /// Of an identity that is not known (any more): the one that it would have.
    std::string baseUrlOf(std::string const& identity) {
        Url url = harness().baseUrl();
        if (harness().knows(identity)) {
            url = harness().session(identity).url("/");
        } else if (!url.target.ends_with('/')) {
            url.target.push_back('/');
        }
        return url.text();
    }

    bool const deletes_;
    std::size_t deletable_ = 0;
    ExitCode code_ = ExitCode::ok;
    std::optional<Harness> harness_;
};

ExitCode runSweep(Arguments const& arguments) {
    std::vector<std::string> ledgers = arguments.operands();
    if (ledgers.empty()) {
        Setup const setup;
        ledgers = listLedgers(setup.own().has("state_dir") ? setup.own().text("state_dir") : "");
        if (ledgers.empty()) {
            writeOut("no ledgers\n");
        }
    }
    Sweep sweep(arguments.has("delete"));
    for (std::string const& ledger : ledgers) {
        sweep.ledger(ledger);
    }
    return sweep.end();
}

} // namespace

Command sweepCommand() {
    return {
        "sweep",
        "[LEDGER]… [--delete]",
        "delete what killed test processes left behind",
        "Reads ledgers: the files in which test processes list what they have still to delete (the folder ledgers in "
        "the "
        "state folder, all of them when none is named). Tells what is left, and deletes it with --delete, the latest "
        "first, each with the identity that it was registered with. What has been deleted is noted in the ledger; one "
        "of "
        "which nothing remains is removed.\n"
        "\n"
        "Left alone are ledgers of processes that are alive, of another base URL than the configured one, and those "
        "that "
        "others can write. A request that is no DELETE, or had a body, is told and not sent.",
        {{"delete", '\0', nullptr, "Send the deletions; without it nothing is sent."}},
        0,
        1000,
        " httptest sweep\n"
        " httptest sweep --delete\n"
        " httptest sweep ledgers/api_tests-4711-93841726354-1.jsonl --delete",
        &runSweep,
    };
}

} // namespace httptest::cli
