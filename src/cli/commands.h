#pragma once

#include "cli/options.h"

namespace advisor {

extern const Command kAuditCommand;
extern const Command kExplainCommand;
extern const Command kDiffCommand;
extern const Command kLintCommand;
extern const Command kProveCommand;
extern const Command kCompletionCommand;
extern const Command kApplyCommand;
extern const Command kConfirmCommand;
extern const Command kRollbackCommand;
extern const Command kRecoverCommand;
extern const Command kStatusCommand;
extern const Command kHistoryCommand;
extern const Command kProfilesCommand;
extern const Command kRulesCommand;
extern const Command kParametersCommand;
extern const Command kSnapshotCommand;
extern const Command kCompareCommand;
extern const Command kReportCommand;

}  // namespace advisor
