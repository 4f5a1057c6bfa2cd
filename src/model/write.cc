#include "model/write.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

using Standing = std::optional<ParameterValue>;

/// How many numbers the parameter has; 0 if it is text.
size_t number_count(const ParameterInfo* info, const Standing& before) {
  if (info) return field_count(*info);
  if (!before) return 0;
  const bool numbers = std::ranges::all_of(
      before->words(), [](const std::string& word) { return bool(KernelNumber::parse(word)); });
  return numbers ? before->words().size() : 0;
}

/// The words of a value as the kernel divides them: any blank may stand before a number, and only
/// some behind it.
std::vector<std::string_view> kernel_words(std::string_view text) {
  constexpr std::string_view kBlank = " \t\n\v\f\r";
  std::vector<std::string_view> words;
  while (true) {
    const size_t start = text.find_first_not_of(kBlank);
    if (start == std::string_view::npos) return words;
    text.remove_prefix(start);
    const size_t length = std::min(text.find_first_of(" \t\n"), text.size());
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
}

WriteOutcome refused(std::string why, Standing stands) {
  return {WriteResult::kRefused, std::move(why), std::nullopt, std::move(stands), std::nullopt};
}

WriteOutcome taken(ParameterValue value) {
  return {WriteResult::kTaken, "", std::nullopt, std::move(value), std::nullopt};
}

WriteOutcome untold(std::string why, ParameterValue value) {
  return {WriteResult::kUnknown, std::move(why), std::nullopt, std::move(value), std::nullopt};
}

/// The numbers of a write, one after the other.
class NumberWrite {
 public:
  NumberWrite(const ParameterInfo& info, const std::optional<KernelVersion>& kernel,
              Standing before)
      : info_(info), kernel_(kernel), before_(std::move(before)) {}

  WriteOutcome of(std::string_view text) {
    for (const std::string_view word : kernel_words(text)) {
      if (numbers_.size() == field_count(info_)) break;
      const Conversion conversion = converted(info_, kernel_, word);
      if (conversion.result == WriteResult::kRefused) return refuse(word);
      if (conversion.result == WriteResult::kUnknown) uncertain_ = true;
      numbers_.push_back(conversion.is_exact() ? conversion.least.text() : as_written(word));
      if (conversion.result == WriteResult::kTaken && !conversion.is_exact()) {
        between_ = {conversion.least, conversion.most};
      }
    }
    if (numbers_.empty()) return refused("the kernel reads a number there", before_);
    if (info_.type == ParameterType::kRange && falls()) {
      return refused("the kernel takes no range whose low is above its high", before_);
    }
    return finished();
  }

 private:
  static std::string as_written(std::string_view word) { return KernelNumber::parse(word)->text(); }

  /// proc_dointvec and its kin store each number as they go; a range is put together first.
  bool keeps_what_it_took() const { return info_.type == ParameterType::kVector; }

  WriteOutcome refuse(std::string_view word) {
    const bool is_number = KernelNumber::parse(word).has_value();
    const std::string why =
        is_number ? fmt::format("the kernel takes {}", accepted_in_words(info_, kernel_))
                  : fmt::format("\"{}\" is no whole number as the kernel reads it", word);
    if (numbers_.empty() || !keeps_what_it_took()) return refused(why, before_);
    // Perhaps an earlier one was refused already.
    if (uncertain_) return refused(why, std::nullopt);
    return refused(why, whole());
  }

  bool falls() const {
    const auto value = whole();
    if (!value || value->words().size() != 2) return false;
    const auto low = KernelNumber::parse(value->words()[0]);
    const auto high = KernelNumber::parse(value->words()[1]);
    return low && high && *low > *high;
  }

  /// With the numbers that were not written; nothing if those are not known.
  Standing whole() const {
    std::vector<std::string> numbers = numbers_;
    const size_t count = field_count(info_);
    for (size_t i = numbers.size(); i < count; ++i) {
      if (!before_ || i >= before_->words().size()) return std::nullopt;
      numbers.push_back(before_->words()[i]);
    }
    return ParameterValue(join(numbers, " "));
  }

  WriteOutcome finished() const {
    WriteOutcome outcome{WriteResult::kTaken, "", std::nullopt, whole(), between_};
    if (between_) outcome.value.reset();
    if (uncertain_) {
      outcome.result = WriteResult::kUnknown;
      outcome.why = "that depends on the kernel";
    }
    return outcome;
  }

  const ParameterInfo& info_;
  std::optional<KernelVersion> kernel_;
  Standing before_;
  std::vector<std::string> numbers_;
  std::optional<std::pair<KernelNumber, KernelNumber>> between_;
  bool uncertain_ = false;
};

/// proc_do_large_bitmap() takes a comma behind the last one.
WriteOutcome write_ports(const ParameterInfo& info, std::string_view text, const Standing& before) {
  std::string_view list = trim(text);
  if (list.size() > 1 && list.ends_with(',')) list.remove_suffix(1);
  const auto ports = PortSet::parse(list);
  if (!ports) return refused("the kernel reads numbers and ranges with commas between", before);
  const auto highest = ports->empty() ? std::nullopt : std::optional(ports->ranges().back().high);
  if (highest && info.accepts.high && *highest > *info.accepts.high) {
    return refused(fmt::format("the kernel takes numbers up to {}", *info.accepts.high), before);
  }
  return taken(ParameterValue(ports->text()));
}

WriteOutcome write_text(const ParameterInfo* info, std::string_view text, const Standing& before) {
  const ParameterValue given(text);
  if (!info) return untold("nothing is known of it", given);
  if (info->type == ParameterType::kPortSet) return write_ports(*info, text, before);
  const auto& words = info->values;
  if (!words.empty() && std::ranges::find(words, given.text()) == words.end()) {
    return refused("the kernel takes one of: " + join(words, ", "), before);
  }
  if (info->handler != WriteHandler::kText) {
    return untold("it is not known which texts the kernel takes", given);
  }
  const std::string whole = given.text();
  const size_t room = info->max_length ? size_t(*info->max_length) : whole.size();
  return taken(ParameterValue(whole.substr(0, room)));
}

/// A row for a parameter that has none: numbers of which nothing is known, as many as stand there.
ParameterInfo unknown_numbers(const ParameterName& name, size_t count) {
  ParameterInfo info;
  info.name = name;
  info.type = count == 1 ? ParameterType::kInt : ParameterType::kVector;
  info.fields.resize(count);
  return info;
}

/// The refusal, if the kernel holds the value against another parameter.
std::optional<WriteOutcome> refused_as_coupled(const WriteGround& ground, const ParameterName& name,
                                               const ParameterValue& value,
                                               const Standing& before) {
  for (const Coupling& coupling : couplings_of(ground.catalogue, name)) {
    if (!coupling.checked) continue;
    const Standing other = ground.standing ? ground.standing(coupling.other) : std::nullopt;
    if (!other || coupling.allows(value, *other)) continue;
    WriteOutcome outcome = refused(why_refused(coupling, *other), before);
    outcome.against = coupling.other;
    return outcome;
  }
  return std::nullopt;
}

}  // namespace

bool WriteOutcome::explains(const ParameterInfo* info, const ParameterValue& shown) const {
  if (value && same_value(info, *value, shown)) return true;
  if (!between || shown.words().size() != 1) return false;
  const auto number = KernelNumber::parse(shown.words()[0]);
  return number && between->first <= *number && *number <= between->second;
}

WriteOutcome outcome_of_write(const WriteGround& ground, const ParameterName& name,
                              std::string_view text) {
  const ParameterInfo* info = ground.catalogue.find(name);
  const Standing before = ground.standing ? ground.standing(name) : std::nullopt;
  // Distributions bring some to older kernels.
  if (info && ground.kernel && !before) {
    if (auto why = why_absent(*info, *ground.kernel)) {
      return {WriteResult::kAbsent, *std::move(why), std::nullopt, std::nullopt, std::nullopt};
    }
  }
  if (info && info->access == ParameterAccess::kReadOnly) {
    return refused("the kernel only shows it", before);
  }
  const size_t count = number_count(info, before);
  if (count == 0) return write_text(info, text, before);
  std::optional<ParameterInfo> made_up;
  if (!info) made_up = unknown_numbers(name, count);
  WriteOutcome outcome = NumberWrite(info ? *info : *made_up, ground.kernel, before).of(text);
  // Only what stands tells that it is a number.
  if (!info && outcome.result == WriteResult::kRefused) {
    return untold("nothing is known of it", ParameterValue(text));
  }
  if (outcome.result == WriteResult::kRefused || !outcome.value) return outcome;
  auto refusal = refused_as_coupled(ground, name, *outcome.value, before);
  return refusal ? *std::move(refusal) : outcome;
}

std::optional<std::string> why_not_taken(const ParameterInfo& info,
                                         const std::optional<KernelVersion>& kernel,
                                         const ParameterValue& value) {
  if (field_count(info) == 0 || !typed(info, value)) return why_invalid(info, value);
  WriteOutcome outcome = NumberWrite(info, kernel, std::nullopt).of(value.text());
  if (outcome.result == WriteResult::kRefused) return std::move(outcome.why);
  return outcome.result == WriteResult::kTaken ? std::nullopt : why_invalid(info, value);
}

bool may_show(const ParameterInfo* info, const ParameterValue& written,
              const ParameterValue& shown) {
  if (same_value(info, written, shown)) return true;
  if (!info || field_count(*info) == 0) return false;
  const WriteOutcome outcome = NumberWrite(*info, std::nullopt, std::nullopt).of(written.text());
  return outcome.result == WriteResult::kTaken && outcome.explains(info, shown);
}

std::optional<std::string> why_absent(const ParameterInfo& info, const KernelVersion& kernel) {
  const auto since = KernelVersion::parse(info.since);
  const auto removed = KernelVersion::parse(info.removed);
  if (removed && kernel >= *removed) {
    return fmt::format("kernels from {} on no longer have it", info.removed);
  }
  if (since && kernel < *since) return fmt::format("kernels before {} do not have it", info.since);
  return std::nullopt;
}

}  // namespace advisor
