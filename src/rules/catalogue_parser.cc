#include "rules/catalogue_parser.h"

#include <fmt/format.h>

#include <array>

#include "rules/table_reader.h"

namespace advisor {
namespace {

template <typename T>
struct Word {
  const char* text;
  T meaning;
};

constexpr std::array kTypes{
    Word{"bool", ParameterType::kBool},        Word{"int", ParameterType::kInt},
    Word{"vector", ParameterType::kVector},    Word{"range", ParameterType::kRange},
    Word{"port-set", ParameterType::kPortSet}, Word{"string", ParameterType::kString}};

constexpr std::array kAccesses{Word{"read-write", ParameterAccess::kReadWrite},
                               Word{"read-only", ParameterAccess::kReadOnly},
                               Word{"write-only", ParameterAccess::kWriteOnly}};

template <typename T, size_t N>
T word_of(const std::array<Word<T>, N>& words, const std::string& text, const TomlNode* node,
          DiagnosticSink& sink) {
  std::string known;
  for (const Word<T>& word : words) {
    if (text == word.text) return word.meaning;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", word.text);
  }
  if (node) {
    sink.error(node->where, fmt::format("unknown word \"{}\"", text), "one of: " + known);
  }
  return words[0].meaning;
}

void parse_row(const TomlEntry& entry, DiagnosticSink& sink, Catalogue& catalogue) {
  const auto name = ParameterName::parse(entry.key);
  if (!name) {
    sink.error(entry.key_where, fmt::format("\"{}\" is no parameter name", entry.key));
    return;
  }
  TableReader reader(entry.value, "a parameter", sink);
  ParameterInfo info;
  info.name = *name;
  info.where = entry.key_where;
  info.type = word_of(kTypes, reader.required_text("type"), reader.node("type"), sink);
  const TomlNode* access = reader.node("access");
  if (access) info.access = word_of(kAccesses, reader.text("access"), access, sink);
  info.unit = reader.text("unit");
  info.fields = reader.texts("fields");
  info.min = reader.integer("min");
  info.max = reader.integer("max");
  info.unlimited = reader.integer("unlimited");
  info.default_value = reader.text("default");
  info.effect = reader.text("effect");
  info.since = reader.text("since");
  info.one_way = reader.flag("one_way");
  info.runs_code = reader.flag("runs_code");
  info.meaning = reader.required_text("meaning");
  info.cost = reader.text("cost");
  info.reference = reader.texts("reference");
  if (info.type == ParameterType::kVector && info.fields.empty()) {
    sink.error(entry.key_where, "a vector needs the names of its \"fields\"");
  }
  catalogue.add(std::move(info));
}

}  // namespace

void parse_catalogue(const SourceText& source, Catalogue& catalogue, Diagnostics& diagnostics) {
  const auto parsed = parse_toml(source);
  if (const auto* failure = std::get_if<Diagnostic>(&parsed)) {
    diagnostics.push_back(*failure);
    return;
  }
  DiagnosticSink sink(source, diagnostics);
  for (const TomlEntry& entry : *std::get<TomlNode>(parsed).as<TomlTable>()) {
    parse_row(entry, sink, catalogue);
  }
}

}  // namespace advisor
