#include "rules/packed.h"

#include <algorithm>
#include <cassert>

#include "expr/packed.h"

namespace advisor {

template <typename Archive>
void fields(Archive& archive, SourceLocation& where) {
  if constexpr (Archive::kReads) where.file = archive.file();
  archive(where.line, where.column);
}

template <typename Archive>
void fields(Archive& archive, ParameterName& name) {
  std::string_view dotted = name.dotted();
  archive(dotted);
  if constexpr (Archive::kReads) name = ParameterName::of_canonical(SharedText::lasting(dotted));
}

template <typename Archive>
void fields(Archive& archive, PortSet& ports) {
  std::string text = ports.text();
  archive(text);
  if constexpr (Archive::kReads) ports = *PortSet::parse(text);
}

template <typename Archive>
void fields(Archive& archive, EarlierDefault& earlier) {
  archive(earlier.until, earlier.value);
}

template <typename Archive>
void fields(Archive& archive, ParameterInfo& info) {
  archive(info.name, info.type, info.access, info.unit, info.fields, info.ordered, info.min,
          info.max, info.unlimited, info.values, info.max_length, info.default_value,
          info.default_formula, info.default_before, info.per, info.in_new_namespace, info.since,
          info.removed, info.inert_since, info.effect, info.one_way, info.excludes, info.moves,
          info.module, info.runs_code, info.secret, info.meaning, info.cost, info.reference,
          info.open, info.where);
}

template <typename Archive>
void fields(Archive& archive, Target& target) {
  archive(target.parameter, target.relation, target.operands, target.fields, target.where);
}

template <typename Archive>
void fields(Archive& archive, Rule& rule) {
  archive(rule.id, rule.title, rule.when, rule.targets, rule.requires_, rule.severity,
          rule.evidence, rule.because, rule.remedy, rule.has_remedy, rule.cost, rule.reference,
          rule.where, rule.guards_plan, rule.mentions);
}

template <typename Archive>
void fields(Archive& archive, OptionInfo& option) {
  archive(option.default_value, option.meaning);
}

template <typename Archive>
void fields(Archive& archive, RuleGroup& group) {
  archive(group.name, group.options, group.rules);
}

template <typename Archive>
void fields(Archive& archive, PlainTarget& plain) {
  archive(plain.target, plain.requires_, plain.severity, plain.because, plain.when,
          plain.if_present, plain.profile);
}

template <typename Archive>
void fields(Archive& archive, Profile::OptionSetting& setting) {
  archive(setting.name, setting.value, setting.where);
}

template <typename Archive>
void fields(Archive& archive, Profile::Reference& reference) {
  archive(reference.name, reference.where);
}

/// Rules of its own a shipped profile does not have: they stand in the groups.
template <typename Archive>
void fields(Archive& archive, Profile& profile) {
  archive(profile.name, profile.summary, profile.extends, profile.rules, profile.disable,
          profile.options, profile.targets, profile.recommend_when);
  if constexpr (Archive::kReads) profile.file = archive.file();
}

namespace {

template <typename T>
std::string bytes_of(T& value) {
  PackedWriter writer;
  writer(value);
  return writer.bytes();
}

template <typename T>
T value_in(std::string_view bytes, const SharedText& file) {
  T value;
  PackedReader(bytes, file)(value);
  return value;
}

bool is_family(const Target& target) {
  return target.parameter.dotted().find('*') != std::string::npos;
}

void expand_families(std::vector<Target>& targets, const ParameterKnowledge& known) {
  if (std::none_of(targets.begin(), targets.end(), is_family)) return;
  std::vector<Target> expanded;
  for (const Target& target : targets) {
    for (Target& one : for_each_match(target, known)) expanded.push_back(std::move(one));
  }
  targets = std::move(expanded);
}

/// Where a row begins, as four bytes of the head; the rows follow in the order of their keys.
constexpr size_t kOffsetBytes = 4;

void append_offset(std::string& bytes, size_t offset) {
  for (size_t i = 0; i < kOffsetBytes; ++i) bytes += char(offset >> (8 * i));
}

size_t offset_at(std::string_view bytes, size_t place) {
  size_t offset = 0;
  for (size_t i = 0; i < kOffsetBytes; ++i) {
    offset |= size_t(static_cast<unsigned char>(bytes[place * kOffsetBytes + i])) << (8 * i);
  }
  return offset;
}

/// So that the size of a key is one byte.
constexpr size_t kLongestKey = 0x7f;

/// The head says how many rows there are, then where each begins.
class PackedCatalogue : public ParameterSource {
 public:
  explicit PackedCatalogue(const SourceText& source) : file_(source.file), bytes_(source.packed) {
    if (size() == 0) return;
    first_ = key_at(0);
    last_ = key_at(size() - 1);
  }

  std::unique_ptr<ParameterInfo> row(std::string_view key) const override {
    // There are a dozen catalogues, and most parameters are in one of the others.
    if (key < first_ || key > last_) return nullptr;
    size_t low = 0;
    size_t high = size();
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (key_at(middle) < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (key_at(low) != key) return nullptr;
    auto info = std::make_unique<ParameterInfo>();
    std::string_view stored_key;
    PackedReader reader(bytes_.substr(offset_at(bytes_, low + 1)), file_);
    reader(stored_key, *info);
    return info;
  }

  std::vector<std::string> keys() const override {
    std::vector<std::string> keys;
    for (size_t place = 0; place < size(); ++place) keys.emplace_back(key_at(place));
    return keys;
  }

 private:
  size_t size() const { return offset_at(bytes_, 0); }

  std::string_view key_at(size_t place) const {
    const size_t offset = offset_at(bytes_, place + 1);
    return bytes_.substr(offset + 1, static_cast<unsigned char>(bytes_[offset]));
  }

  SharedText file_;
  std::string_view bytes_;
  std::string_view first_;  ///< key, as last_; both empty where there is no row, as no key is
  std::string_view last_;
};

}  // namespace

std::string packed(Profile profile) {
  return bytes_of(profile);
}

std::string packed(RuleGroup group) {
  return bytes_of(group);
}

std::string packed(std::map<std::string, ParameterInfo> rows) {
  std::string head;
  std::string body;
  append_offset(head, rows.size());
  const size_t first = (rows.size() + 1) * kOffsetBytes;
  for (auto& [key, info] : rows) {
    append_offset(head, first + body.size());
    std::string name = key;
    assert(name.size() <= kLongestKey);
    body += bytes_of(name) + bytes_of(info);
  }
  return head + body;
}

Profile unpacked_profile(const SourceText& source, const ParameterKnowledge& known) {
  auto profile = value_in<Profile>(source.packed, source.file);
  std::vector<PlainTarget> targets;
  for (PlainTarget& plain : profile.targets) {
    expand_families(plain.requires_, known);
    if (!is_family(plain.target)) {
      targets.push_back(std::move(plain));
      continue;
    }
    for (Target& one : for_each_match(plain.target, known)) {
      targets.push_back(plain);
      targets.back().target = std::move(one);
    }
  }
  profile.targets = std::move(targets);
  return profile;
}

RuleGroup unpacked_rule_group(const SourceText& source, const ParameterKnowledge& known) {
  auto group = value_in<RuleGroup>(source.packed, source.file);
  for (Rule& rule : group.rules) {
    expand_families(rule.targets, known);
    expand_families(rule.requires_, known);
  }
  return group;
}

std::shared_ptr<const ParameterSource> unpacked_catalogue(const SourceText& source) {
  return std::make_shared<PackedCatalogue>(source);
}

}  // namespace advisor
