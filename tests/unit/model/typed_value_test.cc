#include "model/typed_value.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor::typed_value_test {
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
  CHECK(parse_kernel_integer("-0x10") == -16);
  CHECK(parse_kernel_integer("00") == 0);
  for (const char* text : {"", "-", "--1", "+40", "08", "0x", "1k", "1.5", "1e2", "30#", "1,2",
                           "0b1", "-9223372036854775809", "18446744073709551616"}) {
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
  CHECK(refusal(number, "3") == "its range is 0..2 modes");
  CHECK(refusal(number, "-1") == "its range is 0..2 modes");
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
  CHECK(refusal(vector, "1 2 101") == "its range is ..100");
}

TEST_CASE("value: what the kernel takes in part, or takes for nothing, is refused as no number") {
  for (const char* text : {"", "\n", "30 # x", "30# x", "+40", "1e2", "40 50", "5;6", "0x"}) {
    CAPTURE(std::string(text));
    CHECK(refusal(row(ParameterType::kInt), text) == "it must be one whole number");
  }
  for (const char* text : {"5000 abc 7000", "6001 # comment", "4096 131072", "1 2 3 4", ""}) {
    CAPTURE(std::string(text));
    CHECK(refusal(row(ParameterType::kVector), text) ==
          "it must be 3 whole numbers (min, default, max)");
  }
  for (const char* text : {"20000", "2000 3000 4000", "2000-3000", ""}) {
    CAPTURE(std::string(text));
    CHECK(refusal(row(ParameterType::kRange), text) ==
          "it must be two whole numbers, low and high");
  }
}

TEST_CASE("value: a port set is the same in any spelling, and none is a value as well") {
  const ParameterInfo ports = row(ParameterType::kPortSet);

  CHECK(same_value(&ports, value("8082,8080,8081,9000-9002,9003"), value("8080-8082,9000-9003")));
  CHECK(same_value(&ports, value(""), value("\n")));
  CHECK_FALSE(same_value(&ports, value(""), value("0")));
  CHECK(refusal(ports, "").empty());
  CHECK_FALSE(refusal(ports, "65536").empty());
  CHECK_FALSE(refusal(ports, "9003-9000").empty());
  CHECK_FALSE(refusal(ports, "8080 # x").empty());
}

TEST_CASE("value: the numbers of an ordered vector must not fall") {
  ParameterInfo memory = row(ParameterType::kVector);
  memory.ordered = true;

  CHECK(refusal(memory, "4096 4096 8192").empty());
  CHECK(refusal(memory, "9000 8000 7000") == "its numbers must not fall (min <= default <= max)");
}

TEST_CASE("value: a text that the kernel would cut off or not take is refused") {
  ParameterInfo text = row(ParameterType::kString);
  text.max_length = 15;
  ParameterInfo words = row(ParameterType::kString);
  words.values = {"on", "off"};
  ParameterInfo may_be_empty = row(ParameterType::kString);
  may_be_empty.default_value = "";

  CHECK(refusal(text, "fifteen-letters").empty());
  CHECK(refusal(text, "sixteen-letters!") == "the kernel keeps 15 bytes of it, and these are 16");
  CHECK(refusal(words, "off").empty());
  CHECK(refusal(words, "On") == "it must be one of: on, off");
  CHECK(refusal(text, " \n") == "it must not be empty");
  CHECK(refusal(may_be_empty, "").empty());
  CHECK(refusal(text, "a\x01") == "it must be one line of text");
  CHECK(why_invalid(text, ParameterValue(std::string_view("a\0b", 3))));
  CHECK(refusal(text, "gr\xc3\xb6\xc3\x9f").empty());
}

TEST_CASE("value: a number with a meaning of its own is allowed beside the range, and no other") {
  ParameterInfo buckets = row(ParameterType::kInt);
  buckets.min = 1;
  buckets.max = 100;
  buckets.unlimited = -1;

  CHECK(refusal(buckets, "-1").empty());
  CHECK(refusal(buckets, "-2") == "its range is 1..100");
  CHECK(refusal(buckets, "0") == "its range is 1..100");
}

TEST_CASE("value: a bitmask is one number in any base, within its bits") {
  ParameterInfo mask = row(ParameterType::kBitmask);
  mask.min = 0;
  mask.max = 0x1ff;

  CHECK(same_value(&mask, value("0x1ff"), value("511")));
  CHECK(refusal(mask, "0x1ff").empty());
  CHECK(refusal(mask, "0x200") == "its range is 0..511");
  CHECK(refusal(mask, "1 2") == "it must be one whole number");
}

TEST_CASE("value: numbers up to 2^64 are read, and told apart") {
  ParameterInfo segment = row(ParameterType::kInt);
  segment.min = 1;

  CHECK(refusal(segment, "18446744073692774399").empty());
  CHECK(refusal(segment, "18446744073709551616") == "it must be one whole number");
  CHECK(same_value(&segment, value("18446744073709551615"), value("0xffffffffffffffff")));
  CHECK_FALSE(same_value(&segment, value("18446744073709551615"), value("18446744073692774399")));
}

TEST_CASE("value: what cannot be taken back is known by its number in any spelling") {
  ParameterInfo scope = row(ParameterType::kInt);
  scope.one_way = {3};

  CHECK(is_one_way(scope, value("3")));
  CHECK(is_one_way(scope, value("0x3")));
  CHECK_FALSE(is_one_way(scope, value("2")));
  CHECK_FALSE(is_one_way(scope, value("3 3")));
  CHECK_FALSE(is_one_way(row(ParameterType::kInt), value("3")));
}

TEST_CASE("value: the shipped rows refuse nonsense that the kernel accepts") {
  const Catalogue catalogue = testing::shipped_catalogue();
  const auto refused = [&catalogue](const char* parameter, const char* text) {
    const ParameterInfo* info = catalogue.find(testing::name(parameter));
    return info && why_invalid(*info, value(text)).has_value();
  };

  CHECK(refused("net.ipv4.tcp_fin_timeout", "-5"));
  CHECK(refused("net.ipv4.tcp_max_tw_buckets", "-2"));
  CHECK(refused("net.ipv4.tcp_max_syn_backlog", "-1"));
  CHECK(refused("net.ipv4.tcp_keepalive_time", "0"));
  CHECK(refused("net.ipv4.tcp_syncookies", "5"));
  CHECK(refused("net.ipv4.tcp_timestamps", "7"));
  CHECK(refused("net.ipv4.tcp_rmem", "9000 8000 7000"));
  CHECK(refused("net.ipv4.tcp_rmem", "5555 0 7000"));
}

}  // namespace advisor::typed_value_test
