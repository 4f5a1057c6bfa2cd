#include "boot/computed_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace advisor {
namespace {

/// What the formulae reckon with.
struct Machine {
  int64_t bytes;  ///< of memory, free at boot
  int64_t page_bytes;
  int64_t cpus;
  bool runs_systemd;
  int64_t pages() const { return bytes / page_bytes; }
};

int64_t limit_of_tcp(const Machine& machine) {
  return std::max<int64_t>(machine.pages() / 16, 128);
}
int64_t limit_of_udp(const Machine& machine) {
  return std::max<int64_t>(machine.pages() / 8, 128);
}

std::string thirds(int64_t limit) {
  return fmt::format("{} {} {}", limit / 4 * 3, limit, limit / 4 * 6);
}

/// alloc_large_system_hash: a bucket for each 128 KiB, rounded up to a power of two.
int64_t half_of_buckets(const Machine& machine) {
  const auto buckets = uint64_t(std::max<int64_t>(machine.bytes / 131072, 1));
  return int64_t(std::min<uint64_t>(std::bit_ceil(buckets), 524288)) / 2;
}

int64_t conntrack_buckets(const Machine& machine) {
  constexpr int64_t kGiB = int64_t{1} << 30;
  if (machine.bytes > 4 * kGiB) return 262144;
  if (machine.bytes > kGiB) return 65536;
  return std::max<int64_t>(machine.bytes / 131072, 1024);
}

/// One in a hundred bytes for what takes `cost` (inotify, fanotify).
int64_t watches(const Machine& machine, int64_t cost) {
  return std::clamp<int64_t>(machine.bytes / 100 / cost, 8192, 1048576);
}

std::string text(int64_t number) {
  return std::to_string(number);
}

/// As the catalogue's `default_formula` says it. The costs are those of 64-bit kernels.
struct Formula {
  const char* parameter;
  std::string (*value)(const Machine&);
  bool better_than_lines;
};

constexpr std::array kFormulae{
    Formula{"net.ipv4.tcp_mem", [](const Machine& m) { return thirds(limit_of_tcp(m)); }, true},
    Formula{"net.ipv4.udp_mem", [](const Machine& m) { return thirds(limit_of_udp(m)); }, true},
    Formula{"net.ipv4.tcp_max_orphans", [](const Machine& m) { return text(half_of_buckets(m)); },
            true},
    Formula{"net.ipv4.tcp_max_tw_buckets",
            [](const Machine& m) { return text(half_of_buckets(m)); }, true},
    Formula{"fs.file-max",
            [](const Machine& m) {
              constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();
              const int64_t kernel = std::max<int64_t>(m.bytes / 10240, 8192);
              return text(m.runs_systemd ? kNoLimit : kernel);
            },
            true},
    // systemd lifts it where it is built so; Debian's leaves the kernel's own.
    Formula{"fs.nr_open", [](const Machine&) { return text(1048576); }, true},
    Formula{"kernel.pid_max",
            [](const Machine& m) { return text(std::max<int64_t>(32768, 1024 * m.cpus)); }, true},
    Formula{"kernel.threads-max", [](const Machine& m) { return text(m.bytes / 8 / 16384); }, true},
    Formula{"vm.min_free_kbytes",
            [](const Machine& m) {
              const int64_t square = m.bytes / 1024 * 16;
              const auto root = int64_t(std::sqrt(double(square)));
              return text(std::clamp<int64_t>(root, 128, 262144));
            },
            true},
    Formula{"net.netfilter.nf_conntrack_max",
            [](const Machine& m) { return text(conntrack_buckets(m)); }, false},
    Formula{"net.nf_conntrack_max", [](const Machine& m) { return text(conntrack_buckets(m)); },
            false},
    Formula{"net.netfilter.nf_conntrack_buckets",
            [](const Machine& m) { return text(conntrack_buckets(m)); }, false},
    Formula{"net.netfilter.nf_conntrack_expect_max",
            [](const Machine& m) { return text(conntrack_buckets(m) / 256 * 4); }, false},
    Formula{"fs.inotify.max_user_watches", [](const Machine& m) { return text(watches(m, 1320)); },
            false},
    Formula{"user.max_inotify_watches", [](const Machine& m) { return text(watches(m, 1320)); },
            false},
    Formula{"fs.fanotify.max_user_marks", [](const Machine& m) { return text(watches(m, 1320)); },
            false},
    Formula{"user.max_fanotify_marks", [](const Machine& m) { return text(watches(m, 1320)); },
            false},
    Formula{"fs.epoll.max_user_watches", [](const Machine& m) { return text(m.bytes / 25 / 160); },
            false},
    Formula{"net.ipv4.tcp_max_syn_backlog",
            [](const Machine& m) { return text(std::max<int64_t>(half_of_buckets(m) / 64, 128)); },
            false},
    Formula{"vm.admin_reserve_kbytes",
            [](const Machine& m) { return text(std::min<int64_t>(m.bytes / 1024 / 33, 8192)); },
            false},
    Formula{"vm.user_reserve_kbytes",
            [](const Machine& m) { return text(std::min<int64_t>(m.bytes / 1024 / 33, 131072)); },
            false},
};

}  // namespace

std::optional<ComputedValue> computed_at_boot(const ParameterName& parameter,
                                              const Snapshot& snapshot,
                                              const std::optional<SysctlLoader>& at_boot) {
  const Host& host = snapshot.host;
  const auto formula = std::ranges::find_if(
      kFormulae, [&](const Formula& one) { return parameter.dotted() == one.parameter; });
  if (formula == kFormulae.end() || !host.memory_bytes) return std::nullopt;
  // In a container the host decides; what may be a container is treated as one.
  if (host.container.value_or(true)) return std::nullopt;
  // The kernel and what it loads at first have taken a part of it.
  const Machine machine{*host.memory_bytes / 32 * 31, host.page_bytes, host.cpus.value_or(1),
                        at_boot == SysctlLoader::kSystemd};
  const bool of_systemd = machine.runs_systemd && parameter.dotted().starts_with("fs.file-max");
  const bool fixed = parameter.dotted() == "fs.nr_open";
  return ComputedValue{ParameterValue(formula->value(machine)),
                       of_systemd ? "systemd lifts it"
                       : fixed    ? "the kernel or systemd set it"
                                  : "the kernel computes it",
                       formula->better_than_lines};
}

}  // namespace advisor
