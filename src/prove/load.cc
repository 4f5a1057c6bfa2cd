#include "prove/load.h"

namespace advisor {

Status Load::mend(bool) {
  return {};
}

Status Load::keep_up() {
  const auto outcome = run();
  return outcome ? Status() : Status(outcome.error());
}

std::unique_ptr<Load> make_load(const ProofLoad& load, const ProvingPlace& place) {
  switch (load.kind) {
    case LoadKind::kChurn:
      return make_churn(load, place);
    case LoadKind::kHold:
      return make_hold(load, place);
    case LoadKind::kBurst:
      return make_burst(load, place);
    case LoadKind::kRestart:
      return make_restart(load, place);
    case LoadKind::kBulk:
      return make_bulk(load, place);
    case LoadKind::kOutage:
      return make_outage(load, place);
    case LoadKind::kDatagrams:
      return make_datagrams(load, place);
    case LoadKind::kRedirects:
      break;
  }
  return make_redirects(load, place);
}

}  // namespace advisor
