#include "render/text_boot.h"

#include <fmt/format.h>

#include "render/text_report.h"

namespace advisor {
namespace {

std::string shown(const ParameterValue& value) {
  return value.empty() ? "(empty)" : value.text();
}

}  // namespace

std::string text_boot(const BootProspect& prospect, const TextStyle& style) {
  std::string text;
  for (const Change& kept : prospect.kept) {
    text += labelled(text.empty() ? "Kept" : "",
                     fmt::format("{} = {}: it stands now, and a boot would leave {}",
                                 kept.parameter.dotted(), shown(kept.after), shown(kept.before)),
                     style);
  }
  return text + labelled("At boot",
                         prospect.loader
                             ? fmt::format("{} reads the file: {}", to_text(*prospect.loader),
                                           prospect.loader_because)
                             : fmt::format("which program reads the file is not known: {}",
                                           prospect.loader_because),
                         style);
}

}  // namespace advisor
