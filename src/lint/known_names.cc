#include "lint/known_names.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace advisor {

std::vector<ParameterName> names_in_catalogue(const Catalogue& catalogue) {
  std::vector<ParameterName> names;
  for (const std::string& key : catalogue.keys()) {
    if (key.find('*') == std::string::npos) {
      names.push_back(ParameterName::of_canonical(key));
      continue;
    }
    for (const char* member : {"all", "default", "lo"}) {
      std::vector<std::string> segments = split(key, '.');
      std::ranges::replace(segments, "*", member);
      names.push_back(ParameterName::of_canonical(join(segments, ".")));
    }
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

Result<Presence> KnownNames::presence_of(const ParameterName& name) const {
  return catalogue_.find(name) ? Presence::kThere : Presence::kAbsent;
}

Result<std::vector<ParameterName>> KnownNames::matching(const std::string& pattern) const {
  const std::vector<std::string> wanted = split(pattern, '/');
  std::set<ParameterName> matching;
  for (const auto* names : {&in_catalogue_, &named_}) {
    for (const ParameterName& name : *names) {
      const std::vector<std::string> segments = split(name.path(), '/');
      const bool matches = std::ranges::equal(
          segments, wanted, [](const std::string& segment, const std::string& part) {
            return matches_glob(part, segment);
          });
      if (matches) matching.insert(name);
    }
  }
  return std::vector(matching.begin(), matching.end());
}

}  // namespace advisor
