#include "plan/persistence_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

/// "/etc/sysctl.conf:3 sets 128 after it".
std::string what_beats(const BeatenLine& beaten) {
  if (!beaten.by) return "no loader of sysctl.d files makes anything of our line";
  const std::string where = to_text(beaten.by->where);
  if (!beaten.by->value) return where + " takes it out again";
  const bool same = beaten.by->parameter == beaten.parameter;
  return fmt::format("{} sets {}{} after it", where,
                     same ? "" : fmt::format("{} = ", beaten.by->parameter.dotted()),
                     *beaten.by->value);
}

std::string assignment(const BeatenLine& beaten) {
  return fmt::format("{} = {}", beaten.parameter.dotted(), beaten.wanted.text());
}

std::string carried_out_words(const CarriedOut& carried, bool is_done) {
  return fmt::format("{0} {1} not in effect ({2} {1} {3}), and needs no line of ours",
                     in_words(carried.at_boot.line), is_done ? "was" : "is",
                     carried.change.parameter.dotted(), carried.change.before.text());
}

/// "under systemd-sysctl", or when TuneD does it.
std::string under(const BeatenLine& beaten) {
  return beaten.by_tuned ? "when TuneD starts" : "under " + to_text(beaten.loader);
}

/// Whether the same parameter loses under the other loader too.
bool loses_everywhere(const BeatenLine& beaten, const std::vector<BeatenLine>& all) {
  return std::any_of(all.begin(), all.end(), [&](const BeatenLine& other) {
    return other.parameter == beaten.parameter && other.loader != beaten.loader;
  });
}

bool is_futile(const BeatenLine& beaten, const BootProspect& prospect) {
  if (prospect.loader) return beaten.loader == *prospect.loader;
  return loses_everywhere(beaten, prospect.beaten_by);
}

}  // namespace

std::vector<std::string> boot_refusals(const BootProspect& prospect) {
  std::vector<std::string> sentences;
  for (const BeatenLine& beaten : prospect.beaten_by) {
    if (!is_futile(beaten, prospect)) continue;
    const std::string runs = prospect.loader && !beaten.by_tuned ? ", which runs at boot" : "";
    sentences.push_back(fmt::format(
        "{} would not outlast a boot: {} {}{}; change or remove that line, or use --runtime",
        assignment(beaten), what_beats(beaten), under(beaten), runs));
  }
  return sentences;
}

std::vector<std::string> boot_warnings(const BootProspect& prospect) {
  std::vector<std::string> sentences;
  for (const BeatenLine& beaten : prospect.beaten_by) {
    // What is refused need not be warned of.
    if (is_futile(beaten, prospect) ||
        (prospect.loader && loses_everywhere(beaten, prospect.beaten_by))) {
      continue;
    }
    const std::string rest = prospect.loader ? fmt::format("; {}, which runs at boot, does not",
                                                           to_text(*prospect.loader))
                                             : "; whether that runs at boot is not known";
    sentences.push_back(
        fmt::format("{}: {} {}{}", assignment(beaten), what_beats(beaten), under(beaten), rest));
  }
  for (const std::string& unread : prospect.unread) {
    sentences.push_back(unread + ", so it is not proven that our lines decide");
  }
  return sentences;
}

std::string in_words(const LeftToBoot& left) {
  std::vector<std::string> lines;
  for (const PersistentSetting& line : left.in_the_way) lines.push_back(in_words(line));
  const std::string_view name = left.change.parameter.dotted();
  if (lines.empty()) {
    return fmt::format("{} needs no line of ours: {} at each boot", name, left.computed);
  }
  return fmt::format("delete {}: {} at each boot if no line sets it, so none of ours does",
                     join(lines, ", "), left.computed);
}

std::string in_words(const LateModule& late) {
  return fmt::format(
      "{} comes with the module {}, which no file loads before those of sysctl.d are carried out, "
      "so that their lines on it come too early unless an initramfs loads it: `echo {} > "
      "/etc/modules-load.d/{}.conf` sees to it",
      late.change.parameter.dotted(), late.module, late.module, late.module);
}

std::vector<std::string> boot_notes(const BootProspect& prospect, std::string_view our_file,
                                    bool is_done) {
  std::vector<std::string> sentences;
  for (const CarriedOut& carried : prospect.carried_out) {
    if (carried.at_boot.line.where.file == our_file) continue;
    sentences.push_back(carried_out_words(carried, is_done));
  }
  for (const LeftToBoot& left : prospect.left_to_boot) sentences.push_back(in_words(left));
  for (const LateModule& late : prospect.late) sentences.push_back(in_words(late));
  return sentences;
}

std::string warning_of(const OtherWriter& other) {
  return in_words(other.setting, other.parameter) + ", and may set it again";
}

std::string in_one_line(const std::vector<std::string>& sentences) {
  return join(sentences, "; ");
}

}  // namespace advisor
