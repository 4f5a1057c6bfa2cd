#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "load/lint_rules.h"
#include "load/profile_set.h"
#include "load/proof.h"
#include "model/catalogue.h"
#include "os/file_store.h"

namespace advisor {

/// Profiles, rule files and the parameter catalogue: the administrator's under
/// /etc/sysctl-advisor/profiles, then those installed with this very program, then the copies in
/// it.
class ProfileFiles : public ProfileSource {
 public:
  /// `files` holds the places, `named_files` what is named on the command line.
  ProfileFiles(const FileStore& files, const FileStore& named_files);

  Result<SourceText> profile(const std::string& name) const override;
  Result<SourceText> rule_group(const std::string& name) const override;
  std::vector<std::string> profile_names() const override;
  std::vector<std::string> rule_group_names() const override;

  /// What is to be said of lines of sysctl.d files; faults of the files are added.
  LintKnowledge lint_rules(const Catalogue& catalogue, Diagnostics& diagnostics) const;

  /// The proofs, and those rules that have none with a reason; `rules` are all of which there could
  /// be one. Faults of the files are added.
  Proofs proofs(const ParameterKnowledge& known, ProvableRules& rules,
                Diagnostics& diagnostics) const;
  /// Files that differ from the copies in the program, by path below the folder of profiles.
  std::map<std::string, std::string> laid_down() const;

  /// Also tells which folder of the administrator's files could not be listed: an error, or a
  /// warning where it is closed to this user.
  void load_catalogue(Catalogue& catalogue, Diagnostics& diagnostics) const;

 private:
  /// The first of the three places that has the file; `path` is relative to them.
  Result<SourceText> find(const std::string& path) const;
  /// The file of that kind, and as which faults are told if it cannot be read.
  std::optional<SourceText> found(const std::string& path, Diagnostics& diagnostics) const;
  /// The names without ".toml" in one folder of all three places, sorted.
  std::vector<std::string> names_in(const std::string& folder) const;

  /// The names of the files in a folder, read once; none if there is no such folder.
  const Result<std::set<std::string>>& listed(const std::string& folder) const;

  const FileStore& files_;
  const FileStore& named_files_;
  /// The folders that go before the copies, the administrator's first.
  std::vector<std::string> places_;
  /// Why root does not read what is installed; empty: it does, or nothing is.
  std::string untrusted_;
  mutable std::map<std::string, Result<std::set<std::string>>> listed_;
};

}  // namespace advisor
