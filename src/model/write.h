#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/catalogue.h"
#include "model/conversion.h"
#include "model/coupling.h"

// What the kernel makes of a write: whether it takes the value, and what stands then. The catalogue
// says for each parameter by which function the kernel reads it, and what that function refuses.

namespace advisor {

/// What counts besides the value.
struct WriteGround {
  const Catalogue& catalogue;
  std::optional<KernelVersion> kernel;  ///< nothing: the newest that is known
  StandingValues standing;  ///< of the parameter itself, and of those it is held against
};

/// What the kernel makes of one write.
struct WriteOutcome {
  WriteResult result = WriteResult::kUnknown;
  /// Unless it is taken: why, as a clause such as "the kernel takes 0..255".
  std::string why;
  /// The parameter that it is held against, if it is refused for the sake of one.
  std::optional<ParameterName> against;
  /// What stands then, also after a refusal; nothing if that cannot be told.
  std::optional<ParameterValue> value;
  /// Of a number that is rounded by the kernel's tick, whose length is not known: from which number
  /// to which it may stand.
  std::optional<std::pair<KernelNumber, KernelNumber>> between;

  /// Whether the kernel may show that value once the write was taken.
  bool explains(const ParameterInfo* info, const ParameterValue& shown) const;
};

/// What the kernel makes of `text` written to the parameter. Of numbers it takes as many as the
/// parameter has and ignores what follows behind a blank ("30 # x" is 30); where there are fewer,
/// the others stay. A vector keeps the numbers in front of a wrong one, although the write fails.
/// Where the catalogue has no row, what stands tells how many numbers there are.
WriteOutcome outcome_of_write(const WriteGround& ground, const ParameterName& name,
                              std::string_view text);

/// Whether the kernel may show `shown` once it has taken `written`: the same, or what it makes of a
/// number that it rounds. `info` may be null.
bool may_show(const ParameterInfo* info, const ParameterValue& written,
              const ParameterValue& shown);

/// Why this parameter cannot be given this value on that kernel, whatever else stands, as the end
/// of a sentence ("the kernel takes 0..255"). Where the catalogue does not tell what the kernel
/// takes, what makes no sense counts as refused.
std::optional<std::string> why_not_taken(const ParameterInfo& info,
                                         const std::optional<KernelVersion>& kernel,
                                         const ParameterValue& value);

/// Why that kernel has no such parameter: "6.12 no longer has it: it was removed in 4.12". Nothing
/// if the catalogue does not say so; it may need a module all the same.
std::optional<std::string> why_absent(const ParameterInfo& info, const KernelVersion& kernel);

}  // namespace advisor
