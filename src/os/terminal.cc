#include "os/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "base/text.h"

namespace advisor {
namespace {

Colours colours = Colours::kReplaced;

bool write_all(FILE* stream, const std::string& text) {
  const bool written = fwrite(text.data(), 1, text.size(), stream) == text.size();
  return fflush(stream) == 0 && written;
}

/// 80 where there is no terminal, or one that does not say.
size_t columns_behind(int descriptor) {
  constexpr size_t kUsual = 80;
  struct winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return size.ws_col;
}

}  // namespace

void occupy_standard_descriptors() {
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest number that is free is this one.
    if (fcntl(standard, F_GETFD) < 0 && open("/", O_PATH) != standard) _exit(2);
  }
}

bool stdin_is_terminal() {
  return isatty(STDIN_FILENO) == 1;
}
bool stdout_is_terminal() {
  return isatty(STDOUT_FILENO) == 1;
}
bool stderr_is_terminal() {
  return isatty(STDERR_FILENO) == 1;
}

bool stderr_can_be_drawn_on() {
  const char* terminal = std::getenv("TERM");
  return stderr_is_terminal() && !(terminal && std::string_view(terminal) == "dumb");
}

std::optional<bool> colours_by_environment() {
  const auto says = [](const char* variable) -> std::string_view {
    const char* value = std::getenv(variable);
    return value ? value : "";
  };
  if (!says("NO_COLOR").empty()) return false;  // https://no-color.org
  const std::string_view force = says("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;  // https://bixense.com/clicolors
  if (says("TERM") == "dumb") return false;
  return std::nullopt;
}

size_t terminal_width() {
  return columns_behind(STDOUT_FILENO);
}

std::optional<size_t> terminal_height() {
  struct winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return std::nullopt;
  return size.ws_row;
}

bool draw_on_stderr(const std::string& text) {
  return write_all(stderr, text);
}

void let_colours_pass() {
  colours = Colours::kKept;
}

std::string as_shown(const std::string& text) {
  return printable_lines(text, colours);
}

bool write_stdout(const std::string& text) {
  return write_all(stdout, as_shown(text));
}
bool write_stderr(const std::string& text) {
  return write_all(stderr, as_shown(text));
}
std::string as_line_for_stderr(const std::string& sentence) {
  if (!stderr_is_terminal()) return sentence + "\n";
  std::string text;
  for (const std::string_view line : split_lines(sentence)) {
    text += wrapped(line, columns_behind(STDERR_FILENO), "");
  }
  return text;
}

bool write_bytes_to_stdout(const std::string& bytes) {
  return write_all(stdout, bytes);
}

std::optional<std::string> read_line() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

}  // namespace advisor
