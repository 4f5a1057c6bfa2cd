#include "os/line_reader.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <vector>

#include "os/named_file.h"
#include "support/temporary_directory.h"

namespace advisor::line_reader_test {
namespace {

std::vector<TextLine> lines_of(const std::string& text, size_t most_bytes = 100) {
  const testing::TemporaryDirectory directory;
  const auto file = open_named_file(directory.put("file", text));
  REQUIRE(file);
  std::vector<TextLine> lines;
  REQUIRE(visit_lines(file->get(), "file", most_bytes,
                      [&](const TextLine& line) { lines.push_back(line); }));
  return lines;
}

}  // namespace

TEST_CASE("line reader: lines are counted from 1, and the last one needs no end") {
  const auto lines = lines_of("a\n\nlast");

  REQUIRE(lines.size() == 3);
  CHECK(lines[0].text == "a");
  CHECK(lines[0].number == 1);
  CHECK(lines[1].text == "");
  CHECK(lines[2].text == "last");
  CHECK(lines[2].number == 3);
  CHECK(lines_of("").empty());
  CHECK(lines_of("a\n").size() == 1);
}

TEST_CASE("line reader: a line that is too long is cut, and the next one is whole") {
  const auto lines = lines_of("1234\n12345\nlast\n", 4);

  REQUIRE(lines.size() == 3);
  CHECK_FALSE(lines[0].is_too_long);
  CHECK(lines[1].is_too_long);
  CHECK(lines[1].text == "1234");
  CHECK_FALSE(lines[2].is_too_long);
  CHECK(lines[2].text == "last");
}

TEST_CASE("line reader: a line may be longer than what is read at once") {
  const std::string line(200'000, 'x');

  const auto lines = lines_of(line + "\n" + line + "\n", 300'000);

  REQUIRE(lines.size() == 2);
  CHECK(lines[0].text == line);
  CHECK(lines[1].text == line);
}

TEST_CASE("line reader: what cannot be read is an error") {
  const testing::TemporaryDirectory directory;
  const UniqueFd folder(open(directory.path().c_str(), O_RDONLY | O_CLOEXEC));

  const Status read = visit_lines(folder.get(), "folder", 100, [](const TextLine&) { FAIL(""); });

  CHECK(read.error().message.starts_with("cannot read folder: "));
}

}  // namespace advisor::line_reader_test
