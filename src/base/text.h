#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace advisor {

/// Without blanks, tabs and line ends at either end.
std::string_view trim(std::string_view text);

/// The runs of non-blank characters, as procfs and people separate the fields of a vector.
std::vector<std::string> split_words(std::string_view text);
/// The same within the text, which must outlive them.
std::vector<std::string_view> words_of(std::string_view text);

/// Split at every `separator`; an empty text has one empty part.
std::vector<std::string> split(std::string_view text, char separator);

/// The lines, without their line ends; a last line without one counts too.
std::vector<std::string_view> split_lines(std::string_view text);

/// The parts with `separator` between them.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// "4096 131072 6291456", as procfs writes the numbers of a vector.
std::string joined_numbers(const std::vector<int64_t>& numbers);

/// A whole decimal number that fits, and nothing else; never depends on the locale.
std::optional<int64_t> parse_decimal(std::string_view text);

/// A plain decimal number such as 0.5; never depends on the locale.
std::optional<double> parse_real(std::string_view text);

/// As parse_decimal, for a number of the given base without prefix.
std::optional<uint64_t> parse_unsigned(std::string_view text, int base);

/// The candidate nearest to what was written, if one is near enough to be meant.
std::optional<std::string> nearest_name(std::string_view written,
                                        const std::vector<std::string>& candidates);

/// The characters (code points) of a text in UTF-8.
size_t count_characters(std::string_view text);

/// Where character `number`, counted from 0, begins; the size of the text if it has no such.
size_t offset_of_character(std::string_view text, size_t number);

/// 27411 -> "27 411": digits in groups of three, with blanks as SI writes them.
std::string grouped_digits(int64_t number);

/// "1 listener", "27 411 listeners".
std::string counted(int64_t count, const std::string& noun);

/// With `?` for each character that steers a terminal, and for what is not UTF-8: C0, DEL, C1, and
/// those of Unicode that turn the direction of writing or begin a line.
std::string printable(std::string_view text);

/// What becomes of the sequences for those colours that we use ourselves.
enum class Colours { kReplaced, kKept };

/// The same of a text of many lines, whose line ends and tabs stay.
std::string printable_lines(std::string_view text, Colours colours = Colours::kReplaced);

/// The bytes of the UTF-8 character with which a text that is not empty begins, 0 if it begins with
/// none; and whether that acts upon a terminal or a line, beyond being shown.
struct LeadingCharacter {
  size_t bytes = 0;
  bool steers = false;
};
LeadingCharacter leading_character(std::string_view text);

/// Whether a byte is a character that every terminal shows and none obeys; most of every text are.
constexpr bool is_printable_ascii(char c) {
  return c >= ' ' && c <= '~';
}

/// The first byte of a text of many lines that steers a terminal; nothing if none does. Bytes that
/// are not UTF-8 may be of any other encoding: of them C1 alone steers.
std::optional<size_t> find_control(std::string_view text);

/// `did you mean "somaxconn"?`
std::string did_you_mean(std::string_view meant);
/// The same for the nearest of the names; empty if none is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

/// Whether `text` matches a shell pattern of `*` and `?`.
bool matches_glob(std::string_view pattern, std::string_view text);

/// Whether the shell pattern matches a name of the family, in which `*` stands for a segment
/// ("net.ipv4.conf.*.rp_filter").
bool glob_meets_family(std::string_view pattern, std::string_view family);

/// Broken at blanks into lines of at most `width` characters, each under `indent`.
std::string wrapped(std::string_view text, size_t width, std::string_view indent);

}  // namespace advisor
