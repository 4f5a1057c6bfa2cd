#include "render/text_pod.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace advisor {
namespace {

/// A parameter with its row in the catalogue and the value that is advised.
using PodSettings = std::map<ParameterName, std::pair<const ParameterInfo*, std::string>>;

bool is_of_namespace(const ParameterInfo& info) {
  return info.per == ParameterNamespace::kIpc ||
         (info.per == ParameterNamespace::kNet && info.in_new_namespace != InNewNamespace::kAbsent);
}

PodSettings settings_of(const Report& report, const Catalogue& catalogue) {
  PodSettings settings;
  const auto add = [&](const ParameterName& parameter, const ParameterValue& value) {
    const ParameterInfo* info = catalogue.find(parameter);
    if (info && is_of_namespace(*info)) settings[parameter] = {info, value.text()};
  };
  for (const Finding& finding : report.findings) {
    if (finding.suppressed) continue;
    for (const Recommendation& wanted : finding.recommendations) {
      add(wanted.parameter, wanted.advised);
    }
    for (const LeftOut& one : finding.left_out) {
      if (one.advised) add(one.parameter, *one.advised);
    }
  }
  return settings;
}

}  // namespace

std::string text_pod(const Report& report, const Catalogue& catalogue, const TextStyle& style) {
  const PodSettings settings = settings_of(report, catalogue);
  if (settings.empty()) return "";
  std::string pod;
  std::string options;
  for (const auto& [parameter, setting] : settings) {
    const auto& [info, value] = setting;
    const std::string since =
        info->safe_in_pods_since.empty()
            ? "unsafe: the kubelet needs --allowed-unsafe-sysctls"
            : fmt::format("safe since Kubernetes {}", info->safe_in_pods_since);
    pod += fmt::format("    - name: {}\n      value: \"{}\"  # {}\n", parameter.dotted(), value,
                       since);
    options += fmt::format("  --sysctl '{}={}'\n", parameter.dotted(), value);
  }
  return painted("As a pod", "1", style) + "\n  securityContext:\n    sysctls:\n" + pod +
         painted("As options of a container engine", "1", style) + "\n" + options;
}

}  // namespace advisor
