#include "cli/progress_line.h"

#include "os/terminal.h"

namespace advisor {

ProgressLine::ProgressLine(const Request& request)
    : shown_(!request.quiet && stderr_can_be_drawn_on()) {}

void ProgressLine::show(const std::string& text) const {
  if (shown_) draw_on_stderr("\r\033[K" + text + " ...");
}

void ProgressLine::wipe() const {
  if (shown_) draw_on_stderr("\r\033[K");
}

}  // namespace advisor
