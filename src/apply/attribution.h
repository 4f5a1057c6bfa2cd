#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apply/transaction.h"
#include "base/json.h"

namespace advisor {

/// As journals and the history hold it; null if it is not known.
Json caller_json(const std::optional<Caller>& caller);

/// What a journal says of a caller. What it does not say, as those of older versions do not, or
/// says in another form, is not known: whether a change can be taken back never hangs on it.
std::optional<Caller> parse_caller(const Json* json);

/// "alice (login uid 1000), by sudo, on /dev/pts/3: sysctl-advisor apply --yes", for one line of a
/// terminal.
std::string caller_text(const Caller& caller);

/// What the log of the host is told of the state that a transaction reached. `why` says how it came
/// there, if the state alone does not: "transaction 3 was not confirmed in time: rolled-back; ...".
std::string state_record(const Transaction& transaction, std::string_view why);

}  // namespace advisor
