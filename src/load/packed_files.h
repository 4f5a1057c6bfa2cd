#pragma once

#include <memory>
#include <string>

#include "load/profile.h"

// What the build made of the files of the folder `profiles`, all of which it has parsed and
// checked: the program only has to read it. Places are packed without the name of their file.

namespace advisor {

std::string packed(Profile profile);
std::string packed(RuleGroup group);
std::string packed(Rule rule);
std::string packed(PlainTarget target);
/// Rows by key, each to be found without reading the others.
std::string packed(std::map<std::string, ParameterInfo> rows);

/// `source.packed` as it was before it was packed; demands on families of parameters (`*`) become
/// one for each parameter of this host; `diagnostics` says if that cannot be told.
Profile unpacked_profile(const SourceText& source, const ParameterKnowledge& known,
                         Diagnostics& diagnostics);
RuleGroup unpacked_rule_group(const SourceText& source, const ParameterKnowledge& known,
                              Diagnostics& diagnostics);
std::shared_ptr<const ParameterSource> unpacked_catalogue(const SourceText& source);

}  // namespace advisor
