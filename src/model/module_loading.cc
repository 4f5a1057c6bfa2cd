#include "model/module_loading.h"

#include <algorithm>
#include <set>

namespace advisor {

bool ModuleLoading::is_in_time(std::string_view module, bool parameter_is_there) const {
  if (!loaded) return in_time.contains(module);
  if (!loaded->contains(module)) return in_time.contains(module) || parameter_is_there;
  std::set<std::string> seen;
  std::vector<std::string> open{std::string(module)};
  while (!open.empty()) {
    const std::string one = std::move(open.back());
    open.pop_back();
    if (in_time.contains(one)) return true;
    const auto users = loaded->find(one);
    if (!seen.insert(one).second || users == loaded->end()) continue;
    open.insert(open.end(), users->second.begin(), users->second.end());
  }
  return false;
}

std::string module_name(std::string_view written) {
  std::string name(written);
  std::ranges::replace(name, '-', '_');
  return name;
}

}  // namespace advisor
