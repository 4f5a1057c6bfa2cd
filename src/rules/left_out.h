#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/parameter.h"

namespace advisor {

/// The parameters that nobody can set here, and why. A parameter that only a write would show to be
/// closed is missing here.
using NotSettable = std::map<ParameterName, std::string>;

/// That a finding wants a parameter changed.
struct Wish {
  size_t finding = 0;
  ParameterName parameter;
  bool required = false;    ///< only makes the other wishes of the finding possible
  bool asked = true;        ///< its finding asks for it: it is neither suppressed nor unknown
  std::string untold = {};  ///< why its value could not be computed: left out in this finding alone
};

/// What becomes of a wish.
struct WishOutcome {
  std::string left_out;  ///< why it is not carried out; empty: it is
  bool moot = false;     ///< all that it should make possible is left out, so it is not asked for
};

/// The outcome of each wish. Left out is what cannot be set here; what requires such a parameter in
/// any finding that asks; what requires that; and so on. `wishes` are in the order of their
/// findings.
std::vector<WishOutcome> leave_out(const std::vector<Wish>& wishes,
                                   const NotSettable& not_settable);

}  // namespace advisor
