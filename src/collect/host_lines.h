#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/host_line.h"

namespace advisor {

/// What one line says. The message of an Error says what is wrong with it, and not where it stands.
Result<HostLine> parse_host_line(const std::string& text);

/// Who is told what was read.
struct HostLineVisitor {
  std::function<void(HostLine)> host;
  /// What could not be read, with its place: "hosts.jsonl:17: ...". What comes behind is read.
  std::function<void(const std::string&)> problem;
};

/// Reads files of host lines as a user names them: a file, a directory, of which each file
/// `*.jsonl` is read and none below it, or `-` for standard input. One line at a time is in memory.
void visit_host_lines(const std::vector<std::string>& names, const HostLineVisitor& visitor);

}  // namespace advisor
