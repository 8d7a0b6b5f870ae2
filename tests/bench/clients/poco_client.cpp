#include "clients/client.hpp"
#include "support/canned_provider.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/StreamCopier.h>

namespace httptest::bench {

namespace {

using namespace Poco::Net;

class PocoClient final : public Client {
public:
    PocoClient(Nginx const& server, bool tls)
        : authorization_("Bearer " + makeToken()),
          session_(makeSession(server, tls)) {
        session_->setKeepAlive(true);
        session_->setKeepAliveTimeout(Poco::Timespan(3600, 0));
    }

    void get() override {
        HTTPRequest request(HTTPRequest::HTTP_GET, "/reply", HTTPMessage::HTTP_1_1);
        request.set("Accept", "*/*");
        request.set("Authorization", authorization_);
        session_->sendRequest(request);
        HTTPResponse response;
        std::string body;
        Poco::StreamCopier::copyToString(session_->receiveResponse(response), body);
        check(response.getStatus(), body.size());
    }

private:
    static std::unique_ptr<HTTPClientSession> makeSession(Nginx const& server, bool tls) {
        if (!tls) {
            return std::make_unique<HTTPClientSession>("127.0.0.1", server.port(tls));
        }
        Context::Params params;
        params.verificationMode = Context::VERIFY_STRICT;
        params.caLocation = server.caFile();
        Context::Ptr const context = new Context(Context::TLS_CLIENT_USE, params); // Poco's pointer owns it
        return std::make_unique<HTTPSClientSession>("127.0.0.1", server.port(tls), context);
    }

    std::string authorization_;
    std::unique_ptr<HTTPClientSession> session_;
};

} // namespace

std::unique_ptr<Client> pocoClient(Nginx const& server, bool tls) {
    return std::make_unique<PocoClient>(server, tls);
}

} // namespace httptest::bench
