#include "cli/context.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "collect/conf_files.h"
#include "collect/other_writers.h"
#include "collect/redaction.h"
#include "os/interruptible_wait.h"
#include "os/named_file.h"
#include "os/pager.h"
#include "os/terminal.h"

namespace advisor {
namespace {

constexpr const char* kConfigPath = "/etc/sysctl-advisor/config.toml";

bool texts_are_wanted = true;

/// Of --output; empty: the answer goes to stdout.
std::string& answer_file() {
  static std::string path;
  return path;
}

bool names_output(const Request& request) {
  return !request.output.empty() && request.output != kStandardStream;
}

/// For answers that are printed on failure as well.
std::string& kept_failure() {
  static std::string failure;
  return failure;
}

void keep_failure(const std::string& message) {
  if (kept_failure().empty()) kept_failure() = message;
}

bool wants_colours(const Request& request) {
  if (request.color != ColorChoice::kAuto) return request.color == ColorChoice::kAlways;
  if (names_output(request)) return false;
  return colours_by_environment().value_or(stdout_is_terminal());
}

}  // namespace

Context::Context(Request request)
    : request_(std::move(request)),
      tree_(request_.root),
      files_(request_.root, request_.root.empty() ? Trust::kChecked : Trust::kTaken),
      named_files_("", request_.root.empty() ? Trust::kChecked : Trust::kTaken),
      profiles_(files_, named_files_) {}

TextStyle Context::style() const {
  TextStyle style;
  style.color = wants_colours(request_);
  style.verbose = request_.verbose;
  constexpr size_t kUsual = 80, kWidest = 100;
  style.width = names_output(request_) ? kUsual : std::min(terminal_width(), kWidest);
  return style;
}

ParameterKnowledge Context::parameters() {
  if (!code_allowed_) {
    code_allowed_.emplace();  // the configuration is itself read with what is known of parameters
    Diagnostics told_by_who_needs_it;
    auto allowing = config(told_by_who_needs_it);
    if (allowing) code_allowed_ = std::move(allowing->code_allowed);
  }
  const SysctlTree& tree = recorded_ ? static_cast<const SysctlTree&>(recorded_->tree) : tree_;
  return {catalogue_, [&tree](const ParameterName& name) { return tree.presence_of(name); },
          [&tree](const ParameterName& pattern) { return tree.matching(pattern.path()); },
          *code_allowed_};
}

std::optional<Config> Context::config(Diagnostics& diagnostics) {
  const auto text = files_.read_trusted(kConfigPath);
  if (text) {
    Config config = parse_config({kConfigPath, *text}, parameters(), clock_.today(), diagnostics);
    return has_errors(diagnostics) ? std::nullopt : std::optional(std::move(config));
  }
  if (text.error().kind == ErrorKind::kNotFound) return Config{};
  diagnostics.push_back({DiagnosticSeverity::kError, {}, text.error().message, {}, {}});
  return std::nullopt;
}

SysctlTree& Context::tree() {
  return recorded_ ? static_cast<SysctlTree&>(recorded_->tree) : tree_;
}

const FileStore& Context::host_files() const {
  return recorded_ ? static_cast<const FileStore&>(recorded_->files) : files_;
}

BootFiles Context::read_boot_files() {
  BootFiles files;
  files.configuration = read_configuration(host_files());
  if (request_.anonymize) anonymize(files.configuration);
  PersistentSettings& standing = files.standing;
  standing = settings_of(files.configuration, tree());
  standing.others = recorded_ ? recorded_->record.others
                              : read_other_settings(host_files(), tree(), standing.others_unread);
  if (request_.anonymize) anonymize(standing.others);
  return files;
}

bool Context::load_record() {
  if (request_.from.empty()) return true;
  const std::string name = request_.from == kStandardStream ? "standard input" : request_.from;
  const auto text = read_named_file(request_.from, kLargestRecordBytes);
  auto record = text ? parse_record(name, *text) : Result<HostRecord>(text.error());
  if (!record) {
    fail(record.error());
    return false;
  }
  take_record(std::move(*record));
  return true;
}

void Context::take_record(HostRecord record) {
  recorded_ = std::make_unique<RecordedHost>(std::move(record));
}

bool Context::load() {
  if (!request_.root.empty()) {
    if (const auto listed = files_.list("/"); !listed) {
      fail("--root " + request_.root + ": " + listed.error().message);
      return false;
    }
  }
  Diagnostics diagnostics;
  profiles_.load_catalogue(catalogue_, diagnostics);
  show(diagnostics);
  return !has_errors(diagnostics);
}

void start_printing(const Request& request) {
  if (wants_colours(request)) let_colours_pass();
  if (names_output(request)) answer_file() = request.output;
  const bool is_json = request.format == Format::kJson || request.format == Format::kJsonl;
  if (!request.no_pager && !is_json && answer_file().empty()) let_pager_show();
  texts_are_wanted = !request.quiet || request.format != Format::kText || !answer_file().empty();
}

bool answer_goes_to_terminal() {
  return answer_file().empty() && stdout_is_terminal();
}

void show(Diagnostics diagnostics) {
  const auto place = [](const Diagnostic& diagnostic) {
    const SourceLocation& where = diagnostic.where;
    return std::tie(where.file, where.line, where.column);
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  // A file that is read for two reasons has its faults shown once.
  const auto same = [&](const Diagnostic& a, const Diagnostic& b) {
    return place(a) == place(b) && a.message == b.message;
  };
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end(), same), diagnostics.end());
  // So has one that is read once more, for another snapshot.
  static std::set<std::string> told;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == DiagnosticSeverity::kError) keep_failure(in_one_line(diagnostic));
    const std::string text = to_text(diagnostic);
    if (told.insert(text).second) write_stderr(text);
  }
}

const std::string& first_failure() {
  return kept_failure();
}

void forget_failure() {
  kept_failure().clear();
}

ExitStatus fail(const std::string& message) {
  keep_failure(message);
  write_stderr(as_line_for_stderr("sysctl-advisor: " + message));
  return ExitStatus::kTrouble;
}

ExitStatus fail(const Error& error) {
  fail(error.message);
  return error.kind == ErrorKind::kStuck ? ExitStatus::kHalfDone : ExitStatus::kTrouble;
}

ExitStatus print_done(const std::string& text, ExitStatus status) {
  const bool is_written = !texts_are_wanted || write_stdout(text);
  if (!is_written) fail("cannot write the answer to standard output; it was: " + text);
  return status;
}

ExitStatus unwritten(ExitStatus status) {
  return stdout_reader_is_gone() ? status : fail("cannot write the answer to standard output");
}

ExitStatus print(const std::string& text, ExitStatus status) {
  if (!texts_are_wanted || show_by_pager(text)) return status;
  return print_document(text, status);
}

ExitStatus print_document(const std::string& text, ExitStatus status) {
  return print_made(as_shown(text), status);
}

ExitStatus print_json(const Json& document, ExitStatus status) {
  return print_made(document.dump(), status);
}

ExitStatus print_made(const std::string& text, ExitStatus status) {
  if (!answer_file().empty()) {
    const Status written = replace_named_file(answer_file(), text);
    return written ? status : fail(written.error());
  }
  return write_bytes_to_stdout(text) ? status : unwritten(status);
}

}  // namespace advisor
