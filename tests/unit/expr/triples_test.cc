// Runs tests/expr/*.test; their format is documented in tests/expr/README.md.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "expr/message.h"
#include "named_values.h"

namespace advisor::expr::triples_test {
namespace {

constexpr size_t kKeywordWidth = 8;

struct Triple {
  size_t line = 0;
  bool is_message = false;
  std::string text;
  std::vector<std::string> expected;
};

std::string keyword_of(std::string_view line) {
  return std::string(trim(line.substr(0, kKeywordWidth)));
}

std::string_view payload_of(std::string_view line) {
  return line.substr(std::min(kKeywordWidth, line.size()));
}

std::string with_keyword(std::string_view keyword, std::string_view payload) {
  return fmt::format("{:<{}}{}", keyword, kKeywordWidth, payload);
}

std::vector<std::string> error_lines(const CompileError& error) {
  const std::string caret = std::string(error.offset, ' ') + "^ " + error.message;
  std::vector<std::string> lines = {with_keyword("error", caret)};
  if (!error.hint.empty()) lines.push_back(with_keyword("hint", error.hint));
  return lines;
}

std::vector<std::string> evaluated(const Triple& triple, const NamedValues& names) {
  const auto compiled = Expression::compile(triple.text, names);
  if (const auto* error = std::get_if<CompileError>(&compiled)) return error_lines(*error);
  const Evaluation evaluation = std::get<Expression>(compiled).evaluate(names);
  std::vector<std::string> lines = {with_keyword("value", to_text(evaluation.value))};
  const bool wants_seen =
      std::any_of(triple.expected.begin(), triple.expected.end(),
                  [](const std::string& line) { return keyword_of(line) == "seen"; });
  if (!wants_seen) return lines;
  for (const Observation& seen : evaluation.observations) {
    lines.push_back(
        with_keyword("seen", std::string(seen.expression) + " -> " + to_text(seen.value)));
  }
  return lines;
}

std::vector<std::string> filled(const Triple& triple, const NamedValues& names) {
  const auto compiled = Message::compile(triple.text, names);
  if (const auto* error = std::get_if<CompileError>(&compiled)) return error_lines(*error);
  return {with_keyword("text", std::get<Message>(compiled).fill(names))};
}

std::optional<Type> read_type(std::string_view name) {
  for (int type = 0; type <= static_cast<int>(Type::kStringList); ++type) {
    if (to_text(static_cast<Type>(type)) == name) return static_cast<Type>(type);
  }
  return std::nullopt;
}

std::optional<std::string> in_parentheses(std::string_view text, std::string_view word) {
  if (!text.starts_with(word) || !text.ends_with(')')) return std::nullopt;
  text.remove_prefix(word.size());
  if (!text.starts_with(" (")) return std::nullopt;
  return std::string(text.substr(2, text.size() - 3));
}

std::optional<Value> read_value(std::string_view text, Type type) {
  if (const auto missing = in_parentheses(text, "unknown")) return Unknown{{*missing}};
  if (const auto reason = in_parentheses(text, "error")) return Failure{*reason};
  const auto literal = Expression::compile(text, NamedValues{});
  const auto* expression = std::get_if<Expression>(&literal);
  if (!expression || expression->type() != type) return std::nullopt;
  return expression->evaluate(NamedValues{}).value;
}

/// "ports.in_use int = 3"
bool declare(std::string_view declaration, NamedValues& names) {
  const size_t equals = declaration.find(" = ");
  if (equals == std::string_view::npos) return false;
  const std::vector<std::string> words = split_words(declaration.substr(0, equals));
  if (words.size() != 2) return false;
  const std::optional<Type> type = read_type(words[1]);
  if (!type) return false;
  const std::optional<Value> value = read_value(trim(declaration.substr(equals + 3)), *type);
  if (!value) return false;
  names.add(words[0], *type, *value);
  return true;
}

/// Lines without a blank one between them.
struct Paragraph {
  size_t first_line = 0;
  std::vector<std::string> lines;
};

std::vector<Paragraph> read_paragraphs(std::istream& stream) {
  std::vector<Paragraph> paragraphs(1);
  std::string line;
  for (size_t number = 1; std::getline(stream, line); ++number) {
    if (trim(line).empty()) {
      paragraphs.emplace_back();
    } else {
      Paragraph& paragraph = paragraphs.back();
      if (paragraph.lines.empty()) paragraph.first_line = number;
      paragraph.lines.push_back(line);
    }
  }
  return paragraphs;
}

class TestFile {
 public:
  explicit TestFile(const std::filesystem::path& path) : path_(path) {}

  /// The number of triples it ran.
  size_t run() {
    std::ifstream stream(path_);
    for (const Paragraph& paragraph : read_paragraphs(stream)) run(paragraph);
    return count_;
  }

 private:
  void report(size_t line, const std::string& what) {
    FAIL_CHECK(fmt::format("{}:{}: {}", path_.string(), line, what));
  }

  void run(const Paragraph& paragraph) {
    NamedValues names = file_names_;
    std::vector<Triple> triples;
    for (size_t i = 0; i < paragraph.lines.size(); ++i) {
      const std::string& line = paragraph.lines[i];
      const size_t number = paragraph.first_line + i;
      const std::string keyword = keyword_of(line);
      if (line.starts_with('#')) continue;
      if (keyword == "with") {
        if (!declare(payload_of(line), names)) report(number, "not a declaration");
      } else if (keyword == "expr" || keyword == "message") {
        triples.push_back({number, keyword == "message", std::string(payload_of(line)), {}});
      } else if (!triples.empty()) {
        triples.back().expected.push_back(line);
      } else {
        report(number, "there is nothing before this line that it could belong to");
      }
    }
    if (triples.empty()) file_names_ = names;
    for (const Triple& triple : triples) run(triple, names);
  }

  void run(const Triple& triple, const NamedValues& names) {
    ++count_;
    const std::string expected = join(triple.expected, "\n");
    const std::string actual =
        join(triple.is_message ? filled(triple, names) : evaluated(triple, names), "\n");
    if (actual == expected) return;
    report(triple.line,
           fmt::format("\n{}\nexpected\n{}\nbut got\n{}\n",
                       with_keyword(triple.is_message ? "message" : "expr", triple.text), expected,
                       actual));
  }

  std::filesystem::path path_;
  NamedValues file_names_;  ///< declared in a paragraph of their own
  size_t count_ = 0;
};

}  // namespace

TEST_CASE("expr: every triple in tests/expr gives the value or the error it names") {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ADVISOR_TESTS_DIR "/expr")) {
    if (entry.path().extension() == ".test") count += TestFile(entry.path()).run();
  }

  MESSAGE(count, " triples");
  CHECK(count >= 200);
}

}  // namespace advisor::expr::triples_test
