#include "base/json_archive.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace advisor {
namespace {

struct KindWord {
  ErrorKind kind;
  const char* word;
};
constexpr std::array kKindWords{KindWord{ErrorKind::kNotFound, "not-found"},
                                KindWord{ErrorKind::kDenied, "denied"},
                                KindWord{ErrorKind::kRejected, "rejected"},
                                KindWord{ErrorKind::kReadOnly, "read-only"},
                                KindWord{ErrorKind::kBusy, "busy"},
                                KindWord{ErrorKind::kCorrupt, "corrupt"},
                                KindWord{ErrorKind::kStale, "stale"},
                                KindWord{ErrorKind::kStuck, "stuck"},
                                KindWord{ErrorKind::kIo, "io"}};

std::optional<ErrorKind> kind_of(const std::string& word) {
  for (const KindWord& known : kKindWords) {
    if (word == known.word) return known.kind;
  }
  return std::nullopt;
}

bool is_plain(std::string_view key) {
  return std::all_of(key.begin(), key.end(),
                     [](unsigned char c) { return isalnum(c) != 0 || c == '_'; });
}

}  // namespace

void JsonReader::read(double& value) {
  const auto* real = json_.as<double>();
  const auto* whole = json_.as<int64_t>();
  if (real) value = *real;
  if (whole) value = double(*whole);
  if ((!real && !whole) || !std::isfinite(value) || value < 0 || value > double(kMostByDefault)) {
    fail("must be a number from 0 to " + std::to_string(kMostByDefault));
  }
}

void JsonReader::refuse_unknown() {
  const auto* members = json_.as<Json::Object>();
  if (!members) {
    if (has_members_) fail("must be an object");
    return;
  }
  if (!has_members_ || leaves_others_ || members->size() == found_.size()) return;
  for (const auto& [key, value] : *members) {
    if (std::find(found_.begin(), found_.end(), key) == found_.end()) {
      return fail("there is no member \"" + std::string(key.view()) + "\"");
    }
  }
}

void json_fields(JsonWriter& writer, ErrorKind& kind) {
  for (const KindWord& known : kKindWords) {
    if (kind == known.kind) writer.set(known.word);
  }
}

void json_fields(JsonReader& reader, ErrorKind& kind) {
  kind = reader.word(kind_of, "the kind of an error").value_or(kind);
}

std::string JsonReader::path() const {
  if (!above_) return "$";
  if (key_.data() == nullptr) return above_->path() + "[" + std::to_string(index_) + "]";
  if (is_plain(key_)) return above_->path() + "." + std::string(key_);
  return above_->path() + "[\"" + std::string(key_) + "\"]";
}

}  // namespace advisor
