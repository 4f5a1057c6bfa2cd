#include "collect/json_values.h"

#include <fmt/format.h>

#include <map>

namespace advisor {

std::optional<TcpState> state_of(const std::string& word) {
  for (size_t i = 1; i < kTcpStateCount; ++i) {
    if (word == name_of(TcpState(i))) return TcpState(i);
  }
  return std::nullopt;
}

void json_fields(JsonWriter& writer, IpAddress& address) {
  writer.set(address.text());
}
void json_fields(JsonReader& reader, IpAddress& address) {
  address = reader.word(IpAddress::parse, "an IP address").value_or(address);
}

void json_fields(JsonWriter& writer, ParameterValue& value) {
  writer.set(value.text());
}
void json_fields(JsonReader& reader, ParameterValue& value) {
  if (const std::string* text = reader.text()) value = ParameterValue(*text);
}

std::string key_text(const ParameterName& name) {
  return std::string(name.dotted());
}
void parse_key(std::string_view text, std::optional<ParameterName>& name) {
  name = ParameterName::parse(text);
  if (name && name->dotted() != text) name.reset();
}
void json_fields(JsonWriter& writer, ParameterName& name) {
  writer.set(key_text(name));
}
void json_fields(JsonReader& reader, ParameterName& name) {
  name = reader.word(ParameterName::parse, "the name of a parameter").value_or(name);
}

void json_fields(JsonWriter& writer, StateCounts& counts) {
  Json::Object states;
  for (size_t i = 1; i < kTcpStateCount; ++i) {
    if (counts[TcpState(i)] != 0) states.emplace_back(name_of(TcpState(i)), counts[TcpState(i)]);
  }
  writer.set(std::move(states));
}
void json_fields(JsonReader& reader, StateCounts& counts) {
  std::map<std::string, int64_t> by_name;
  reader.read(by_name);
  for (const auto& [name, count] : by_name) {
    const auto state = state_of(name);
    if (!state) return reader.fail("there is no TCP state \"" + name + "\"");
    counts[*state] = count;
  }
}

std::string why_not_schema(const Json& document, std::string_view schema, const char* command) {
  const std::string written = document.text_at("schema");
  if (written == schema) return "";
  const std::string_view of_any_version = schema.substr(0, schema.rfind('/') + 1);
  if (!written.starts_with(of_any_version)) {
    return fmt::format("$.schema: this is not what `sysctl-advisor {}` writes", command);
  }
  const std::string version = document.text_at("version");
  return fmt::format("it has {}, and this program reads {}; use the sysctl-advisor that wrote it{}",
                     written, schema, version.empty() ? "" : ", version " + version);
}

}  // namespace advisor
