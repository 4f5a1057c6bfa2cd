#include "collect/inventory.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "base/json.h"
#include "base/text.h"

namespace advisor {
namespace {

/// Groups name their hosts, and `_meta` those that have variables.
std::set<std::string> hosts_of_ansible(const Json& inventory) {
  std::set<std::string> names;
  const auto* groups = inventory.as<Json::Object>();
  for (const auto& [group, content] : groups ? *groups : Json::Object()) {
    const Json* hosts = content.find("hosts");
    const auto* list = hosts ? hosts->as<Json::Array>() : nullptr;
    for (const Json& host : list ? *list : Json::Array()) {
      if (const auto* name = host.as<std::string>()) names.insert(*name);
    }
  }
  const Json* meta = inventory.find("_meta");
  const Json* variables = meta ? meta->find("hostvars") : nullptr;
  const auto* of_hosts = variables ? variables->as<Json::Object>() : nullptr;
  for (const auto& [name, ignored] : of_hosts ? *of_hosts : Json::Object()) {
    names.insert(std::string(name));
  }
  return names;
}

Error wrong_inventory(const std::string& why) {
  return {ErrorKind::kCorrupt, why, 0};
}

}  // namespace

Result<std::vector<std::string>> parse_inventory(const std::string& file, const std::string& text) {
  std::set<std::string> names;
  if (trim(text).starts_with('{')) {
    const auto inventory = parse_json(text, file);
    if (!inventory) return inventory.error();
    names = hosts_of_ansible(*inventory);
  } else {
    int number = 0;
    for (const std::string_view line : split_lines(text)) {
      ++number;
      const std::string_view name = trim(line.substr(0, line.find('#')));
      if (name.empty()) continue;
      if (name.find_first_of(" \t[") != std::string_view::npos) {
        return wrong_inventory(fmt::format(
            "{}:{}: there must be one name a line; of an inventory of Ansible make such a file by "
            "`ansible-inventory -i INVENTORY --list`",
            file, number));
      }
      names.emplace(name);
    }
  }
  if (names.empty()) return wrong_inventory(file + ": it names no host");
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace advisor
