#include "render/json_boot.h"

namespace advisor {
namespace {

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

Json kept_json(const KeptValue& kept) {
  return Json::Object{{"parameter", kept.change.parameter.dotted()},
                      {"value", kept.change.after.text()},
                      {"at_boot", kept.change.before.text()},
                      {"by_file", kept.by_file},
                      {"because", kept.change.because}};
}

Json beaten_json(const BeatenLine& beaten) {
  const auto& by = beaten.by;
  return Json::Object{{"parameter", beaten.parameter.dotted()},
                      {"value", beaten.wanted.text()},
                      {"loader", to_text(beaten.loader)},
                      {"where", by ? Json(to_text(by->where)) : Json(nullptr)},
                      {"sets", by ? text_or_null(by->value) : Json(nullptr)}};
}

}  // namespace

Json json_boot(const std::optional<BootProspect>& prospect) {
  if (!prospect) return nullptr;
  Json::Array kept, beaten;
  for (const KeptValue& value : prospect->kept) kept.push_back(kept_json(value));
  for (const BeatenLine& line : prospect->beaten_by) beaten.push_back(beaten_json(line));
  return Json::Object{
      {"loader", prospect->loader ? Json(to_text(*prospect->loader)) : Json(nullptr)},
      {"loader_because", prospect->loader_because},
      {"kept", std::move(kept)},
      {"beaten_by", std::move(beaten)},
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
