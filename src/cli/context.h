#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/json.h"
#include "cli/options.h"
#include "cli/profile_files.h"
#include "collect/collector.h"
#include "collect/recorded_host.h"
#include "load/config.h"
#include "model/catalogue.h"
#include "os/clock.h"
#include "os/file_store.h"
#include "os/sysctl_tree.h"
#include "render/style.h"
#include "rules/audit.h"
#include "sysctld/configuration.h"

namespace advisor {

/// What decides on the next boot of a host, as it was at one time.
struct BootFiles {
  Configuration configuration;  ///< the files themselves
  PersistentSettings standing;  ///< what they set, and which other programs set some
};

/// What every command works with: the request, and the host they speak of.
class Context {
 public:
  explicit Context(Request request);

  const Request& request() const { return request_; }
  /// The parameters of the host: this one, a copied tree, or a snapshot.
  SysctlTree& tree();
  /// What lies on this machine, or below --root: profiles, configuration, transactions.
  PosixFileStore& files() { return files_; }
  /// What tells of the host: the same files, or what a snapshot holds of them.
  const FileStore& host_files() const;
  /// Reads what decides on the next boot of the host.
  BootFiles read_boot_files();
  /// The snapshot that --from names; null if there is none.
  const HostRecord* record() const { return recorded_ ? &recorded_->record : nullptr; }
  SystemClock& clock() { return clock_; }
  const Catalogue& catalogue() const { return catalogue_; }
  const ProfileFiles& profiles() const { return profiles_; }
  /// Whether the host is this one, and neither a copied tree nor a snapshot.
  bool live() const { return request_.root.empty() && request_.from.empty(); }
  TextStyle style() const;

  /// What is known of parameters here, and which of those that run programs the configuration
  /// allows.
  ParameterKnowledge parameters();

  /// What the administrator has laid down; nothing, with the reasons added, if that is wrong.
  std::optional<Config> config(Diagnostics& diagnostics);

  /// Reads the snapshot of --from. False, with the reason printed, if that cannot be done.
  bool load_record();
  /// Takes this snapshot as the one of --from.
  void take_record(HostRecord record);
  /// Reads the catalogue. False, with the diagnostics printed, if a file of it is wrong.
  bool load();

 private:
  /// A snapshot that stands for the host.
  struct RecordedHost {
    explicit RecordedHost(HostRecord of)
        : record(std::move(of)), tree(record.snapshot), files(record.boot_files) {}

    HostRecord record;
    RecordedTree tree;
    RecordedFiles files;
  };

  Request request_;
  ProcSysctlTree tree_;
  PosixFileStore files_;
  PosixFileStore named_files_;  ///< never below --root
  std::unique_ptr<RecordedHost> recorded_;
  SystemClock clock_;
  Catalogue catalogue_;
  std::optional<std::set<ParameterName>> code_allowed_;  ///< once it was asked for
  ProfileFiles profiles_;
};

/// Once, before anything is printed: colours, pager, silence and the file of --output as the
/// request wants them. An answer goes to that file, where the request names one, instead of to
/// stdout.
void start_printing(const Request& request);
/// Whether somebody reads the answer on a terminal while the command runs.
bool answer_goes_to_terminal();

/// Prints all of them to stderr, in the order of their places; each once in a run.
void show(Diagnostics diagnostics);
/// What went wrong first in this process, as a sentence; empty if nothing did.
const std::string& first_failure();
/// Whatever went wrong so far was of another task than what comes now.
void forget_failure();
/// "sysctl-advisor: <message>" to stderr; always kTrouble, for `return fail(...)`.
ExitStatus fail(const std::string& message);
/// By its kind: kHalfDone for kStuck, kTrouble for all others.
ExitStatus fail(const Error& error);
/// To stdout, once something was done: `status` says how that ended, whatever becomes of the text.
ExitStatus print_done(const std::string& text, ExitStatus status);
/// An answer to stdout, by a pager if it is long; with -q none of format text. kTrouble instead of
/// `status` if it could not be written.
ExitStatus print(const std::string& text, ExitStatus status);
/// A text to stdout for which the command was run, such as a file: neither a pager nor -q concerns
/// it.
ExitStatus print_document(const std::string& text, ExitStatus status);
/// The same of a document in which, as in every JSON text of ours, nothing can steer a terminal.
ExitStatus print_json(const Json& document, ExitStatus status);
/// The same of any text of which that is true.
ExitStatus print_made(const std::string& text, ExitStatus status);
/// How a command ends whose answer could not be written, or not wholly: with `status` if whoever
/// read it has seen enough of it (`| head`), else with kTrouble, and that is printed.
ExitStatus unwritten(ExitStatus status);

}  // namespace advisor
