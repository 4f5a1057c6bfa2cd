#pragma once

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/typed_value.h"
#include "os/sysctl_tree.h"
#include "support/steps.h"

namespace advisor::testing {

/// Parameters as a kernel treats them: what a directory of files never does, this can be told to.
class FakeKernel : public SysctlTree {
 public:
  explicit FakeKernel(Steps& steps) : steps_(steps) {}

  /// Sets a value behind everybody's back.
  void set(const std::string& name, const std::string& value) { values_[name] = value; }
  std::string value(const std::string& name) const { return values_.at(name); }
  const std::map<std::string, std::string>& values() const { return values_; }
  void set_all(std::map<std::string, std::string> values) { values_ = std::move(values); }

  /// Every write to it is refused (EINVAL).
  void refuse(const std::string& name) { refused_.insert(name); }
  /// Writes to it are taken again.
  void accept(const std::string& name) { refused_.erase(name); }
  /// Write number `number`, counted from 1 over all parameters, is refused.
  void refuse_write(size_t number) { refused_write_ = number; }
  /// Takes any number, and keeps the nearest within the limits.
  void clamp(const std::string& name, int64_t low, int64_t high) { limits_[name] = {low, high}; }
  /// The next write to it takes the first `fields` numbers of a vector, and is refused.
  void take_part(const std::string& name, size_t fields) { parts_[name] = fields; }
  /// A write to `leader` gives `follower` the same value.
  void couple(const std::string& leader, const std::string& follower) {
    followers_.emplace(leader, Follower{follower, false});
  }
  /// A write that changes the 0 or 1 of `leader` gives `follower` the opposite.
  void couple_opposite(const std::string& leader, const std::string& follower) {
    followers_.emplace(leader, Follower{follower, true});
  }
  /// A write of one makes the other one 0; a write of 0 is refused.
  void exclude(const std::string& a, const std::string& b) {
    excluded_[a] = b;
    excluded_[b] = a;
  }
  /// Refuses a write after which a number of `lower` would be above one of `upper`. Where
  /// `upper_too` is false, only a write to `lower` is looked at.
  void keep_below(const std::string& lower, const std::string& upper, bool upper_too = true) {
    bounds_.push_back({lower, upper, upper_too});
  }
  /// Every write to it names something that this kernel does not have (ENOENT).
  void lack_value_of(const std::string& name) { lacking_.insert(name); }
  /// The file has mode 0444.
  void make_read_only(const std::string& name) { read_only_.insert(name); }
  void erase(const std::string& name) { values_.erase(name); }
  /// Numbers are shown with tabs between them, as procfs does.
  void show_with_tabs(const std::string& name) { tabbed_.insert(name); }
  void make_unreadable(const std::string& name) { unreadable_.insert(name); }
  /// No directory can be listed any more (EIO).
  void make_unlistable() { unlistable_ = true; }

  /// Everything that was written, refused or not, in order.
  const std::vector<std::pair<std::string, std::string>>& writes() const { return writes_; }

  Status check_there() const override { return steps_.take() ? Status() : injected_failure(); }

  Result<Presence> presence_of(const ParameterName& name) const override {
    if (!steps_.take()) return injected_failure();
    return values_.contains(std::string(name.dotted())) ? Presence::kThere : Presence::kAbsent;
  }

  Result<std::vector<ParameterName>> matching(const std::string& pattern) const override {
    if (!steps_.take()) return injected_failure();
    if (unlistable_) return os_failure("list " + pattern, EIO);
    std::vector<ParameterName> names;
    for (const auto& [dotted, value] : values_) {
      const ParameterName name = ParameterName::parse(dotted).value();
      if (fnmatch(pattern.c_str(), name.path().c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) {
        names.push_back(name);
      }
    }
    return names;
  }

  Status check_writable(const ParameterName& name) const override {
    if (!steps_.take()) return injected_failure();
    if (!values_.contains(std::string(name.dotted())))
      return os_failure(fmt::format("write {}", name.dotted()), ENOENT);
    if (read_only_.contains(name.dotted()))
      return os_failure(fmt::format("write {}", name.dotted()), EACCES);
    return {};
  }

  Reading read(const ParameterName& name) const override {
    if (!steps_.take()) return injected_failure();
    const auto row = values_.find(std::string(name.dotted()));
    if (row == values_.end()) return os_failure(fmt::format("read {}", name.dotted()), ENOENT);
    if (unreadable_.contains(name.dotted()))
      return os_failure(fmt::format("read {}", name.dotted()), EACCES);
    std::string text = row->second + "\n";
    if (tabbed_.contains(name.dotted())) std::replace(text.begin(), text.end(), ' ', '\t');
    return ParameterValue(text);
  }

  Status write(const ParameterName& name, const ParameterValue& value) override {
    Status written;
    if (!steps_.take([&] { written = apply(std::string(name.dotted()), value); }))
      return injected_failure();
    return written;
  }

 private:
  struct Follower {
    std::string name;
    bool opposite;
  };

  struct Bound {
    std::string lower;
    std::string upper;
    bool upper_too;
  };

  int64_t first_number(const std::string& text) const {
    return parse_kernel_integer(split_words(text).front()).value_or(0);
  }
  int64_t last_number(const std::string& text) const {
    return parse_kernel_integer(split_words(text).back()).value_or(0);
  }

  bool breaks_a_bound(const std::string& name, const std::string& value) const {
    return std::ranges::any_of(bounds_, [&](const Bound& bound) {
      if (name == bound.lower) return last_number(value) > first_number(values_.at(bound.upper));
      return name == bound.upper && bound.upper_too &&
             last_number(values_.at(bound.lower)) > first_number(value);
    });
  }

  Status apply(const std::string& name, const ParameterValue& value) {
    writes_.emplace_back(name, value.text());
    if (!values_.contains(name)) return os_failure("write " + name, ENOENT);
    if (read_only_.contains(name)) return os_failure("write " + name, EACCES);
    if (lacking_.contains(name)) return os_failure("write " + name, ENOENT);
    const bool off = excluded_.contains(name) && value.text() == "0";
    if (breaks_a_bound(name, value.text()) || off || refused_.contains(name) ||
        writes_.size() == refused_write_) {
      return os_failure("write " + name, EINVAL);
    }
    if (const auto part = parts_.find(name); part != parts_.end()) {
      std::vector<std::string> words = split_words(values_[name]);
      for (size_t i = 0; i < std::min(part->second, words.size()); ++i) words[i] = value.words()[i];
      values_[name] = join(words, " ");
      parts_.erase(part);
      return os_failure("write " + name, EINVAL);
    }
    const std::string before = values_[name];
    values_[name] = limited(name, value);
    move_along(name, before);
    return {};
  }

  void move_along(const std::string& name, const std::string& before) {
    const std::string& now = values_[name];
    if (const auto row = excluded_.find(name); row != excluded_.end()) values_[row->second] = "0";
    const auto [first, last] = followers_.equal_range(name);
    for (auto row = first; row != last; ++row) {
      const auto& [follower, opposite] = row->second;
      if (!opposite) values_[follower] = now;
      if (opposite && now != before) values_[follower] = now == "0" ? "1" : "0";
    }
  }

  std::string limited(const std::string& name, const ParameterValue& value) const {
    const auto limit = limits_.find(name);
    const auto number = parse_kernel_integer(value.text());
    if (limit == limits_.end() || !number) return value.text();
    return std::to_string(std::clamp(*number, limit->second.first, limit->second.second));
  }

  Steps& steps_;
  std::map<std::string, std::string> values_;
  std::set<std::string, std::less<>> refused_;
  size_t refused_write_ = 0;
  std::map<std::string, std::pair<int64_t, int64_t>> limits_;
  std::map<std::string, size_t> parts_;
  std::multimap<std::string, Follower> followers_;
  std::map<std::string, std::string> excluded_;
  std::vector<Bound> bounds_;
  std::set<std::string, std::less<>> read_only_;
  std::set<std::string, std::less<>> lacking_;
  std::set<std::string, std::less<>> tabbed_;
  std::set<std::string, std::less<>> unreadable_;
  bool unlistable_ = false;
  std::vector<std::pair<std::string, std::string>> writes_;
};

}  // namespace advisor::testing
