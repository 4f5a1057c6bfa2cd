#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace advisor {

/// Once, before any file is opened: a standard descriptor that is closed is put on
/// something that can be neither read nor written. Else the next file that is opened, be it a
/// parameter of the kernel, would get its number, and what is printed.
void occupy_standard_descriptors();

bool stdin_is_terminal();
bool stdout_is_terminal();
bool stderr_is_terminal();
/// Columns of the terminal behind stdout; 80 where there is none.
size_t terminal_width();

/// Lines of that terminal; nothing where there is none.
std::optional<size_t> terminal_height();

/// Writes all of it to stdout; to a terminal what printable_lines() leaves of it, since values,
/// names and files of others may be in it. False if stdout took only a part (a full disk, a closed
/// pipe).
bool write_stdout(const std::string& text);
/// The same to stderr.
bool write_stderr(const std::string& text);
/// Writes what moves the cursor as it is. False if it was taken only in part.
bool draw_on_stdout(const std::string& text);
bool draw_on_stderr(const std::string& text);
/// One line from stdin, without its end; nothing at its end.
std::optional<std::string> read_line();

}  // namespace advisor
