#pragma once

#include <string>

namespace advisor {

/// Once, where a pager is wanted: from then on show_by_pager() may start one.
void let_pager_show();

/// Shows a text that is longer than the screen by the program that PAGER names (less(1) where it is
/// not set), and waits until the reader has seen enough. False if the text is still to be written:
/// stdout is no terminal, the text fits it, PAGER is empty or `cat`, the program cannot be started,
/// or this process is root's or was started by sudo, since a pager can start other programs.
/// The words of PAGER are the program and its arguments: no shell reads them.
bool show_by_pager(const std::string& text);

}  // namespace advisor
