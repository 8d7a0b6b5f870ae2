#include "server_process.hpp"

#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>

#include <sstream>
#include <stdexcept>

namespace soak {

class ServerProcess::Child {
public:
    explicit Child(Settings const& settings)
        : handle_(Poco::Process::launch(
              SOAK_SERVER,
              {std::to_string(settings.seed), std::to_string(settings.faultsPerMille),
               std::to_string(settings.tokenLifetime.count()), std::to_string(settings.identities)},
              &input_, &output_, nullptr)) {}
    ~Child() {
        if (!ended_) {
            end();
        }
    }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    std::istream& output() { return stream_; }
    void endInput() { input_.close(Poco::Pipe::CLOSE_WRITE); }
    /// The exit code.
    int end() {
        endInput();
        ended_ = true;
        return handle_.wait();
    }

private:
    Poco::Pipe input_;
    Poco::Pipe output_;
    Poco::ProcessHandle handle_;
    Poco::PipeInputStream stream_{output_};
    bool ended_ = false;
};

ServerProcess::ServerProcess(Settings const& settings) : child_(std::make_unique<Child>(settings)) {
    readWelcome();
}

ServerProcess::~ServerProcess() = default;

ServerRecord ServerProcess::stop() {
    child_->endInput();
    auto record = readServerRecord(child_->output());
    if (int const code = child_->end(); code != 0) { // a sanitizer's finding in the server, say
        throw std::runtime_error("the soak server ended with exit code " + std::to_string(code));
    }
    return record;
}

void ServerProcess::readWelcome() {
    for (std::string line; std::getline(child_->output(), line);) {
        std::istringstream words(line);
        std::string kind;
        words >> kind;
        if (kind == "ready") {
            return;
        }
        if (kind == "url") {
            words >> url_;
        } else if (kind == "cluster") {
            words >> clusterId_;
        } else if (kind == "identity") {
            std::string id;
            std::string secret;
            words >> id >> secret;
            accounts_.push_back({id, httptest::Secret(secret)});
        }
    }
    throw std::runtime_error("the soak server ended before it was ready");
}

} // namespace soak
