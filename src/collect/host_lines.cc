#include "collect/host_lines.h"

#include <fmt/format.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "base/shortened.h"
#include "base/text.h"
#include "base/utc.h"
#include "collect/json_values.h"
#include "os/file_access.h"
#include "os/file_store.h"
#include "os/line_reader.h"
#include "os/named_file.h"

namespace advisor {

// Each takes the members that a report needs, and leaves the others.

/// A text, or null, which is read as empty.
static void read_text_or_null(JsonReader& reader, const char* key, std::string& value) {
  std::optional<std::string> text;
  reader(key, text);
  value = std::move(text).value_or("");
}

static void json_fields(JsonReader& reader, AuditState& state) {
  const auto parse = [](const std::string& word) -> std::optional<AuditState> {
    for (const AuditState one : {AuditState::kOk, AuditState::kPartial, AuditState::kFailed}) {
      if (word == name_of(one)) return one;
    }
    return std::nullopt;
  };
  state = reader.word(parse, "\"ok\", \"partial\" or \"failed\"").value_or(state);
}

static void json_fields(JsonReader& reader, HostLine::Change& change) {
  reader.leave_others();
  reader("parameter", change.parameter);
  reader("now", change.now);
  reader("advised", change.advised);
}

/// Of what asks for something: note, warning or critical.
static void json_fields(JsonReader& reader, Severity& severity) {
  const auto parse = [](const std::string& word) {
    const auto read = parse_severity(word);
    return read && *read > Severity::kInfo ? read : std::nullopt;
  };
  severity = reader.word(parse, "\"note\", \"warning\" or \"critical\"").value_or(severity);
}

static void json_fields(JsonReader& reader, HostLine::Asking& finding) {
  reader.leave_others();
  reader("rule", finding.rule);
  reader("severity", finding.severity);
  reader("title", finding.title);
  reader("evidence", finding.evidence);
  reader("changes", finding.changes);
}

static void json_fields(JsonReader& reader, HostLine::Unknown& unknown) {
  reader.leave_others();
  reader("rule", unknown.rule);
  reader("missing", unknown.missing);
}

static void json_fields(JsonReader& reader, HostLine::FullDestination& to) {
  reader.leave_others();
  reader("destination", to.address);
  reader("port", to.port);
  reader("ports_in_use", to.ports_in_use);
  reader("ports_in_time_wait", to.ports_in_time_wait);
  reader("usable_ports", to.usable_ports);
}

static void json_fields(JsonReader& reader, HostLine::Drift& drift) {
  reader.leave_others();
  reader("parameter", drift.parameter);
  reader("applied", drift.applied);
  reader("now", drift.now);
}

static void json_fields(JsonReader& reader, HostLine::Applied& applied) {
  reader.leave_others();
  reader("id", applied.id);
  reader("state", applied.state);
  reader("deadline", applied.deadline);
  reader("drift", applied.drift);
}

static void json_fields(JsonReader& reader, HostLine::Boot& boot) {
  reader.leave_others();
  reader("lost", boot.lost);
  reader("not_in_effect", boot.not_in_effect);
}

namespace {

struct LineIdentity {
  HostLine& line;
};
void json_fields(JsonReader& reader, LineIdentity& host) {
  reader.leave_others();
  read_text_or_null(reader, "id", host.line.id);
  read_text_or_null(reader, "name", host.line.name);
  read_text_or_null(reader, "inventory_name", host.line.inventory_name);
  reader("netns", host.line.netns);
  read_text_or_null(reader, "kernel", host.line.kernel);
}

struct LineTime {
  int64_t& seconds;
};
void json_fields(JsonReader& reader, LineTime& time) {
  time.seconds = reader.word(parse_utc, "a time such as 2026-11-30T07:22:00Z").value_or(0);
}

}  // namespace

static void json_fields(JsonReader& reader, HostLine& line) {
  reader.leave_others();
  reader("version", line.version);
  reader("status", line.state);
  read_text_or_null(reader, "error", line.error);
  LineIdentity host{line};
  reader("host", host);
  reader("labels", line.labels);
  LineTime time{line.taken};
  reader("taken", time);
  reader("profiles", line.profiles);
  read_text_or_null(reader, "profile_hash", line.profile_hash);
  reader("findings", line.findings);
  reader("unknown", line.unknown);
  reader("destinations", line.destinations);
  reader("transaction", line.transaction);
  reader("boot", line.boot);
}

namespace {

/// Far above what an audit writes, and little enough for a line that never ends.
constexpr size_t kLongestLine = 1 << 20;
constexpr std::string_view kLinesOfHosts = ".jsonl";

Error wrong_line(const std::string& why) {
  return {ErrorKind::kCorrupt, why, 0};
}

/// Why no line of ours begins so.
std::string why_no_object(std::string_view text) {
  constexpr size_t kShown = 60;
  return fmt::format("this is no host line but other text: \"{}\"",
                     shortened(std::string(text), kShown));
}

void visit_file(int file, const std::string& name, const HostLineVisitor& visitor) {
  const std::string place = printable(name);  // whoever may write there chose it
  const Status read = visit_lines(file, name, kLongestLine, [&](const TextLine& line) {
    if (trim(line.text).empty()) return;
    auto host = line.is_too_long ? Result<HostLine>(wrong_line("the line is longer than 1 MiB"))
                                 : parse_host_line(line.text);
    if (host) return visitor.host(*std::move(host));
    visitor.problem(fmt::format("{}:{}: {}", place, line.number, host.error().message));
  });
  if (!read) visitor.problem(read.error().message);
}

/// False if the name is not that of a directory that can be listed.
bool visit_directory(const std::string& directory, const HostLineVisitor& visitor) {
  const auto names = PosixFileStore("", Trust::kTaken).list(directory);
  if (!names) return false;
  bool found = false;
  for (const std::string& name : *names) {
    if (!name.ends_with(kLinesOfHosts)) continue;
    found = true;
    const std::string path =
        fmt::format("{}{}{}", directory, directory.ends_with('/') ? "" : "/", name);
    const auto file = open_to_read("", path);
    if (file) {
      visit_file(file->get(), path, visitor);
    } else {
      visitor.problem(file.error().message);
    }
  }
  if (!found) visitor.problem(fmt::format("{}: it holds no file *{}", directory, kLinesOfHosts));
  return true;
}

}  // namespace

Result<HostLine> parse_host_line(const std::string& text) {
  const std::string_view written = trim(text);
  if (!written.starts_with('{')) return wrong_line(why_no_object(written));
  const auto document = parse_json(text);
  if (!document) {
    // Which line it is knows who has the file.
    std::string why = document.error().message;
    constexpr std::string_view kFirst = "line 1, ";
    if (const size_t at = why.rfind(kFirst); at != std::string::npos) why.erase(at, kFirst.size());
    return wrong_line(why);
  }
  std::string wrong = why_not_schema(*document, kHostLineSchema, "audit --format jsonl");
  HostLine line;
  if (wrong.empty()) JsonReader(*document, wrong).read(line);
  if (!wrong.empty()) return wrong_line(wrong);
  return line;
}

void visit_host_lines(const std::vector<std::string>& names, const HostLineVisitor& visitor) {
  for (const std::string& name : names) {
    if (name == kStandardStream) {
      visit_file(STDIN_FILENO, "standard input", visitor);
      continue;
    }
    if (visit_directory(name, visitor)) continue;
    const auto file = open_named_file(name);
    if (file) {
      visit_file(file->get(), name, visitor);
    } else {
      visitor.problem(file.error().message);
    }
  }
}

}  // namespace advisor
