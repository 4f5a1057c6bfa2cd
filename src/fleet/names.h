#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace advisor {

/// A text of which many hosts have the same, by its number.
using NameId = uint32_t;

/// Texts that are kept once, however many hosts have them. The empty one is number 0.
class Names {
 public:
  Names() { id_of(""); }
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  NameId id_of(std::string_view text) {
    const auto found = ids_.find(text);
    if (found != ids_.end()) return found->second;
    const auto id = NameId(texts_.size());
    ids_.emplace(texts_.emplace_back(text), id);
    return id;
  }
  const std::string& text_of(NameId id) const { return texts_[id]; }

 private:
  std::deque<std::string> texts_;  ///< which never moves them
  std::unordered_map<std::string_view, NameId> ids_;
};

}  // namespace advisor
