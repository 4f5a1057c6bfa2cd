#pragma once

#include <optional>
#include <string>

namespace advisor {

/// Whether two paths lead to one file.
bool same_file(const std::string& a, const std::string& b);

/// The path of this program, without symbolic links, as the kernel has it and not as somebody
/// called it; nothing if another file stands there by now.
std::optional<std::string> own_path();

}  // namespace advisor
