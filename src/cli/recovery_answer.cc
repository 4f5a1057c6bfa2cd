#include "cli/recovery_answer.h"

#include "base/text.h"

namespace advisor {
namespace {

// Each text is a record: its kind, the text, and a byte that no text holds.
constexpr char kEndOfRecord = '\x1e';
constexpr char kSaid = 's';
constexpr char kOpen = 'o';
constexpr char kStep = 'v';
constexpr char kWarning = 'w';
constexpr char kKind = 'k';
constexpr char kMessage = 'm';

void add(std::string& answer, char what, const std::string& text) {
  answer += what + text + kEndOfRecord;
}

}  // namespace

std::string recovery_answer(const Result<Recovery>& recovery, const std::vector<Logged>& logged) {
  std::string answer;
  for (const Logged& one : logged) add(answer, one.warning ? kWarning : kStep, one.text);
  if (recovery) {
    for (const std::string& sentence : recovery->said) add(answer, kSaid, sentence);
    for (const std::string& sentence : recovery->open) add(answer, kOpen, sentence);
  } else {
    add(answer, kKind, std::to_string(int(recovery.error().kind)));
    add(answer, kMessage, recovery.error().message);
  }
  return answer;
}

Result<Recovery> read_recovery_answer(const Result<std::string>& answer,
                                      std::vector<Logged>& logged) {
  if (!answer) {
    return Error{ErrorKind::kStuck,
                 "undoing what was left open did not come to its end: " + answer.error().message +
                     "; `sysctl-advisor recover` goes on with it",
                 answer.error().os_error};
  }
  Recovery recovery;
  std::optional<Error> error;
  for (const std::string& record : split(*answer, kEndOfRecord)) {
    if (record.empty()) continue;
    const std::string text = record.substr(1);
    if (record[0] == kSaid) recovery.said.push_back(text);
    if (record[0] == kOpen) recovery.open.push_back(text);
    if (record[0] == kStep || record[0] == kWarning) {
      logged.push_back({record[0] == kWarning, text});
    }
    if (record[0] == kKind) error = Error{ErrorKind(parse_decimal(text).value_or(0)), "", 0};
    if (record[0] == kMessage && error) error->message = text;
  }
  if (error) return *error;
  return recovery;
}

}  // namespace advisor
