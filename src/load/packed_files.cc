#include "load/packed_files.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "expr/packed_expression.h"
#include "load/families.h"

namespace advisor {

// Each row binds all members of its struct, so that a new member fails to compile until it is added
// here; what is bound is archived, in that order.
#define ADVISOR_ARCHIVE(object, ...) \
  auto& [__VA_ARGS__] = object;      \
  archive(__VA_ARGS__)

template <typename Archive>
void fields(Archive& archive, SourceLocation& where) {
  auto& [file, line, column] = where;
  if constexpr (Archive::kReads) file = archive.file();
  archive(line, column);
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
  ADVISOR_ARCHIVE(earlier, until, value);
}

template <typename Archive>
void fields(Archive& archive, NamedBit& bit) {
  ADVISOR_ARCHIVE(bit, value, meaning);
}

template <typename Archive>
void fields(Archive& archive, Cost& cost) {
  ADVISOR_ARCHIVE(cost, of, value, text);
}

template <typename Archive>
void fields(Archive& archive, KernelRange& range) {
  ADVISOR_ARCHIVE(range, low, high);
}

template <typename Archive>
void fields(Archive& archive, EarlierRange& earlier) {
  ADVISOR_ARCHIVE(earlier, until, range);
}

template <typename Archive>
void fields(Archive& archive, RefusedWhile& refused) {
  ADVISOR_ARCHIVE(refused, other, numbers);
}

template <typename Archive>
void fields(Archive& archive, ParameterInfo& info) {
  ADVISOR_ARCHIVE(info, name, type, access, unit, fields, ordered, min, max, handler, accepts,
                  accepts_before, surely, rounding, unlimited, values, bits, max_length,
                  default_value, default_formula, default_before, per, in_new_namespace, since,
                  removed, inert_since, effect, takes_effect, safe_in_pods_since, memory_each,
                  one_way, excludes, moves, not_above, not_below, refused_while, ceiling_of, module,
                  runs_code, secret, meaning, costs, symptoms, reference, open, where);
}

template <typename Archive>
void fields(Archive& archive, Target& target) {
  ADVISOR_ARCHIVE(target, parameter, relation, operands, fields, where);
}

template <typename Archive>
void fields(Archive& archive, Rule& rule) {
  ADVISOR_ARCHIVE(rule, id, title, fine, applies, when, targets, requires_, severity, critical_when,
                  evidence, because, remedy, has_remedy, cost, symptoms, controls, reference, where,
                  guards_plan, needs);
}

template <typename Archive>
void fields(Archive& archive, OptionInfo& option) {
  ADVISOR_ARCHIVE(option, default_value, meaning);
}

template <typename Archive>
void fields(Archive& archive, RuleGroup& group) {
  ADVISOR_ARCHIVE(group, name, options, rules);
}

template <typename Archive>
void fields(Archive& archive, PlainTarget& plain) {
  ADVISOR_ARCHIVE(plain, target, requires_, severity, because, when, if_present, controls, profile,
                  family);
}

template <typename Archive>
void fields(Archive& archive, Profile::OptionSetting& setting) {
  ADVISOR_ARCHIVE(setting, name, value, where);
}

template <typename Archive>
void fields(Archive& archive, Profile::Reference& reference) {
  ADVISOR_ARCHIVE(reference, name, where);
}

/// A shipped profile has no rules of its own: they stand in the groups.
template <typename Archive>
void fields(Archive& archive, Profile& profile) {
  auto& [name, summary, extends, rules, disable, options, targets, rule_nodes, recommend_when,
         file] = profile;
  archive(name, summary, extends, rules, disable, options, targets, recommend_when);
  if constexpr (Archive::kReads) file = archive.file();
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

/// Where a row begins, as four bytes: one more than the distance from the first; 0 for no row.
constexpr size_t kPlaceBytes = 4;

/// FNV-1a.
uint32_t hash_of(std::string_view key) {
  uint32_t hash = 2166136261;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  return hash;
}

size_t place_at(std::string_view table, size_t index) {
  size_t place = 0;
  for (size_t i = 0; i < kPlaceBytes; ++i) {
    place |= size_t(static_cast<unsigned char>(table[index * kPlaceBytes + i])) << (8 * i);
  }
  return place;
}

void set_place(std::string& table, size_t index, size_t place) {
  for (size_t i = 0; i < kPlaceBytes; ++i) table[index * kPlaceBytes + i] = char(place >> (8 * i));
}

/// The first and the last key; a hash table of where the rows begin, half of it empty, in which
/// each is at the first free index from that of its key on; and the rows. There are a dozen
/// catalogues, and most parameters are in one of the others.
class PackedCatalogue : public ParameterSource {
 public:
  explicit PackedCatalogue(const SourceText& source) : file_(source.file) {
    PackedReader{source.packed}(first_, last_, table_, rows_);
  }

  std::unique_ptr<ParameterInfo> row(std::string_view key) const override {
    auto reader = reader_of(key);
    if (!reader) return nullptr;
    auto info = std::make_unique<ParameterInfo>();
    (*reader)(*info);
    return info;
  }

  bool has(std::string_view key) const override { return reader_of(key).has_value(); }

  std::vector<std::string> keys() const override {
    std::vector<std::string> keys;
    for (size_t index = 0; index < size(); ++index) {
      const size_t place = place_at(table_, index);
      std::string_view key;
      if (place == 0) continue;
      reader_at(place)(key);
      keys.emplace_back(key);
    }
    return keys;
  }

 private:
  size_t size() const { return table_.size() / kPlaceBytes; }
  PackedReader reader_at(size_t place) const { return {rows_.substr(place - 1), file_}; }

  /// Behind the key of the row; nothing if there is no such row.
  std::optional<PackedReader> reader_of(std::string_view key) const {
    if (key < first_ || key > last_) return std::nullopt;
    for (size_t index = hash_of(key) % size();; index = (index + 1) % size()) {
      const size_t place = place_at(table_, index);
      if (place == 0) return std::nullopt;
      PackedReader reader = reader_at(place);
      std::string_view stored_key;
      reader(stored_key);
      if (stored_key == key) return reader;
    }
  }

  SharedText file_;
  std::string_view first_;
  std::string_view last_;
  std::string_view table_;
  std::string_view rows_;
};

}  // namespace

std::string packed(Profile profile) {
  return bytes_of(profile);
}

std::string packed(RuleGroup group) {
  return bytes_of(group);
}

std::string packed(Rule rule) {
  return bytes_of(rule);
}

std::string packed(PlainTarget target) {
  return bytes_of(target);
}

std::string packed(std::map<std::string, ParameterInfo> rows) {
  const size_t size = 2 * rows.size() + 1;
  std::string table(size * kPlaceBytes, '\0');
  std::string body;
  for (auto& [key, info] : rows) {
    size_t index = hash_of(key) % size;
    while (place_at(table, index) != 0) index = (index + 1) % size;
    set_place(table, index, body.size() + 1);
    std::string name = key;
    body += bytes_of(name) + bytes_of(info);
  }
  std::string first = rows.empty() ? "" : rows.begin()->first;
  std::string last = rows.empty() ? "" : rows.rbegin()->first;
  PackedWriter writer;
  writer(first, last, table, body);
  return writer.bytes();
}

Profile unpacked_profile(const SourceText& source, const ParameterKnowledge& known,
                         Diagnostics& diagnostics) {
  auto profile = value_in<Profile>(source.packed, source.file);
  for (PlainTarget& plain : profile.targets) {
    expand_families(plain.requires_, known, diagnostics);
  }
  expand_families(profile.targets, known, diagnostics);
  return profile;
}

RuleGroup unpacked_rule_group(const SourceText& source, const ParameterKnowledge& known,
                              Diagnostics& diagnostics) {
  auto group = value_in<RuleGroup>(source.packed, source.file);
  for (Rule& rule : group.rules) {
    expand_families(rule.targets, known, diagnostics);
    expand_families(rule.requires_, known, diagnostics);
  }
  return group;
}

std::shared_ptr<const ParameterSource> unpacked_catalogue(const SourceText& source) {
  return std::make_shared<PackedCatalogue>(source);
}

}  // namespace advisor
