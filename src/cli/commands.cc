#include "cli/commands.h"

#include <array>

namespace advisor {

std::span<const Command* const> commands() {
  static constexpr std::array<const Command*, 7> kCommands{
      &kAuditCommand,    &kExplainCommand, &kDiffCommand,    &kApplyCommand,
      &kRollbackCommand, &kHistoryCommand, &kProfilesCommand};
  return kCommands;
}

}  // namespace advisor
