#pragma once

#include <optional>

#include "model/module_loading.h"
#include "os/file_store.h"

namespace advisor {

/// Reads modules-load.d(5), the kernel's command line, the rules of udev under /etc and /run, and
/// which modules are loaded. Nothing in a container, whose files load none, and of a kernel that
/// has no modules; nor where some of that could not be read, since it may name any module.
std::optional<ModuleLoading> read_module_loading(const FileStore& files);

/// Only what modules-load.d(5) names, whatever kernel and modules there are.
ModuleLoading read_named_modules(const FileStore& files);

}  // namespace advisor
