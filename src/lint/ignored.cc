#include "lint/ignored.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"

namespace advisor {
namespace {

constexpr std::string_view kMark = "sysctl-advisor: ignore[";

struct Ignored {
  int line = 0;  ///< the assignment
  std::string rule;
  std::string reason;
};

bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with(';');
}

/// What a comment asks for; nothing if it is no such comment, or gives no rule or no reason.
std::optional<Ignored> asked_by(std::string_view comment) {
  const size_t mark = comment.find(kMark);
  if (!is_comment(comment) || mark == std::string_view::npos) return std::nullopt;
  const std::string_view rest = comment.substr(mark + kMark.size());
  const size_t end = rest.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  Ignored ignored{0, std::string(trim(rest.substr(0, end))),
                  std::string(trim(rest.substr(end + 1)))};
  if (ignored.rule.empty() || ignored.reason.empty()) return std::nullopt;
  return ignored;
}

}  // namespace

void heed_ignored(const std::vector<std::string_view>& lines,
                  std::vector<LintRemark>::iterator begin, std::vector<LintRemark>::iterator end) {
  std::vector<Ignored> waiting;
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = trim(lines[i]);
    if (auto ignored = asked_by(line)) waiting.push_back(*std::move(ignored));
    if (line.empty() || is_comment(line)) continue;
    for (const Ignored& one : waiting) {
      for (auto remark = begin; remark != end; ++remark) {
        const bool meant = remark->where.line == int(i) + 1 && remark->rule == one.rule;
        if (meant) remark->ignored_because = one.reason;
      }
    }
    waiting.clear();
  }
}

}  // namespace advisor
