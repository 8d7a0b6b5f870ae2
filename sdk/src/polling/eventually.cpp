#include "config/notice.hpp"
#include "polling/history.hpp"
#include "polling/passing_error.hpp"
#include "polling/schedule.hpp"
#include "session/checked_wishes.hpp"
#include "session/refuse.hpp"
#include "session/session_core.hpp"

#include <httptest/error.hpp>
#include <httptest/eventually.hpp>
#include <httptest/http_date.hpp>
#include <httptest/reporter.hpp>

#include <algorithm>
#include <exception>
#include <optional>

namespace httptest::inline v1 {

using polling::History;

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds defaultFirst = std::chrono::seconds(1);
constexpr nanoseconds defaultLongest = std::chrono::seconds(5);
/// How many pauses a short `within` has room for, where `every` was left out.
constexpr int leastPauses = 4;

[[noreturn]] void endCase(std::string const& text, Location where) {
    report(Outcome::fatal, where, text);
    throw ExpectationFailed(text);
}

/// What a reply asks for before the next attempt.
nanoseconds pauseAskedFor(Exchange const& exchange, Clock const& clock) {
    bool const asks = exchange.status() == 429 || exchange.status() == 503;
    return asks ? retryAfter(exchange.headers(), clock.wall()).value_or(nanoseconds(0)) : nanoseconds(0);
}

nanoseconds pauseAskedFor(Error const& error) {
    if (auto const* const throttled = dynamic_cast<LoginThrottled const*>(&error)) {
        return throttled->retryAfter().value_or(nanoseconds(0));
    }
    auto const* const unavailable = dynamic_cast<LoginUnavailable const*>(&error);
    return unavailable != nullptr ? unavailable->retryAfter().value_or(nanoseconds(0)) : nanoseconds(0);
}

void requireTime(nanoseconds within, Location where) {
    if (within.count() <= 0) {
        refuse("within(" + polling::spanText(within) + ") leaves no time; give more than zero", where);
    }
    if (within > longestTimeout) {
        refuse("within(" + polling::spanText(within) + ") is out of range; the longest is a day", where);
    }
}

void requirePauses(Pauses const& pauses, Location where) {
    if (pauses.first.count() <= 0 || pauses.longest < pauses.first) {
        refuse("every(" + polling::spanText(pauses.first) + ", " + polling::spanText(pauses.longest) +
                   ") are no pauses; give more than zero, the shorter one first",
               where);
    }
}

std::string firstLine(std::string_view text) {
    return std::string(text.substr(0, text.find('\n')));
}

std::string attemptsText(std::size_t attempts) {
    return std::to_string(attempts) + (attempts == 1 ? " attempt" : " attempts");
}

/// One wait, from its first attempt to its end.
class Poll {
public:
    Poll(RequestBuilder request, nanoseconds within, Pauses const& pauses, Location where)
        : request_(std::move(request)),
          where_(where),
          core_(request_.core()),
          within_(within),
          start_(core_->clock().steady()),
          schedule_(start_, within, pauses.first, pauses.longest) {}

    Exchange until(Condition const& condition, std::vector<Condition> const& failFast) {
        while (true) {
            nanoseconds asked{0};
            if (attempt(asked)) {
                Verdict const verdict = ask(condition, *last_);
                if (verdict.met) {
                    report(Outcome::passed, where_, {});
                    return *last_;
                }
                wanted_ = verdict.expected;
                history_.add(begun_ - start_, foundText(verdict));
                giveUpOn(failFast);
            }
            waitForNext(asked);
        }
    }

private:
    /// Whether there was a reply.
    bool attempt(nanoseconds& asked) {
        begun_ = core_->clock().steady();
        RequestBuilder request = request_;
        request.timeout(timeoutAt(begun_));
        try {
            last_ = request.send(where_);
            lastError_.clear();
            asked = pauseAskedFor(*last_, core_->clock());
            return true;
        } catch (Error const& error) {
            if (!polling::mayPass(error)) {
                throw;
            }
            asked = pauseAskedFor(error);
            lastError_ = error.what();
            lastFailure_ = failureText(error);
            history_.add(begun_ - start_, "no reply: " + lastError_);
            return false;
        }
    }

    /// The rest of the time, if the request's own limit is not shorter.
    std::chrono::milliseconds timeoutAt(SteadyTime now) const {
        auto const own = request_.timeout().count() > 0 ? request_.timeout() : core_->requestTimeout();
        auto const rest = std::chrono::ceil<std::chrono::milliseconds>(schedule_.end() - now);
        return std::clamp(rest, std::chrono::milliseconds(1), std::max(own, std::chrono::milliseconds(1)));
    }

    Verdict ask(Condition const& condition, Exchange const& exchange) const {
        try {
            ThrownReports const thrown;
            return condition(exchange);
        } catch (ExpectationFailed const& failure) {
            return {false, wanted_, firstLine(failure.what())};
        } catch (Error const&) {
            throw;
        } catch (std::exception const& error) {
            endCase("the condition of eventually() threw: " + std::string(error.what()) + "\n" + exchange.text(),
                    where_);
        }
    }

    std::string foundText(Verdict const& verdict) const {
        std::string const status = "status " + std::to_string(last_->status());
        return verdict.found.empty() || verdict.found == status ? status : status + ", " + verdict.found;
    }

    void giveUpOn(std::vector<Condition> const& failFast) const {
        for (Condition const& condition : failFast) {
            if (Verdict const verdict = ask(condition, *last_); verdict.met) {
                endCase("gave up waiting for " + wanted_ + ": " + verdict.expected +
                            ", after which it does not come (failFastOn)\n" + story(),
                        where_);
            }
        }
    }

    void waitForNext(nanoseconds asked) {
        SteadyTime const now = core_->clock().steady();
        std::optional<SteadyTime> const next = schedule_.next(now, asked);
        if (!next) {
            std::string text = "waited " + polling::spanText(within_) + " in vain for " + wanted_ + "\n" + story();
            if (now + asked >= schedule_.end() && now < schedule_.end() && asked.count() > 0) {
                text = "gave up waiting for " + wanted_ + ": the server asks for a pause of " +
                       polling::spanText(asked) + ", which ends after the " + polling::spanText(within_) +
                       " of within()\n" + story();
            }
            endCase(text, where_);
        }
        // When the harness ends meanwhile, the next attempt says so.
        core_->clock().sleepUntil(*next, core_->stopToken());
    }

    std::string story() const {
        nanoseconds const took = core_->clock().steady() - start_;
        std::string text =
            attemptsText(history_.attempts()) + " in " + polling::spanText(took) + ":\n" + history_.text();
        if (!lastError_.empty()) {
            text.append("the last attempt got no reply: ").append(last_ ? lastError_ : lastFailure_).append("\n");
        }
        return last_ ? text.append("the last reply:\n").append(last_->text()) : text;
    }

    RequestBuilder request_;
    Location where_;
    std::shared_ptr<SessionCore> core_;
    nanoseconds within_;
    SteadyTime start_;
    polling::Schedule schedule_;
    History history_;
    SteadyTime begun_; ///< Of the last attempt.
    std::optional<Exchange> last_;
    std::string lastError_;   ///< Why the last attempt got no reply; empty when it got one.
    std::string lastFailure_; ///< The same with the request.
    std::string wanted_ = "a reply";
};

} // namespace

Eventually::Eventually(RequestBuilder request, Patience patience, Location where)
    : request_(std::move(request)),
      where_(where),
      patience_(std::move(patience)),
      exceptions_(std::uncaught_exceptions()) {
    requireTime(patience_.within, where_);
    Pauses& every = patience_.every;
    if (every.first.count() != 0 || every.longest.count() != 0) {
        every.longest = every.longest.count() == 0 ? every.first : every.longest;
        requirePauses(every, where_);
    }
}

Eventually::~Eventually() {
    if (asked_ || std::uncaught_exceptions() > exceptions_) {
        return;
    }
    try {
        report(Outcome::failed, where_, "eventually(…) ends without until(…), so that nothing was sent");
    } catch (std::exception const& error) { // no test framework is there to report it to
        notice(std::string(where_.file) + ":" + std::to_string(where_.line) + ": " + error.what());
    }
}

Eventually& Eventually::within(nanoseconds limit) {
    requireTime(limit, where_);
    patience_.within = limit;
    return *this;
}

Eventually& Eventually::every(nanoseconds first, nanoseconds longest) {
    requirePauses({first, longest}, where_);
    patience_.every = {first, longest};
    return *this;
}

Eventually& Eventually::failFastOn(Condition condition) {
    patience_.failFastOn.push_back(std::move(condition));
    return *this;
}

Exchange Eventually::until(Condition const& condition, Location where) {
    asked_ = true;
    auto const& [within, every, failFastOn] = patience_;
    Pauses pauses = every;
    if (pauses.first.count() == 0) {
        pauses = {std::min(defaultFirst, within / leastPauses), defaultLongest};
    }
    if (pauses.first > within) {
        refuse("every(" + polling::spanText(pauses.first) + ") is longer than within(" + polling::spanText(within) +
                   "), so that there would be one attempt; use send() for that",
               where);
    }
    return Poll(request_, within, pauses, where).until(condition, failFastOn);
}

Condition Eventually::conditionOf(std::string what, std::function<bool(Exchange const&)> predicate) {
    return [what = std::move(what), predicate = std::move(predicate)](Exchange const& exchange) {
        try {
            return Verdict{predicate(exchange), what, {}};
        } catch (ExpectationFailed const& failure) { // thrown, since a poll reports nothing of its conditions
            return Verdict{false, what, firstLine(failure.what())};
        }
    };
}

} // namespace httptest::v1
