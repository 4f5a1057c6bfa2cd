#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collect/counter_sample.h"
#include "collect/datagram_sockets.h"
#include "model/snapshot.h"
#include "model/socket_load_builder.h"
#include "os/clock.h"
#include "os/file_store.h"
#include "os/socket_owners.h"
#include "os/socket_table.h"
#include "os/sysctl_tree.h"

namespace advisor {

/// Where a snapshot is taken from.
struct HostSources {
  const SysctlTree& tree;
  const FileStore& files;
  /// Tried in this order until one answers.
  std::vector<SocketTable*> socket_tables;
  Clock& clock;
  int64_t page_bytes = 4096;
  /// Whether /sys/class/net shows the network namespace that is read: it shows that of the mount.
  bool interfaces_shown = true;
  /// Finds the processes behind sockets; nothing where there are none to look into.
  std::function<FoundOwners(const std::set<uint32_t>&)> find_owners = nullptr;
  /// Gives the records of the kernel's log; nothing where there is none.
  std::function<Result<std::vector<std::string>>()> read_kernel_log = nullptr;
  /// The inode of the network namespace that is read; nothing where that is not known.
  std::optional<uint64_t> network_namespace = std::nullopt;
  /// Looks at the descriptors of processes for inotify(7); nothing where there are none.
  std::function<Result<InotifyUse>()> read_inotify_use = nullptr;
  /// Whether this is a PID namespace that somebody made: a container. Nothing where that is not
  /// known.
  std::optional<bool> made_pid_namespace = std::nullopt;
  /// Counts the network namespaces besides that one; nothing where nobody is to look.
  std::function<std::optional<int64_t>()> count_other_namespaces = nullptr;
};

/// What is seen at the first of two samples, so that what is seen at the second tells what became
/// of it.
struct FirstSample {
  CounterSample counters;
  FirstLook sockets;
  std::optional<DatagramDrops> datagrams;  ///< nothing: nobody looked
};

/// What to take.
struct SnapshotRequest {
  std::set<ParameterName> parameters;
  /// Between the two samples of the counters; zero takes one, and rates stay unknown.
  std::chrono::milliseconds interval{0};
  /// If they were taken already; the interval does not count then, and nothing is waited for.
  std::optional<Counters> counters = std::nullopt;
  /// If only the first sample was taken already; what is left of the interval is waited for.
  std::optional<FirstSample> first = std::nullopt;
  /// Told what is being waited for, on long work.
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

/// The first of two samples. Sockets are looked at only where something was counted that they can
/// explain.
FirstSample take_first_sample(const HostSources& sources);

/// Reads the host once. Never fails as a whole: what could not be read says so in its place.
Snapshot collect(const HostSources& sources, SnapshotRequest request);

/// Which host it is, and no more of it. What cannot be read is left empty.
Host identify(const FileStore& files);

/// Whether the host is a container; nothing if that could not be told.
std::optional<bool> is_container(const FileStore& files);

}  // namespace advisor
