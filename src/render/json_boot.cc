#include "render/json_boot.h"

#include <fmt/format.h>

namespace advisor {
namespace {

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json kept_json(const KeptValue& kept) {
  return Json::Object{{"parameter", kept.change.parameter.dotted()},
                      {"value", kept.change.after.text()},
                      {"at_boot", kept.change.before.text()},
                      {"by_file", kept.line.has_value()},
                      {"because", kept.change.because}};
}

Json carried_out_json(const CarriedOut& carried) {
  const PersistentSetting& line = carried.at_boot.line;
  return Json::Object{
      {"parameter", carried.change.parameter.dotted()},
      {"now", carried.change.before.text()},
      {"value", carried.at_boot.value.text()},
      {"where", to_text(line.where)},
      {"sets", fmt::format("{} = {}", line.parameter.dotted(), line.value.value_or(""))}};
}

Json left_to_boot_json(const LeftToBoot& left) {
  Json::Array in_the_way;
  for (const PersistentSetting& line : left.in_the_way) {
    in_the_way.push_back(
        Json::Object{{"where", to_text(line.where)},
                     {"sets", fmt::format("{} = {}", line.parameter.dotted(), *line.value)}});
  }
  return Json::Object{{"parameter", left.change.parameter.dotted()},
                      {"value", left.change.after.text()},
                      {"computed", left.computed},
                      {"delete", std::move(in_the_way)}};
}

Json beaten_json(const BeatenLine& beaten) {
  const auto& by = beaten.by;
  return Json::Object{{"parameter", beaten.parameter.dotted()},
                      {"value", beaten.wanted.text()},
                      {"loader", to_text(beaten.loader)},
                      {"where", by ? Json(to_text(by->where)) : Json(nullptr)},
                      {"sets", by ? text_or_null(by->value) : Json(nullptr)}};
}

Json late_json(const LateModule& late) {
  return Json::Object{{"parameter", late.change.parameter.dotted()},
                      {"value", late.change.after.text()},
                      {"module", late.module}};
}

}  // namespace

Json json_boot(const std::optional<BootProspect>& prospect) {
  if (!prospect) return nullptr;
  Json::Array kept, beaten, late, carried_out, left_to_boot;
  for (const CarriedOut& carried : prospect->carried_out) {
    carried_out.push_back(carried_out_json(carried));
  }
  for (const LeftToBoot& left : prospect->left_to_boot) {
    left_to_boot.push_back(left_to_boot_json(left));
  }
  for (const KeptValue& value : prospect->kept) kept.push_back(kept_json(value));
  for (const BeatenLine& line : prospect->beaten_by) beaten.push_back(beaten_json(line));
  for (const LateModule& one : prospect->late) late.push_back(late_json(one));
  return Json::Object{
      {"loader", prospect->loader ? Json(to_text(*prospect->loader)) : Json(nullptr)},
      {"loader_because", prospect->loader_because},
      {"kept", std::move(kept)},
      {"carried_out", std::move(carried_out)},
      {"left_to_boot", std::move(left_to_boot)},
      {"beaten_by", std::move(beaten)},
      {"late_modules", std::move(late)},
      {"unread", Json::array_of(prospect->unread)}};
}

Json json_other_setting(const OtherSetting& setting) {
  return Json::Object{{"program", setting.program},
                      {"value", text_or_null(setting.value)},
                      {"where", to_text(setting.where)},
                      {"when", setting.when},
                      {"certain", setting.certain}};
}

Json json_other_writers(const std::vector<OtherWriter>& writers) {
  Json::Array items;
  for (const OtherWriter& writer : writers) {
    items.push_back(json_other_setting(writer.setting)
                        .with("parameter", writer.parameter.dotted())
                        .with("agrees", writer.agrees));
  }
  return items;
}

}  // namespace advisor
