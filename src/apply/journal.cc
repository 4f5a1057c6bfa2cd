#include "apply/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "apply/seal.h"
#include "base/json.h"
#include "base/text.h"
#include "model/persistent.h"
#include "model/transaction.h"
#include "os/network_namespace.h"

namespace advisor {
namespace {

constexpr const char* kSchema = "sysctl-advisor/journal/1";
constexpr std::string_view kSchemaOfAnyVersion = "sysctl-advisor/journal/";
constexpr int64_t kSchemaVersion = 1;
constexpr size_t kChecksumDigits = 16;
constexpr int kDirectoryMode = 0700;
constexpr int64_t kLargestId = 1'000'000'000;
constexpr int kFileMode = 0600;

constexpr TransactionState kStates[] = {TransactionState::kPrepared, TransactionState::kProvisional,
                                        TransactionState::kCommitted, TransactionState::kRolledBack,
                                        TransactionState::kStuck};

Json optional_text(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Error damaged(const std::string& what) {
  return {ErrorKind::kCorrupt, "the journal is damaged: " + what, 0};
}

/// Why a text is no journal that this version can read. A newer version may seal its journals in
/// another way. A journal with a seal of ours that does not fit is damaged, whatever version it
/// claims.
Error why_not_ours(const std::string& text, bool fits) {
  const Result<Json> json = parse_json(text);
  const std::string schema = json ? json->text_at("schema") : "";
  const bool journal = schema.starts_with(kSchemaOfAnyVersion);
  const auto version =
      journal ? parse_decimal(schema.substr(kSchemaOfAnyVersion.size())) : std::nullopt;
  const bool otherwise_sealed = json && json->text_at("checksum").size() != kChecksumDigits;
  if (version && *version > kSchemaVersion && (fits || otherwise_sealed)) {
    return {ErrorKind::kCorrupt,
            fmt::format("written by a newer version of sysctl-advisor, which alone can take it "
                        "back (its schema is {}, and this version knows {})",
                        schema, kSchema),
            0};
  }
  if (!fits) return damaged("its checksum does not fit what it says");
  return damaged("its schema is not " + std::string(kSchema));
}

/// A journal that says what cannot be, and what to do about it.
Error unusable(const std::string& id, const std::string& why) {
  const std::string where = transaction_directory(id);
  return {ErrorKind::kCorrupt,
          fmt::format("{0}/journal.json: {1}; nothing is changed while it stands there, since what "
                      "it says of this host cannot be known. The old values are in "
                      "{0}/rollback.conf: put back by hand what is not as it should be, then move "
                      "{0} away",
                      where, why),
          0};
}

/// Reads the members of one JSON object and remembers the first that is not as it must be.
class MemberReader {
 public:
  explicit MemberReader(const Json& object) : object_(object) {}

  std::string text(const char* key) {
    const Json* member = object_.find(key);
    const auto* text = member ? member->as<std::string>() : nullptr;
    if (!text) fail(key);
    return text ? *text : std::string();
  }

  std::optional<std::string> text_or_null(const char* key) {
    const Json* member = object_.find(key);
    if (member && *member == Json(nullptr)) return std::nullopt;
    return text(key);
  }

  /// Not below 0.
  int64_t number(const char* key) {
    const Json* member = object_.find(key);
    const auto* number = member ? member->as<int64_t>() : nullptr;
    if (!number || *number < 0) fail(key);
    return number ? *number : 0;
  }

  const Json::Array& array(const char* key) {
    static const Json::Array kEmpty;
    const Json* member = object_.find(key);
    const auto* items = member ? member->as<Json::Array>() : nullptr;
    if (!items) fail(key);
    return items ? *items : kEmpty;
  }

  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> texts;
    for (const Json& item : array(key)) {
      const auto* text = item.as<std::string>();
      if (text) texts.push_back(*text);
      if (!text) fail(key);
    }
    return texts;
  }

  void fail(const std::string& what) {
    if (wrong_.empty()) wrong_ = what;
  }
  const std::string& wrong() const { return wrong_; }

 private:
  const Json& object_;
  std::string wrong_;
};

Json change_json(const Change& change) {
  return Json::Object{{"parameter", change.parameter.dotted()},
                      {"before", change.before.text()},
                      {"after", change.after.text()},
                      {"because", change.because}};
}

std::optional<Change> parse_change(const Json& json, MemberReader& journal) {
  MemberReader reader(json);
  const auto name = ParameterName::parse(reader.text("parameter"));
  const ParameterValue before(reader.text("before"));
  const ParameterValue after(reader.text("after"));
  const std::string because = reader.text("because");
  if (name && reader.wrong().empty()) return Change{*name, before, after, because};
  journal.fail("changes");
  return std::nullopt;
}

Json affected_json(const Affected& affected) {
  const auto& after = affected.after;
  const auto& excludes = affected.excludes;
  return Json::Object{{"parameter", affected.parameter.dotted()},
                      {"before", affected.before.text()},
                      {"after", after ? Json(after->text()) : Json(nullptr)},
                      {"excludes", excludes ? Json(excludes->dotted()) : Json(nullptr)}};
}

std::optional<Affected> parse_affected(const Json& json, MemberReader& journal) {
  MemberReader reader(json);
  const auto name = ParameterName::parse(reader.text("parameter"));
  const ParameterValue before(reader.text("before"));
  const auto after = reader.text_or_null("after");
  const auto other = reader.text_or_null("excludes");
  const auto excludes = other ? ParameterName::parse(*other) : std::nullopt;
  if (!name || !reader.wrong().empty() || other.has_value() != excludes.has_value()) {
    journal.fail("affected");
    return std::nullopt;
  }
  return Affected{*name, before, after ? std::optional(ParameterValue(*after)) : std::nullopt,
                  excludes};
}

std::optional<FileChange> parse_drop_in(const Json& json, MemberReader& journal) {
  if (json == Json(nullptr)) return std::nullopt;
  MemberReader reader(json);
  FileChange change{reader.text("path"), reader.text_or_null("before"),
                    reader.text_or_null("after")};
  if (!reader.wrong().empty()) journal.fail("drop_in");
  return change;
}

Json deadline_json(const std::optional<Deadline>& deadline) {
  if (!deadline) return nullptr;
  return Json::Object{{"utc", deadline->utc},
                      {"boottime_ms", int64_t{deadline->since_boot.count()}}};
}

std::optional<Deadline> parse_deadline(const Json& json, MemberReader& journal) {
  if (json == Json(nullptr)) return std::nullopt;
  MemberReader reader(json);
  Deadline deadline{reader.text("utc"), std::chrono::milliseconds(reader.number("boottime_ms"))};
  if (!reader.wrong().empty()) journal.fail("deadline");
  return deadline;
}

TransactionState parse_state(const std::string& text, MemberReader& journal) {
  for (const TransactionState state : kStates) {
    if (text == name_of(state)) return state;
  }
  journal.fail("state");
  return TransactionState::kStuck;
}

}  // namespace

std::string journal_text(const Transaction& transaction) {
  Json::Array changes;
  for (const Change& change : transaction.plan.changes) changes.push_back(change_json(change));
  Json::Array affected;
  for (const Affected& one : transaction.plan.affected) affected.push_back(affected_json(one));
  Json drop_in;
  if (const auto& file = transaction.plan.drop_in) {
    drop_in = Json::Object{{"path", file->path},
                           {"before", optional_text(file->before)},
                           {"after", optional_text(file->after)}};
  }
  Json journal = Json::Object{{"schema", kSchema},
                              {"id", transaction.id},
                              {"state", name_of(transaction.state)},
                              {"created", transaction.created},
                              {"profiles", Json::array_of(transaction.profiles)},
                              {"undoes", optional_text(transaction.undoes)},
                              {"deadline", deadline_json(transaction.deadline)},
                              {"ended", optional_text(transaction.ended)},
                              {"boot_id", transaction.identity.boot_id},
                              {"network_namespace", transaction.identity.network_namespace},
                              {"changes", std::move(changes)},
                              {"affected", std::move(affected)},
                              {"left", Json::array_of(transaction.plan.left)},
                              {"drop_in", std::move(drop_in)},
                              {"caller", caller_json(transaction.caller)},
                              {"ended_by", caller_json(transaction.ended_by)}};
  const std::string& named = transaction.identity.named;
  if (!named.empty()) journal = journal.with("netns", named);
  return sealed(journal.dump());
}

Result<Transaction> parse_journal(const std::string& text) {
  const auto object = unsealed(text);
  if (!object) return why_not_ours(text, false);
  const Result<Json> json = parse_json(*object);
  if (!json) return damaged(json.error().message);
  MemberReader reader(*json);
  if (reader.text("schema") != kSchema) return why_not_ours(*object, true);
  Transaction transaction;
  transaction.id = reader.text("id");
  transaction.state = parse_state(reader.text("state"), reader);
  transaction.created = reader.text("created");
  transaction.profiles = reader.texts("profiles");
  transaction.undoes = reader.text_or_null("undoes");
  // `undoes` names an older one; otherwise "was it taken back" would have no answer.
  const auto number = parse_decimal(transaction.id);
  const auto undone = parse_decimal(transaction.undoes.value_or("0"));
  if (!number || *number < 1) reader.fail("id");
  if (!undone || (number && *undone >= *number)) reader.fail("undoes");
  const Json* deadline = json->find("deadline");
  if (deadline) transaction.deadline = parse_deadline(*deadline, reader);
  const bool waits = transaction.state == TransactionState::kProvisional;
  if (!deadline || (waits && !transaction.deadline)) reader.fail("deadline");
  transaction.ended = reader.text_or_null("ended");
  transaction.identity.boot_id = reader.text("boot_id");
  transaction.identity.network_namespace = reader.text("network_namespace");
  if (json->find("netns")) transaction.identity.named = reader.text("netns");
  for (const Json& item : reader.array("changes")) {
    if (auto change = parse_change(item, reader)) {
      transaction.plan.changes.push_back(std::move(*change));
    }
  }
  for (const Json& item : reader.array("affected")) {
    if (auto affected = parse_affected(item, reader)) {
      transaction.plan.affected.push_back(std::move(*affected));
    }
  }
  transaction.plan.left = reader.texts("left");
  const Json* drop_in = json->find("drop_in");
  if (!drop_in) reader.fail("drop_in");
  if (drop_in) transaction.plan.drop_in = parse_drop_in(*drop_in, reader);
  transaction.caller = parse_caller(json->find("caller"));
  transaction.ended_by = parse_caller(json->find("ended_by"));
  if (!reader.wrong().empty()) return damaged("\"" + reader.wrong() + "\" is not as it must be");
  return transaction;
}

std::string rollback_conf(const Transaction& transaction) {
  std::string text = fmt::format(
      "# The values that stood before transaction {} of {}.\n"
      "# Restore them with: {}sysctl -p {}/rollback.conf\n",
      transaction.id, transaction.created, command_in_namespace(transaction.identity.named),
      transaction_directory(transaction.id));
  for (const Change& change : writes_of(inverse_of(transaction.plan))) {
    text += fmt::format("{} = {}\n", name_in_file(change.parameter), change.after.text());
  }
  return text;
}

Status Journal::save(const Transaction& transaction) {
  const std::string where = transaction_directory(transaction.id);
  if (transaction.state == TransactionState::kPrepared) {
    const std::string above = where.substr(0, where.rfind('/'));
    if (const Status made = files_.make_directory(above, kDirectoryMode); !made) return made;
    // What stands there already is never written over, whatever the listing that gave the id said.
    const Status created = files_.create_directory(where, kDirectoryMode);
    if (!created && created.error().os_error == EEXIST) {
      return Error{ErrorKind::kBusy,
                   where + " is there already, though it was not among the transactions; nothing " +
                       "was changed, try again",
                   EEXIST};
    }
    if (!created) return created;
    const Status saved =
        files_.replace(where + "/rollback.conf", rollback_conf(transaction), kFileMode);
    if (!saved) return saved;
  }
  const Status saved =
      files_.replace(where + "/journal.json", journal_text(transaction), kFileMode);
  if (!saved || transaction.state != TransactionState::kPrepared) return saved;
  const auto read_back = load(transaction.id);
  if (read_back && read_back->plan == transaction.plan) return {};
  if (const Status removed = files_.remove(where + "/journal.json"); !removed) return removed;
  if (!read_back) return read_back.error();
  return Error{ErrorKind::kRejected,
               "the journal cannot say exactly what stood before (is " +
                   (transaction.plan.drop_in ? transaction.plan.drop_in->path : "a value") +
                   " not UTF-8?); nothing was changed",
               0};
}

Result<Transaction> Journal::load(const std::string& id) const {
  const auto number = parse_decimal(id);
  if (!number || *number < 1) {
    return Error{ErrorKind::kNotFound,
                 "\"" + id + "\" is no transaction; `sysctl-advisor history` lists them", 0};
  }
  const std::string path = transaction_directory(std::to_string(*number)) + "/journal.json";
  const auto text = files_.read_trusted(path);
  if (!text && text.error().kind == ErrorKind::kNotFound) {
    return Error{ErrorKind::kNotFound,
                 "there is no transaction " + id + "; `sysctl-advisor history` lists them", 0};
  }
  if (!text) return text.error();
  auto transaction = parse_journal(*text);
  if (!transaction) return unusable(id, transaction.error().message);
  if (transaction->id != std::to_string(*number)) {
    return unusable(id, "it is the journal of another transaction");
  }
  return transaction;
}

Result<std::vector<int64_t>> Journal::numbers() const {
  const auto names = files_.list(std::string(kStateDirectory) + "/transactions");
  std::vector<int64_t> numbers;
  if (!names && names.error().kind == ErrorKind::kNotFound) return numbers;
  if (!names && names.error().kind == ErrorKind::kDenied) {
    return Error{ErrorKind::kDenied,
                 "the transactions are for root to read: run this command with sudo", 0};
  }
  if (!names) return names.error();
  for (const std::string& name : *names) {
    const auto number = parse_decimal(name);
    if (number && *number > 0 && *number < kLargestId) numbers.push_back(*number);
  }
  std::sort(numbers.rbegin(), numbers.rend());
  return numbers;
}

Result<std::vector<Transaction>> Journal::all() const {
  const auto known = numbers();
  if (!known) return known.error();
  std::vector<Transaction> transactions;
  for (const int64_t number : *known) {
    auto transaction = load(std::to_string(number));
    // A directory without a journal: cut off before anything was changed.
    if (!transaction && transaction.error().kind == ErrorKind::kNotFound) continue;
    if (!transaction) return transaction.error();
    transactions.push_back(std::move(*transaction));
  }
  return transactions;
}

Result<std::string> Journal::next_id() const {
  const auto known = numbers();
  if (!known) return known.error();
  return std::to_string(known->empty() ? 1 : known->front() + 1);
}

}  // namespace advisor
