#pragma once

#include <httptest/abi.hpp>
#include <httptest/location.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// The parts of a `multipart/form-data` body (RFC 7578), in their order; a name may come more than once.
///
///     session.post("/upload").multipart(Multipart().field("purpose", "test").file("data", "a.csv", csv, "text/csv"))
///
/// Names are sent as browsers send them: in UTF-8, a quote as %22. An empty name, and CR, LF or NUL in a name or a media
/// type, are an InvalidRequest at the line of the call; contents may be any bytes.
class HTTPTEST_API Multipart {
public:
    Multipart& field(std::string_view name, std::string content, Location where = Location::current());

    Multipart& file(std::string_view name, std::string_view fileName, std::string content,
                    std::string_view contentType = "application/octet-stream", Location where = Location::current());

    bool empty() const noexcept { return parts_.empty(); }

    /// A text that stands in none of the contents. The same parts give the same one.
    std::string boundary() const;

    /// The body, its parts set off by `boundary`.
    std::string text(std::string_view boundary) const;

private:
    struct Part {
        std::string head;
        std::string content;
    };
    std::vector<Part> parts_;
};

} // namespace httptest::v1
