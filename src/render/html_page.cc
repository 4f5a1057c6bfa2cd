#include "render/html_page.h"

#include "base/text.h"
#include "render/html_style.h"

namespace advisor {

std::string html_page(std::string_view title, const Html& body) {
  // Should anything ever slip in that names another file, no browser loads it.
  Html page(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
  page.text(title).raw("</title>\n<style>").raw(kStyleSheet).raw("</style>\n</head>\n<body>\n");
  page.raw("<main>\n").add(body).raw("</main>\n</body>\n</html>\n");
  return page.str();
}

Html html_section(std::string_view heading, const Html& content) {
  return Html("<section>\n<h2>").text(heading).raw("</h2>\n").add(content).raw("</section>\n");
}

Html html_counts(const Html& counts) {
  return Html("<ul class=\"counts\">\n").add(counts).raw("</ul>\n");
}

Html html_count(Markup kind, int64_t count, std::string_view what) {
  Html html("<li class=\"");
  html.raw(kind).raw(count == 0 ? Markup(" none\"><b>") : Markup("\"><b>"));
  return html.prose(grouped_digits(count)).raw("</b>").text(what).raw("</li>\n");
}

Html html_fact(Markup term, const Html& said) {
  if (said.empty()) return {};
  return Html("<dt>").raw(term).raw("</dt><dd>").add(said).raw("</dd>\n");
}

Html html_facts(const Html& rows) {
  if (rows.empty()) return {};
  return Html("<dl class=\"facts\">\n").add(rows).raw("</dl>\n");
}

}  // namespace advisor
