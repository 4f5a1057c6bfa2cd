#pragma once

#include <string>

#include "collect/snapshot_file.h"
#include "model/catalogue.h"

namespace advisor {

/// Takes out of a record what is not for everybody who may see it: the values of parameters that
/// the catalogue marks as secret, wherever they stand; comments of files other than `drop_in`;
/// names in directories that tell nothing of sysctl.d. What was left out says so.
void leave_out_secrets(HostRecord& record, const Catalogue& catalogue, const std::string& drop_in);

/// Takes out what tells whose host it is: its name, ids and all comments. IP addresses are
/// replaced, each always by the same of its family; loopback and unspecified ones stay, so that an
/// audit finds the same.
void anonymize(HostRecord& record);
/// The same of a snapshot alone. Hashed ids stay: they tell hosts apart, and not which they are.
void anonymize(Snapshot& snapshot);

}  // namespace advisor
