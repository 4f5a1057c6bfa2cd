#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/toml_node.h"

namespace advisor {

/// One value of a TOML document, as plain numbers that need no work when the program starts.
struct PreparsedNode {
  uint8_t kind;  ///< the index of TomlNode::value
  uint16_t column;
  uint32_t line;
  uint16_t key_column;  ///< of an entry of a table
  uint32_t key_line;
  uint32_t key_start;  ///< in the pool
  uint32_t key_size;
  int64_t payload;  ///< the number, the bits of the real, or start << 32 | size
};

/// A TOML document that the build has parsed. Its root is the last node; the children of a list or
/// table stand one after the other, those of a table in the order of their keys.
class PreparsedToml {
 public:
  constexpr PreparsedToml(const PreparsedNode* nodes, uint32_t root, std::string_view pool)
      : nodes_(nodes), root_(root), pool_(pool) {}

  /// The whole document; the places of its tables are said to be in `file`, and those of the
  /// values in them, of which nothing is wrong, in none.
  TomlNode tree(const std::string& file) const;
  /// The entry of the root under `key`, found without touching the others.
  std::optional<TomlEntry> entry(const std::string& key, const std::string& file) const;
  /// The keys of the root, sorted.
  std::vector<std::string> keys() const;

 private:
  struct Slice {
    uint32_t start;
    uint32_t size;
  };
  static Slice slice(const PreparsedNode& node) {
    return {uint32_t(uint64_t(node.payload) >> 32), uint32_t(node.payload)};
  }
  std::string_view key(const PreparsedNode& node) const {
    return pool_.substr(node.key_start, node.key_size);
  }
  TomlNode made(const PreparsedNode& node, const std::string& file) const;
  TomlEntry entry_made(const PreparsedNode& node, const std::string& file) const;

  const PreparsedNode* nodes_;
  uint32_t root_;
  std::string_view pool_;
};

/// What PreparsedToml reads, made from a parsed document.
class PreparsedWriter {
 public:
  /// Adds a document and returns the index of its root.
  uint32_t add(const TomlNode& root);

  const std::vector<PreparsedNode>& nodes() const { return nodes_; }
  const std::string& pool() const { return pool_; }

 private:
  PreparsedNode packed(const TomlNode& node);
  int64_t packed_text(const std::string& text);

  std::vector<PreparsedNode> nodes_;
  std::string pool_;
  std::map<std::string, size_t> known_texts_;  ///< and where they begin in the pool
};

}  // namespace advisor
