#include "render/parameter_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/conversion.h"
#include "render/style.h"

namespace advisor {
namespace {

/// "a, b and c".
std::string listed(const std::vector<std::string>& items, const char* last = " and ") {
  if (items.size() < 2) return join(items, "");
  const std::vector<std::string> first(items.begin(), items.end() - 1);
  return join(first, ", ") + last + items.back();
}

std::string range_words(const ParameterInfo& info) {
  if (info.min && info.max) return fmt::format(" from {} to {}", *info.min, *info.max);
  if (info.min) return fmt::format(", at least {}", *info.min);
  return info.max ? fmt::format(", at most {}", *info.max) : "";
}

std::string unit_words(const ParameterInfo& info) {
  return info.unit.empty() ? "" : fmt::format(" ({})", info.unit);
}

std::string text_type_words(const ParameterInfo& info) {
  if (!info.values.empty()) return "One of the words " + listed(info.values, " or ");
  if (info.max_length) return fmt::format("Text of at most {} bytes", *info.max_length);
  return "Text";
}

std::string form_words(const ParameterInfo& info) {
  switch (info.type) {
    case ParameterType::kBool:
      return "0 (no) or 1 (yes)";
    case ParameterType::kInt:
      return "A whole number" + unit_words(info) + range_words(info);
    case ParameterType::kBitmask:
      return "A whole number" + range_words(info) + ", of which each bit means something";
    case ParameterType::kVector:
      return fmt::format("{} whole numbers{}: {}, each{}{}", info.fields.size(), unit_words(info),
                         listed(info.fields), range_words(info),
                         info.ordered ? ", none below the one before" : "");
    case ParameterType::kRange:
      return "Two whole numbers" + unit_words(info) + ": low and high, each" + range_words(info);
    case ParameterType::kPortSet:
      return "Ports and ranges of ports, such as 8080,9000-9010";
    case ParameterType::kString:
      break;
  }
  return text_type_words(info);
}

/// The version without what a distribution appends: "6.1.0-40-amd64" is 6.1.
std::string version_of(const Host& host) {
  const auto version = KernelVersion::parse(host.kernel);
  return version ? fmt::format("{}.{}", version->numbers[0], version->numbers[1]) : host.kernel;
}

/// A sentence of its own.
std::string default_words(const ParameterExplanation& parameter, const Host& host) {
  const std::string kernel = "Linux " + version_of(host);
  if (parameter.at_default == true) return fmt::format(" {} itself sets it to that.", kernel);
  if (parameter.kernel_default) {
    return fmt::format(" {} itself sets it to {}.", kernel, shown(*parameter.kernel_default));
  }
  if (!parameter.info || parameter.info->default_formula.empty()) return "";
  return fmt::format(" {} itself sets it to: {}.", kernel, parameter.info->default_formula);
}

std::string support_words(const ParameterExplanation& parameter, const Host& host) {
  const ParameterInfo& info = *parameter.info;
  const char* all_the_same = parameter.now ? ", and has it all the same" : "";
  switch (parameter.support) {
    case KernelSupport::kNotYet:
      return fmt::format(" This kernel, {}, is older{}.", version_of(host), all_the_same);
    case KernelSupport::kDropped:
      return fmt::format(" It is gone since Linux {}; this kernel is {}{}.", info.removed,
                         version_of(host), all_the_same);
    case KernelSupport::kInert:
      return fmt::format(" It does nothing since Linux {}; this kernel is {}.", info.inert_since,
                         version_of(host));
    case KernelSupport::kPresent:
      break;
  }
  std::string later;
  if (!info.inert_since.empty())
    later = fmt::format(" It does nothing from Linux {} on.", info.inert_since);
  if (!info.removed.empty()) later += fmt::format(" Linux {} no longer has it.", info.removed);
  return later;
}

std::string loader_names(SysctlLoaders loaders) {
  if (loaders == SysctlLoaders{true, true}) return "systemd-sysctl and `sysctl --system` alike";
  if (loaders.systemd) return to_text(SysctlLoader::kSystemd);
  return "`" + to_text(SysctlLoader::kProcps) + "`";
}

std::string loader_words(const BootSettings& boot) {
  if (!boot.loader) {
    return fmt::format("Which of them runs at boot is not known: {}.", boot.loader_because);
  }
  const bool systemd = *boot.loader == SysctlLoader::kSystemd;
  return fmt::format("{} runs at boot: {}.", loader_names({systemd, !systemd}),
                     boot.loader_because);
}

/// What a line sets, with the name if that is another one than is spoken of.
std::string set_by(const PersistentSetting& line, const ParameterName& parameter) {
  const std::string value = shown(line.value.value_or(""));
  if (line.parameter == parameter) return value;
  return fmt::format("{} = {}", line.parameter.dotted(), value);
}

std::string line_words(const PersistentSetting& line, const ParameterName& parameter) {
  std::string words = to_text(line.where);
  words += line.value ? " sets " + set_by(line, parameter) : " takes it out of the patterns";
  if (line.parameter != parameter) words += ", which sets it along";
  if (line.from_glob) words += ", by a pattern";
  if (line.read_by.none() || line.read_by == SysctlLoaders{true, true}) return words + ".";
  return words + fmt::format("; only {} reads it.", loader_names(line.read_by));
}

std::string outcome_words(const BootOutcome& outcome, const ParameterExplanation& parameter) {
  const std::string loaders = loader_names(outcome.by);
  if (!outcome.line) return fmt::format("Under {} no line decides.", loaders);
  const std::string set = set_by(*outcome.line, parameter.parameter);
  std::string words =
      fmt::format("Under {}, {} decides: {}", loaders, to_text(outcome.line->where), set);
  const bool told = outcome.value && shown(outcome.value->text()) != join(split_words(set), " ");
  words += told ? fmt::format(", which makes it {}.", shown(outcome.value->text())) : ".";
  if (outcome.stands == false) {
    words += fmt::format(
        " It is {} now: the line was not carried out at boot, or somebody changed "
        "the value since.",
        shown(parameter.now->text()));
  }
  return words;
}

/// What the kernel holds a new value against.
std::string coupling_words(const ParameterInfo& info) {
  std::string words;
  if (!info.not_above.empty()) {
    words += fmt::format(" The kernel takes nothing above {}.", listed(info.not_above));
  }
  if (!info.not_below.empty()) {
    words += fmt::format(" The kernel takes nothing below {}.", listed(info.not_below));
  }
  for (const RefusedWhile& refused : info.refused_while) {
    std::vector<std::string> numbers;
    for (const int64_t number : refused.numbers) numbers.push_back(std::to_string(number));
    words += fmt::format(" The kernel takes nothing while {} is {}.", refused.other,
                         listed(numbers, " or "));
  }
  if (!info.ceiling_of.empty()) {
    words += fmt::format(" The kernel takes nothing above it for {}.", listed(info.ceiling_of));
  }
  return words;
}

}  // namespace

std::string value_words(const ParameterExplanation& parameter, const Host& host) {
  if (!parameter.now) {
    return fmt::format("Unknown: {}.", parameter.now.error().message) +
           default_words(parameter, host);
  }
  std::string words = shown(parameter.now->text());
  std::vector<std::string> parts;
  for (const int64_t bit : parameter.bits) parts.push_back(std::to_string(bit));
  if (parts.size() > 1) words += " = " + join(parts, " + ");
  for (const auto& field : parameter.fields) parts.push_back(field.name + " " + field.value);
  if (!parameter.fields.empty()) words += " (" + join(parts, ", ") + ")";
  return words + "." + default_words(parameter, host);
}

std::string bits_words(const ParameterInfo& info) {
  std::vector<std::string> bits;
  for (const NamedBit& bit : info.bits)
    bits.push_back(fmt::format("{} {}", bit.value, bit.meaning));
  return join(bits, ", ");
}

std::string type_words(const ParameterInfo& info) {
  std::string words = form_words(info);
  if (info.unlimited) words += fmt::format("; {} stands for no limit", *info.unlimited);
  return words + ".";
}

/// Where the kernel has a range of its own, and that is another one than what makes sense.
std::string accepted_words(const ParameterInfo& info, const Host& host) {
  const auto kernel = KernelVersion::parse(host.kernel);
  const KernelRange takes = accepted_range(info, kernel);
  const bool has_own = info.accepted_on(kernel) != KernelRange{};
  if (!has_own || (takes.low == info.min && takes.high == info.max)) return "";
  return fmt::format(" The kernel takes {}.", accepted_in_words(info, kernel));
}

std::string kernel_words(const ParameterExplanation& parameter, const Host& host) {
  if (!parameter.info) return "";
  const ParameterInfo& info = *parameter.info;
  std::string words = info.since.empty() ? "" : fmt::format("Since Linux {}.", info.since);
  words += support_words(parameter, host) + accepted_words(info, host);
  if (!info.module.empty()) {
    words += fmt::format(" It is there only while the module {} is loaded.", info.module);
  }
  return std::string(trim(words));
}

std::string scope_words(const ParameterInfo& info) {
  constexpr const char* kPer[] = {
      "the whole host",      "each network namespace", "each IPC namespace", "each UTS namespace",
      "each user namespace", "each PID namespace",     "each time namespace"};
  std::string words = fmt::format("One value for {}", kPer[size_t(info.per)]);
  const bool net = info.per == ParameterNamespace::kNet;
  switch (info.in_new_namespace) {
    case InNewNamespace::kDefault:
      return words + (net ? "; a new one starts with the kernel's default." : ".");
    case InNewNamespace::kCopied:
      return words + fmt::format("; a new {} starts with what the host is set to.",
                                 net ? "one" : "network namespace");
    case InNewNamespace::kReadOnly:
      return words + "; a new network namespace shows the host's, which cannot be written there.";
    case InNewNamespace::kAbsent:
      break;
  }
  return words + "; a new network namespace does not have it.";
}

std::string change_words(const ParameterInfo& info) {
  if (info.access == ParameterAccess::kReadOnly) return "The kernel only shows it.";
  std::string words = info.effect.empty() ? "" : fmt::format("Takes effect: {}.", info.effect);
  if (info.access == ParameterAccess::kWriteOnly) {
    words += " It can be written and not read, so a change cannot be taken back.";
  } else if (info.one_way.empty()) {
    // Only what has an effect in this kernel can be taken back.
    if (!info.effect.empty()) words += " Can be taken back.";
  } else {
    std::vector<std::string> values;
    for (const int64_t value : info.one_way) values.push_back(std::to_string(value));
    words += fmt::format(" Once it is {}, that cannot be taken back before the next boot.",
                         listed(values, " or "));
  }
  std::vector<std::string> excluded;
  for (const ParameterName& other : info.excludes) excluded.emplace_back(other.dotted());
  if (!excluded.empty()) words += fmt::format(" Writing it resets {}.", listed(excluded));
  if (!info.moves.empty()) words += fmt::format(" Along with it changes {}.", listed(info.moves));
  words += coupling_words(info);
  if (info.runs_code) {
    words += " It says what code the kernel runs as root, so no profile may set it.";
  }
  return std::string(trim(words));
}

std::string open_words(const ParameterInfo& info) {
  if (info.open.empty()) return "";
  std::vector<std::string> facts;
  for (const SharedText& fact : info.open) {
    facts.emplace_back(fact == "since"     ? "which kernel brought it"
                       : fact == "default" ? "what its default is"
                       : fact == "min"     ? "what the least value is"
                       : fact == "max"     ? "what the largest value is"
                                           : fact);
  }
  return fmt::format("It is not established {}.", listed(facts));
}

std::vector<std::string> boot_words(const ParameterExplanation& parameter) {
  const BootSettings& boot = parameter.boot;
  std::vector<std::string> sentences;
  if (boot.lines.empty()) {
    sentences.emplace_back("No file under sysctl.d, nor /etc/sysctl.conf, sets it.");
  } else {
    for (const PersistentSetting& line : boot.lines) {
      sentences.push_back(line_words(line, parameter.parameter));
    }
    for (const BootOutcome& outcome : boot.outcomes) {
      sentences.push_back(outcome_words(outcome, parameter));
    }
    sentences.push_back(loader_words(boot));
  }
  for (const std::string& unread : boot.unread) {
    sentences.push_back("What this sets is unknown: " + unread + ".");
  }
  for (const OtherSetting& other : boot.others) {
    sentences.push_back(in_words(other, parameter.parameter) + ".");
  }
  return sentences;
}

}  // namespace advisor
