#include "load/catalogue_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>

#include "base/text.h"
#include "model/catalogue_words.h"
#include "model/typed_value.h"

namespace advisor {
namespace {

constexpr const char* kNameForm = "write it as \"net.core.somaxconn\"";

constexpr const char* kOneRow = "a parameter has one row: take one of the two out";
constexpr const char* kReplaceFile =
    "a parameter has one row: take this one out, or replace the whole shipped file by one of its "
    "name in the folder parameters";

std::string named_twice(const ParameterName& name, const SourceLocation& other) {
  return fmt::format("{} has a row already, at {}", name.dotted(), to_text(other));
}

/// The meaning of a word: its place among `words`. The first one where it is unknown.
template <typename T, size_t N>
T word_of(const std::array<const char*, N>& words, const std::string& text, const TomlNode* node,
          DiagnosticSink& sink) {
  for (size_t i = 0; i < N; ++i) {
    if (text == words[i]) return T(i);
  }
  if (node && node->as<std::string>()) {
    sink.error(node->where, fmt::format("unknown word \"{}\"", text),
               "one of: " + join({words.begin(), words.end()}, ", "));
  }
  return T(0);
}

/// The meaning of the word under `key`; that of the first if there is none.
template <typename T, size_t N>
T optional_word(const std::array<const char*, N>& words, TableReader& reader,
                const std::string& key, DiagnosticSink& sink) {
  const TomlNode* node = reader.node(key);
  return node ? word_of<T>(words, reader.text(key), node, sink) : T(0);
}

/// A version that the kernel could have, under `key`.
std::string version(TableReader& reader, const std::string& key, DiagnosticSink& sink) {
  const std::string text = reader.text(key);
  const TomlNode* node = reader.node(key);
  if (node && node->as<std::string>() && !KernelVersion::parse(text)) {
    sink.error(node->where, fmt::format("\"{}\" is no kernel version", text),
               "write it as \"4.19\"");
  }
  return text;
}

/// What held for kernels before some version.
struct Dated {
  std::string until;
  std::string text;
  SourceLocation where;
};

/// The entries of a table of versions, oldest first.
std::vector<Dated> dated(TableReader& reader, const std::string& key, const char* example,
                         DiagnosticSink& sink) {
  std::vector<Dated> entries;
  for (const TomlEntry& entry : reader.table(key)) {
    const auto* text = entry.value.as<std::string>();
    if (text && KernelVersion::parse(entry.key)) {
      entries.push_back({entry.key, *text, entry.value.where});
    } else {
      sink.error(entry.key_where,
                 fmt::format("{} needs entries such as \"4.19\" = \"{}\"", key, example));
    }
  }
  std::ranges::sort(entries, {}, [](const Dated& one) { return KernelVersion::parse(one.until); });
  return entries;
}

void read_defaults(TableReader& reader, ParameterInfo& info, DiagnosticSink& sink) {
  const std::string value = reader.text("default");
  const TomlNode* node = reader.node("default");
  info.default_formula = reader.text("default_formula");
  if (node && node->as<std::string>()) {
    info.default_value = value;
    if (!typed(info, ParameterValue(value))) {
      sink.error(
          node->where,
          fmt::format("the default \"{}\" is not of the type of {}", value, info.name.dotted()),
          expected_form(info));
    }
    if (!info.default_formula.empty()) {
      sink.error(reader.node("default_formula")->where,
                 "a row has either \"default\" or \"default_formula\"");
    }
  }
  for (const Dated& earlier : dated(reader, "default_before", "0", sink)) {
    info.default_before.push_back({earlier.until, earlier.text});
  }
}

/// "0..255", and "1.." where there is no upper end; nothing if the text is neither.
std::optional<KernelRange> parse_range(const std::string& text) {
  const size_t dots = text.find("..");
  if (dots == std::string::npos) return std::nullopt;
  const std::string low = text.substr(0, dots);
  const std::string high = text.substr(dots + 2);
  const KernelRange range{parse_kernel_integer(low), parse_kernel_integer(high)};
  if (!range.low && !range.high) return std::nullopt;
  const bool understood = (low.empty() || range.low) && (high.empty() || range.high);
  return understood ? std::optional(range) : std::nullopt;
}

/// How the kernel takes what is written.
void read_write(TableReader& reader, ParameterInfo& info, DiagnosticSink& sink) {
  constexpr const char* kForm = "write it as \"0..255\" or \"1..\"";
  const auto range = [&](const std::string& text, const SourceLocation& where) {
    const auto parsed = parse_range(text);
    if (!parsed) sink.error(where, fmt::format("\"{}\" is no range of numbers", text), kForm);
    return parsed.value_or(KernelRange{});
  };
  info.handler = optional_word<WriteHandler>(kHandlerWords, reader, "handler", sink);
  info.rounding = optional_word<Rounding>(kRoundingWords, reader, "rounded", sink);
  const std::string accepts = reader.text("accepts");
  if (!accepts.empty()) info.accepts = range(accepts, reader.node("accepts")->where);
  const std::string surely = reader.text("surely");
  if (!surely.empty()) info.surely = range(surely, reader.node("surely")->where);
  for (const Dated& earlier : dated(reader, "accepts_before", "0..255", sink)) {
    info.accepts_before.push_back({earlier.until, range(earlier.text, earlier.where)});
  }
}

void read_values(TableReader& reader, ParameterInfo& info) {
  info.unit = reader.text("unit");
  info.fields = reader.texts("fields");
  info.ordered = reader.flag("ordered");
  info.min = reader.integer("min");
  info.max = reader.integer("max");
  info.unlimited = reader.integer("unlimited");
  info.values = reader.texts("values");
  info.max_length = reader.integer("max_length");
}

/// The bits of a bitmask by their values: { 1 = "...", 2 = "..." }.
void read_bits(TableReader& reader, ParameterInfo& info, DiagnosticSink& sink) {
  const TomlTable& written = reader.table("bits");
  if (written.empty()) return;
  TableReader meanings(*reader.node("bits"), "bits", sink);
  for (const TomlEntry& entry : written) {
    const auto value = parse_kernel_integer(entry.key);
    if (!value || *value <= 0 || !std::has_single_bit(uint64_t(*value))) {
      sink.error(entry.key_where, fmt::format("\"{}\" is not the value of one bit", entry.key));
    }
    info.bits.push_back({value.value_or(0), meanings.text(entry.key)});
  }
  std::ranges::sort(info.bits, {}, &NamedBit::value);
  if (info.type != ParameterType::kBitmask) {
    sink.error(reader.node("bits")->where, "only a bitmask has bits");
  }
}

/// The names of other parameters under `key`; `*` only where the name of the row has it, since both
/// stand for the same segment.
std::vector<std::string> sibling_names(const std::vector<std::string>& names,
                                       const SourceLocation& where, const ParameterInfo& info,
                                       DiagnosticSink& sink) {
  std::vector<std::string> canonical;
  for (const std::string& written : names) {
    const auto name = ParameterName::parse(written);
    const auto segments = name ? split(name->dotted(), '.') : std::vector<std::string>();
    const auto own = split(info.name.dotted(), '.');
    bool filled = true;
    for (size_t i = 0; i < segments.size(); ++i) {
      if (segments[i] != "*") continue;
      filled = filled && segments.size() == own.size() && own[i] == "*";
    }
    if (!name) {
      sink.error(where, fmt::format("\"{}\" is no parameter name", written), kNameForm);
    } else if (*name == info.name) {
      sink.error(where, fmt::format("{} cannot be held against itself", written));
    } else if (!filled) {
      sink.error(where,
                 fmt::format("\"{}\" has a * where {} has none", written, info.name.dotted()));
    } else {
      canonical.emplace_back(name->dotted());
    }
  }
  return canonical;
}

/// What the kernel holds the numbers of this parameter against.
void read_couplings(TableReader& reader, ParameterInfo& info, DiagnosticSink& sink) {
  const auto names = [&](const char* key) {
    const std::vector<std::string> written = reader.texts(key);
    if (written.empty()) return written;
    const SourceLocation& where = reader.node(key)->where;
    if (field_count(info) == 0) {
      sink.error(where, fmt::format("\"{}\" is for parameters that are numbers", key));
    }
    return sibling_names(written, where, info, sink);
  };
  info.not_above = names("not_above");
  info.not_below = names("not_below");
  info.ceiling_of = names("ceiling_of");
  const TomlTable& meanwhile = reader.table("refused_while");
  if (meanwhile.empty()) return;
  TableReader lists(*reader.node("refused_while"), "refused_while", sink);
  for (const TomlEntry& entry : meanwhile) {
    RefusedWhile refused{"", lists.integers(entry.key)};
    for (std::string& other : sibling_names({entry.key}, entry.key_where, info, sink)) {
      refused.other = std::move(other);
      info.refused_while.push_back(refused);
    }
  }
}

/// One sentence for any change, or a table of sentences: for a lower number, a higher one, just
/// that number, or any.
void read_costs(TableReader& reader, ParameterInfo& info, DiagnosticSink& sink) {
  const TomlNode* node = reader.node("cost");
  if (!node) return;
  if (!node->as<TomlTable>()) {
    if (SharedText text = reader.text("cost"); !text.empty()) info.costs.push_back({.text = text});
    return;
  }
  TableReader costs(*node, "cost", sink);
  for (const TomlEntry& entry : *node->as<TomlTable>()) {
    Cost cost;
    cost.text = costs.text(entry.key);
    if (entry.key == "lower" || entry.key == "higher") {
      cost.of = entry.key == "lower" ? CostOf::kLower : CostOf::kHigher;
    } else if (entry.key == "any") {
      cost.of = CostOf::kAnyChange;
    } else if (const auto value = parse_kernel_integer(entry.key)) {
      cost.of = CostOf::kValue;
      cost.value = *value;
    } else {
      sink.error(entry.key_where,
                 fmt::format("\"{}\" is neither lower, higher, any nor a number", entry.key));
    }
    info.costs.push_back(std::move(cost));
  }
  if (!info.costs.empty() && field_count(info) == 0) {
    sink.error(node->where, "a cost by value is for parameters that are numbers");
  }
}

void read_behaviour(TableReader& reader, ParameterInfo& info, DiagnosticSink& sink) {
  info.per = optional_word<ParameterNamespace>(kNamespaceWords, reader, "namespace", sink);
  info.in_new_namespace =
      optional_word<InNewNamespace>(kInNewNamespaceWords, reader, "new_namespace", sink);
  info.since = version(reader, "since", sink);
  info.removed = version(reader, "removed", sink);
  info.inert_since = version(reader, "inert_since", sink);
  info.effect = reader.text("effect");
  if (reader.node("takes_effect")) {
    info.takes_effect = optional_word<TakesEffect>(kTakesEffectWords, reader, "takes_effect", sink);
  }
  info.safe_in_pods_since = reader.text("safe_in_pods_since");
  info.memory_each = reader.integer("memory_each");
  info.one_way = reader.integers("one_way");
  for (const std::string& other : reader.texts("excludes")) {
    const auto name = ParameterName::parse(other);
    if (name) {
      info.excludes.push_back(*name);
    } else {
      sink.error(reader.node("excludes")->where, fmt::format("\"{}\" is no parameter name", other),
                 kNameForm);
    }
  }
  info.moves = reader.texts("moves");
  read_couplings(reader, info, sink);
  info.module = reader.text("module");
  info.runs_code = reader.flag("runs_code");
  info.secret = reader.flag("secret");
}

/// What does not fit together within one row.
void check_row(const ParameterInfo& info, DiagnosticSink& sink) {
  const auto fault = [&](const std::string& message) { sink.error(info.where, message); };
  if (info.type == ParameterType::kVector && info.fields.empty()) {
    fault("a vector needs the names of its \"fields\"");
  }
  if (info.min && info.max && *info.min > *info.max) fault("\"min\" is above \"max\"");
}

/// The row that one entry of such a file holds.
ParameterInfo parse_parameter(const TomlEntry& entry, const ParameterName& name,
                              DiagnosticSink& sink) {
  TableReader reader(entry.value, "a parameter", sink);
  ParameterInfo info;
  info.name = name;
  info.where = entry.key_where;
  info.type = word_of<ParameterType>(kParameterTypeWords, reader.required_text("type"),
                                     reader.node("type"), sink);
  info.access = optional_word<ParameterAccess>(kAccessWords, reader, "access", sink);
  read_values(reader, info);
  read_bits(reader, info, sink);
  read_write(reader, info, sink);
  read_defaults(reader, info, sink);
  read_behaviour(reader, info, sink);
  info.meaning = reader.required_text("meaning");
  read_costs(reader, info, sink);
  info.symptoms = reader.shared_texts("symptoms");
  info.reference = reader.shared_texts("reference");
  info.open = reader.shared_texts("open");
  check_row(info, sink);
  return info;
}

using Rows = std::map<std::string, ParameterInfo>;

bool names(const std::vector<std::string>& others, const std::string& key) {
  return std::ranges::find(others, key) != others.end();
}

/// Reports couplings that only one of the two rows names: a change of either parameter finds the
/// other by its own row.
void check_pairs(const Rows& rows, DiagnosticSink& sink) {
  for (const auto& [key, info] : rows) {
    const auto check = [&](const char* member, const std::vector<std::string>& others,
                           const char* wanted, auto&& is_named) {
      for (const std::string& other : others) {
        const auto row = rows.find(other);
        if (row == rows.end() || is_named(row->second)) continue;
        sink.error(info.where,
                   fmt::format("it has \"{}\" {}, whose row does not name it", member, other),
                   fmt::format("{} needs {} = [\"{}\"]", other, wanted, key));
      }
    };
    const auto has_upper = [&](const ParameterInfo& other) { return names(other.not_above, key); };
    check("not_above", info.not_above, "not_below, or ceiling_of,", [&](const auto& other) {
      return names(other.not_below, key) || names(other.ceiling_of, key);
    });
    check("not_below", info.not_below, "not_above", has_upper);
    check("ceiling_of", info.ceiling_of, "not_above", has_upper);
  }
}

}  // namespace

void parse_catalogue(const SourceText& source, Catalogue& catalogue, Diagnostics& diagnostics) {
  const auto parsed = parse_toml(source);
  if (const auto* failure = std::get_if<Diagnostic>(&parsed)) {
    diagnostics.push_back(*failure);
    return;
  }
  DiagnosticSink sink(source, diagnostics);
  Rows rows;
  for (const TomlEntry& entry : *std::get<TomlNode>(parsed).as<TomlTable>()) {
    const auto name = ParameterName::parse(entry.key);
    if (!name) {
      sink.error(entry.key_where, fmt::format("\"{}\" is no parameter name", entry.key), kNameForm);
      continue;
    }
    const auto [row, is_new] =
        rows.try_emplace(std::string(name->dotted()), parse_parameter(entry, *name, sink));
    if (!is_new) sink.error(entry.key_where, named_twice(*name, row->second.where), kOneRow);
  }
  check_pairs(rows, sink);
  for (const auto& [key, info] : rows) {
    if (const auto other = catalogue.add(key, info)) {
      sink.error(info.where, named_twice(info.name, *other), kOneRow);
    }
  }
}

void report_shipped_rows_named_again(const Catalogue& catalogue, Diagnostics& diagnostics) {
  for (const auto& [row, shipped] : catalogue.also_in_sources()) {
    diagnostics.push_back({DiagnosticSeverity::kError, row->where, named_twice(row->name, shipped),
                           kReplaceFile, ""});
  }
}

}  // namespace advisor
