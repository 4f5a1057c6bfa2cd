#include "lint/key_faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace advisor {
namespace {

/// Trees of parameters of which each interface has one.
constexpr std::array<std::string_view, 4> kOfInterfaces{"net.ipv4.conf.", "net.ipv6.conf.",
                                                        "net.ipv4.neigh.", "net.ipv6.neigh."};

/// The key that ends as the written one does, where there is one alone.
std::optional<std::string> with_same_end(std::string_view dotted, const Catalogue& catalogue) {
  const std::string end = "." + std::string(dotted.substr(dotted.rfind('.') + 1));
  std::optional<std::string> found;
  for (const std::string& key : catalogue.keys()) {
    if (!key.ends_with(end)) continue;
    if (found) return std::nullopt;
    found = key;
  }
  return found;
}

/// The interface in the name of a parameter; empty if it names none.
std::string interface_in(const ParameterName& name) {
  for (const std::string_view tree : kOfInterfaces) {
    if (!name.dotted().starts_with(tree)) continue;
    const std::vector<std::string> segments = split(name.dotted(), '.');
    const std::string& interface = segments[3];
    const bool always = interface == "all" || interface == "default" || interface == "lo";
    return always || interface.find_first_of("*?[") != std::string::npos ? "" : interface;
  }
  return {};
}

/// Why the parameter cannot be set inside of a container that has namespaces of its own.
std::optional<std::string> why_not_in_container(const ParameterInfo& info) {
  if (info.per == ParameterNamespace::kHost) {
    return "It belongs to the host, and cannot be set inside of a container.";
  }
  if (info.per != ParameterNamespace::kNet) return std::nullopt;
  if (info.in_new_namespace == InNewNamespace::kAbsent) {
    return "A network namespace of a container does not have it.";
  }
  if (info.in_new_namespace == InNewNamespace::kReadOnly) {
    return "A network namespace of a container shows it, and cannot write to it.";
  }
  return std::nullopt;
}

}  // namespace

LintFault fault_of_unknown_key(std::string_view dotted, const LintGround& ground) {
  LintFault fault{"unknown-key", LintVerdict::kUnknownKey, LintSeverity::kError,
                  "No kernel that is known has this parameter.", "delete the line"};
  for (const NoParameter& known : ground.knowledge.no_parameters) {
    if (!matches_glob(known.key, dotted)) continue;
    fault.message = known.why;
    if (known.module.empty()) return fault;
    return {"not-in-catalogue", LintVerdict::kNotAtBoot, LintSeverity::kNote, known.why,
            fmt::format("see to it that {} is loaded before", known.module)};
  }
  auto meant = ground.catalogue.nearest(std::string(dotted));
  if (!meant) meant = with_same_end(dotted, ground.catalogue);
  const auto name = meant ? ParameterName::parse(*meant) : std::nullopt;
  const ParameterInfo* info = name ? ground.catalogue.find(*name) : nullptr;
  if (info && why_absent(*info, ground.kernel)) return fault;
  if (meant) fault.action = fmt::format("did you mean {}?", *meant);
  return fault;
}

std::optional<LintFault> fault_of_absence(const JudgedLine& judged) {
  const ParameterInfo& info = *judged.info;
  if (judged.ground.container) {
    if (auto why = why_not_in_container(info)) {
      return LintFault{"not-in-container", LintVerdict::kNeverTaken, LintSeverity::kError,
                       *std::move(why), "set it on the host"};
    }
  }
  const auto since = KernelVersion::parse(info.since);
  const auto removed = KernelVersion::parse(info.removed);
  const auto inert = KernelVersion::parse(info.inert_since);
  const KernelVersion& kernel = judged.ground.kernel;
  if (removed && kernel >= *removed) {
    return LintFault{"gone", LintVerdict::kNoEffect, LintSeverity::kWarning,
                     fmt::format("Kernels from {} on no longer have it.", info.removed),
                     "delete the line"};
  }
  if (since && kernel < *since) {
    return LintFault{"not-yet", LintVerdict::kNoEffect, LintSeverity::kWarning,
                     fmt::format("Kernels before {} do not have it.", info.since),
                     "delete the line, or update the kernel"};
  }
  if (inert && kernel >= *inert) {
    return LintFault{"inert", LintVerdict::kNoEffect, LintSeverity::kNote,
                     fmt::format("It does nothing since {}.", info.inert_since), "delete the line"};
  }
  return std::nullopt;
}

std::optional<LintFault> fault_of_lateness(const JudgedLine& judged) {
  if (judged.ground.container) return std::nullopt;
  const SharedText& module = judged.info->module;
  const auto& modules = judged.settings.modules;
  if (!module.empty() && !(modules && modules->in_time.contains(module.view()))) {
    // Of a file that stands alone nobody knows what is loaded.
    return LintFault{
        "module-is-late", LintVerdict::kNotAtBoot,
        modules ? LintSeverity::kWarning : LintSeverity::kNote,
        fmt::format("It is there only once the module {} is loaded{}.", module,
                    modules ? ", and nothing loads that before the files are read"
                            : ": whether anything loads that before the files are read, this file "
                              "does not tell"),
        fmt::format("write {} into /etc/modules-load.d/{}.conf", module, module)};
  }
  const std::string interface = interface_in(judged.parameter);
  if (interface.empty()) return std::nullopt;
  return LintFault{
      "interface-is-late", LintVerdict::kNotAtBoot, LintSeverity::kNote,
      fmt::format("{} may not be there yet: systemd sets this again when it comes, `sysctl "
                  "--system` does not.",
                  interface),
      ""};
}

}  // namespace advisor
