#include "render/text_boot.h"

#include <fmt/format.h>

#include "render/text_report.h"

namespace advisor {

std::string text_boot(const BootProspect& prospect, const TextStyle& style) {
  std::string text;
  for (const KeptValue& kept : prospect.kept) {
    const char* would =
        kept.line ? "the files would leave" : "no file sets it, and the default of the kernel is";
    text += labelled(
        text.empty() ? "Kept" : "",
        fmt::format("{} = {}: it stands now; {} {}", kept.change.parameter.dotted(),
                    shown(kept.change.after.text()), would, shown(kept.change.before.text())),
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

std::string text_notes(const std::vector<std::string>& notes, const TextStyle& style) {
  std::string text;
  for (const std::string& note : notes) {
    text += labelled(text.empty() ? "Files" : "", note, style);
  }
  return text;
}

}  // namespace advisor
