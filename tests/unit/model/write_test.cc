#include "model/write.h"

#include <doctest/doctest.h>

#include <map>

#include "support/builders.h"

namespace advisor::write_test {
namespace {

using testing::name;
using testing::value;

const Catalogue& catalogue() {
  static const Catalogue shipped = testing::shipped_catalogue();
  return shipped;
}

/// A kernel on which some parameters stand at some values.
class Standing {
 public:
  Standing(std::map<std::string, std::string> values = {}, const char* kernel = "6.12")
      : values_(std::move(values)), kernel_(KernelVersion::parse(kernel)) {}

  WriteOutcome write(const char* parameter, const char* text) const {
    const auto standing = [&](const ParameterName& one) -> std::optional<ParameterValue> {
      const auto found = values_.find(std::string(one.dotted()));
      return found == values_.end() ? std::nullopt : std::optional(ParameterValue(found->second));
    };
    return outcome_of_write({catalogue(), kernel_, standing}, name(parameter), text);
  }
  /// What stands when the write was taken; the reason when it was not.
  std::string made_of(const char* parameter, const char* text) const {
    const WriteOutcome outcome = write(parameter, text);
    if (outcome.result != WriteResult::kTaken) return outcome.why;
    return outcome.value ? outcome.value->text() : "not known";
  }

 private:
  std::map<std::string, std::string> values_;
  std::optional<KernelVersion> kernel_;
};

constexpr const char* kNoNumber = "is no whole number as the kernel reads it";

}  // namespace

TEST_CASE("write: a number ends at a blank, and what follows it is ignored") {
  const Standing kernel;

  CHECK(kernel.made_of("net.ipv4.tcp_fin_timeout", "33 # vendor") == "33");
  CHECK(kernel.made_of("net.ipv4.tcp_fin_timeout", "40 50") == "40");
  CHECK(kernel.made_of("net.ipv4.tcp_fin_timeout", "30# x") == std::string("\"30#\" ") + kNoNumber);
  CHECK(kernel.made_of("net.ipv4.tcp_fin_timeout", "30\r") == std::string("\"30\r\" ") + kNoNumber);
  CHECK(kernel.made_of("net.ipv4.tcp_fin_timeout", "") == "the kernel reads a number there");
}

TEST_CASE("write: what a page rounds up to is known where every size of a page gives the same") {
  const Standing kernel;

  CHECK(kernel.made_of("fs.pipe-max-size", "65537") == "131072");
  CHECK(kernel.made_of("fs.pipe-max-size", "1048576") == "1048576");
  CHECK(kernel.made_of("fs.pipe-max-size", "65536") == "65536");
  // 8192 on a page of 4 KiB, 65536 on one of 64 KiB.
  CHECK(kernel.made_of("fs.pipe-max-size", "5000") == "not known");
}

TEST_CASE("write: numbers are read as C has them, and shown in decimal") {
  const Standing kernel;

  CHECK(kernel.made_of("net.ipv4.tcp_fin_timeout", "0x20") == "32");
  CHECK(kernel.made_of("net.ipv4.tcp_fin_timeout", "010") == "8");
  CHECK(kernel.made_of("net.ipv4.tcp_fin_timeout", "08") == std::string("\"08\" ") + kNoNumber);
  CHECK(kernel.made_of("kernel.shmmax", "18446744073692774399") == "18446744073692774399");
}

TEST_CASE("write: what the kernel takes is its own range, and not the sensible one") {
  const Standing kernel;

  CHECK(kernel.made_of("net.ipv4.tcp_retries2", "300") == "the kernel takes 0..255");
  CHECK(kernel.made_of("net.ipv4.tcp_fin_timeout", "-1") == "-1");
  CHECK(kernel.made_of("net.core.somaxconn", "100000") == "100000");
  CHECK(kernel.made_of("net.core.somaxconn", "-1") == "the kernel takes 0..2147483647");
}

TEST_CASE("write: fewer numbers leave the others, and a wrong one those behind it") {
  const Standing kernel({{"net.ipv4.tcp_rmem", "4096 131072 6291456"},
                         {"net.ipv4.ip_local_port_range", "1024 65535"}});

  CHECK(kernel.made_of("net.ipv4.tcp_rmem", "8192 16384") == "8192 16384 6291456");
  CHECK(kernel.made_of("net.ipv4.tcp_rmem", "5000 6000 7000 # x") == "5000 6000 7000");
  CHECK(kernel.made_of("net.ipv4.ip_local_port_range", "20000") == "20000 65535");

  const WriteOutcome cut = kernel.write("net.ipv4.tcp_rmem", "8192 -1 100");
  CHECK(cut.result == WriteResult::kRefused);
  CHECK(cut.value == value("8192 131072 6291456"));
  // A range is put together before it is stored.
  CHECK(kernel.write("net.ipv4.ip_local_port_range", "20000 #").value == value("1024 65535"));
  CHECK(kernel.made_of("net.ipv4.ip_local_port_range", "60000 20000") ==
        "the kernel takes no range whose low is above its high");
}

TEST_CASE("write: what stands elsewhere counts too") {
  const Standing kernel({{"net.ipv4.ip_local_port_range", "1024 65535"},
                         {"net.ipv4.ip_unprivileged_port_start", "1024"}});

  CHECK(kernel.made_of("net.ipv4.ip_local_port_range", "500 60999") ==
        "the kernel takes nothing below net.ipv4.ip_unprivileged_port_start, which is 1024");
}

TEST_CASE("write: a time is rounded to a tick of the kernel, whose length is not known") {
  const Standing kernel;
  const ParameterInfo* info = catalogue().find(name("net.ipv4.icmp_ratelimit"));

  const WriteOutcome odd = kernel.write("net.ipv4.icmp_ratelimit", "1001");
  CHECK(odd.result == WriteResult::kTaken);
  CHECK_FALSE(odd.value);
  CHECK(odd.explains(info, value("1004")));
  CHECK_FALSE(odd.explains(info, value("1000")));
  CHECK_FALSE(odd.explains(info, value("1011")));
  CHECK(kernel.made_of("net.ipv4.icmp_ratelimit", "1000") == "1000");
  CHECK(kernel.write("net.ipv4.icmp_ratelimit", "-1").result == WriteResult::kRefused);
  CHECK(kernel.made_of("net.ipv4.icmp_ratelimit", "4294968296") == "1000");
}

TEST_CASE("write: ports must be ports, and text keeps what looks like a comment") {
  const Standing kernel;

  CHECK(kernel.write("net.ipv4.ip_local_reserved_ports", "8080 # x").result ==
        WriteResult::kRefused);
  CHECK(kernel.made_of("net.ipv4.ip_local_reserved_ports", "8081,8080") == "8080-8081");
  CHECK(kernel.write("net.ipv4.tcp_congestion_control", "cubic # x").value == value("cubic # x"));
}

TEST_CASE("write: a parameter that a kernel does not have is told from one it refuses") {
  CHECK(Standing({}, "6.1").made_of("net.ipv4.tcp_tw_recycle", "1") ==
        "kernels from 4.12 on no longer have it");
  CHECK(Standing({}, "6.1").made_of("net.ipv4.tcp_backlog_ack_defer", "1") ==
        "kernels before 6.7 do not have it");
}

TEST_CASE("write: where the catalogue has no row what stands tells what it is") {
  const Catalogue none;
  const auto at = [&](const char* before, const char* text) {
    return outcome_of_write({none, std::nullopt, [&](const auto&) { return value(before); }},
                            name("some.thing"), text);
  };

  CHECK(at("5", "7 # x").value == value("7"));
  CHECK(at("word", "7 # x").value == value("7 # x"));
  CHECK(at("5", "7").result == WriteResult::kUnknown);
  CHECK(at("5", "8\r x").result == WriteResult::kUnknown);
  CHECK(at("5", "8\r x").value == value("8 x"));
}

}  // namespace advisor::write_test
