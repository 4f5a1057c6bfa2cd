#pragma once

#include "render/html.h"

namespace advisor {

/// The style sheet of our pages. Its colours are variables, so that there is one place for those of
/// a light and one for those of a dark screen; all texts have a contrast of 4.5 or more in both.
extern const Markup kStyleSheet;

}  // namespace advisor
