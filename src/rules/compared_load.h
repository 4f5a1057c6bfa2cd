#pragma once

#include "model/comparison.h"

namespace advisor {

/// What the load of a host comes to, of all that rules may ask but what sockets are doing: rates,
/// memory, and what is in use of limits; and the parameters that show such a number. What is not
/// known is left out.
Figures figures_of(const Snapshot& snapshot);

/// Adds to `comparison` what differs noticeably in the load: by a quarter of the larger number, and
/// by ten at least, or by what is little of its unit; and which accept queue is full in one of the
/// two alone. Where addresses were replaced, destinations and listeners are told by their ports.
void compare_load(const ComparedHost& before, const ComparedHost& after, Comparison& comparison);

}  // namespace advisor
