#include "base/shared_text.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <unordered_map>

namespace advisor::shared_text_test {

TEST_CASE("shared text: what it was made of is kept as long as there is a copy, or a part of one") {
  SharedText part;
  {
    const SharedText whole = std::string("a text that is too long to lie within a string itself");
    const SharedText copy = whole;
    CHECK(copy.view().data() == whole.view().data());
    part = copy.part(2, 4);
  }

  CHECK(part == "text");
  CHECK(part.size() == 4);
}

TEST_CASE("shared text: what lasts anyway is read where it lies") {
  static constexpr std::string_view kLasting = "built in";

  const SharedText text = SharedText::lasting(kLasting);

  CHECK(text.view().data() == kLasting.data());
  CHECK(SharedText(text).view().data() == kLasting.data());
}

TEST_CASE("shared text: it is compared, ordered and found by what it says") {
  const SharedText kept = "net.core.somaxconn";

  CHECK(kept == SharedText::lasting("net.core.somaxconn"));
  CHECK(kept != std::string("net.core"));
  CHECK(std::string("net.core") < kept);
  CHECK(std::map<SharedText, int>{{kept, 1}}.at("net.core.somaxconn") == 1);
  CHECK(std::unordered_map<SharedText, int>{{kept, 1}}.at("net.core.somaxconn") == 1);
  CHECK(fmt::format("{:>20}|", kept) == "  net.core.somaxconn|");
}

TEST_CASE("shared text: of nothing there is nothing to keep") {
  CHECK(SharedText().empty());
  CHECK(SharedText("").empty());
  CHECK(SharedText(std::string()) == SharedText());
}

}  // namespace advisor::shared_text_test
