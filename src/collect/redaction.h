#pragma once

#include <string>
#include <vector>

#include "collect/snapshot_file.h"
#include "model/catalogue.h"
#include "model/parameter.h"
#include "sysctld/configuration.h"

namespace advisor {

/// Takes out of a record what is not for everybody who may see it: the values of parameters that
/// the catalogue marks as secret, wherever they stand; comments of files other than `drop_in`;
/// names in directories that tell nothing of sysctl.d. What was left out says so.
void leave_out_secrets(HostRecord& record, const Catalogue& catalogue, const std::string& drop_in);

/// What stands in the place of a text that is left out.
inline constexpr const char* kLeftOut = "(left out)";

/// Whether the value of a parameter tells whose host it is, such as its name.
bool tells_whose_host(const ParameterName& name);

/// Takes out what tells whose host it is: its name, ids and all comments. IP addresses are
/// replaced, each always by the same of its family; loopback and unspecified ones stay, so that an
/// audit finds the same.
void anonymize(HostRecord& record);
/// The same of a snapshot alone. Hashed ids stay: they tell hosts apart, and not which they are.
void anonymize(Snapshot& snapshot);
/// The same of files that an audit reads besides: no line of them sets the name of the host.
void anonymize(Configuration& configuration);
void anonymize(std::vector<OtherSetting>& others);

}  // namespace advisor
