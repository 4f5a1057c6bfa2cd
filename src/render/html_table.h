#pragma once

#include <string>
#include <vector>

#include "render/html.h"

namespace advisor {

/// A table whose first column heads its rows.
struct HtmlTable {
  struct Column {
    std::string heading;
    bool is_number = false;
  };
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Html>> rows;  ///< as many cells each as there are columns
};

/// Wider than a screen, it scrolls by itself.
Html html_table(const HtmlTable& table);

}  // namespace advisor
