#include "model/catalogue.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/code_running.h"

namespace advisor {
namespace {

/// `key` with what stands in `written` in place of each `*`, where both have as many segments.
std::string filled_in(const std::string& key, const std::string& written) {
  if (key.find('*') == std::string::npos) return key;
  std::vector<std::string> segments = split(key, '.');
  const std::vector<std::string> given = split(written, '.');
  if (segments.size() != given.size()) return key;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (segments[i] == "*") segments[i] = given[i];
  }
  return join(segments, ".");
}

/// The key of the family of a name that has `*` for the segment [start, end).
std::string family_key(std::string_view dotted, size_t start, size_t end) {
  std::string key(dotted.substr(0, start));
  key += '*';
  return key += dotted.substr(end);
}

}  // namespace

std::optional<SharedText> ParameterInfo::default_on(const KernelVersion& kernel) const {
  for (const EarlierDefault& earlier : default_before) {
    const auto until = KernelVersion::parse(earlier.until);
    if (until && kernel < *until) return earlier.value;
  }
  return default_value;
}

const KernelRange& ParameterInfo::accepted_on(const std::optional<KernelVersion>& kernel) const {
  for (const EarlierRange& earlier : accepts_before) {
    const auto until = KernelVersion::parse(earlier.until);
    if (kernel && until && *kernel < *until) return earlier.range;
  }
  return accepts;
}

std::optional<SourceLocation> Catalogue::add(const std::string& key, const ParameterInfo& info) {
  const auto [stored, is_new] = rows_.try_emplace(key, info);
  if (!is_new) return stored->second.where;
  found_.clear();
  return std::nullopt;
}

void Catalogue::add(std::shared_ptr<const ParameterSource> source) {
  sources_.push_back(std::move(source));
  found_.clear();
}

std::vector<std::pair<const ParameterInfo*, SourceLocation>> Catalogue::also_in_sources() const {
  std::vector<std::pair<const ParameterInfo*, SourceLocation>> both;
  for (const auto& [key, info] : rows_) {
    if (const auto other = row_of_a_source(key)) both.emplace_back(&info, other->where);
  }
  return both;
}

const ParameterInfo* Catalogue::find(const ParameterName& name) const {
  const auto known = found_.find(name);
  if (known != found_.end()) return known->second.get();
  // Nearly all have a row of their own.
  if (const ParameterInfo* info = row(name.dotted(), name)) return info;
  // What differs from member to member of a family stands near the end.
  const std::string_view dotted = name.dotted();
  for (size_t end = dotted.size(); end != std::string_view::npos;) {
    const size_t dot = dotted.rfind('.', end - 1);
    const size_t start = dot == std::string_view::npos ? 0 : dot + 1;
    if (const ParameterInfo* info = row(family_key(dotted, start, end), name)) return info;
    end = dot;
  }
  auto own = code_running_row(name);
  auto info = own ? std::make_unique<const ParameterInfo>(*std::move(own)) : nullptr;
  const ParameterName stays = ParameterName::of_canonical(std::string(dotted));
  return found_.emplace(stays, std::move(info)).first->second.get();
}

bool Catalogue::has_row_of_its_own(const ParameterName& name) const {
  return rows_.contains(name.dotted()) || std::ranges::any_of(sources_, [&](const auto& source) {
           return source->has(name.dotted());
         });
}

std::unique_ptr<ParameterInfo> Catalogue::row_of_a_source(std::string_view key) const {
  std::unique_ptr<ParameterInfo> info;
  for (size_t i = 0; !info && i < sources_.size(); ++i) info = sources_[i]->row(key);
  return info;
}

const ParameterInfo* Catalogue::row(std::string_view key, const ParameterName& name) const {
  const auto stored = rows_.find(key);
  std::unique_ptr<ParameterInfo> info = stored == rows_.end()
                                            ? row_of_a_source(key)
                                            : std::make_unique<ParameterInfo>(stored->second);
  if (!info) return nullptr;
  // The row gets a copy of the name: the text of the caller's may be gone before the row.
  info->name = ParameterName::of_canonical(std::string(name.dotted()));
  if (code_running_row(name)) info->runs_code = true;
  const ParameterInfo& stays = *info;
  found_.emplace(stays.name, std::move(info));
  return &stays;
}

std::vector<std::string> Catalogue::keys() const {
  std::set<std::string> keys;
  for (const auto& [key, info] : rows_) keys.insert(key);
  for (const auto& source : sources_) {
    for (std::string& key : source->keys()) keys.insert(std::move(key));
  }
  return {keys.begin(), keys.end()};
}

std::optional<std::string> Catalogue::nearest(const std::string& written) const {
  std::vector<std::string> names;
  for (const std::string& key : keys()) names.push_back(filled_in(key, written));
  return nearest_name(written, names);
}

}  // namespace advisor
