#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace advisor {

/// What reports for people say in the same words, whatever their format.

/// "profile baseline", "profiles a + b".
std::string profiles_in_words(const Report& report);

/// "rates over 1.0 s", or that there are none.
std::string sampling_in_words(const Snapshot& snapshot);

/// When the host was read: "2026-11-22 22:01:56 UTC".
std::string time_in_words(const Snapshot& snapshot);

/// What the reader has to know of the host, a sentence each: that it is a container, and what else
/// is there that was not looked at.
std::vector<std::string> host_remarks(const Host& host);

/// What the next boot makes of a parameter, by the files.
std::string in_words(const ValueAtBoot& at_boot);

/// "takes effect: new connections; can be taken back".
std::string effect_in_words(const Recommendation& wanted);

/// What there is to know before the value is set besides that, a sentence each: what the next boot
/// makes of it, that it is only a precondition, what it costs.
std::vector<std::string> remarks_on(const Recommendation& wanted);

/// "ticket 4711 (/etc/sysctl-advisor/config.toml:3 until 2027-01-31)".
std::string in_words(const Suppression& suppression);

/// Where a source can be read: itself, if it is an address of the web, or that of an RFC; else
/// empty.
std::string address_of_source(std::string_view reference);

/// The kernel memory that all advice together can take; empty where that is not worth a line.
std::string memory_in_words(const Report& report);

/// Which of these findings could not be judged, by what was missing; one that missed several things
/// stands under each, one that names none under the empty text.
std::map<std::string, std::vector<const Finding*>> by_what_is_missing(
    const std::vector<const Finding*>& findings);

/// "2 warnings, 1 note; 5 checks fine; 1 unknown".
std::string summary_line(const Report& report);

}  // namespace advisor
