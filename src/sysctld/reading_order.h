#pragma once

#include <span>
#include <string_view>

#include "base/diagnostic.h"
#include "model/persistent.h"

namespace advisor {

/// The directories of sysctl.d(5). A file masks the files of its name in later directories. Where
/// /lib is a link to /usr/lib, that masks all of /lib.
std::span<const char* const> sysctl_directories();

/// What procps reads besides, and after all the others.
inline constexpr std::string_view kLastOfProcps = "/etc/sysctl.conf";

/// Which loaders read a file by this path: systemd passes over hidden ones and /etc/sysctl.conf.
SysctlLoaders readers_of(std::string_view path);

/// Whether a loader comes to one line after the other: files in the order of their names, whatever
/// their directories, and procps last of all to /etc/sysctl.conf.
bool comes_after(const SourceLocation& one, const SourceLocation& other, SysctlLoader loader);

/// Whether a package brings files of that place, rather than the administrator.
bool is_of_package(std::string_view path);

/// Whether a file, or a directory of files, may hold lines to which some loader comes after those
/// of the file `ours`.
bool may_come_after(std::string_view path, std::string_view ours);

}  // namespace advisor
