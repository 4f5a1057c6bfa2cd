#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/shared_text.h"

namespace advisor {

/// The name of a kernel parameter, in the canonical dotted spelling of sysctl(8).
/// Made by `parse`, or of what that gave, so it never leaves /proc/sys when it becomes a path.
class ParameterName {
 public:
  /// Accepts both spellings: the first separator decides whether `.` or `/` separates, and the
  /// other one is then part of a segment (`net.ipv4.conf.eth0/100.rp_filter` and
  /// `net/ipv4/conf/eth0.100/rp_filter` are the same parameter). Nothing if it cannot be a name.
  static std::optional<ParameterName> parse(std::string_view text);

  /// The name with a dotted spelling that parse() gave before, which is not checked again.
  static ParameterName of_canonical(SharedText dotted) {
    ParameterName name;
    name.dotted_ = std::move(dotted);
    return name;
  }

  std::string_view dotted() const { return dotted_; }
  /// Relative to /proc/sys, for example "net/ipv4/tcp_tw_reuse".
  std::string path() const;

  auto operator<=>(const ParameterName&) const = default;

 private:
  SharedText dotted_;
};

/// Whether a dotted name in which `*` stands for a whole segment speaks of the parameter.
bool speaks_of(std::string_view pattern, const ParameterName& parameter);

/// What a parameter is set to: words, since procfs separates the fields with tabs and people
/// with blanks. Two values are equal if their words are.
class ParameterValue {
 public:
  ParameterValue() = default;
  explicit ParameterValue(std::string_view text);

  const std::vector<std::string>& words() const { return words_; }
  /// The words with one blank between them.
  std::string text() const;
  bool empty() const { return words_.empty(); }

  bool operator==(const ParameterValue&) const = default;

 private:
  std::vector<std::string> words_;
};

}  // namespace advisor
