#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "load/toml_node.h"

namespace advisor {

/// Collects what is wrong with one document, each with the line it points at.
class DiagnosticSink {
 public:
  DiagnosticSink(const SourceText& source, Diagnostics& out) : source_(source), out_(out) {}

  void error(const SourceLocation& where, std::string message, std::string hint = {});
  void warning(const SourceLocation& where, std::string message, std::string hint = {});
  const SourceText& source() const { return source_; }
  /// Whether the next error may name what was probably meant.
  bool may_guess() const { return advisor::may_guess(out_); }
  Diagnostics& out() { return out_; }

 private:
  void add(DiagnosticSeverity severity, const SourceLocation& where, std::string message,
           std::string hint);

  const SourceText& source_;
  std::optional<SourceLines> lines_;
  Diagnostics& out_;
};

/// Reads the entries of one TOML table by name and type. What is missing, of the wrong type, or
/// never asked for becomes a diagnostic, and reading goes on.
class TableReader {
 public:
  /// `what` names the table in messages: "a rule".
  TableReader(const TomlNode& table, std::string what, DiagnosticSink& sink);
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;
  /// Reports the entries nobody asked for, with the nearest name somebody did ask for.
  ~TableReader();

  /// Whether it has an entry that nobody has asked for yet.
  bool has_unasked() const;

  const TomlNode* node(const std::string& key);
  const TomlNode* required_node(const std::string& key);
  /// Empty if absent.
  std::string text(const std::string& key);
  std::string required_text(const std::string& key);
  std::optional<int64_t> integer(const std::string& key);
  bool flag(const std::string& key);
  /// A list of whole numbers; empty if absent.
  std::vector<int64_t> integers(const std::string& key);
  /// A list of texts, or one text for a list of one.
  std::vector<std::string> texts(const std::string& key);
  std::vector<SharedText> shared_texts(const std::string& key);
  /// The entries of a table; none if it is absent.
  const TomlTable& table(const std::string& key);
  /// Each item of a list of tables, or of one table.
  std::vector<const TomlNode*> tables(const std::string& key);

 private:
  template <typename T>
  const T* value(const std::string& key, const char* expected);
  void wrong_type(const std::string& key, const TomlNode& found, const char* expected);

  const TomlTable* table_;
  SourceLocation where_;
  std::string what_;
  DiagnosticSink& sink_;
  std::set<std::string> asked_;
};

}  // namespace advisor
