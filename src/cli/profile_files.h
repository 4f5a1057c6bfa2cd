#pragma once

#include <map>
#include <optional>
#include <set>

#include "model/catalogue.h"
#include "os/file_store.h"
#include "rules/profile_set.h"

namespace advisor {

/// Profiles, rule files and the parameter catalogue: the administrator's under
/// /etc/sysctl-advisor/profiles, then those installed, then the copies in this very binary.
class ProfileFiles : public ProfileSource {
 public:
  /// `files` holds the places, `named_files` what is named on the command line.
  ProfileFiles(const FileStore& files, const FileStore& named_files)
      : files_(files), named_files_(named_files) {}

  Result<SourceText> profile(const std::string& name) const override;
  Result<SourceText> rule_group(const std::string& name) const override;
  std::vector<std::string> profile_names() const override;
  std::vector<std::string> rule_group_names() const override;

  void load_catalogue(Catalogue& catalogue, Diagnostics& diagnostics) const;

 private:
  /// The first of the three places that has the file; `path` is relative to them.
  Result<SourceText> find(const std::string& path) const;
  /// The names without ".toml" in one folder of all three places, sorted.
  std::vector<std::string> names_in(const std::string& folder) const;

  /// The names of the files in a folder, read once; nothing if it could not be listed.
  const std::optional<std::set<std::string>>& listed(const std::string& folder) const;

  const FileStore& files_;
  const FileStore& named_files_;
  mutable std::map<std::string, std::optional<std::set<std::string>>> listed_;
};

}  // namespace advisor
