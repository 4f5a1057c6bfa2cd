#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "model/catalogue.h"
#include "model/parameter.h"
#include "model/persistent.h"
#include "model/snapshot.h"

namespace advisor {

enum class Verdict { kSatisfied, kViolated, kNotApplicable, kUnknown };

/// How bad it is. `info` only explains and asks for nothing.
enum class Severity { kInfo, kNote, kWarning, kCritical };

const char* name_of(Verdict verdict);
const char* name_of(Severity severity);
std::optional<Verdict> parse_verdict(const std::string& text);
std::optional<Severity> parse_severity(const std::string& text);

/// The id of a rule, or of a plain target of a profile: "target:<parameter>".
using RuleId = SharedText;

RuleId id_of_target(const ParameterName& parameter);
/// Whether this is the id of a plain target, whatever profile has it.
bool is_id_of_target(std::string_view id);

/// "boot:<parameter>", the id of a finding that a boot loses a value.
RuleId id_of_boot(const ParameterName& parameter);
inline constexpr std::string_view kBootPrefix = "boot:";
/// The id of what is to be said of the next boot as a whole.
inline constexpr const char* kBoot = "boot";
/// The ids of the findings on lines of files that do not do what they say.
inline constexpr const char* kLinesNotInEffect = "boot-lines-not-in-effect";
inline constexpr const char* kLinesWithoutEffect = "boot-lines-without-effect";
/// Whether this is the id of a finding on the next boot.
bool is_id_of_boot(std::string_view id);

/// One parameter that should have another value.
struct Recommendation {
  ParameterName parameter;
  ParameterValue now;
  ParameterValue advised;
  SharedText effect;  ///< when it takes effect
  std::optional<TakesEffect> takes_effect = std::nullopt;
  SharedText cost;  ///< what it costs, empty if nothing worth naming
  bool one_way = false;
  bool in_catalogue = true;  ///< if not, nobody checked the value's range
  bool required = false;     ///< only a precondition of the recommendations after it
  /// What files give the parameter at the next boot. If that meets what is asked for and may be
  /// set, `advised` is just that. Nothing if no file sets it, or if the outcome is unknown.
  std::optional<ValueAtBoot> at_boot = std::nullopt;
};

/// One parameter that should have another value and cannot be given it here, by anybody; or that
/// requires such a one.
struct LeftOut {
  ParameterName parameter;
  /// What it is set to, and what was wanted. Nothing: there is no such parameter, or no telling.
  std::optional<ParameterValue> now = std::nullopt;
  std::optional<ParameterValue> advised = std::nullopt;
  std::string reason;  ///< "cannot write net.core.somaxconn: read-only file system"
  RuleId because;      ///< the finding that wants it
};

/// "net.core.somaxconn = 4096: cannot write net.core.somaxconn: read-only file system".
std::string in_words(const LeftOut& left_out);

/// A value by its type; nothing if it could not be read or computed. A list is a text.
using ObservedValue = std::variant<std::monostate, bool, int64_t, double, std::string>;

/// One value a rule looked at.
struct Observed {
  SharedText expression;
  std::string value;  ///< as the language of conditions writes it, or why there is none
  ObservedValue typed = {};
};

/// What the administrator does not want to hear of: a [[suppress]] of config.toml.
struct Suppression {
  std::string rule;       ///< a shell pattern; empty: any
  std::string parameter;  ///< a shell pattern; empty: any
  std::string reason;
  std::string until;  ///< the last day it holds, as 2027-01-31; empty: for good
  SourceLocation where;
};

/// What a rule, or a target, has to say about this host.
struct Finding {
  RuleId rule;
  SharedText title;
  Verdict verdict = Verdict::kNotApplicable;
  Severity severity = Severity::kNote;
  std::string evidence;              ///< what was seen, with numbers
  std::vector<std::string> details;  ///< likewise: a sentence for each of many things
  std::vector<Observed> observed;
  std::vector<Recommendation> recommendations;  ///< in the order in which to apply them
  std::vector<LeftOut> left_out;                ///< what it wants and cannot be set here
  std::string remedy;                           ///< what helps besides parameters
  SharedText because;
  SharedText cost;
  std::vector<std::string> missing;   ///< if unknown: what could not be read, and what would help
  std::string not_applicable;         ///< if it is not applicable: why
  std::vector<SharedText> reference;  ///< kernel documents, RFCs
  std::vector<SharedText> controls;   ///< of benchmarks that ask for the same, by their ids
  SourceLocation where;               ///< where the rule or target stands
  SharedText profile;                 ///< the profile that brought it in
  std::shared_ptr<const Suppression> suppressed;  ///< null if it is not

  /// A finding that asks for something: a parameter, or something only a person can do.
  bool asks() const { return tells() && severity != Severity::kInfo; }
  /// Whether it is of a plain target of a profile, and of no rule.
  bool is_target() const { return is_id_of_target(rule); }
  /// Whether it is shown as something that is so, if only to explain.
  bool tells() const { return verdict == Verdict::kViolated && !suppressed; }
};

/// How many findings there are of each kind; each is in one of them.
struct FindingCounts {
  std::array<int64_t, 4> violated{};  ///< by severity
  int64_t satisfied = 0;
  int64_t unknown = 0;
  int64_t not_applicable = 0;
  int64_t suppressed = 0;  ///< whatever their verdict

  int64_t of(Severity severity) const { return violated[size_t(severity)]; }
  int64_t asking() const;  ///< those that ask for something
  int64_t total() const;
};
FindingCounts counts_of(const std::vector<Finding>& findings);

/// Which of its findings a report shows.
enum class Detail {
  kAsks,  ///< those that ask for something, and those that could not be judged
  kAll,
};

/// What the next boot makes of a host, in short.
struct BootOutlook {
  std::vector<ParameterName> lost;            ///< of what the profile needs
  std::vector<SourceLocation> not_in_effect;  ///< lines of files
};

/// The outcome of an audit.
struct Report {
  std::vector<std::string> profiles;
  Snapshot snapshot;
  std::vector<Finding> findings;  ///< worst first
  /// Why what the findings recommend, taken together, must not be carried out; a sentence each.
  std::vector<std::string> objections;
  /// Kernel memory that what is advised can take at most, once it is in use.
  int64_t advice_memory_bytes = 0;
  /// Nothing until somebody has read all that decides on the next boot.
  std::optional<BootOutlook> boot = std::nullopt;
};

}  // namespace advisor
