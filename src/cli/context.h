#pragma once

#include <optional>
#include <string>

#include "cli/options.h"
#include "cli/profile_files.h"
#include "collect/collector.h"
#include "model/catalogue.h"
#include "os/clock.h"
#include "os/file_store.h"
#include "os/sysctl_tree.h"
#include "render/style.h"
#include "rules/audit.h"
#include "rules/config.h"

namespace advisor {

/// What every command works with: the options, and the host they speak of.
class Context {
 public:
  explicit Context(Options options);

  const Options& options() const { return options_; }
  ProcSysctlTree& tree() { return tree_; }
  PosixFileStore& files() { return files_; }
  SystemClock& clock() { return clock_; }
  const Catalogue& catalogue() const { return catalogue_; }
  const ProfileFiles& profiles() const { return profiles_; }
  /// Whether the host is this one, and not a copied tree.
  bool live() const { return options_.root.empty(); }
  TextStyle style() const;

  /// What is known of parameters here.
  ParameterKnowledge parameters() const;

  /// What the administrator has laid down; nothing, with the reasons added, if that is wrong.
  std::optional<Config> config(Diagnostics& diagnostics);

  /// Reads the catalogue. False, with the diagnostics printed, if a file of it is wrong.
  bool load();

 private:
  Options options_;
  ProcSysctlTree tree_;
  PosixFileStore files_;
  PosixFileStore named_files_;  ///< never below --root
  SystemClock clock_;
  Catalogue catalogue_;
  ProfileFiles profiles_;
};

/// Prints all of them to stderr, in the order of their places.
void show(Diagnostics diagnostics);
/// "sysctl-advisor: <message>" to stderr; always kTrouble, for `return fail(...)`.
ExitStatus fail(const std::string& message);
/// By its kind: kHalfDone for kStuck, kTrouble for all others.
ExitStatus fail(const Error& error);
/// To stdout, once something was done: `status` says how that ended, whatever becomes of the text.
ExitStatus print_done(const std::string& text, ExitStatus status);
/// To stdout; kTrouble instead of `status` if it could not be written.
ExitStatus print(const std::string& text, ExitStatus status);

}  // namespace advisor
