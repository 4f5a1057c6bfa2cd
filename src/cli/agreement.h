#pragma once

#include "cli/advice.h"
#include "plan/proposal.h"

namespace advisor {

/// Advice, and the plan to carry it out.
struct Proposed {
  Advice advice;
  Proposal proposal;
};

/// kNone: the question cannot have been seen, or nobody answered it.
enum class Answer { kYes, kNo, kNone };

/// Makes the plan of the advice. Nothing, with the reasons printed, if it must not be carried out.
std::optional<Proposed> proposed(Context& context, std::optional<Advice> advice);

/// Shows the plan and asks, on stderr and stdin; with --yes all is agreed. Where findings are
/// chosen by themselves, `wanted` becomes what they come to, which is shown and asked for once
/// more.
Answer ask_for_agreement(Context& context, Proposed& wanted);

}  // namespace advisor
