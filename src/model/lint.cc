#include "model/lint.h"

#include <algorithm>
#include <array>

namespace advisor {
namespace {

constexpr std::array kVerdicts{"default",        "no-effect",   "never-taken", "harmful",
                               "folklore",       "not-at-boot", "overridden",  "duplicate",
                               "lowers-default", "one-way",     "security",    "unknown-key",
                               "syntax"};
static_assert(kVerdicts.size() == size_t(LintVerdict::kSyntax) + 1);

constexpr std::array kSeverities{"note", "warning", "error"};
static_assert(kSeverities.size() == size_t(LintSeverity::kError) + 1);

template <typename Enum, typename Names>
std::optional<Enum> parsed(std::string_view text, const Names& names) {
  const auto found = std::ranges::find(names, text);
  return found == names.end() ? std::nullopt : std::optional(Enum(found - names.begin()));
}

}  // namespace

const char* name_of(LintVerdict verdict) {
  return kVerdicts[size_t(verdict)];
}

std::optional<LintVerdict> parse_lint_verdict(std::string_view text) {
  return parsed<LintVerdict>(text, kVerdicts);
}

const char* name_of(LintSeverity severity) {
  return kSeverities[size_t(severity)];
}

std::optional<LintSeverity> parse_lint_severity(std::string_view text) {
  return parsed<LintSeverity>(text, kSeverities);
}

}  // namespace advisor
