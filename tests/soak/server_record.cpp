#include "server_record.hpp"

#include <istream>
#include <ostream>
#include <sstream>
#include <stdexcept>

namespace soak {

namespace {

constexpr char const* lastLine = "end";

template <class Name>
void readCount(std::istringstream& words, std::map<Name, std::uint64_t>& counts) {
    Name name{};
    words >> name;
    words >> counts[name];
}

void readLine(std::string const& line, ServerRecord& record) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "counts") {
        words >> record.arrivals >> record.resets >> record.refusedRevoked >> record.refusedOtherwise;
    } else if (kind == "fault") {
        readCount(words, record.faults);
    } else if (kind == "login-fault") {
        readCount(words, record.loginFaults);
    } else if (kind == "reply") {
        readCount(words, record.replies);
    } else if (kind == "login") {
        std::string client;
        words >> client;
        auto& logins = record.logins[client];
        words >> logins.requests >> logins.granted;
    } else if (kind == "post") {
        std::uint64_t number = 0;
        words >> number;
        auto& post = record.posts[number];
        words >> post.arrivals >> post.refused >> post.carriedOut;
    } else {
        words.setstate(std::ios::failbit);
    }
    if (!words) {
        throw std::runtime_error("the soak server's record has a malformed line: " + line);
    }
}

} // namespace

void write(ServerRecord const& record, std::ostream& out) {
    out << "counts " << record.arrivals << ' ' << record.resets << ' ' << record.refusedRevoked << ' '
        << record.refusedOtherwise << '\n';
    for (auto const& [name, count] : record.faults) {
        out << "fault " << name << ' ' << count << '\n';
    }
    for (auto const& [name, count] : record.loginFaults) {
        out << "login-fault " << name << ' ' << count << '\n';
    }
    for (auto const& [status, count] : record.replies) {
        out << "reply " << status << ' ' << count << '\n';
    }
    for (auto const& [client, logins] : record.logins) {
        out << "login " << client << ' ' << logins.requests << ' ' << logins.granted << '\n';
    }
    for (auto const& [number, post] : record.posts) {
        out << "post " << number << ' ' << post.arrivals << ' ' << post.refused << ' ' << post.carriedOut << '\n';
    }
    out << lastLine << std::endl;
}

ServerRecord readServerRecord(std::istream& in) {
    ServerRecord record;
    for (std::string line; std::getline(in, line);) {
        if (line == lastLine) {
            return record;
        }
        readLine(line, record);
    }
    throw std::runtime_error("the soak server's record is cut short: the server ended before its time");
}

} // namespace soak
