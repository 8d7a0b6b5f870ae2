#include "report/json_layout.hpp"

#include <httptest/redactor.hpp>

#include <algorithm>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t lineWidth = 100;
constexpr std::size_t step = 2;

class JsonLayout {
public:
    JsonLayout(std::string_view json, std::size_t indent, std::size_t limit)
        : json_(json),
          indent_(indent),
          limit_(limit) {}

    std::string text() {
        while (at_ < json_.size() && out_.size() <= limit_) {
            token();
        }
        return std::move(out_);
    }

private:
    void token() {
        char const c = json_[at_];
        if (c == '"') {
            copy(endOfString(at_));
        } else if (json_.substr(at_).starts_with(redactedMark)) {
            copy(at_ + redactedMark.size());
        } else if (c == '{' || c == '[') {
            std::size_t const end = endOnThisLine();
            end > at_ ? copyOnOneLine(end) : open();
        } else if (c == '}' || c == ']') {
            depth_ -= depth_ > 0 ? 1 : 0;
            newLine();
            copy(at_ + 1);
        } else {
            copySeparated();
            if (c == ',') {
                trimSpace();
                newLine();
            }
        }
    }

    void open() {
        copy(at_ + 1);
        ++depth_;
        newLine();
    }

    void copyOnOneLine(std::size_t end) {
        while (at_ < end) {
            json_[at_] == '"' ? copy(endOfString(at_)) : copySeparated();
        }
    }

    /// One character outside strings: white space is ours.
    void copySeparated() {
        char const c = json_[at_++];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            return;
        }
        out_.push_back(c);
        if (c == ',' || c == ':') {
            out_.push_back(' ');
        }
    }

    void trimSpace() {
        if (out_.ends_with(' ')) {
            out_.pop_back();
        }
    }

    void copy(std::size_t end) {
        out_.append(json_.substr(at_, end - at_));
        at_ = end;
    }

    void newLine() { out_.append("\n").append(indent_ + step * depth_, ' '); }

    std::size_t endOfString(std::size_t begin) const noexcept {
        std::size_t end = begin + 1;
        while (end < json_.size() && json_[end] != '"') {
            end += json_[end] == '\\' ? 2 : 1;
        }
        return std::min(end + 1, json_.size());
    }

    /// Where the container that begins here ends, if it fits on the line; otherwise here.
    std::size_t endOnThisLine() const noexcept {
        std::size_t const used = indent_ + step * depth_;
        std::size_t const last = std::min(json_.size(), at_ + (used < lineWidth ? lineWidth - used : 0));
        std::size_t open = 0;
        for (std::size_t at = at_; at < last;) {
            char const c = json_[at];
            open += c == '{' || c == '[' ? 1 : 0;
            if ((c == '}' || c == ']') && --open == 0) {
                return at + 1;
            }
            at = c == '"' ? endOfString(at) : at + 1;
        }
        return at_;
    }

    std::string_view json_;
    std::size_t indent_;
    std::size_t limit_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::string out_;
};

} // namespace

std::string layOutJson(std::string_view json, std::size_t indent, std::size_t limit) {
    return JsonLayout(json, indent, limit).text();
}

} // namespace httptest::v1
