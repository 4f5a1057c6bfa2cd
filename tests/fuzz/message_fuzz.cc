// Any text as a sentence with expressions in braces.

#include "fuzz/fuzzing.h"

using namespace advisor;
using namespace advisor::fuzz;
using expr::Message;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text = text_of(bytes, size);
  const DrawnNames scope(text);

  const auto compiled = Message::compile(text, scope);
  const auto again = Message::compile(text, scope);

  require(compiled.index() == again.index(), "the same text, the same outcome");
  if (const auto* error = std::get_if<expr::CompileError>(&compiled)) {
    require(*error == std::get<expr::CompileError>(again), "the same text, the same error");
    require(!error->message.empty(), "an error says something");
    require(error->offset <= text.size(), "an error is in the text");
    return 0;
  }
  const auto& message = std::get<Message>(compiled);
  const bool plain = text.find_first_of("{}") == std::string::npos;
  for (const char* draw : {"1", "2"}) {
    const DrawnNames names(draw + text);
    const std::string filled = message.fill(names);
    require(filled == message.fill(names), "the same names, the same sentence");
    require(!plain || filled == text, "a text without braces stays as it is");
    // The smallest double has 1074 decimals when it is written in full.
    require(filled.size() <= (text.size() + 1) * 1100, "a sentence does not grow without limit");
  }
  return 0;
}
