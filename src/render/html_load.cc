#include "render/html_load.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "expr/format.h"
#include "facts/port_pressure.h"
#include "render/html_bars.h"
#include "render/html_page.h"
#include "render/html_table.h"
#include "render/load_words.h"

namespace advisor {
namespace {

/// How many destinations and listeners have a bar.
constexpr int64_t kMostBars = 10;

/// "3 of 128 ports (2 %)".
std::string share_in_words(int64_t part, int64_t whole, const char* what) {
  const double share = double(part) / double(std::max<int64_t>(whole, 1));
  return fmt::format("{} of {} {} ({})", grouped_digits(part), grouped_digits(whole), what,
                     expr::format(share, expr::Style::kPercent));
}

/// "held by nginx (pid 4711)", as a line of its own.
std::string owners_note(const std::vector<SocketOwner>& owners) {
  return owners.empty() ? "" : "held by " + owners_text(owners);
}

/// A port in TIME_WAIT that a new connection may take over counts as free.
Bar ports_bar(const PortPressure& ports, int64_t bound) {
  const DestinationLoad& to = *ports.load;
  const int64_t reusable = to.time_wait_ports - ports.blocked_in_time_wait();
  Bar bar;
  bar.label = towards_in_words(to);
  bar.said =
      (to.missed > 0 ? "at least " : "") + share_in_words(ports.blocked, ports.usable, "ports");
  if (reusable > 0) {
    bar.said += fmt::format("; {} more may be taken over", grouped_digits(reusable));
  }
  bar.note = owners_note(to.owners);
  bar.whole = ports.usable;
  bar.parts = {{BarKind::kLive, ports.live_ports()},
               {BarKind::kWaiting, ports.blocked_in_time_wait()},
               {BarKind::kBound, bound},
               {BarKind::kFree, reusable}};
  bar.has_half_mark = true;
  bar.is_full = ports.share_of(ports.blocked) >= kExhaustedShare;
  return bar;
}

/// Of all kinds that a bar has.
std::vector<BarMeaning> meanings_in(const std::vector<Bar>& bars) {
  constexpr BarMeaning kPortMeanings[] = {
      {BarKind::kLive, "connections"},
      {BarKind::kWaiting, "TIME_WAIT"},
      {BarKind::kBound, "bound, and not connected: taken for every destination"},
      {BarKind::kFree, "TIME_WAIT that may be taken over"}};
  std::vector<BarMeaning> meanings;
  for (const BarMeaning& meaning : kPortMeanings) {
    const auto is_drawn = [&](const Bar& bar) {
      return std::ranges::any_of(bar.parts, [&](const BarPart& part) {
        return part.kind == meaning.kind && part.size > 0;
      });
    };
    if (std::ranges::any_of(bars, is_drawn)) meanings.push_back(meaning);
  }
  return meanings;
}

Html ports_html(const Snapshot& snapshot) {
  const SocketLoad& load = *snapshot.sockets;
  std::vector<Bar> bars;
  for (const DestinationLoad& to : load.destinations) {
    if (int64_t(bars.size()) == kMostBars) break;
    bars.push_back(ports_bar(ports_towards(snapshot, to), load.bound_ports));
  }
  const Html remarks = html_list(load_remarks(load, bars.size()));
  if (bars.empty()) return remarks;
  Html html("<h3>Local ports that are taken, towards each destination</h3>\n");
  html.add(html_legend(meanings_in(bars),
                       "half of the range: beyond it connect() has to search, and gets slow"));
  return html.add(html_bars(bars)).add(remarks);
}

Bar queue_bar(const ListenerLoad& listener) {
  Bar bar;
  bar.label = endpoint_text(listener.address, listener.port);
  bar.whole = listener.backlog.value_or(0);
  bar.is_full = listener.backlog && listener.excess() > 0;
  bar.said = share_in_words(listener.waiting, bar.whole, "wait") + (bar.is_full ? ", full" : "");
  bar.parts = {{bar.is_full ? BarKind::kFull : BarKind::kLive, listener.waiting}};
  bar.note = owners_note(listener.owners);
  if (const int64_t dropped = listener.dropped.value_or(0); dropped > 0) {
    bar.note = fmt::format("{} dropped in the interval{}", grouped_digits(dropped),
                           bar.note.empty() ? "" : "; " + bar.note);
  }
  return bar;
}

/// Whether there is something to be seen of a listener: connections wait, or some were dropped.
bool is_busy(const ListenerLoad& listener) {
  return listener.waiting > 0 || listener.dropped.value_or(0) > 0;
}

Html queues_html(const SocketLoad& load) {
  if (load.listeners.empty()) return {};
  std::vector<const ListenerLoad*> busy;
  for (const ListenerLoad& listener : load.listeners) {
    if (is_busy(listener)) busy.push_back(&listener);
  }
  const auto count = int64_t(busy.size());
  const int64_t idle = int64_t(load.listeners.size()) - count;
  if (count > kMostBars) busy.resize(kMostBars);
  std::vector<Bar> bars;
  std::vector<std::string> sentences;
  for (const ListenerLoad* listener : busy) {
    if (listener->backlog) {
      bars.push_back(queue_bar(*listener));
    } else {
      sentences.push_back(in_words(*listener));
    }
  }
  if (count > kMostBars) {
    sentences.push_back("and " + counted(count - kMostBars, "more listener"));
  }
  if (idle > 0) {
    sentences.push_back("nothing waits at " +
                        counted(idle, count > 0 ? "other listener" : "listener"));
  }
  Html html("<h3>Connections that wait to be accepted, of each listener</h3>\n");
  if (!bars.empty()) html.add(html_bars(bars));
  return html.add(html_list(sentences));
}

Html states_html(const SocketLoad& load) {
  HtmlTable table{
      "TCP sockets by state", {{"State"}, {"Client side", true}, {"Server side", true}}, {}};
  const bool has_loopback = load.loopback.total() > 0;
  if (has_loopback) table.columns.push_back({"Client side on loopback", true});
  for (size_t i = 1; i < kTcpStateCount; ++i) {
    const auto state = TcpState(i);
    const auto cell = [&](const StateCounts& counts) {
      return Html().prose(grouped_digits(counts[state]));
    };
    if (load.client[state] == 0 && load.server[state] == 0) continue;
    std::vector<Html> row{html_code(name_of(state)), cell(load.client), cell(load.server)};
    if (has_loopback) row.push_back(cell(load.loopback));
    table.rows.push_back(std::move(row));
  }
  return table.rows.empty() ? Html() : html_table(table);
}

Html kernel_log_html(const Snapshot& snapshot) {
  if (!snapshot.kernel_log || snapshot.kernel_log->empty()) return {};
  std::vector<std::string> lines;
  for (const KernelLogHint& hint : *snapshot.kernel_log) lines.push_back(in_words(hint));
  return Html("<h3>In the kernel's log</h3>\n").add(html_list(lines));
}

}  // namespace

Html html_load(const Snapshot& snapshot) {
  Html html;
  if (!snapshot.sockets) {
    html.add(html_paragraph(snapshot.sockets.error().message));
  } else {
    const SocketLoad& load = *snapshot.sockets;
    html.add(html_paragraph(load_in_words(load))).add(ports_html(snapshot));
    html.add(queues_html(load)).add(states_html(load));
  }
  return html_section("Sockets", html.add(kernel_log_html(snapshot)));
}

}  // namespace advisor
