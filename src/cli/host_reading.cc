#include "cli/host_reading.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/progress_line.h"
#include "os/host_identity.h"
#include "os/inotify_descriptors.h"
#include "os/kernel_log.h"
#include "os/log.h"
#include "os/network_namespace.h"
#include "os/network_namespaces.h"

namespace advisor {
namespace {

/// The socket tables of this host, or of a copied tree.
struct SocketTables {
  explicit SocketTables(const Request& request) : proc(request.root) {}

  DiagSocketTable diag;
  ProcSocketTable proc;
};

HostSources sources_of(Context& context, SocketTables& tables, WholeHost* whole_host) {
  const Request& request = context.request();
  HostSources sources{.tree = context.tree(),
                      .files = context.files(),
                      .socket_tables = {&tables.proc},
                      .clock = context.clock(),
                      .page_bytes = page_bytes(),
                      .interfaces_shown = request.netns.empty()};
  if (!context.live()) return sources;
  sources.socket_tables = {&tables.diag, &tables.proc};
  sources.find_owners = find_socket_owners;
  sources.read_kernel_log = read_kernel_log;
  sources.read_inotify_use = read_inotify_use;
  if (whole_host) {
    sources.read_kernel_log = [whole_host, &context] {
      return whole_host->kernel_log(context.clock());
    };
    sources.read_inotify_use = [whole_host] { return whole_host->inotify_use(); };
  }
  sources.network_namespace = network_namespace_inode();
  sources.made_pid_namespace = is_in_made_pid_namespace();
  if (request.netns.empty()) sources.count_other_namespaces = count_other_network_namespaces;
  return sources;
}

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

const Result<std::vector<std::string>>& WholeHost::kernel_log(const Clock& clock) {
  if (kernel_log_) return *kernel_log_;
  kernel_log_ = read_kernel_log();
  if (!*kernel_log_) return *kernel_log_;
  const double now = clock.monotonic_seconds();
  std::erase_if(**kernel_log_, [now](const std::string& record) {
    return kernel_log_hints({record}, now).empty();
  });
  return *kernel_log_;
}

const Result<InotifyUse>& WholeHost::inotify_use() {
  if (!inotify_use_) inotify_use_ = read_inotify_use();
  return *inotify_use_;
}

std::map<ParameterName, Reading> WholeHost::take_common(const SysctlTree& tree,
                                                        std::set<ParameterName>& wanted) {
  const auto is_common = [](const ParameterName& name) {
    return !name.dotted().starts_with("net.");
  };
  std::set<ParameterName> common;
  std::ranges::copy_if(wanted, std::inserter(common, common.end()), is_common);
  std::erase_if(wanted, is_common);
  std::set<ParameterName> unread;
  for (const ParameterName& name : common) {
    if (!parameters_.contains(name)) unread.insert(name);
  }
  parameters_.merge(tree.read_all(unread));
  std::map<ParameterName, Reading> readings;
  for (const ParameterName& name : common) readings.emplace(name, parameters_.at(name));
  return readings;
}

std::optional<Snapshot> read_host(Context& context, const std::set<ParameterName>& parameters,
                                  Samples samples, EarlierReadings earlier) {
  if (const Status there = context.tree().check_there(); !there) {
    fail(there.error());
    return std::nullopt;
  }
  if (context.record()) return recorded_host(context, parameters);
  log_step("reading the host");
  const Request& request = context.request();
  SocketTables tables(request);
  ProgressLine progress(request);
  SnapshotRequest wanted;
  wanted.parameters = parameters;
  wanted.interval = samples == Samples::kOne ? std::chrono::milliseconds(0) : request.interval;
  wanted.counters = std::move(earlier.counters);
  wanted.first = std::move(earlier.first);
  wanted.progress = [&](const std::string& text) { progress.show(text); };
  std::map<ParameterName, Reading> common;
  if (earlier.whole_host)
    common = earlier.whole_host->take_common(context.tree(), wanted.parameters);
  Snapshot snapshot = collect(sources_of(context, tables, earlier.whole_host), std::move(wanted));
  snapshot.parameters.merge(common);
  return snapshot;
}

FirstSample read_first_sample(Context& context) {
  SocketTables tables(context.request());
  return take_first_sample(sources_of(context, tables, nullptr));
}

}  // namespace advisor
