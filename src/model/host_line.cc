#include "model/host_line.h"

namespace advisor {

const std::string& HostLine::shown_name() const {
  if (!inventory_name.empty()) return inventory_name;
  return name.empty() ? id : name;
}

}  // namespace advisor
