#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"

namespace advisor {

/// Numbers that the load of a host comes to, by the names that rules know them by.
using Figures = std::map<std::string, double>;

/// A host at one time: a snapshot that was audited, or a report that was read back, which holds
/// only what is compared.
struct ComparedHost {
  std::string file;  ///< as the user calls it
  bool anonymized = false;
  Report report;
  Figures figures;
};

enum class ParameterChange {
  kChanged,
  kUnreadable,  ///< it could be read before, and now cannot
  kReadable,    ///< the other way round: whether it was changed is not known
  kNew,         ///< the kernel lacked it before
  kGone,        ///< the kernel lacks it now
};

/// A parameter that is not what it was.
struct ComparedParameter {
  ParameterName name;
  ParameterChange change = ParameterChange::kChanged;
  std::optional<ParameterValue> before;  ///< nothing: it was not there, or could not be read
  std::optional<ParameterValue> after;
  std::string unread;  ///< why it could not be read
  /// "net.ipv4.conf.eth1.*": it came or went with all of these, as those of an interface do. Empty:
  /// by itself.
  std::string along_with;

  /// Whether a value was set, or cannot be told to be what it was.
  bool counts() const { return along_with.empty(); }
};

/// A number of the load that differs noticeably.
struct ComparedNumber {
  enum class Kind {
    kClient,  ///< client-side sockets in a state
    kServer,  ///< server-side ones
    kPorts,   ///< local ports in use towards a destination
    kQueue,   ///< connections that wait for accept()
    kFigure,  ///< what rules know by a name, or what a parameter shows that nobody sets
  };
  Kind kind = Kind::kFigure;
  std::string subject;           ///< the state, the destination, the listener, or the name
  std::string unit;              ///< "sockets", "1/s"; empty where a unit makes no sense
  std::optional<double> before;  ///< nothing: not among those that were listed
  std::optional<double> after;
};

enum class FindingChange {
  kNew,
  kGone,
  kUntold,    ///< it was so, and cannot be told now
  kChanged,   ///< another severity, or other values are advised
  kEvidence,  ///< only the numbers in what was seen are others
};

/// A finding that is not what it was.
struct ComparedFinding {
  RuleId rule;
  FindingChange change = FindingChange::kChanged;
  std::optional<Finding> before;  ///< nothing: there was no such check
  std::optional<Finding> after;

  /// The finding as it is now; of one that is gone, as it was.
  const Finding& shown() const;
  /// Whether it is more than other numbers, of a finding that asks for something.
  bool counts() const;
};

/// What became of a host between two readings.
struct Comparison {
  /// What is compared.
  struct Side {
    std::string file;
    std::string host;
    std::string kernel;
    std::string taken;  ///< by the wall clock of the host
    std::vector<std::string> profiles;
  };
  Side before, after;
  std::optional<int64_t> seconds_between;  ///< negative: the first one is the newer
  std::optional<bool> same_host;           ///< nothing: not known
  std::optional<bool> restarted;           ///< likewise; of one host
  std::vector<std::string> notes;          ///< what to know of these two, a sentence each

  std::vector<ComparedParameter> parameters;  ///< by kind of change; last what kernels compute
  int64_t same_parameters = 0;
  int64_t unread_parameters = 0;   ///< that could be read in neither, so that nothing is known
  int64_t unasked_parameters = 0;  ///< that one of the two does not hold, since nobody asked

  std::vector<ComparedNumber> load;
  std::vector<std::string> load_unknown;  ///< why part of it could not be compared

  std::vector<ComparedFinding> findings;  ///< worst first
  int64_t unknown_before = 0;             ///< checks that could be judged in the second only
  int64_t unknown_after = 0;              ///< and in the first only

  /// Whether a parameter or a finding counts; load alone does not.
  bool differs() const;
};

const char* name_of(ParameterChange change);
const char* name_of(ComparedNumber::Kind kind);
/// For programs: "untold".
const char* name_of(FindingChange change);
/// For people: "not known now".
const char* words_of(FindingChange change);

}  // namespace advisor
