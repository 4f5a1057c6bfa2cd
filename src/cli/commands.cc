#include "cli/commands.h"

#include <array>

namespace advisor {

std::span<const Command* const> commands() {
  static constexpr std::array kCommands{&kAuditCommand,    &kExplainCommand, &kDiffCommand,
                                        &kApplyCommand,    &kConfirmCommand, &kRollbackCommand,
                                        &kRecoverCommand,  &kStatusCommand,  &kHistoryCommand,
                                        &kProfilesCommand, &kRulesCommand,   &kParametersCommand,
                                        &kSnapshotCommand, &kCompareCommand, &kReportCommand,
                                        &kLintCommand,     &kProveCommand,   &kCompletionCommand};
  return kCommands;
}

}  // namespace advisor
