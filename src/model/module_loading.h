#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace advisor {

/// Which modules of the kernel are there when the files of sysctl.d are carried out, as far as the
/// files of the host tell. What an initramfs loads is not known.
struct ModuleLoading {
  /// Modules that modules-load.d(5) or the kernel's command line load before, and those for which a
  /// rule of udev carries the files out again once they appear: by name, `-` written `_`.
  std::map<std::string, SourceLocation, std::less<>> in_time;
  /// Modules that are loaded now, each with those that need it; nothing if that is not known.
  std::optional<std::map<std::string, std::vector<std::string>, std::less<>>> loaded;

  /// Whether the module is there in time: it is among those, or one of those needs it, or the
  /// parameter is there although no module brings it, which is then built into the kernel.
  bool is_in_time(std::string_view module, bool parameter_is_there) const;
};

/// A name as the kernel writes it: "nf-conntrack" is "nf_conntrack".
std::string module_name(std::string_view written);

}  // namespace advisor
