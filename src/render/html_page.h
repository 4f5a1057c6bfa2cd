#pragma once

#include <string>
#include <string_view>

#include "render/html.h"

namespace advisor {

/// A whole page, in one file that loads nothing: light or dark as the reader's screen is, fit for
/// paper and for a telephone. `body` is what stands in its <main>.
std::string html_page(std::string_view title, const Html& body);

/// A part of a page, with its heading.
Html html_section(std::string_view heading, const Html& content);

/// The numbers of a head, each as `html_count` makes it.
Html html_counts(const Html& counts);
/// One number with what it counts, of a class that gives it its colour.
Html html_count(Markup kind, int64_t count, std::string_view what);

/// A term with what is said of it, as a row of `html_facts`; nothing if nothing is said.
Html html_fact(Markup term, const Html& said);
/// Rows of terms, side by side where there is room.
Html html_facts(const Html& rows);

}  // namespace advisor
