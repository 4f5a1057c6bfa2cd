#include "cli/progress_line.h"

#include "os/terminal.h"

namespace advisor {

ProgressLine::ProgressLine(const Request& request)
    : is_wanted_(!request.quiet && stderr_can_be_drawn_on()) {}

void ProgressLine::show(const std::string& text) {
  is_there_ = is_wanted_ && draw_on_stderr("\r\033[K" + text + " ...");
}

void ProgressLine::wipe() {
  if (is_there_) draw_on_stderr("\r\033[K");
  is_there_ = false;
}

}  // namespace advisor
