#include "model/code_running.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace advisor {
namespace {

struct CodeRunning {
  const char* name;  ///< `*` stands for what is registered at run time
  const char* meaning;
  const char* reference;  ///< where the kernel's sources or manual pages show it
};

/// All that leads to call_usermodehelper() in Linux 6.12, or to an interpreter or a boot PROM, and
/// is a parameter. kernel.core_pipe_limit and kernel.core_uses_pid choose no code.
constexpr std::array kCodeRunning{
    CodeRunning{
        "fs.binfmt_misc.*",
        "Has interpreters registered, switched on or off; with the flag C one runs with the "
        "rights of a set-uid program.",
        "https://docs.kernel.org/admin-guide/binfmt-misc.html"},
    CodeRunning{"fs.ocfs2.nm.hb_ctl_path", "The program that ends a heartbeat of OCFS2.",
                "fs/ocfs2/stackglue.c, ocfs2_leave_group()"},
    CodeRunning{"kernel.core_pattern",
                "Where a core dump goes; behind a | the program that is given it.",
                "https://man7.org/linux/man-pages/man5/core.5.html"},
    CodeRunning{"kernel.hotplug", "The program that is started for each event of a device.",
                "https://docs.kernel.org/admin-guide/sysctl/kernel.html#hotplug"},
    CodeRunning{"kernel.modprobe", "The program that loads a module when the kernel wants one.",
                "https://docs.kernel.org/admin-guide/sysctl/kernel.html#modprobe"},
    CodeRunning{"kernel.poweroff_cmd", "The program that powers the machine off.",
                "kernel/reboot.c, __orderly_poweroff()"},
    CodeRunning{"kernel.reboot-cmd", "On SPARC: what the boot PROM is told to start at a reboot.",
                "https://docs.kernel.org/admin-guide/sysctl/kernel.html#reboot-cmd-sparc-only"},
    CodeRunning{"kernel.usermodehelper.*",
                "The capabilities of the programs that the kernel starts.",
                "kernel/umh.c, call_usermodehelper_exec_async()"},
};

}  // namespace

std::optional<ParameterInfo> code_running_row(const ParameterName& name) {
  const auto row =
      std::find_if(kCodeRunning.begin(), kCodeRunning.end(),
                   [&](const CodeRunning& one) { return matches_glob(one.name, name.dotted()); });
  if (row == kCodeRunning.end()) return std::nullopt;
  ParameterInfo info;
  info.name = ParameterName::of_canonical(std::string(name.dotted()));
  info.runs_code = true;
  info.meaning = std::string(row->meaning);
  info.reference = {std::string(row->reference)};
  return info;
}

}  // namespace advisor
