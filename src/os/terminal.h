#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace advisor {

/// Puts each standard descriptor that is closed on something that can be neither read nor written;
/// to be called once, before any file is opened. Otherwise the next file, be it a parameter of the
/// kernel, would get the number, and what is printed.
void occupy_standard_descriptors();

bool stdin_is_terminal();
bool stdout_is_terminal();
bool stderr_is_terminal();
/// Whether it is a terminal that moves its cursor as it is told.
bool stderr_can_be_drawn_on();
/// Columns of the terminal behind stdout; 80 where there is none.
size_t terminal_width();

/// Lines of that terminal; nothing where there is none.
std::optional<size_t> terminal_height();

/// Whether colours are wanted on a terminal, or even where there is none, by the environment
/// (NO_COLOR, CLICOLOR_FORCE, TERM=dumb); nothing: it does not say.
std::optional<bool> colours_by_environment();

/// Once, where colours are wanted: from then on those of ours pass to stdout and stderr.
void let_colours_pass();

/// Writes what printable_lines() leaves of the text to stdout, since values, names and files of
/// others may be in it, and a pipe may well end at a terminal (ssh). False if stdout took only a
/// part (a full disk, a closed pipe).
bool write_stdout(const std::string& text);
/// The same to stderr.
bool write_stderr(const std::string& text);
/// A sentence for stderr, with the end of its line: on a terminal broken at blanks where that ends.
std::string as_line_for_stderr(const std::string& sentence);
/// What write_stderr() would leave of the text.
std::string as_shown(const std::string& text);
/// Writes to stdout every byte as it is.
bool write_bytes_to_stdout(const std::string& bytes);
/// Writes to stderr what moves the cursor, as it is.
bool draw_on_stderr(const std::string& text);
/// One line from stdin, without its end; nothing at its end.
std::optional<std::string> read_line();

}  // namespace advisor
