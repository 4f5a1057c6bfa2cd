#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "model/parameter.h"

namespace advisor {

/// How the text of a value is to be read.
enum class ParameterType {
  kBool,     ///< 0 or 1
  kInt,      ///< one whole number
  kVector,   ///< a fixed number of whole numbers, each with a name
  kRange,    ///< two whole numbers, low and high
  kPortSet,  ///< ports and ranges of ports, comma separated
  kString,   ///< anything
};

/// Who can do what with the file under /proc/sys, root included.
enum class ParameterAccess { kReadWrite, kReadOnly, kWriteOnly };

/// What is known of one parameter: a row of profiles/parameters/*.toml.
struct ParameterInfo {
  ParameterName name;
  ParameterType type = ParameterType::kString;
  ParameterAccess access = ParameterAccess::kReadWrite;
  std::string unit;
  std::vector<std::string> fields;  ///< names of the numbers of a vector
  std::optional<int64_t> min;       ///< ours: stricter where the kernel accepts nonsense
  std::optional<int64_t> max;
  std::optional<int64_t> unlimited;  ///< outside of the range, and means "no limit"
  std::string default_value;         ///< the kernel's, or the formula for it
  std::string effect;                ///< when a change takes effect, for example "new connections"
  std::string since;                 ///< kernel version that brought it; empty: older than 2.6.12
  bool one_way = false;              ///< cannot be taken back before the next boot
  bool runs_code = false;            ///< its value names a program that the kernel runs as root
  std::string meaning;               ///< one line
  std::string cost;                  ///< memory, risk; empty if there is none worth naming
  std::vector<std::string> reference;
  SourceLocation where;
};

/// Everything known of every parameter. A parameter that is not in it can still be worked with.
class Catalogue {
 public:
  void add(ParameterInfo info);
  /// Null if nothing is known of it.
  const ParameterInfo* find(const ParameterName& name) const;
  const std::map<ParameterName, ParameterInfo>& rows() const { return rows_; }
  /// The dotted names, for "did you mean".
  std::vector<std::string> names() const;

 private:
  std::map<ParameterName, ParameterInfo> rows_;
};

}  // namespace advisor
