#include "cli/host_reading.h"

#include "os/host_identity.h"
#include "os/inotify_descriptors.h"
#include "os/kernel_log.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "os/network_namespaces.h"
#include "os/terminal.h"

namespace advisor {
namespace {

/// What is being waited for, on a terminal; the line is wiped when the wait is over.
class ProgressLine {
 public:
  explicit ProgressLine(const Request& request)
      : shown_(!request.quiet && stderr_can_be_drawn_on()) {}
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

std::optional<Snapshot> read_host(Context& context, const std::set<ParameterName>& parameters,
                                  Samples samples, std::optional<Counters> counters) {
  if (const Status there = context.tree().check_there(); !there) {
    fail(there.error());
    return std::nullopt;
  }
  if (context.record()) return recorded_host(context, parameters);
  log_step("reading the host");
  const Request& request = context.request();
  const bool live = context.live();
  DiagSocketTable diag;
  ProcSocketTable proc(request.root);
  std::vector<SocketTable*> tables{&proc};
  if (live) tables.insert(tables.begin(), &diag);
  const HostSources sources{
      context.tree(),
      context.files(),
      std::move(tables),
      context.clock(),
      page_bytes(),
      request.netns.empty(),
      live ? find_socket_owners : nullptr,
      live ? read_kernel_log : nullptr,
      live ? network_namespace_inode() : std::nullopt,
      live ? read_inotify_use : nullptr,
      live ? is_in_made_pid_namespace() : std::nullopt,
      live && request.netns.empty() ? count_other_network_namespaces : nullptr};
  const ProgressLine progress(request);
  SnapshotRequest wanted;
  wanted.parameters = parameters;
  wanted.interval = samples == Samples::kOne ? std::chrono::milliseconds(0) : request.interval;
  wanted.counters = std::move(counters);
  wanted.progress = [&](const std::string& text) { progress.show(text); };
  return collect(sources, wanted);
}

}  // namespace advisor
