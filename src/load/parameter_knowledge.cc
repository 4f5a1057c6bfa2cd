#include "load/parameter_knowledge.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

/// The way out where a name is in no catalogue.
std::string hint_for_unknown(const std::string& text, const Catalogue& catalogue, bool may_guess) {
  constexpr const char* kNowhere = "neither the catalogue nor this host has it";
  if (!may_guess) return kNowhere;
  const std::vector<std::string> names = catalogue.keys();
  const auto with = [&](auto matches) {
    const auto found = std::find_if(names.begin(), names.end(), matches);
    return found == names.end() ? std::string() : *found;
  };
  if (const auto nearest = catalogue.nearest(text)) {
    return did_you_mean(*nearest);
  }
  const std::string whole =
      with([&](const std::string& name) { return name.ends_with("." + text); });
  if (!whole.empty()) return did_you_mean(whole);
  const std::string below =
      with([&](const std::string& name) { return name.starts_with(text + "."); });
  if (!below.empty()) return "a name with dots must stand in quotes, as \"net.core.somaxconn\"";
  return kNowhere;
}

}  // namespace

std::optional<ParameterName> known_name(const std::string& text, const SourceLocation& where,
                                        const ParameterKnowledge& known, DiagnosticSink& sink) {
  const auto name = ParameterName::parse(text);
  if (name && known.catalogue.find(*name)) return name;
  if (name) {
    const auto presence = known.on_this_host(*name);
    if (!presence) {
      sink.error(where, presence.error().message);
      return std::nullopt;
    }
    if (*presence == Presence::kThere) return name;
  }
  sink.error(where, fmt::format("unknown parameter \"{}\"", text),
             hint_for_unknown(text, known.catalogue, sink.may_guess()));
  return std::nullopt;
}

std::optional<ParameterName> parse_known_parameter(const std::string& text,
                                                   const SourceLocation& where,
                                                   const ParameterKnowledge& known,
                                                   DiagnosticSink& sink) {
  const auto name = known_name(text, where, known, sink);
  const ParameterInfo* info = name ? known.catalogue.find(*name) : nullptr;
  if (!info) return name;
  if (info->runs_code && !known.code_allowed.contains(*name)) {
    sink.error(
        where, fmt::format("{} says what code the kernel runs as root", text),
        "no profile may set it, unless [[allow]] in /etc/sysctl-advisor/config.toml names it");
    return std::nullopt;
  }
  if (info->access == ParameterAccess::kReadWrite) return name;
  const bool read_only = info->access == ParameterAccess::kReadOnly;
  sink.error(where,
             fmt::format("{} cannot be {}", text,
                         read_only ? "written: the kernel only shows it"
                                   : "read back: the kernel only takes writes to it"),
             read_only ? "leave it out"
                       : "what cannot be read cannot be audited or rolled back; leave it out");
  return std::nullopt;
}

}  // namespace advisor
