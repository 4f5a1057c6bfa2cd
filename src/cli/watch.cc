#include "cli/watch.h"

#include <algorithm>

#include "base/text.h"
#include "cli/advice.h"
#include "cli/host_reading.h"
#include "cli/host_summary.h"
#include "cli/version.h"
#include "collect/counter_sample.h"
#include "os/interruptible_wait.h"
#include "os/terminal.h"
#include "render/json_report.h"
#include "render/text_brief.h"
#include "render/text_report.h"

namespace advisor {
namespace {

using std::chrono::milliseconds;

/// The lines in the place of what the screen shows; those for which it has no room are left out.
std::string as_screen(const std::string& text) {
  const auto lines = split_lines(text);
  const size_t room = terminal_height().value_or(lines.size() + 1) - 1;
  const bool fits = lines.size() <= room;
  const size_t shown = fits ? lines.size() : room - std::min<size_t>(room, 1);
  std::string screen = "\033[H";
  for (size_t i = 0; i < shown; ++i) screen += std::string(lines[i]) + "\033[K\n";
  if (!fits)
    screen += "... " + grouped_digits(int64_t(lines.size() - shown)) + " more lines\033[K\n";
  return screen + "\033[J";
}

/// False if stdout did not take it all.
bool show_answer(Context& context, const Advice& advice) {
  const Report& report = advice.report;
  if (is_summary(context.request().format))
    return write_bytes_to_stdout(text_of(summarise(context, advice), context.request()));
  if (context.request().format == Format::kJson)
    return write_bytes_to_stdout(json_report(report, context.catalogue(), kVersion,
                                             context.request().detail.value_or(Detail::kAll))
                                     .line());
  // A screen has no room for more than a line each.
  const bool brief = context.request().brief || (stdout_is_terminal() && !context.style().verbose);
  const std::string text =
      brief ? text_brief(report, context.style()) : text_report(report, context.style());
  const std::string& taken = report.snapshot.taken;
  if (!stdout_is_terminal()) return write_stdout("--- " + taken + "\n" + text + "\n");
  const std::string title = "Every " + duration_text(*context.request().watch) + ", now " + taken;
  return write_bytes_to_stdout(as_screen(as_shown(title + "\n\n" + text)));
}

}  // namespace

ExitStatus watch_audit(Context& context) {
  const Request& request = context.request();
  InterruptibleWait interruptible;
  Clock& clock = context.clock();
  ExitStatus status = ExitStatus::kTrouble;
  // /sys shows the interfaces of the namespace in which it was mounted.
  const bool shown = request.netns.empty();
  CounterSample before = sample_counters(context.files(), clock, shown);
  double next = before.monotonic_seconds + double(request.interval.count()) / 1000;
  for (int64_t round = 1;; ++round) {
    const double left = std::max(0.0, next - clock.monotonic_seconds());
    const auto end = interruptible.wait(milliseconds(int64_t(left * 1000)));
    if (end != InterruptibleWait::End::kTime) {
      if (round > 1) return status;
      fail("interrupted before the first audit");
      return end_without_audit(context);
    }
    CounterSample now = sample_counters(context.files(), clock, shown);
    const bool one_sample = round == 1 && request.interval.count() == 0;
    EarlierReadings earlier;
    earlier.counters =
        one_sample ? Counters{{}, now.values, 0} : counters_between(std::move(before), now);
    const auto advice = advise(context, std::move(earlier));
    if (!advice) return end_without_audit(context);
    status = status_of(advice->report, request);
    if (!show_answer(context, *advice)) {
      return unwritten(status);
    }
    if (request.count && round >= *request.count) return status;
    before = std::move(now);
    next = std::max(next + double(request.watch->count()) / 1000, clock.monotonic_seconds());
  }
}

}  // namespace advisor
