#include "model/transaction.h"

#include <fmt/format.h>

#include "base/shell.h"
#include "base/text.h"

namespace advisor {
namespace {

struct NamespaceWords {
  std::string inode;
  std::string cookie;

  explicit NamespaceWords(const std::string& text) {
    const size_t colon = text.find(':');
    inode = text.substr(0, colon);
    if (colon != std::string::npos) cookie = text.substr(colon + 1);
  }
  bool has_cookie() const { return !cookie.empty() && cookie != "0"; }
};

constexpr int64_t kLargestUid = 0xffffffff;

Json number_or_null(const std::optional<int64_t>& number) {
  return number ? Json(*number) : Json(nullptr);
}

std::optional<int64_t> uid_at(const Json& json, const char* key) {
  const Json* member = json.find(key);
  const auto* number = member ? member->as<int64_t>() : nullptr;
  if (!number || *number < 0 || *number > kLargestUid) return std::nullopt;
  return *number;
}

/// "alice (login uid 1000), by sudo, on /dev/pts/3".
std::string who(const Caller& caller) {
  std::string text = "a process without a login";
  if (caller.login_uid) {
    const std::string uid = fmt::format("login uid {}", *caller.login_uid);
    text = caller.login.empty() ? uid : fmt::format("{} ({})", caller.login, uid);
  }
  const bool same = caller.sudo_user == caller.login;
  if (!caller.sudo_user.empty()) text += same ? ", by sudo" : ", by sudo of " + caller.sudo_user;
  if (!caller.tty.empty()) text += ", on " + caller.tty;
  return printable(text);
}

/// "apply baseline: 4 parameters, /etc/sysctl.d/x.conf".
std::string what(const Transaction& transaction) {
  std::string text = transaction.undoes ? "rollback of " + *transaction.undoes
                                        : "apply " + join(transaction.profiles, " + ");
  const size_t changes = transaction.plan.changes.size();
  if (changes > 0) text += fmt::format(", {} parameter{}", changes, changes == 1 ? "" : "s");
  const auto& drop_in = transaction.plan.drop_in;
  if (drop_in && drop_in->changes()) text += ", " + drop_in->path;
  const std::string& netns = transaction.identity.named;
  if (!netns.empty()) text += ", in network namespace " + netns;
  return text;
}

}  // namespace

const char* name_of(TransactionState state) {
  switch (state) {
    case TransactionState::kPrepared:
      return "prepared";
    case TransactionState::kProvisional:
      return "provisional";
    case TransactionState::kCommitted:
      return "committed";
    case TransactionState::kRolledBack:
      return "rolled-back";
    case TransactionState::kStuck:
      break;
  }
  return "stuck";
}

bool may_be_same_namespace(const std::string& a, const std::string& b) {
  const NamespaceWords left(a);
  const NamespaceWords right(b);
  if (left.inode != right.inode) return false;
  return !left.has_cookie() || !right.has_cookie() || left.cookie == right.cookie;
}

Json caller_json(const std::optional<Caller>& caller) {
  if (!caller) return nullptr;
  return Json::Object{{"login_uid", number_or_null(caller->login_uid)},
                      {"login", Json::text_or_null(caller->login)},
                      {"sudo_user", Json::text_or_null(caller->sudo_user)},
                      {"sudo_uid", number_or_null(caller->sudo_uid)},
                      {"tty", Json::text_or_null(caller->tty)},
                      {"command", Json::text_or_null(caller->command)}};
}

std::optional<Caller> parse_caller(const Json* json) {
  if (!json || !json->as<Json::Object>()) return std::nullopt;
  return Caller{uid_at(*json, "login_uid"), json->text_at("login"), json->text_at("sudo_user"),
                uid_at(*json, "sudo_uid"),  json->text_at("tty"),   json->text_at("command")};
}

std::string caller_text(const Caller& caller) {
  return caller.command.empty() ? who(caller) : who(caller) + ": " + printable(caller.command);
}

std::string state_record(const Transaction& transaction, std::string_view why) {
  std::string text = fmt::format("transaction {}", transaction.id);
  if (!why.empty()) text += fmt::format(" {}", why);
  text += fmt::format(": {}", name_of(transaction.state));
  const bool waits = transaction.state == TransactionState::kProvisional;
  if (waits && transaction.deadline) text += " until " + transaction.deadline->utc;
  text += fmt::format("; {}", what(transaction));
  if (const auto& caller = transaction.caller) text += fmt::format("; asked by {}", who(*caller));
  if (const auto& caller = transaction.ended_by) text += fmt::format("; ended by {}", who(*caller));
  return text;
}

std::string transaction_directory(const std::string& id) {
  return fmt::format("{}/transactions/{}", kStateDirectory, id);
}

std::string netns_option(const std::string& name_or_pid) {
  if (name_or_pid.empty()) return "";
  return " --netns " + shell_word(name_or_pid);
}

}  // namespace advisor
