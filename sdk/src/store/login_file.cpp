#include "store/login_file.hpp"

#include <charconv>
#include <system_error>

namespace httptest::store {

namespace {

constexpr std::string_view magic = "httptest-login 1 ";

template <class Number>
bool takeNumber(std::string_view& text, char end, Number& number) {
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    auto const used = static_cast<std::size_t>(stop - text.data());
    if (error != std::errc() || used >= text.size() || *stop != end) {
        return false;
    }
    text.remove_prefix(used + 1);
    return true;
}

/// Fields as "<length>:<text>", one after the other; a text may hold anything.
class Writer {
public:
    explicit Writer(std::size_t capacity) { text_.reserve(capacity); } // no copy of a token stays behind
    ~Writer() { wipe(text_); }
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;

    void add(std::string_view field) { text_.append(std::to_string(field.size())).append(":").append(field); }
    void add(std::int64_t number) { add(std::to_string(number)); }
    std::string const& text() const noexcept { return text_; }

private:
    std::string text_;
};

class Reader {
public:
    explicit Reader(std::string_view text) : left_(text) {}

    bool take(std::string_view& field) {
        std::size_t size = 0;
        if (!takeNumber(left_, ':', size) || size > left_.size()) {
            return false;
        }
        field = left_.substr(0, size);
        left_.remove_prefix(size);
        return true;
    }
    bool take(std::string& field) {
        std::string_view text;
        bool const taken = take(text);
        field = text;
        return taken;
    }
    bool take(std::chrono::nanoseconds& time) {
        std::string_view text;
        std::int64_t count = 0;
        if (!take(text)) {
            return false;
        }
        auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        time = std::chrono::nanoseconds(count);
        return error == std::errc() && stop == text.data() + text.size();
    }
    bool take(SteadyTime& time) {
        std::chrono::nanoseconds since{};
        bool const taken = take(since);
        time = SteadyTime(since);
        return taken;
    }
    bool ended() const noexcept { return left_.empty(); }

private:
    std::string_view left_;
};

std::string associatedData(std::string_view head, std::string_view place) {
    return std::string(head).append(place);
}

} // namespace

std::optional<LoginFileHead> readHead(std::string_view file) {
    std::string_view text = file;
    LoginFileHead head;
    if (!text.starts_with(magic)) {
        return std::nullopt;
    }
    text.remove_prefix(magic.size());
    if (!takeNumber(text, ' ', head.number) || !takeNumber(text, '\n', head.expiresAt) || head.number == 0) {
        return std::nullopt;
    }
    head.bytes = file.size() - text.size();
    return head;
}

std::string writeLogin(StoredLogin const& login, Keys const& keys, std::string_view place) {
    constexpr std::size_t numbersAndLengths = 256;
    Writer plain(login.accessToken.reveal().size() + login.lifetimeSource.size() + login.failureKind.size() +
                 login.failureText.size() + login.hint.size() + numbersAndLengths);
    plain.add(login.accessToken.reveal());
    plain.add(login.obtainedAt.time_since_epoch().count());
    plain.add(login.expiresAt.time_since_epoch().count());
    plain.add(login.lifetimeSource);
    plain.add(login.clockSkew.count());
    plain.add(login.failureKind);
    plain.add(login.failureText);
    plain.add(login.failureUntil.time_since_epoch().count());
    plain.add(login.hint);
    std::string const head = std::string(magic) + std::to_string(login.number) + " " +
                             std::to_string(login.expiresAt.time_since_epoch().count()) + "\n";
    return head + keys.seal(plain.text(), associatedData(head, place));
}

std::optional<StoredLogin> readLogin(std::string_view file, Keys const& keys, std::string_view place) {
    std::optional<LoginFileHead> const head = readHead(file);
    if (!head) {
        return std::nullopt;
    }
    std::optional<std::string> plain =
        keys.open(file.substr(head->bytes), associatedData(file.substr(0, head->bytes), place));
    if (!plain) {
        return std::nullopt;
    }
    StoredLogin login;
    login.number = head->number;
    Reader reader(*plain);
    std::string_view token;
    bool const whole = reader.take(token) && reader.take(login.obtainedAt) && reader.take(login.expiresAt) &&
                       reader.take(login.lifetimeSource) && reader.take(login.clockSkew) &&
                       reader.take(login.failureKind) && reader.take(login.failureText) &&
                       reader.take(login.failureUntil) && reader.take(login.hint) && reader.ended() &&
                       login.expiresAt.time_since_epoch().count() == head->expiresAt;
    if (whole && !token.empty()) {
        login.accessToken = Secret(std::string(token));
    }
    wipe(*plain);
    return whole ? std::optional(std::move(login)) : std::nullopt;
}

} // namespace httptest::store
