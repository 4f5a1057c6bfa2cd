#include "fleet/host_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace advisor {
namespace {

/// Whether a line with the same machine-id as the host may be of it. How whoever collects the lines
/// calls a host counts more than how it calls itself.
bool may_be_of(const HostOfRows& host, const HostLine& line) {
  if (!host.inventory_name.empty() && !line.inventory_name.empty()) {
    return host.inventory_name == line.inventory_name;
  }
  return host.name.empty() || line.name.empty() || host.name == line.name;
}

bool is_of_a_name(char c) {
  return std::string_view("-._").find(c) != std::string_view::npos || (c >= '0' && c <= '9') ||
         (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// With HOST for the name, so that hosts that fail for the same reason say the same.
std::string without_name(const std::string& sentence, const std::string& name) {
  if (name.empty()) return sentence;
  std::string text;
  size_t from = 0;
  for (size_t at = sentence.find(name); at != std::string::npos; at = sentence.find(name, from)) {
    const size_t end = at + name.size();
    const bool is_part = (at > 0 && is_of_a_name(sentence[at - 1])) ||
                         (end < sentence.size() && is_of_a_name(sentence[end]));
    text.append(sentence, from, at - from).append(is_part ? name : "HOST");
    from = end;
  }
  return text.append(sentence, from);
}

/// The newer of two rows of one network namespace; of two of the same time the one that says
/// more, whichever comes first.
void supersede(HostOfRows& host, HostRow& row, HostRow other) {
  const auto rank = [](const HostRow& one) {
    return std::tuple(one.taken, one.state != AuditState::kFailed, one.findings.size());
  };
  ++host.superseded;
  if (rank(other) >= rank(row)) row = std::move(other);
}

void add_row(HostOfRows& host, HostRow row) {
  const auto same = std::ranges::find(host.rows, row.netns, &HostRow::netns);
  if (same == host.rows.end()) {
    host.rows.push_back(std::move(row));
  } else {
    supersede(host, *same, std::move(row));
  }
}

}  // namespace

const std::string& HostOfRows::shown_name() const {
  if (!inventory_name.empty()) return inventory_name;
  return name.empty() ? id : name;
}

AuditState HostOfRows::state() const {
  const AuditState best = std::ranges::min_element(rows, {}, &HostRow::state)->state;
  const AuditState worst = std::ranges::max_element(rows, {}, &HostRow::state)->state;
  return best == worst ? best : AuditState::kPartial;
}

std::vector<std::string> HostRows::profiles_of(const HostRow& row) const {
  const std::string& lines = names_.text_of(row.profiles);
  return lines.empty() ? std::vector<std::string>() : split(lines, '\n');
}

HostOfRows& HostRows::host_of(const HostLine& line) {
  const std::string& name = line.shown_name();
  // Lines that tell neither an id nor a name are of a host each, for all that is known.
  const bool is_known = !name.empty();
  const std::string id = !line.id.empty() ? line.id
                         : is_known       ? "name:" + name
                                          : fmt::format("line:{}", hosts_.size());
  std::vector<uint32_t>& candidates = by_id_[id];
  for (const uint32_t candidate : candidates) {
    if (may_be_of(hosts_[candidate], line)) return hosts_[candidate];
  }
  candidates.push_back(uint32_t(hosts_.size()));
  HostOfRows& host = hosts_.emplace_back();
  host.machine_id = line.id;
  host.id = id;
  return host;
}

HostRow HostRows::row_of(HostLine line) {
  const auto id_of = [this](std::string_view text) { return names_.id_of(text); };
  HostRow row;
  row.state = line.state;
  row.netns = id_of(line.netns);
  row.kernel = id_of(line.kernel);
  row.version = id_of(line.version);
  row.error = id_of(without_name(without_name(line.error, line.inventory_name), line.name));
  row.profile_hash = id_of(line.profile_hash);
  row.profiles = id_of(join(line.profiles, "\n"));
  row.taken = line.taken;
  for (const std::string& label : line.labels) row.labels.push_back(id_of(label));
  for (HostLine::Asking& finding : line.findings) {
    row.findings.push_back(
        {id_of(finding.rule), id_of(finding.title), finding.severity, std::move(finding.evidence)});
    for (const HostLine::Change& change : finding.changes) {
      row.changes.push_back({id_of(change.parameter), id_of(change.now), id_of(change.advised)});
    }
  }
  for (const HostLine::Unknown& unknown : line.unknown) {
    const NameId rule = id_of(unknown.rule);
    for (const std::string& missing : unknown.missing) {
      row.unknown.push_back({rule, id_of(missing)});
    }
    if (unknown.missing.empty()) row.unknown.push_back({rule, id_of("")});
  }
  row.destinations = std::move(line.destinations);
  if (line.transaction) {
    row.applied = {id_of(line.transaction->state), id_of(line.transaction->id),
                   id_of(line.transaction->deadline.value_or(""))};
    for (const HostLine::Drift& drift : line.transaction->drift) {
      row.drift.push_back({id_of(drift.parameter), id_of(drift.applied),
                           drift.now ? std::optional(id_of(*drift.now)) : std::nullopt});
    }
  }
  row.knows_boot = line.boot.has_value();
  if (!line.boot) return row;
  for (const std::string& lost : line.boot->lost) row.lost_at_boot.push_back(id_of(lost));
  for (const std::string& where : line.boot->not_in_effect) {
    row.not_in_effect.push_back(id_of(where));
  }
  return row;
}

void HostRows::add(HostLine line) {
  HostOfRows& host = host_of(line);
  if (!line.name.empty()) host.name = line.name;
  if (!line.inventory_name.empty()) host.inventory_name = line.inventory_name;
  add_row(host, row_of(std::move(line)));
}

void HostRows::finish() {
  // Nothing for a name that several hosts have.
  std::unordered_map<std::string_view, HostOfRows*> by_name;
  for (HostOfRows& host : hosts_) {
    if (host.machine_id.empty()) continue;
    const auto [entry, is_new] = by_name.emplace(host.shown_name(), &host);
    if (!is_new) entry->second = nullptr;
  }
  for (HostOfRows& host : hosts_) {
    if (!host.machine_id.empty()) continue;
    const auto known = by_name.find(host.shown_name());
    if (known == by_name.end() || !known->second) continue;
    known->second->superseded += host.superseded;
    for (HostRow& row : host.rows) add_row(*known->second, std::move(row));
    host.rows.clear();
  }
  std::erase_if(hosts_, [](const HostOfRows& host) { return host.rows.empty(); });
  for (HostOfRows& host : hosts_) {
    if (by_id_[host.id].size() > 1) host.id += "/" + host.shown_name();
    std::ranges::sort(host.rows, {}, [&](const HostRow& row) -> const std::string& {
      return names_.text_of(row.netns);
    });
  }
  by_id_.clear();
  std::ranges::sort(hosts_, {},
                    [](const HostOfRows& host) { return std::tie(host.shown_name(), host.id); });
}

}  // namespace advisor
