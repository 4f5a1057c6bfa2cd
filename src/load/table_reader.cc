#include "load/table_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace advisor {
namespace {

const TomlTable kEmptyTable;
constexpr const char* kText = "text";

std::string meant_or_known(const std::string& written, const std::set<std::string>& known,
                           bool may_guess) {
  const std::vector<std::string> names(known.begin(), known.end());
  const std::string meant = may_guess ? did_you_mean(written, names) : "";
  return meant.empty() ? "it has: " + join(names, ", ") : meant;
}

}  // namespace

void DiagnosticSink::error(const SourceLocation& where, std::string message, std::string hint) {
  add(DiagnosticSeverity::kError, where, std::move(message), std::move(hint));
}

void DiagnosticSink::warning(const SourceLocation& where, std::string message, std::string hint) {
  add(DiagnosticSeverity::kWarning, where, std::move(message), std::move(hint));
}

void DiagnosticSink::add(DiagnosticSeverity severity, const SourceLocation& where,
                         std::string message, std::string hint) {
  if (!lines_) lines_.emplace(source_.content());
  out_.push_back({severity, where, std::move(message), std::move(hint), lines_->shown(where.line)});
}

TableReader::TableReader(const TomlNode& table, std::string what, DiagnosticSink& sink)
    : table_(table.as<TomlTable>()), where_(table.where), what_(std::move(what)), sink_(sink) {
  if (table_) return;
  sink_.error(where_, fmt::format("{} must be a table, not {}", what_, table.kind()));
  table_ = &kEmptyTable;
}

TableReader::~TableReader() {
  for (const TomlEntry& entry : *table_) {
    if (asked_.contains(entry.key)) continue;
    sink_.error(entry.key_where, fmt::format("{} has no \"{}\"", what_, entry.key),
                meant_or_known(entry.key, asked_, sink_.may_guess()));
  }
}

bool TableReader::has_unasked() const {
  return std::any_of(table_->begin(), table_->end(),
                     [&](const TomlEntry& entry) { return !asked_.contains(entry.key); });
}

const TomlNode* TableReader::node(const std::string& key) {
  asked_.insert(key);
  for (const TomlEntry& entry : *table_) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

const TomlNode* TableReader::required_node(const std::string& key) {
  const TomlNode* found = node(key);
  // What is no table has been reported as that.
  if (!found && table_ != &kEmptyTable) {
    sink_.error(where_, fmt::format("{} needs \"{}\"", what_, key));
  }
  return found;
}

template <typename T>
const T* TableReader::value(const std::string& key, const char* expected) {
  const TomlNode* found = node(key);
  if (!found) return nullptr;
  if (const T* typed = found->as<T>()) return typed;
  wrong_type(key, *found, expected);
  return nullptr;
}

void TableReader::wrong_type(const std::string& key, const TomlNode& found, const char* expected) {
  const bool quotes_help = expected == kText && !found.as<TomlArray>() && !found.as<TomlTable>();
  sink_.error(found.where, fmt::format("\"{}\" must be {}, not {}", key, expected, found.kind()),
              quotes_help ? "put it in quotes" : "");
}

std::string TableReader::text(const std::string& key) {
  const auto* found = value<std::string>(key, kText);
  return found ? *found : std::string();
}

std::string TableReader::required_text(const std::string& key) {
  return required_node(key) ? text(key) : std::string();
}

std::optional<int64_t> TableReader::integer(const std::string& key) {
  const auto* found = value<int64_t>(key, "a whole number");
  return found ? std::optional(*found) : std::nullopt;
}

bool TableReader::flag(const std::string& key) {
  const auto* found = value<bool>(key, "true or false");
  return found && *found;
}

std::vector<int64_t> TableReader::integers(const std::string& key) {
  const auto* list = value<TomlArray>(key, "a list of whole numbers");
  if (!list) return {};
  std::vector<int64_t> numbers;
  for (const TomlNode& item : *list) {
    if (const auto* number = item.as<int64_t>()) {
      numbers.push_back(*number);
    } else {
      wrong_type(key, item, "a list of whole numbers");
    }
  }
  return numbers;
}

std::vector<std::string> TableReader::texts(const std::string& key) {
  const TomlNode* found = node(key);
  if (!found) return {};
  if (const auto* one = found->as<std::string>()) return {*one};
  const auto* list = value<TomlArray>(key, "a list of texts");
  if (!list) return {};
  std::vector<std::string> texts;
  for (const TomlNode& item : *list) {
    if (const auto* text = item.as<std::string>()) {
      texts.push_back(*text);
    } else {
      wrong_type(key, item, "a list of texts");
    }
  }
  return texts;
}

std::vector<SharedText> TableReader::shared_texts(const std::string& key) {
  const std::vector<std::string> read = texts(key);
  return {read.begin(), read.end()};
}

const TomlTable& TableReader::table(const std::string& key) {
  const auto* found = value<TomlTable>(key, "a table");
  return found ? *found : kEmptyTable;
}

std::vector<const TomlNode*> TableReader::tables(const std::string& key) {
  const TomlNode* found = node(key);
  if (!found) return {};
  if (found->as<TomlTable>()) return {found};
  const auto* list = value<TomlArray>(key, "a list of tables");
  if (!list) return {};
  std::vector<const TomlNode*> tables;
  for (const TomlNode& item : *list) {
    if (item.as<TomlTable>()) {
      tables.push_back(&item);
    } else {
      wrong_type(key, item, "a list of tables");
    }
  }
  return tables;
}

}  // namespace advisor
