#include "model/catalogue.h"

namespace advisor {

void Catalogue::add(ParameterInfo info) {
  const ParameterName name = info.name;
  rows_.insert_or_assign(name, std::move(info));
}

const ParameterInfo* Catalogue::find(const ParameterName& name) const {
  const auto row = rows_.find(name);
  return row == rows_.end() ? nullptr : &row->second;
}

std::vector<std::string> Catalogue::names() const {
  std::vector<std::string> names;
  for (const auto& [name, info] : rows_) names.push_back(name.dotted());
  return names;
}

}  // namespace advisor
