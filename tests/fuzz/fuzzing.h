#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "expr/message.h"
#include "load/toml_node.h"

/// What a fuzzer calls with every input, and replay_main.cc with every file of a corpus.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size);

namespace advisor::fuzz {

/// Ends the program, naming what did not hold.
void require(bool holds, std::string_view what);

std::string text_of(const uint8_t* bytes, size_t size);

/// Numbers that look random and depend on nothing but the text.
class Dice {
 public:
  explicit Dice(std::string_view text);

  uint64_t next();
  /// Less than `limit`.
  size_t below(size_t limit) { return size_t(next() % limit); }

 private:
  uint64_t state_ = 0;
};

/// Names of every type, those that tests/expr uses among them. Their values are drawn anew for each
/// name that is asked for: edges of their type, and sometimes unknown or a failure.
class DrawnNames : public expr::Scope, public expr::Bindings {
 public:
  explicit DrawnNames(std::string_view seed) : seed_(seed) {}

  std::optional<expr::Type> type_of(const std::string& name) const override;
  std::vector<std::string> names() const override;
  /// The same for the same seed and name.
  expr::Value value_of(std::string_view name) const override;

 private:
  std::string seed_;
};

/// The longest text that DrawnNames gives for a value.
inline constexpr size_t kLongestDrawn = 64;

void require_same(const Diagnostics& once, const Diagnostics& again);

/// Each diagnostic says something, about a place that the text has; those of other files aside.
void require_places(const Diagnostics& diagnostics, const SourceText& source);

}  // namespace advisor::fuzz
