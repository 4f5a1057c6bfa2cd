#include "rules/preparsed.h"

#include <algorithm>
#include <bit>

namespace advisor {
namespace {

int64_t packed_slice(size_t start, size_t size) {
  return int64_t(uint64_t(start) << 32 | uint64_t(size));
}

/// The alternatives of TomlNode::value, by index.
enum Kind : uint8_t { kFlag, kWhole, kReal, kText, kList, kTable };

}  // namespace

TomlNode PreparsedToml::tree(const std::string& file) const {
  return made(nodes_[root_], file);
}

std::optional<TomlEntry> PreparsedToml::entry(const std::string& wanted,
                                              const std::string& file) const {
  const Slice children = slice(nodes_[root_]);
  const PreparsedNode* const first = nodes_ + children.start;
  const PreparsedNode* const last = first + children.size;
  const auto* found = std::lower_bound(
      first, last, wanted,
      [this](const PreparsedNode& node, const auto& name) { return key(node) < name; });
  if (found == last || key(*found) != wanted) return std::nullopt;
  return entry_made(*found, file);
}

std::vector<std::string> PreparsedToml::keys() const {
  const Slice children = slice(nodes_[root_]);
  std::vector<std::string> keys;
  for (uint32_t i = 0; i < children.size; ++i) keys.emplace_back(key(nodes_[children.start + i]));
  return keys;
}

TomlEntry PreparsedToml::entry_made(const PreparsedNode& node, const std::string& file) const {
  TomlEntry entry;
  entry.key = key(node);
  // Only places of tables are ever shown: in what the others hold nothing is wrong.
  if (node.kind == kTable) entry.key_where.file = file;
  entry.key_where.line = int(node.key_line);
  entry.key_where.column = int(node.key_column);
  entry.value = made(node, file);
  return entry;
}

TomlNode PreparsedToml::made(const PreparsedNode& node, const std::string& file) const {
  TomlNode result;
  if (node.kind == kTable) result.where.file = file;
  result.where.line = int(node.line);
  result.where.column = int(node.column);
  const Slice range = slice(node);
  if (node.kind == kFlag) {
    result.value = node.payload != 0;
  } else if (node.kind == kWhole) {
    result.value = node.payload;
  } else if (node.kind == kReal) {
    result.value = std::bit_cast<double>(node.payload);
  } else if (node.kind == kText) {
    result.value = std::string(pool_.substr(range.start, range.size));
  } else if (node.kind == kList) {
    TomlArray items;
    items.reserve(range.size);
    for (uint32_t i = 0; i < range.size; ++i) items.push_back(made(nodes_[range.start + i], file));
    result.value = std::move(items);
  } else {
    TomlTable entries;
    entries.reserve(range.size);
    for (uint32_t i = 0; i < range.size; ++i) {
      entries.push_back(entry_made(nodes_[range.start + i], file));
    }
    result.value = std::move(entries);
  }
  return result;
}

uint32_t PreparsedWriter::add(const TomlNode& root) {
  nodes_.push_back(packed(root));
  return uint32_t(nodes_.size() - 1);
}

int64_t PreparsedWriter::packed_text(const std::string& text) {
  const auto [place, is_new] = known_texts_.emplace(text, pool_.size());
  if (is_new) pool_ += text;
  return packed_slice(place->second, text.size());
}

PreparsedNode PreparsedWriter::packed(const TomlNode& node) {
  PreparsedNode result{};
  result.kind = uint8_t(node.value.index());
  result.line = uint32_t(node.where.line);
  result.column = uint16_t(node.where.column);
  std::vector<PreparsedNode> children;
  if (const auto* flag = node.as<bool>()) {
    result.payload = *flag ? 1 : 0;
  } else if (const auto* whole = node.as<int64_t>()) {
    result.payload = *whole;
  } else if (const auto* real = node.as<double>()) {
    result.payload = std::bit_cast<int64_t>(*real);
  } else if (const auto* text = node.as<std::string>()) {
    result.payload = packed_text(*text);
  } else if (const auto* items = node.as<TomlArray>()) {
    for (const TomlNode& item : *items) children.push_back(packed(item));
  } else {
    for (const TomlEntry& entry : *node.as<TomlTable>()) {
      children.push_back(packed(entry.value));
      const int64_t name = packed_text(entry.key);
      children.back().key_start = uint32_t(uint64_t(name) >> 32);
      children.back().key_size = uint32_t(name);
      children.back().key_line = uint32_t(entry.key_where.line);
      children.back().key_column = uint16_t(entry.key_where.column);
    }
  }
  if (result.kind >= kList) {
    result.payload = packed_slice(nodes_.size(), children.size());
    nodes_.insert(nodes_.end(), children.begin(), children.end());
  }
  return result;
}

}  // namespace advisor
