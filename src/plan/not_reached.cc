#include "plan/not_reached.h"

#include <fmt/format.h>

#include "base/text.h"

namespace advisor {
namespace {

struct Kind {
  TakesEffect when;
  const char* sentence;
};

constexpr Kind kKinds[] = {
    {TakesEffect::kNextListen,
     "servers that listen already keep what they have until they call listen() again"},
    {TakesEffect::kNewSockets, "sockets that are open already keep what they have"},
    {TakesEffect::kNextBoot, "it counts from the next boot on"},
};

}  // namespace

std::vector<std::string> not_reached_yet(const std::vector<Change>& changes,
                                         const Catalogue& catalogue) {
  std::vector<std::string> sentences;
  for (const Kind& kind : kKinds) {
    std::vector<std::string> names;
    for (const Change& change : changes) {
      const ParameterInfo* info = catalogue.find(change.parameter);
      if (info && info->takes_effect == kind.when) {
        names.emplace_back(change.parameter.dotted());
      }
    }
    if (names.empty()) continue;
    sentences.push_back(fmt::format("{}: {}", join(names, ", "), kind.sentence));
  }
  return sentences;
}

}  // namespace advisor
