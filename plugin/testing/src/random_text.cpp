#include "random_text.hpp"

#include <Poco/DigestEngine.h>
#include <Poco/RandomStream.h>
#include <Poco/UUIDGenerator.h>

namespace runai::testing {

std::string randomSecret() {
    Poco::DigestEngine::Digest bytes(32);
    Poco::RandomInputStream random;
    random.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return Poco::DigestEngine::digestToHex(bytes);
}

std::string randomUuid() {
    return Poco::UUIDGenerator::defaultGenerator().createRandom().toString();
}

} // namespace runai::testing
