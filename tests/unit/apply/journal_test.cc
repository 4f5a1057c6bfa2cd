#include "apply/journal.h"

#include <doctest/doctest.h>

#include <cerrno>

#include "apply/seal.h"
#include "base/json.h"
#include "unit/apply/world.h"

namespace advisor::journal_test {
namespace {

using testing::change;
using testing::SmallWorld;

Transaction example() {
  Transaction transaction;
  transaction.id = "7";
  transaction.state = TransactionState::kCommitted;
  transaction.created = "2026-11-22T22:01:56Z";
  transaction.profiles = {"baseline", "/etc/x \"quoted\".toml"};
  transaction.undoes = "3";
  transaction.deadline = Deadline{"2026-11-22T22:02:56Z", std::chrono::milliseconds(5'060'000)};
  transaction.ended = "2026-11-22T22:02:10Z";
  transaction.identity = {"boot", "4:1000"};
  transaction.plan = {
      {change("net.ipv4.ip_local_port_range", "32768 60999", "15000 60999"),
       change("net.ipv4.ip_local_reserved_ports", "", "8080")},
      FileChange{"/etc/sysctl.d/x.conf", std::nullopt, "a = 1\n# \xc3\xa9\n"},
      {{testing::name("vm.dirty_ratio"), testing::value("20"), std::nullopt,
        testing::name("vm.dirty_bytes")},
       {testing::name("net.ipv4.conf.all.forwarding"), testing::value("0"), testing::value("1")}},
      {"a.b is gone"}};
  return transaction;
}

bool same(const Transaction& a, const Transaction& b) {
  return journal_text(a) == journal_text(b);
}

ErrorKind kind_of(const std::string& text) {
  const auto parsed = parse_journal(text);
  REQUIRE_FALSE(parsed);
  return parsed.error().kind;
}

/// The journal with one member replaced.
std::string with_member(std::string_view key, const Json& value) {
  const Json json = *parse_json(journal_text(example()));
  Json::Object members;
  for (const auto& [name, member] : *json.as<Json::Object>()) {
    members.emplace_back(name, name == key ? value : member);
  }
  members.pop_back();  // the checksum
  return sealed(Json(members).dump());
}

}  // namespace

TEST_CASE("journal: what is written is read back in full") {
  for (const TransactionState state :
       {TransactionState::kPrepared, TransactionState::kProvisional, TransactionState::kCommitted,
        TransactionState::kRolledBack, TransactionState::kStuck}) {
    Transaction transaction = example();
    transaction.state = state;

    const auto read = parse_journal(journal_text(transaction));

    REQUIRE(read);
    CHECK(read->state == state);
    CHECK(read->plan == transaction.plan);
    CHECK(read->profiles == transaction.profiles);
    CHECK(read->undoes == transaction.undoes);
    CHECK(read->deadline == transaction.deadline);
    CHECK(read->ended == transaction.ended);
    CHECK(read->identity == transaction.identity);
    CHECK(same(*read, transaction));
  }
}

TEST_CASE("journal: no transaction takes the place of another, whatever gave it that id") {
  SmallWorld host;
  Journal journal(host.files);
  Transaction first = example();
  first.id = "1";
  first.undoes.reset();
  first.state = TransactionState::kPrepared;
  REQUIRE(journal.save(first));
  const auto files = host.files.files();
  Transaction second = first;
  second.plan.changes = {change("net.core.somaxconn", "5000", "6000")};

  const Status saved = journal.save(second);

  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == ErrorKind::kBusy);
  CHECK(host.files.files() == files);
  // The same with the id of one that was cut off before its journal was written.
  REQUIRE(host.files.make_directory(transaction_directory("2"), 0700));
  second.id = "2";
  CHECK_FALSE(journal.save(second));
  CHECK(host.files.files() == files);
}

TEST_CASE("journal: transactions that cannot be listed are an error, and give no id") {
  SmallWorld host;
  host.files.make_unreadable(std::string(kStateDirectory) + "/transactions", EIO);
  const Journal journal(host.files);

  CHECK_FALSE(journal.next_id());
  CHECK_FALSE(journal.all());
}

TEST_CASE("journal: what --netns called the namespace is kept, and is nothing to miss") {
  Transaction transaction = example();
  transaction.identity.named = "blue";

  CHECK(parse_journal(journal_text(transaction))->identity.named == "blue");
  CHECK(rollback_conf(transaction).find("ip netns exec blue sysctl -p /var") != std::string::npos);
  CHECK(journal_text(example()).find("netns") == std::string::npos);
}

TEST_CASE("journal: who asked is kept, and one of an older version that does not say is read") {
  Transaction transaction = example();
  transaction.caller = Caller{1000, "alice", "", std::nullopt, "/dev/tty1", "apply \x1b'x'"};
  transaction.ended_by = Caller{};
  const auto read = parse_journal(journal_text(transaction));
  REQUIRE(read);
  CHECK(read->caller == transaction.caller);
  CHECK(read->ended_by == transaction.ended_by);

  const Json json = *parse_json(journal_text(transaction));
  Json::Object older;
  for (const auto& [key, member] : *json.as<Json::Object>()) {
    if (key != "caller" && key != "ended_by" && key != "checksum") older.emplace_back(key, member);
  }
  const auto old = parse_journal(sealed(Json(older).dump()));

  REQUIRE(old);
  CHECK_FALSE(old->caller);
  CHECK_FALSE(old->ended_by);
  CHECK(old->plan == transaction.plan);
}

TEST_CASE(
    "journal: one of a newer version is refused by that name, if it is none that was damaged") {
  const std::string newer = with_member("schema", "sysctl-advisor/journal/2");
  const auto why = [](const std::string& text) { return parse_journal(text).error().message; };
  CHECK(why(newer).starts_with("written by a newer version of sysctl-advisor"));
  CHECK(why(newer).find("sysctl-advisor/journal/2") != std::string::npos);
  CHECK(why(*unsealed(newer)).starts_with("written by a newer version"));
  CHECK(why("{\"schema\": \"sysctl-advisor/journal/3\", \"checksum\": \"sha256:0\"}")
            .starts_with("written by a newer version"));

  for (const char* other : {"sysctl-advisor/journal/0", "sysctl-advisor/journal/1x",
                            "sysctl-advisor/journal/", "sysctl-advisor/audit/2", ""}) {
    CAPTURE(std::string(other));
    CHECK(why(with_member("schema", other)) ==
          "the journal is damaged: its schema is not sysctl-advisor/journal/1");
  }
  std::string flipped = journal_text(example());
  flipped[flipped.find("journal/1") + 8] = '3';
  CHECK(why(flipped) == "the journal is damaged: its checksum does not fit what it says");
}

TEST_CASE("journal: cut off at any byte it is corrupt") {
  const std::string whole = journal_text(example());

  for (size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(kind_of(whole.substr(0, size)) == ErrorKind::kCorrupt);
  }
}

TEST_CASE("journal: with any byte changed it is corrupt, whatever it then says") {
  const std::string whole = journal_text(example());

  for (size_t at = 0; at < whole.size(); ++at) {
    for (const int pattern : {1 << at % 8, 255}) {
      std::string damaged = whole;
      damaged[at] = char(damaged[at] ^ pattern);
      CAPTURE(at);
      CAPTURE(pattern);
      CHECK(kind_of(damaged) == ErrorKind::kCorrupt);
    }
  }
}

TEST_CASE("journal: one that was written without a checksum is not believed") {
  CHECK(kind_of(*unsealed(journal_text(example()))) == ErrorKind::kCorrupt);
}

TEST_CASE("journal: a checksum is that of the bytes before it") {
  // FNV-1a of "" and of "a", from the definition by Fowler, Noll and Vo.
  CHECK(sealed("").find("cbf29ce484222325") != std::string::npos);
  CHECK(sealed("a").find("af63dc4c8601ec8c") != std::string::npos);
  CHECK(*unsealed(sealed("{\n  \"a\": 1\n}\n")) == "{\n  \"a\": 1\n}\n");
}

TEST_CASE("journal: a block of zeros in it, as a power cut leaves one, is corrupt") {
  const std::string whole = journal_text(example());

  for (size_t at = 0; at + 16 < whole.size(); ++at) {
    std::string damaged = whole;
    damaged.replace(at, 16, std::string(16, '\0'));
    CAPTURE(at);

    CHECK(kind_of(damaged) == ErrorKind::kCorrupt);
  }
}

TEST_CASE("journal: a member that is missing or of the wrong form is named") {
  const Json whole = *parse_json(journal_text(example()));
  for (const auto& [name, value] : *whole.as<Json::Object>()) {
    const std::string key(name);
    CAPTURE(key);
    if (key == "checksum" || key == "caller" || key == "ended_by") continue;

    const auto read = parse_journal(with_member(key, Json(0.5)));

    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kCorrupt);
    CHECK(read.error().message.find(key == "schema" ? "schema" : key) != std::string::npos);
  }
}

TEST_CASE("journal: what must be confirmed says by when") {
  Transaction transaction = example();
  transaction.state = TransactionState::kProvisional;
  transaction.deadline = std::nullopt;
  CHECK(kind_of(journal_text(transaction)) == ErrorKind::kCorrupt);

  for (const Json& deadline :
       {Json(1), Json("2026-11-22T22:02:56Z"), Json(Json::Object{{"utc", "2026-11-22T22:02:56Z"}}),
        Json(Json::Object{{"utc", "2026-11-22T22:02:56Z"}, {"boottime_ms", -1}})}) {
    CHECK(kind_of(with_member("deadline", deadline)) == ErrorKind::kCorrupt);
  }
}

TEST_CASE("journal: a name or a state that cannot be is refused") {
  CHECK(kind_of(with_member("state", "half-done")) == ErrorKind::kCorrupt);
  CHECK(kind_of(with_member("schema", "sysctl-advisor/journal/2")) == ErrorKind::kCorrupt);
  CHECK(kind_of(with_member("changes",
                            Json::Array{Json::Object{{"parameter", "net/../../etc/passwd"},
                                                     {"before", "1"},
                                                     {"after", "2"},
                                                     {"because", "r"}}})) == ErrorKind::kCorrupt);
  for (const char* id : {"", "0", "-1", "../1", "x"}) {
    CAPTURE(std::string(id));
    CHECK(kind_of(with_member("id", id)) == ErrorKind::kCorrupt);
  }
}

TEST_CASE("journal: only an older transaction can be the one that is taken back") {
  CHECK(kind_of(with_member("undoes", "7")) == ErrorKind::kCorrupt);
  CHECK(kind_of(with_member("undoes", "8")) == ErrorKind::kCorrupt);
  CHECK(parse_journal(with_member("undoes", "6")));
  CHECK(parse_journal(with_member("undoes", nullptr)));
}

TEST_CASE("journal: rollback.conf restores the old values, last change first") {
  const std::string text = rollback_conf(example());

  CHECK(
      text.ends_with("net.ipv4.ip_local_reserved_ports = \n"
                     "net.ipv4.ip_local_port_range = 32768 60999\n"
                     "vm.dirty_ratio = 20\nnet.ipv4.conf.all.forwarding = 0\n"));
  CHECK(text.find("sysctl -p /var/lib/sysctl-advisor/transactions/7/rollback.conf") !=
        std::string::npos);
}

TEST_CASE("journal: rollback.conf is there before the journal, and both are kept by number") {
  SmallWorld host;
  Transaction transaction = example();
  transaction.state = TransactionState::kPrepared;

  REQUIRE(Journal(host.files).save(transaction));

  const std::string where = "/var/lib/sysctl-advisor/transactions/7/";
  CHECK(host.files.files().contains(where + "rollback.conf"));
  CHECK(host.files.files().contains(where + "journal.json"));
  CHECK(same(*Journal(host.files).load("7"), transaction));
  CHECK(*Journal(host.files).next_id() == "8");
}

TEST_CASE("journal: transactions are listed newest first, by number and not by letter") {
  SmallWorld host;
  Journal journal(host.files);
  Transaction transaction = example();
  transaction.undoes.reset();
  transaction.state = TransactionState::kPrepared;
  for (const char* id : {"2", "10", "9"}) {
    transaction.id = id;
    REQUIRE(journal.save(transaction));
  }

  const auto all = journal.all();

  REQUIRE(all);
  std::vector<std::string> ids;
  for (const Transaction& known : *all) ids.push_back(known.id);
  CHECK(ids == std::vector<std::string>{"10", "9", "2"});
}

TEST_CASE("journal: a directory without a journal was cut off before anything changed") {
  SmallWorld host;
  host.files.put("/var/lib/sysctl-advisor/transactions/3/rollback.conf", "");
  host.files.put("/var/lib/sysctl-advisor/transactions/not-a-number/journal.json", "{");

  CHECK(Journal(host.files).all()->empty());
  CHECK(*Journal(host.files).next_id() == "4");
}

TEST_CASE("journal: a damaged one stops everything and is named") {
  SmallWorld host;
  host.files.put("/var/lib/sysctl-advisor/transactions/3/journal.json", "{\"schema\": ");

  const auto all = Journal(host.files).all();

  REQUIRE_FALSE(all);
  CHECK(all.error().kind == ErrorKind::kCorrupt);
  CHECK(all.error().message.find("/transactions/3/journal.json") != std::string::npos);
  CHECK(all.error().message.find("/transactions/3 away") != std::string::npos);
}

TEST_CASE("journal: what a cut-off write left beside it stops nothing") {
  SmallWorld host;
  host.files.put("/var/lib/sysctl-advisor/transactions/3/journal.json.new", "");

  CHECK(Journal(host.files).all()->empty());
}

TEST_CASE("journal: one that stands in the directory of another transaction is corrupt") {
  SmallWorld host;
  host.files.put("/var/lib/sysctl-advisor/transactions/9/journal.json", journal_text(example()));

  CHECK(Journal(host.files).load("9").error().kind == ErrorKind::kCorrupt);
  CHECK_FALSE(Journal(host.files).all());
}

TEST_CASE("journal: a number nobody knows is not found, and is never a path") {
  SmallWorld host;
  host.files.put("/var/lib/sysctl-advisor/secret/journal.json", journal_text(example()));

  for (const char* id :
       {"1", "", "0", "-1", "../secret", "1/../../secret", "99999999999999999999"}) {
    CAPTURE(std::string(id));
    const auto loaded = Journal(host.files).load(id);

    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::kNotFound);
  }
}

TEST_CASE("journal: where there are no transactions yet the first is number 1") {
  SmallWorld host;

  CHECK(Journal(host.files).all()->empty());
  CHECK(*Journal(host.files).next_id() == "1");
}

}  // namespace advisor::journal_test
