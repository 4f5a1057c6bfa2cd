// Any text as a file of parameters, and values held against what it says of them.

#include "fuzz/fuzzing.h"
#include "load/catalogue_parser.h"
#include "model/typed_value.h"

using namespace advisor;
using namespace advisor::fuzz;

namespace {

void hold_values_against(const ParameterInfo& info) {
  for (const char* text : {"", "0", "-1", "4096 131072 6291456", "32768 60999", "1024-2048,3000",
                           "9223372036854775807", "cubic"}) {
    const ParameterValue value(text);
    const auto read = typed(info, value);
    require(!read || same_value(&info, untyped(*read), value),
            "what is read means what was written");
    const auto refusal = why_invalid(info, value);
    require(!refusal || !refusal->empty(), "a refusal has a reason");
    require(read || refusal || field_count(info) == 0, "what cannot be read is refused");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const SourceText source{"fuzz.toml", text_of(bytes, size)};
  Catalogue catalogue;
  Catalogue twin;
  Diagnostics diagnostics;
  Diagnostics again;

  parse_catalogue(source, catalogue, diagnostics);
  parse_catalogue(source, twin, again);

  require_same(diagnostics, again);
  require_places(diagnostics, source);
  require(catalogue.keys() == twin.keys(), "the same text, the same parameters");
  for (const std::string& key : catalogue.keys()) {
    const auto name = ParameterName::parse(key);
    const ParameterInfo* info = name ? catalogue.find(*name) : nullptr;
    require(info && info->name == *name, "a parameter is found by its name");
    hold_values_against(*info);
  }
  return 0;
}
