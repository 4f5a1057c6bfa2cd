#include "load/key_value.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/kernel_number.h"
#include "model/typed_value.h"
#include "model/write.h"

namespace advisor {
namespace {

/// What is assumed of a parameter that is not in the catalogue: one number, or else text.
ParameterInfo row_for(const ParameterName& name, const ParameterValue& value) {
  ParameterInfo info;
  info.name = name;
  const bool number = value.words().size() == 1 && KernelNumber::parse(value.words()[0]);
  info.type = number ? ParameterType::kInt : ParameterType::kString;
  return info;
}

/// One after the other, each on a line of its own as messages show it.
std::string as_lines(const std::vector<KeyValue>& values) {
  std::string text;
  for (const auto& [key, value] : values) text += fmt::format("{}={}\n", key, value);
  return text;
}

PlainTarget target_of(const ParameterName& name, TypedValue value, const SourceLocation& where) {
  PlainTarget plain;
  plain.target = Target{name, Relation::kExactly, {std::move(value)}, {}, where};
  plain.severity = Severity::kWarning;
  plain.because = "It was asked for on the command line.";
  plain.profile = kBySet;
  return plain;
}

}  // namespace

void add_key_values(const std::vector<KeyValue>& values, const ParameterKnowledge& known,
                    EffectiveProfile& profile, Diagnostics& diagnostics) {
  const SourceText source{kBySet, as_lines(values)};
  DiagnosticSink sink(source, diagnostics);
  for (size_t i = 0; i < values.size(); ++i) {
    const auto& [key, text] = values[i];
    const SourceLocation where{kBySet, int(i) + 1, 1};
    const auto name = known_name(key, where, known, sink);
    if (!name) continue;
    const ParameterValue value(text);
    const ParameterInfo* row = known.catalogue.find(*name);
    const ParameterInfo info = row ? *row : row_for(*name, value);
    const SourceLocation at{kBySet, where.line, int(key.size()) + 2};
    if (const auto refusal = why_not_taken(info, std::nullopt, value)) {
      sink.error(at, fmt::format("{} = {}: {}", name->dotted(), value.text(), *refusal));
      continue;
    }
    if (const auto senseless = why_invalid(info, value)) {
      sink.warning(at, fmt::format("{} = {} makes no sense, though the kernel takes it: {}",
                                   name->dotted(), value.text(), *senseless));
    }
    std::erase_if(profile.targets,
                  [&](const PlainTarget& other) { return other.target.parameter == *name; });
    profile.targets.push_back(target_of(*name, *typed(info, value), where));
  }
  if (!values.empty()) profile.names.emplace_back(kBySet);
}

}  // namespace advisor
