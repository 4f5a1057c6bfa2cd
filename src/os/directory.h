#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/unique_fd.h"

namespace advisor {

/// Tells `visit` each name in an open directory but `.` and `..`, in no particular order, until it
/// says false. An Error if some could not be read: what was told before is then only a part of the
/// whole. `path` is for its message.
Status visit_names(const UniqueFd& directory, const std::string& path,
                   const std::function<bool(const char*)>& visit);

/// All of them, sorted.
Result<std::vector<std::string>> names_in(const UniqueFd& directory, const std::string& path);

}  // namespace advisor
