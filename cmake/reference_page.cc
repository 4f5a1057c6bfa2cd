// Writes the manual page of the rule language: the template, with the tables of the program in the
// places it leaves for them. Every example of the template must compile, or no page is written.
//   usage: reference_page TEMPLATE PAGE

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "base/text.h"
#include "expr/format.h"
#include "expr/functions.h"
#include "expr/parser.h"
#include "facts/facts.h"
#include "facts/rule_scope.h"
#include "load/catalogue_parser.h"
#include "load/embedded.h"
#include "load/profile.h"
#include "load/rule_parser.h"

namespace advisor {
namespace {

constexpr size_t kWidth = 76;

/// For the text of a page: a sentence ends its line, and no line begins like a macro.
std::string prose(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '\\' ? std::string("\\e") : std::string(1, c);
  // mandoc asks for markup where a word ends like a function.
  for (size_t at; (at = escaped.find("()")) != std::string::npos;) escaped.insert(at + 1, "\\&");
  for (size_t at; (at = escaped.find(". ")) != std::string::npos;) escaped[at + 1] = '\n';
  std::string lines;
  for (const std::string_view sentence : split_lines(escaped)) {
    const std::string broken = wrapped(sentence, kWidth, "");
    for (const std::string_view line : split_lines(broken)) {
      const bool like_macro = line.starts_with('.') || line.starts_with('\'');
      lines += fmt::format("{}{}\n", like_macro ? "\\&" : "", line);
    }
  }
  return lines;
}

/// For an argument of a macro, which must not be taken for a macro or a delimiter itself.
std::string argument(std::string_view text) {
  return fmt::format("\"\\&{}\"", text);
}

std::string sentence(std::string_view text) {
  std::string made(text);
  if (!made.empty() && made[0] >= 'a' && made[0] <= 'z') made[0] = char(made[0] - 'a' + 'A');
  return made.ends_with('.') ? made : made + ".";
}

std::string operator_table() {
  std::string table;
  for (const expr::BinaryOperator& row : expr::binary_operators()) {
    table += fmt::format(".It {} Ta {} Ta {} Ta {}\n", argument(row.symbol), row.precedence,
                         argument(row.operands), argument(row.summary));
  }
  return table;
}

std::string function_table() {
  std::string table;
  for (const expr::Function& function : expr::functions()) {
    const std::string call = fmt::format("{}{}({})", function.is_method ? "string." : "",
                                         function.name, function.arguments);
    table += fmt::format(".It Ic {}\n{}", argument(call),
                         prose(fmt::format("Gives {}: {}.", function.result, function.summary)));
  }
  return table;
}

std::string fact_table() {
  std::string table;
  for (const Fact& fact : facts()) {
    const std::string unit = *fact.unit ? fmt::format(", {}", fact.unit) : "";
    table += fmt::format(
        ".It Va {}\n{}{}", fact.name, prose(sentence(fact.meaning)),
        prose(fmt::format("({}{}; read from {})", to_text(fact.type), unit, fact.read_from)));
  }
  return table;
}

std::string style_table() {
  const std::map<std::string_view, double> samples{
      {"percent", 0.973}, {"duration", 90}, {"bytes", 4194304}, {"raw", 4194304}};
  std::string table;
  for (const expr::StyleName& style : expr::styles()) {
    const auto sample = samples.find(style.name);
    std::string shown;
    if (sample != samples.end()) {
      shown = fmt::format(" {} is written \"{}\".", sample->second,
                          expr::format(sample->second, style.style));
    }
    table += fmt::format(".It Cm {}\n{}", style.name, prose(sentence(style.summary) + shown));
  }
  return table;
}

/// The examples of a template: a comment of the form `.\" example: KIND`, and the display after it.
class Examples {
 public:
  Examples() {
    for (const EmbeddedFile& file : embedded_files()) {
      const std::string path = file.path;
      if (!path.starts_with("parameters/")) continue;
      parse_catalogue({path, std::string(file.text)}, catalogue_, diagnostics_);
    }
  }

  /// Adds to diagnostics() what is wrong with it.
  void compile(const std::string& kind, const SourceText& source) {
    ++count_;
    const ParameterKnowledge known{catalogue_,
                                   [](const ParameterName&) { return Presence::kAbsent; }};
    if (kind == "parameters") {
      Catalogue catalogue;
      parse_catalogue(source, catalogue, diagnostics_);
    } else if (kind == "rules") {
      parse_rule_group("example", source, known, diagnostics_);
    } else if (kind == "profile") {
      parse_profile(source, known, diagnostics_);
    } else {
      compile_lines(kind, source);
    }
  }

  const Diagnostics& diagnostics() const { return diagnostics_; }
  size_t count() const { return count_; }

 private:
  void compile_lines(const std::string& kind, const SourceText& source) {
    const std::map<std::string, OptionInfo> options{{"port_pressure", {0.5, ""}}};
    const RuleScope scope(catalogue_, options);
    int number = 0;
    for (const std::string_view line : split_lines(source.text)) {
      ++number;
      std::optional<expr::CompileError> error = expr::CompileError{0, "unknown kind " + kind, ""};
      if (kind == "expressions") error = error_of(expr::Expression::compile(line, scope));
      if (kind == "messages") error = error_of(expr::Message::compile(line, scope));
      if (!error) continue;
      diagnostics_.push_back({DiagnosticSeverity::kError,
                              {source.file, number, int(error->offset) + 1},
                              error->message,
                              error->hint,
                              std::string(line)});
    }
  }

  template <typename Compiled>
  static std::optional<expr::CompileError> error_of(const Compiled& compiled) {
    const auto* error = std::get_if<expr::CompileError>(&compiled);
    return error ? std::optional(*error) : std::nullopt;
  }

  Catalogue catalogue_;
  Diagnostics diagnostics_;
  size_t count_ = 0;
};

/// What a line of a literal display says.
std::string unescaped(std::string_view line) {
  std::string text;
  for (size_t at = 0; at < line.size(); ++at) {
    const bool escape = line[at] == '\\' && at + 1 < line.size();
    if (escape) ++at;
    if (!escape || line[at] == 'e') text += escape ? '\\' : line[at];
  }
  return text;
}

/// Compiles every example; false if one of them is wrong, which is then printed.
bool examples_hold(const std::string& page, const std::string& file) {
  constexpr std::string_view kMark = ".\\\" example: ";
  Examples examples;
  std::string kind;
  SourceText source;
  bool inside = false;
  for (const std::string_view line : split_lines(page)) {
    if (line.starts_with(kMark)) kind = line.substr(kMark.size());
    if (line.starts_with(".Ed") && inside) {
      examples.compile(kind, source);
      kind.clear();
      inside = false;
    }
    if (inside) source.text += unescaped(line) + "\n";
    if (line.starts_with(".Bd") && !kind.empty()) {
      inside = true;
      source = {fmt::format("{}, example {}", file, examples.count() + 1), ""};
    }
  }
  for (const Diagnostic& diagnostic : examples.diagnostics()) std::cerr << to_text(diagnostic);
  if (examples.count() == 0) std::cerr << file << ": there are no examples\n";
  return examples.diagnostics().empty() && examples.count() > 0;
}

bool write_page(const char* from, const char* to) {
  std::ifstream file(from);
  std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!examples_hold(page, from)) return false;
  const std::pair<std::string_view, std::string> tables[] = {{"@OPERATORS@\n", operator_table()},
                                                             {"@FUNCTIONS@\n", function_table()},
                                                             {"@FACTS@\n", fact_table()},
                                                             {"@STYLES@\n", style_table()}};
  for (const auto& [place, table] : tables) {
    const size_t at = page.find(place);
    if (at == std::string::npos) {
      std::cerr << from << ": there is no place " << place;
      return false;
    }
    page.replace(at, place.size(), table);
  }
  return bool(std::ofstream(to) << page << std::flush);
}

}  // namespace
}  // namespace advisor

int main(int count, char** words) {
  if (count != 3) return 2;
  return advisor::write_page(words[1], words[2]) ? 0 : 1;
}
