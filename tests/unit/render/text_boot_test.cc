#include "render/text_boot.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "render/json_boot.h"
#include "support/builders.h"

namespace advisor::text_boot_test {
namespace {

using testing::change;
using testing::name;
using testing::value;

const PersistentSetting kLine{
    .parameter = name("net.a"), .value = "2", .where = {"/etc/sysctl.d/10-a.conf", 1, 0}};

BootProspect prospect() {
  BootProspect prospect;
  prospect.loader = SysctlLoader::kSystemd;
  prospect.loader_because = "systemd runs this host";
  prospect.kept = {{change("net.a", "2", "10", "target:net.a"), kLine},
                   {change("net.b", "1", ""), std::nullopt}};
  return prospect;
}

}  // namespace

TEST_CASE("text of a boot: what is kept, and who reads the file") {
  CHECK(
      join(split_words(text_boot(prospect(), {})), " ") ==
      "Kept net.a = 10: it stands now; the files would leave 2 net.b = (empty): it stands now; no "
      "file sets it, and the default of the kernel is 1 At boot systemd-sysctl reads the file: "
      "systemd runs this host");
}

TEST_CASE("text of a boot: a loader that is not known is said not to be") {
  BootProspect unknown;
  unknown.loader_because = "systemd does not run this host";

  CHECK(join(split_words(text_boot(unknown, {})), " ") ==
        "At boot which program reads the file is not known: systemd does not run this host");
}

TEST_CASE("json of a boot: the lines that beat ours have their place, or null") {
  BootProspect beaten = prospect();
  PersistentSetting line{
      .parameter = name("net.a"), .value = "1", .where = {"/etc/sysctl.d/99-zzz.conf", 3, 0}};
  beaten.beaten_by = {{name("net.a"), value("10"), SysctlLoader::kProcps, line},
                      {name("net.a"), value("10"), SysctlLoader::kSystemd, std::nullopt}};

  const Json json = json_boot(beaten);

  CHECK(json.text_at("loader") == "systemd-sysctl");
  const auto& lines = *json.find("beaten_by")->as<Json::Array>();
  CHECK(lines[0].text_at("where") == "/etc/sysctl.d/99-zzz.conf:3");
  CHECK(lines[0].text_at("sets") == "1");
  CHECK(*lines[1].find("where") == Json(nullptr));
  CHECK(json_boot(std::nullopt) == Json(nullptr));
}

TEST_CASE("json of other writers: a file that tells by being there has no line") {
  const OtherSetting docker{"Docker", "net.a",       "1", {"/x/docker.service", 0, 0},
                            false,    "when it runs"};

  const Json json = json_other_writers({{name("net.a"), docker, true}});

  const Json& writer = json.as<Json::Array>()->at(0);
  CHECK(writer.text_at("where") == "/x/docker.service");
  CHECK(writer.text_at("parameter") == "net.a");
  CHECK(*writer.find("agrees") == Json(true));
  CHECK(*writer.find("certain") == Json(false));
}

}  // namespace advisor::text_boot_test
