#pragma once

#include <utility>
#include <vector>

#include "model/catalogue.h"
#include "model/parameter_names.h"

namespace advisor {

/// The parameters of the catalogue, sorted: for `all`, `default` and `lo` where each interface has
/// one.
std::vector<ParameterName> names_in_catalogue(const Catalogue& catalogue);

/// The parameters of a host that nobody asks: those of the catalogue, and those that files name.
class KnownNames : public ParameterNames {
 public:
  /// What is referred to must outlive it.
  KnownNames(const Catalogue& catalogue, const std::vector<ParameterName>& in_catalogue,
             std::vector<ParameterName> named)
      : catalogue_(catalogue), in_catalogue_(in_catalogue), named_(std::move(named)) {}

  Result<Presence> presence_of(const ParameterName& name) const override;
  Result<std::vector<ParameterName>> matching(const std::string& pattern) const override;

 private:
  const Catalogue& catalogue_;
  const std::vector<ParameterName>& in_catalogue_;
  std::vector<ParameterName> named_;
};

}  // namespace advisor
