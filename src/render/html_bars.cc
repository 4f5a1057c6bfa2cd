#include "render/html_bars.h"

#include <algorithm>

namespace advisor {
namespace {

/// The width of a drawn bar, in units of its own; a part that is not nothing has one at least.
constexpr int64_t kDrawn = 1000;

Markup class_of(BarKind kind) {
  switch (kind) {
    case BarKind::kLive:
      return "live";
    case BarKind::kWaiting:
      return "waiting";
    case BarKind::kFree:
      return "free";
    case BarKind::kBound:
      return "bound";
    case BarKind::kFull:
      break;
  }
  return "full";
}

Html rectangle(Markup kind, int64_t from, int64_t width) {
  Html html("<rect class=\"");
  html.raw(kind).raw("\" x=\"").number(from).raw("\" width=\"").number(width);
  return html.raw("\" height=\"12\"/>");
}

Html drawn(const Bar& bar) {
  Html html(
      "<svg class=\"bar\" role=\"img\" viewBox=\"0 0 1000 12\" preserveAspectRatio=\"none\">"
      "<title>");
  html.text(bar.label).raw(": ").text(bar.said).raw("</title>");
  html.add(rectangle("track", 0, kDrawn));
  int64_t at = 0;
  for (const BarPart& part : bar.parts) {
    if (part.size <= 0 || at >= kDrawn) continue;
    const double share = double(part.size) / double(std::max<int64_t>(bar.whole, 1));
    const auto width = int64_t(std::clamp(share * kDrawn, 1.0, double(kDrawn - at)));
    html.add(rectangle(class_of(part.kind), at, width));
    at += width;
  }
  if (bar.has_half_mark) {
    html.raw(
        "<line class=\"mark\" x1=\"500\" x2=\"500\" y1=\"0\" y2=\"12\" "
        "vector-effect=\"non-scaling-stroke\"/>");
  }
  return html.raw("</svg>");
}

Html in_list(const Html& symbol, std::string_view words) {
  Html html("<li><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\">");
  return html.add(symbol).raw("</svg>").text(words).raw("</li>\n");
}

}  // namespace

Html html_bars(const std::vector<Bar>& bars) {
  Html html("<ul class=\"bars\">\n");
  for (const Bar& bar : bars) {
    html.raw("<li><div class=\"head\">").add(html_code(bar.label));
    html.raw(bar.is_full ? Markup("<span class=\"said full\">") : Markup("<span class=\"said\">"));
    html.prose(bar.said).raw("</span></div>");
    html.add(drawn(bar)).add(html_paragraph(bar.note)).raw("</li>\n");
  }
  return html.raw("</ul>\n");
}

Html html_legend(const std::vector<BarMeaning>& meanings, const std::string& half_mark) {
  Html html("<ul class=\"legend\">\n");
  for (const BarMeaning& meaning : meanings) {
    html.add(in_list(rectangle(class_of(meaning.kind), 0, 12), meaning.words));
  }
  if (!half_mark.empty()) {
    html.add(
        in_list(Html("<line class=\"mark\" x1=\"6\" x2=\"6\" y1=\"0\" y2=\"12\"/>"), half_mark));
  }
  return html.raw("</ul>\n");
}

}  // namespace advisor
