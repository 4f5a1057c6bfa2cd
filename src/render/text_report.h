#pragma once

#include <string>

#include "model/finding.h"
#include "render/style.h"

namespace advisor {

/// The report for a person: the load, each finding with its numbers and its why, what is to be told
/// `besides`, and a last line that counts them.
std::string text_report(const Report& report, const TextStyle& style,
                        const std::string& besides = {});

/// Which host, kernel and profiles it is about, and how it was sampled.
std::string text_host(const Report& report, const TextStyle& style);

/// "CRITICAL", "UNKNOWN", "OK" ..., and the SGR code of its colour.
std::string text_word(const Finding& finding);
const char* text_colour(const Finding& finding);
/// The same of a finding that asks for something.
std::string text_word(Severity severity);
const char* text_colour(Severity severity);

/// The verdict, the rule and its title: two lines or more.
std::string text_heading(const Finding& finding, const TextStyle& style);

/// What a finding advises, saw, misses and refers to; of a suppressed one, why it is.
std::string text_details(const Finding& finding, const TextStyle& style);

/// Every value that its rule looked at.
std::string text_values(const Finding& finding, const TextStyle& style);

}  // namespace advisor
