#include "model/typed_value.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor {
namespace {

using testing::value;

ParameterInfo row(ParameterType type) {
  ParameterInfo info;
  info.type = type;
  if (type == ParameterType::kVector) info.fields = {"min", "default", "max"};
  return info;
}

std::string refusal(const ParameterInfo& info, const char* text) {
  return why_invalid(info, value(text)).value_or("");
}

}  // namespace

TEST_CASE("value: whole numbers are read as the kernel reads them") {
  CHECK(parse_kernel_integer("10") == 10);
  CHECK(parse_kernel_integer("0x1F") == 31);
  CHECK(parse_kernel_integer("010") == 8);
  CHECK(parse_kernel_integer("-1") == -1);
  CHECK(parse_kernel_integer("0") == 0);
  for (const char* text : {"", "-", "--1", "+1", "08", "0x", "1k", "1.5", "9223372036854775808"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_kernel_integer(text));
  }
}

TEST_CASE(
    "value: two spellings of one value are the same by type, and without a type they are not") {
  const ParameterInfo number = row(ParameterType::kInt);
  const ParameterInfo ports = row(ParameterType::kPortSet);

  CHECK(same_value(&number, value("0x10"), value("16")));
  CHECK_FALSE(same_value(nullptr, value("0x10"), value("16")));
  CHECK(same_value(&ports, value("80,81,82"), value("80-82")));
  CHECK(same_value(nullptr, value("1\t2"), value("1 2")));
  CHECK_FALSE(same_value(&number, value("a"), value("b")));
}

TEST_CASE("value: a vector has as many numbers as it has fields") {
  const ParameterInfo vector = row(ParameterType::kVector);

  CHECK(typed(vector, value("4096\t131072\t6291456")) ==
        TypedValue(std::vector<int64_t>{4096, 131072, 6291456}));
  CHECK_FALSE(typed(vector, value("4096 131072")));
  CHECK_FALSE(typed(vector, value("1 2 3 4")));
  CHECK_FALSE(typed(row(ParameterType::kInt), value("1 2")));
  CHECK_FALSE(typed(row(ParameterType::kInt), value("")));
}

TEST_CASE("value: what was read by its type is written back in the kernel's spelling") {
  CHECK(untyped(*typed(row(ParameterType::kRange), value("0x10\t20"))).text() == "16 20");
  CHECK(untyped(*typed(row(ParameterType::kPortSet), value("2,1"))).text() == "1-2");
  CHECK(untyped(*typed(row(ParameterType::kString), value("cubic reno"))).text() == "cubic reno");
}

TEST_CASE("value: a refusal says what may be written instead") {
  ParameterInfo number = row(ParameterType::kInt);
  number.min = 0;
  number.max = 2;
  number.unit = "modes";

  CHECK(refusal(number, "1").empty());
  CHECK(refusal(number, "3") == "allowed range is 0..2 modes");
  CHECK(refusal(number, "-1") == "allowed range is 0..2 modes");
  CHECK(refusal(number, "x") == "it must be one whole number");
  CHECK(refusal(row(ParameterType::kBool), "2") == "it must be 0 or 1");
  CHECK(refusal(row(ParameterType::kVector), "1 2") ==
        "it must be 3 whole numbers (min, default, max)");
  CHECK(refusal(row(ParameterType::kRange), "2 1") == "low must not be above high");
  CHECK(refusal(row(ParameterType::kPortSet), "80-") ==
        "it must be ports and ranges of ports such as 8080,9000-9010");
  CHECK(refusal(row(ParameterType::kPortSet), "").empty());
  CHECK(refusal(row(ParameterType::kString), "anything at all").empty());
}

TEST_CASE("value: every number of a vector is held to the range") {
  ParameterInfo vector = row(ParameterType::kVector);
  vector.max = 100;

  CHECK(refusal(vector, "1 2 100").empty());
  CHECK(refusal(vector, "1 2 101") == "allowed range is ..100");
}

}  // namespace advisor
