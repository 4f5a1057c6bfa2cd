#include "render/text_status.h"

#include <fmt/format.h>

#include "base/text.h"
#include "render/text_transaction.h"

namespace advisor {
namespace {

std::string deviation_words(const Deviation& deviation) {
  const std::string now = deviation.now ? "is " + deviation.now->text() + " now"
                                        : "cannot be read: " + deviation.now.error().message;
  return fmt::format("{} was set to {} by transaction {}, and {}", deviation.parameter.dotted(),
                     deviation.applied.text(), deviation.transaction, now);
}

/// What is left to be done about it.
std::string next_step(const TransactionEntry& entry) {
  const Transaction& transaction = entry.transaction;
  const std::string where = netns_option(transaction.identity.named);
  if (transaction.state == TransactionState::kProvisional && entry.seconds_left > 0) {
    return fmt::format("`sysctl-advisor confirm{}` keeps it", where);
  }
  return fmt::format("`sysctl-advisor recover{}` undoes it", where);
}

std::string applied_words(const HostStatus& status) {
  if (!status.transactions_unknown.empty()) return "not known: " + status.transactions_unknown;
  if (status.applied == 0) return "nothing is applied";
  const auto deviating = int64_t(status.deviations.size());
  const std::string parameters = counted(status.applied, "parameter");
  if (deviating == 0)
    return fmt::format("{} {} as set", parameters, status.applied == 1 ? "stands" : "stand");
  return fmt::format("{} set, {} of them changed since", parameters, deviating);
}

std::string boot_words(const HostStatus& status) {
  std::vector<std::string> parts;
  if (status.lines_not_in_effect > 0) {
    parts.push_back(counted(status.lines_not_in_effect, "line") + " of files not in effect now");
  }
  if (status.lines_without_effect > 0) {
    parts.push_back(counted(status.lines_without_effect, "line") +
                    (status.lines_without_effect == 1 ? " that never does what it says"
                                                      : " that never do what they say"));
  }
  if (!status.boot_unknown.empty()) parts.push_back("not all is known: " + status.boot_unknown);
  if (parts.empty()) return "the files bring about what stands now";
  return join(parts, ", ") + "; `sysctl-advisor audit --boot` tells them";
}

std::string unit_words(const HostStatus& status) {
  if (status.boot_unit) return "installed: a boot undoes what was not confirmed";
  return "no boot runs it: after a power cut what was not confirmed stands until `recover`";
}

std::string latest_words(const TransactionEntry& entry) {
  const Transaction& transaction = entry.transaction;
  return fmt::format("transaction {} of {}, {}{}", transaction.id, transaction.created,
                     state_words(entry),
                     transaction.caller ? "; " + caller_text(*transaction.caller) : "");
}

}  // namespace

std::string text_status(const HostStatus& status, const TextStyle& style) {
  std::string text = labelled("Host",
                              fmt::format("{}, kernel {}, sysctl-advisor {}", status.host,
                                          status.kernel, status.version),
                              style) +
                     labelled("Applied", applied_words(status), style);
  for (const Deviation& deviation : status.deviations) {
    text += labelled("Deviates", deviation_words(deviation), style);
  }
  for (const TransactionEntry& entry : status.open) {
    text += labelled("Open",
                     fmt::format("transaction {} is {}; {}", entry.transaction.id,
                                 state_words(entry), next_step(entry)),
                     style);
  }
  for (const TransactionEntry& entry : status.latest) {
    text += labelled("Latest", latest_words(entry), style);
  }
  return text + labelled("Next boot", boot_words(status), style) +
         labelled("Boot unit", unit_words(status), style);
}

std::string line_status(const HostStatus& status) {
  std::vector<std::string> parts;
  for (const TransactionEntry& entry : status.open) {
    parts.push_back(fmt::format("transaction {} is {}", entry.transaction.id, state_words(entry)));
  }
  const auto deviating = int64_t(status.deviations.size());
  if (deviating > 0) parts.push_back(counted(deviating, "parameter") + " changed since");
  if (!status.transactions_unknown.empty()) parts.push_back(applied_words(status));
  if (!parts.empty()) return join(parts, "; ") + "\n";
  const std::string besides =
      status.lines_not_in_effect > 0
          ? fmt::format("; {} of files not in effect", counted(status.lines_not_in_effect, "line"))
          : "";
  return "in order: " + applied_words(status) + besides + "\n";
}

}  // namespace advisor
