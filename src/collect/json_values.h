#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_archive.h"
#include "model/address.h"
#include "model/parameter.h"
#include "model/socket_load.h"

// How values of the model stand in snapshots and reports; see base/json_archive.h.

namespace advisor {

void json_fields(JsonWriter& writer, IpAddress& address);
void json_fields(JsonReader& reader, IpAddress& address);

void json_fields(JsonWriter& writer, ParameterValue& value);
void json_fields(JsonReader& reader, ParameterValue& value);

std::string key_text(const ParameterName& name);
void parse_key(std::string_view text, std::optional<ParameterName>& name);
void json_fields(JsonWriter& writer, ParameterName& name);
void json_fields(JsonReader& reader, ParameterName& name);

/// By the name that ss(8) has for it.
std::optional<TcpState> state_of(const std::string& word);

/// A state without sockets is left out.
void json_fields(JsonWriter& writer, StateCounts& counts);
void json_fields(JsonReader& reader, StateCounts& counts);

/// Why a document does not have this schema ("sysctl-advisor/snapshot/1"), by which `command`
/// writes, as the end of a sentence that begins with the name of the file; empty if it has. Of
/// another version of the schema it says which program wrote the document, if that tells.
std::string why_not_schema(const Json& document, std::string_view schema, const char* command);

}  // namespace advisor
