#include "render/json_status.h"

#include "render/json_transaction.h"

namespace advisor {
namespace {

Json deviation_json(const Deviation& deviation) {
  const Reading& now = deviation.now;
  return Json::Object{{"transaction", deviation.transaction},
                      {"parameter", deviation.parameter.dotted()},
                      {"applied", deviation.applied.text()},
                      {"now", now ? Json(now->text()) : Json(nullptr)},
                      {"error", now ? Json(nullptr) : Json(now.error().message)}};
}

Json entries_json(const std::vector<TransactionEntry>& entries) {
  Json::Array rows;
  for (const TransactionEntry& entry : entries) rows.push_back(json_entry(entry));
  return rows;
}

}  // namespace

Json json_status(const HostStatus& status) {
  Json::Array deviations;
  for (const Deviation& deviation : status.deviations) {
    deviations.push_back(deviation_json(deviation));
  }
  return Json::Object{
      {"schema", "sysctl-advisor/status/1"},
      {"version", status.version},
      {"host", Json::Object{{"name", status.host}, {"kernel", status.kernel}}},
      {"in_order", status.in_order()},
      {"transactions_unknown", Json::text_or_null(status.transactions_unknown)},
      {"applied", status.applied},
      {"deviations", std::move(deviations)},
      {"open", entries_json(status.open)},
      {"latest", status.latest.empty() ? Json(nullptr) : json_entry(status.latest.front())},
      {"boot", Json::Object{{"lines_not_in_effect", status.lines_not_in_effect},
                            {"lines_without_effect", status.lines_without_effect},
                            {"unknown", Json::text_or_null(status.boot_unknown)},
                            {"unit", status.boot_unit}}}};
}

}  // namespace advisor
