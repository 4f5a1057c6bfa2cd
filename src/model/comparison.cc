#include "model/comparison.h"

#include <algorithm>
#include <array>

namespace advisor {

const Finding& ComparedFinding::shown() const {
  const bool is_past = change == FindingChange::kGone || change == FindingChange::kUntold;
  return is_past ? *before : *after;
}

bool ComparedFinding::counts() const {
  if (change == FindingChange::kEvidence) return false;
  return (before && before->asks()) || (after && after->asks());
}

bool Comparison::differs() const {
  return std::ranges::any_of(parameters, &ComparedParameter::counts) ||
         std::ranges::any_of(findings, &ComparedFinding::counts);
}

const char* name_of(ParameterChange change) {
  switch (change) {
    case ParameterChange::kNew:
      return "new";
    case ParameterChange::kGone:
      return "gone";
    case ParameterChange::kUnreadable:
      return "unreadable";
    case ParameterChange::kReadable:
      return "readable";
    case ParameterChange::kChanged:
      break;
  }
  return "changed";
}

const char* name_of(ComparedNumber::Kind kind) {
  switch (kind) {
    case ComparedNumber::Kind::kClient:
      return "client";
    case ComparedNumber::Kind::kServer:
      return "server";
    case ComparedNumber::Kind::kPorts:
      return "ports";
    case ComparedNumber::Kind::kQueue:
      return "queue";
    case ComparedNumber::Kind::kFigure:
      break;
  }
  return "figure";
}

namespace {

/// How changes of a finding are called, for programs and for people, in the order of FindingChange.
struct ChangeWords {
  const char* name;
  const char* words;
};
constexpr std::array kFindingChanges{
    ChangeWords{"new", "new"}, ChangeWords{"gone", "gone"}, ChangeWords{"untold", "not known now"},
    ChangeWords{"changed", "changed"}, ChangeWords{"evidence", "still there"}};
static_assert(kFindingChanges.size() == size_t(FindingChange::kEvidence) + 1);

}  // namespace

const char* name_of(FindingChange change) {
  return kFindingChanges[size_t(change)].name;
}

const char* words_of(FindingChange change) {
  return kFindingChanges[size_t(change)].words;
}

}  // namespace advisor
