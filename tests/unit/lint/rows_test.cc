// Judges every row of tests/sysctl_lines/rows.tsv; its columns are documented in the README there.

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "lint_host.h"

namespace advisor::rows_test {
namespace {

struct Row {
  std::string id;
  std::string file;
  int line = 0;
  std::string text;
  std::vector<std::string> kernels;
  std::vector<std::string> host;
  std::vector<std::string> others;
  std::vector<std::string> verdicts;  ///< each is right
};

void append_utf8(unsigned code, std::string& text) {
  if (code < 0x80) {
    text += char(code);
  } else if (code < 0x800) {
    text += char(0xC0 | (code >> 6));
    text += char(0x80 | (code & 0x3F));
  } else {
    text += char(0xE0 | (code >> 12));
    text += char(0x80 | ((code >> 6) & 0x3F));
    text += char(0x80 | (code & 0x3F));
  }
}

std::string unescaped(const std::string& written) {
  std::string text;
  for (size_t i = 0; i < written.size(); ++i) {
    if (written[i] != '\\' || i + 1 == written.size()) {
      text += written[i];
      continue;
    }
    const char kind = written[++i];
    if (kind == 'u') {
      append_utf8(unsigned(*parse_unsigned(written.substr(i + 1, 4), 16)), text);
      i += 4;
    } else {
      text += kind == 'n' ? '\n' : kind == 't' ? '\t' : kind == 'r' ? '\r' : kind;
    }
  }
  return text;
}

std::vector<std::string> parts_of(const std::string& text, char separator) {
  return text.empty() ? std::vector<std::string>() : split(text, separator);
}

std::vector<Row> read_rows() {
  std::ifstream file(ADVISOR_TESTS_DIR "/sysctl_lines/rows.tsv");
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);  // the head
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = split(line, '\t');
    REQUIRE_MESSAGE(cells.size() == 9, line);
    Row row{cells[0],
            cells[1],
            int(*parse_decimal(cells[2])),
            unescaped(cells[3]) + "\n",
            parts_of(cells[4], ','),
            parts_of(cells[5], ' '),
            parts_of(cells[6], '|'),
            parts_of(cells[8], ',')};
    row.verdicts.push_back(cells[7]);
    rows.push_back(std::move(row));
  }
  return rows;
}

testing::LintHost host_of(const Row& row) {
  testing::LintHost host;
  host.add_judged(row.file, row.text);
  for (const std::string& other : row.others) {
    const size_t colon = other.find(':');
    host.add(other.substr(0, colon), unescaped(other.substr(colon + 1)) + "\n");
  }
  for (const std::string& word : row.host) {
    if (word == "container") host.container = true;
    if (word.starts_with("profile=")) host.profiles = {word.substr(8)};
  }
  return host;
}

/// The verdict of the loudest remark on the line.
std::string verdict_on(const Row& row, const std::vector<LintRemark>& remarks) {
  const LintRemark* loudest = nullptr;
  for (const LintRemark& remark : remarks) {
    if (remark.where.line != row.line) continue;
    if (!loudest || remark.severity > loudest->severity) loudest = &remark;
  }
  return loudest ? name_of(loudest->verdict) : "ok";
}

}  // namespace

TEST_CASE("lint: every row of tests/sysctl_lines is judged as it says") {
  const std::vector<Row> rows = read_rows();
  CHECK(rows.size() > 450);
  for (const Row& row : rows) {
    const testing::LintHost host = host_of(row);
    for (const std::string& kernel : row.kernels) {
      const std::string verdict = verdict_on(row, host.remarks(kernel));
      const bool right = std::ranges::find(row.verdicts, verdict) != row.verdicts.end();
      CHECK_MESSAGE(right, row.id, " on ", kernel, ": ", verdict, ", not ", row.verdicts.back());
    }
  }
}

}  // namespace advisor::rows_test
