#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace advisor {

/// Markup. Only what stands in the program can be one, so that no text of the world becomes it.
struct Markup {
  consteval Markup(const char* literal) : text(literal) {}
  std::string_view text;
};

/// A piece of a page in HTML: tags are opened and closed, and no text in it can end one, an
/// attribute or a style.
class Html {
 public:
  Html() = default;
  explicit Html(Markup markup) : html_(markup.text) {}

  /// Tags, as they stand. Whoever opens one closes it.
  Html& raw(Markup markup);
  /// Any bytes, shown as they are, in an element or between the quotes of an attribute: `?` stands
  /// for what steers a terminal, and for what is not UTF-8.
  Html& text(std::string_view bytes);
  /// The same of a sentence: what stands between backticks is set as code, and a number stays on
  /// one line. Not for attributes.
  Html& prose(std::string_view sentence);
  /// A number without digit groups, as attributes have it.
  Html& number(int64_t number);
  Html& add(const Html& piece);

  bool empty() const { return html_.empty(); }
  const std::string& str() const { return html_; }

 private:
  std::string html_;
};

/// One line of code, such as the name of a parameter: "<code>...</code>".
Html html_code(std::string_view text);

/// A sentence in a paragraph; nothing if it is empty.
Html html_paragraph(std::string_view sentence);

/// A list with bullets; nothing if there are no items.
template <typename Texts>
Html html_list(const Texts& sentences) {
  Html list;
  for (const auto& sentence : sentences) list.raw("<li>").prose(sentence).raw("</li>\n");
  if (list.empty()) return list;
  return Html("<ul>\n").add(list).raw("</ul>\n");
}

}  // namespace advisor
