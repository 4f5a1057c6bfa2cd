// Any text as TOML: what the parser makes of it, and whether each byte of a string is found again.

#include "fuzz/fuzzing.h"

using namespace advisor;
using namespace advisor::fuzz;

namespace {

bool same(const TomlNode& a, const TomlNode& b);

bool same(const TomlArray& a, const TomlArray& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

bool same(const TomlTable& a, const TomlTable& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].key != b[i].key || a[i].key_where != b[i].key_where) return false;
    if (!same(a[i].value, b[i].value)) return false;
  }
  return true;
}

bool same(const TomlNode& a, const TomlNode& b) {
  if (a.value.index() != b.value.index() || a.where != b.where) return false;
  if (const auto* items = a.as<TomlArray>()) return same(*items, *b.as<TomlArray>());
  if (const auto* entries = a.as<TomlTable>()) return same(*entries, *b.as<TomlTable>());
  if (const auto* text = a.as<std::string>()) return *text == *b.as<std::string>();
  return true;
}

void require_inside(const SourceLocation& where, const SourceText& source) {
  require(where.line > 0 && where.column > 0, "a value has a place");
  require(source.location_of(source.offset_of(where)) == where, "a value stands in the text");
}

/// Each letter and digit of the string, where the source has it.
void find_bytes(const TomlNode& node, const std::string& text, const SourceText& source) {
  for (size_t offset = 0; offset < text.size() && offset < 200; ++offset) {
    const SourceLocation where = location_within(node, offset, source);
    require_inside(where, source);
    const char found = source.text[source.offset_of(where)];
    if (!isalnum(static_cast<unsigned char>(text[offset]))) continue;
    require(found == text[offset] || found == '\\', "a byte of a string is found in the source");
  }
}

void walk(const TomlNode& node, const SourceText& source) {
  require_inside(node.where, source);
  if (const auto* items = node.as<TomlArray>()) {
    for (const TomlNode& item : *items) walk(item, source);
  } else if (const auto* entries = node.as<TomlTable>()) {
    for (const TomlEntry& entry : *entries) {
      require_inside(entry.key_where, source);
      walk(entry.value, source);
    }
  } else if (const auto* text = node.as<std::string>()) {
    find_bytes(node, *text, source);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  // Looking for each byte takes the square of the length; long files are for the other fuzzers.
  constexpr size_t kLongest = 8192;
  if (size > kLongest) return 0;
  const SourceText source{"fuzz.toml", text_of(bytes, size)};

  const auto parsed = parse_toml(source);
  const auto again = parse_toml(source);

  require(parsed.index() == again.index(), "the same text, the same outcome");
  if (const auto* diagnostic = std::get_if<Diagnostic>(&parsed)) {
    require_places({*diagnostic}, source);
    require_same({*diagnostic}, {std::get<Diagnostic>(again)});
    return 0;
  }
  require(same(std::get<TomlNode>(parsed), std::get<TomlNode>(again)),
          "the same text, the same tree");
  walk(std::get<TomlNode>(parsed), source);
  return 0;
}
