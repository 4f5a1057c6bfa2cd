#include "lint/repaired.h"

#include <map>
#include <set>

#include "base/text.h"
#include "sysctld/conf_line.h"

namespace advisor {
namespace {

bool is_dead(const LintRemark& remark) {
  return remark.rule == "gone" || remark.rule == "inert" || remark.rule == "duplicate";
}

}  // namespace

std::string repaired(const LintedFile& file, const LintReport& report) {
  std::set<int> dead;
  for (const LintRemark& remark : report.remarks) {
    const bool everywhere = remark.kernels.size() == report.kernels.size();
    const bool its_own = remark.where.file.view() == file.name;
    if (its_own && everywhere && is_dead(remark) && !remark.ignored_because) {
      dead.insert(remark.where.line);
    }
  }
  // systemd-sysctl sees several assignments in a line that holds a CR: perhaps one of them lives.
  std::map<int, std::set<std::string>> keys;
  for (const ConfLine& line : parse_conf_text(file.name, file.text).lines) {
    if (keys[line.line].insert(line.key).second && keys[line.line].size() > 1)
      dead.erase(line.line);
  }
  std::string kept;
  int number = 0;
  for (const std::string_view line : split_lines(file.text)) {
    if (dead.contains(++number)) continue;
    kept += line;
    // The last line may have no end.
    if (line.end() != std::string_view(file.text).end()) kept += '\n';
  }
  return kept;
}

}  // namespace advisor
