#include "render/html_table.h"

namespace advisor {
namespace {

Markup number_class(const HtmlTable::Column& column) {
  return column.is_number ? Markup(" class=\"number\"") : Markup("");
}

}  // namespace

Html html_table(const HtmlTable& table) {
  Html html("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
  html.text(table.caption).raw("\"><table>\n<caption>").text(table.caption);
  html.raw("</caption>\n<thead><tr>");
  for (const HtmlTable::Column& column : table.columns) {
    html.raw("<th scope=\"col\"").raw(number_class(column)).raw(">");
    html.text(column.heading).raw("</th>");
  }
  html.raw("</tr></thead>\n<tbody>\n");
  for (const std::vector<Html>& row : table.rows) {
    html.raw("<tr>");
    for (size_t i = 0; i < row.size(); ++i) {
      const bool heads = i == 0;
      html.raw(heads ? Markup("<th scope=\"row\"") : Markup("<td"));
      html.raw(number_class(table.columns[i])).raw(">").add(row[i]);
      html.raw(heads ? Markup("</th>") : Markup("</td>"));
    }
    html.raw("</tr>\n");
  }
  return html.raw("</tbody>\n</table></div>\n");
}

}  // namespace advisor
