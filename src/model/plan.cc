#include "model/plan.h"

#include <algorithm>

namespace advisor {

Plan inverse_of(const Plan& plan) {
  Plan inverse = plan;
  std::reverse(inverse.changes.begin(), inverse.changes.end());
  for (Change& change : inverse.changes) std::swap(change.before, change.after);
  if (inverse.drop_in) std::swap(inverse.drop_in->before, inverse.drop_in->after);
  return inverse;
}

}  // namespace advisor
