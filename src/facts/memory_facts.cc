#include <array>

#include "facts/fact_values.h"
#include "facts/facts.h"

namespace advisor {
namespace {

using expr::Type;
using expr::Value;

constexpr const char* kMemoryFile = "/proc/meminfo";
constexpr const char* kVmstat = "/proc/vmstat";

/// The share of the interval in which some task, or all of them, stalled.
template <Name kCounter>
Value stalled_share(const Snapshot& snapshot) {
  constexpr double kMicroseconds = 1e6;
  const Value per_second = rate<kCounter>(snapshot);
  const auto* microseconds = std::get_if<double>(&per_second);
  return microseconds ? Value(*microseconds / kMicroseconds) : per_second;
}

constexpr std::array kMemoryFacts{
    Fact{"memory.swap_bytes", Type::kInt, "bytes", kMemoryFile, "swap space there is (SwapTotal)",
         since_boot<"meminfo.SwapTotal">},
    Fact{"memory.committed_bytes", Type::kInt, "bytes", kMemoryFile,
         "memory promised to programs (Committed_AS)", since_boot<"meminfo.Committed_AS">},
    Fact{"memory.commit_limit_bytes", Type::kInt, "bytes", kMemoryFile,
         "the most that is promised with vm.overcommit_memory = 2 (CommitLimit)",
         since_boot<"meminfo.CommitLimit">},
    Fact{"memory.huge_pages", Type::kInt, "pages", kMemoryFile,
         "huge pages set aside (HugePages_Total)", since_boot<"meminfo.HugePages_Total">},
    Fact{"memory.huge_pages_free", Type::kInt, "pages", kMemoryFile,
         "huge pages that nobody uses (HugePages_Free)", since_boot<"meminfo.HugePages_Free">},
    Fact{"memory.huge_pages_reserved", Type::kInt, "pages", kMemoryFile,
         "free huge pages that a program was promised (HugePages_Rsvd)",
         since_boot<"meminfo.HugePages_Rsvd">},
    Fact{"memory.huge_bytes", Type::kInt, "bytes", kMemoryFile,
         "memory in huge pages of all sizes (Hugetlb), 0 on a kernel that does not tell",
         [](const Snapshot& s) {
           const auto bytes = s.counters.since_boot("meminfo.Hugetlb");
           return bytes || !s.counters.since_boot("meminfo.SwapTotal")
                      ? since_boot<"meminfo.Hugetlb">(s)
                      : Value(int64_t{0});
         }},
    Fact{"memory.huge_page_bytes", Type::kInt, "bytes", kMemoryFile, "the size of a huge page",
         since_boot<"meminfo.Hugepagesize">},
    Fact{"memory.swapped_in_per_second", Type::kDouble, "pages/s", kVmstat,
         "pages read back from swap (pswpin)", rate<"vmstat.pswpin">},
    Fact{"memory.swapped_out_per_second", Type::kDouble, "pages/s", kVmstat,
         "pages written to swap (pswpout)", rate<"vmstat.pswpout">},
    Fact{"memory.allocation_stalls_per_second", Type::kDouble, "1/s", kVmstat,
         "allocations that had to free memory first (allocstall_*)", rate<"vmstat.allocstall">},
    Fact{"memory.dirty_pages", Type::kInt, "pages", kVmstat,
         "pages that wait to be written to disk (nr_dirty)", since_boot<"vmstat.nr_dirty">},
    Fact{"memory.writeback_pages", Type::kInt, "pages", kVmstat,
         "pages that are being written to disk (nr_writeback)", since_boot<"vmstat.nr_writeback">},
    Fact{"memory.dirty_pages_background", Type::kInt, "pages", kVmstat,
         "from how many on the kernel writes in the background (nr_dirty_background_threshold)",
         since_boot<"vmstat.nr_dirty_background_threshold">},
    Fact{"memory.dirty_pages_limit", Type::kInt, "pages", kVmstat,
         "from how many on writers are held up (nr_dirty_threshold)",
         since_boot<"vmstat.nr_dirty_threshold">},
    Fact{"memory.some_stalled_share", Type::kDouble, "share of 1", "/proc/pressure/memory",
         "of the interval, while some task waited for memory",
         stalled_share<"pressure.memory.some">},
    Fact{"memory.all_stalled_share", Type::kDouble, "share of 1", "/proc/pressure/memory",
         "of the interval, while all tasks waited for memory",
         stalled_share<"pressure.memory.full">},
    Fact{"disks.some_stalled_share", Type::kDouble, "share of 1", "/proc/pressure/io",
         "of the interval, while some task waited for a disk", stalled_share<"pressure.io.some">}};

}  // namespace

std::span<const Fact> memory_facts() {
  return kMemoryFacts;
}

}  // namespace advisor
