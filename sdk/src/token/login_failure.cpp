#include "token/login_failure.hpp"

namespace httptest::inline v1 {

LoginFailure LoginFailure::from(std::exception_ptr const& thrown, std::string const& account) {
    std::string const prefix = "could not log in (" + account + "): ";
    try {
        std::rethrow_exception(thrown);
    } catch (CredentialsRejected const& error) {
        return {Kind::rejected, error.what()};
    } catch (Misconfigured const& error) {
        return {Kind::misconfigured, error.what()};
    } catch (LoginThrottled const& error) {
        return {Kind::throttled, error.what(), error.retryAfter()};
    } catch (LoginUnavailable const& error) {
        return {Kind::unavailable, error.what(), error.retryAfter()};
    } catch (LoginUnreachable const& error) {
        return {Kind::unreachable, error.what()};
    } catch (LoginTimedOut const& error) {
        return {Kind::unreachable, error.what()};
    } catch (LoginError const& error) {
        return {Kind::badReply, error.what()};
    } catch (TlsError const& error) {
        return {Kind::tls, prefix + error.what()};
    } catch (ProxyRefused const& error) {
        // The proxy's own trouble passes; its refusal does not.
        bool const trouble = error.status() >= 500;
        return {trouble ? Kind::unreachable : Kind::proxyRefused, prefix + error.what(), std::nullopt, error.status()};
    } catch (Cancelled const& error) {
        return {Kind::cancelled, prefix + error.what()};
    } catch (BadReply const& error) {
        return {Kind::badReply, prefix + error.what()};
    } catch (TransportError const& error) {
        return {Kind::unreachable, prefix + error.what()};
    } catch (InvalidRequest const& error) {
        return {Kind::misconfigured, prefix + error.what()};
    } catch (std::exception const& error) {
        return {Kind::badReply, prefix + "the token source failed: " + error.what()};
    } catch (...) {
        return {Kind::badReply, prefix + "the token source threw something that is no std::exception"};
    }
}

void LoginFailure::raise() const {
    switch (kind) {
    case Kind::rejected: throw CredentialsRejected(text);
    case Kind::misconfigured: throw Misconfigured(text);
    case Kind::tls: throw TlsError(Phase::tls, text);
    case Kind::proxyRefused: throw ProxyRefused(proxyStatus, text);
    case Kind::throttled: throw LoginThrottled(text, retryAfter);
    case Kind::unavailable: throw LoginUnavailable(text, retryAfter);
    case Kind::unreachable: throw LoginUnreachable(text);
    case Kind::cancelled: throw Cancelled(Phase::send, text);
    case Kind::badReply: break;
    }
    throw BadLoginReply(text);
}

} // namespace httptest::v1
