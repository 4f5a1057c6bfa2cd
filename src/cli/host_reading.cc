#include "cli/host_reading.h"

#include "os/host_identity.h"
#include "os/kernel_log.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "os/terminal.h"

namespace advisor {
namespace {

/// What is being waited for, on a terminal; the line is wiped when the wait is over.
class ProgressLine {
 public:
  explicit ProgressLine(const Options& options) : shown_(!options.quiet && stderr_is_terminal()) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() {
    if (shown_) draw_on_stderr("\r\033[K");
  }
  void show(const std::string& text) const {
    if (shown_) draw_on_stderr("\r\033[K" + text + " ...");
  }

 private:
  bool shown_;
};

/// What facts stand on, whatever the rules name.
constexpr const char* kParametersOfFacts[] = {
    "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_tw_reuse",
    "net.ipv4.tcp_timestamps", "net.ipv4.tcp_ehash_entries"};

/// What the snapshot holds of the parameters, as if they alone had been asked for.
Snapshot recorded_host(Context& context, const std::set<ParameterName>& parameters) {
  Snapshot snapshot = context.record()->snapshot;
  snapshot.parameters.clear();
  for (const ParameterName& name : parameters) {
    snapshot.parameters.emplace(name, context.tree().read(name));
  }
  return snapshot;
}

}  // namespace

std::optional<std::chrono::milliseconds> interval_of(const Options& options) {
  const auto interval = parse_duration(options.interval);
  if (!interval) {
    fail("--interval must be a time such as 500ms, 1s or 1m, up to one hour, not \"" +
         options.interval + "\"");
  }
  return interval;
}

HostReading::HostReading(Context& context, Samples samples, std::optional<Counters> counters)
    : context_(context),
      interval_(interval_of(context.options())),
      counters_(std::move(counters)),
      proc_(context.options().root) {
  if (interval_ && samples == Samples::kOne) interval_ = std::chrono::milliseconds(0);
  const bool at_once = counters_ || interval_ == std::chrono::milliseconds(0);
  if (!at_once || context.record()) return;
  sockets_aside_.emplace([this, reading = socket_reading(sources())] { sockets_ = reading(); });
}

HostSources HostReading::sources() {
  const bool live = context_.live();
  std::vector<SocketTable*> tables{&proc_};
  if (live) tables.insert(tables.begin(), &diag_);
  return {context_.tree(),
          context_.files(),
          std::move(tables),
          context_.clock(),
          page_bytes(),
          context_.options().netns.empty(),
          live ? find_socket_owners : nullptr,
          live ? read_kernel_log : nullptr,
          live ? network_namespace_inode() : std::nullopt};
}

std::optional<Snapshot> HostReading::finish_but_sockets(std::set<ParameterName> parameters) {
  if (!interval_) return std::nullopt;
  if (const Status there = context_.tree().check_there(); !there) {
    fail(there.error());
    return std::nullopt;
  }
  for (const char* name : kParametersOfFacts) parameters.insert(*ParameterName::parse(name));
  if (context_.record()) return recorded_host(context_, parameters);
  log_step("reading the host");
  const ProgressLine progress(context_.options());
  SnapshotRequest request;
  request.parameters = std::move(parameters);
  request.interval = *interval_;
  request.counters = std::move(counters_);
  request.progress = [&](const std::string& text) { progress.show(text); };
  return collect_but_sockets(sources(), request);
}

void HostReading::add_sockets(Snapshot& snapshot) {
  if (context_.record()) return;
  const HostSources from = sources();
  if (sockets_aside_) {
    sockets_aside_->wait();
  } else {
    const ProgressLine progress(context_.options());
    progress.show("reading the socket table");
    sockets_ = socket_reading(from)();
  }
  advisor::add_sockets(from, *std::move(sockets_), snapshot);
}

std::optional<Snapshot> HostReading::finish(std::set<ParameterName> parameters) {
  auto snapshot = finish_but_sockets(std::move(parameters));
  if (snapshot) add_sockets(*snapshot);
  return snapshot;
}

}  // namespace advisor
