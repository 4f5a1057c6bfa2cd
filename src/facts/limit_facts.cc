#include <array>

#include "facts/fact_values.h"
#include "facts/facts.h"

namespace advisor {
namespace {

using expr::Type;
using expr::Unknown;
using expr::Value;

constexpr const char* kKeyUsers = "/proc/key-users";
constexpr const char* kDescriptors = "/proc/PID/fdinfo";
constexpr const char* kSystemV = "/proc/sysvipc";

template <InotifyShare InotifyUse::* kWhich, int64_t InotifyShare::* kMember>
Value of_inotify(const Snapshot& snapshot) {
  if (!snapshot.inotify) return Unknown{{snapshot.inotify.error().message}};
  return (*snapshot.inotify).*kWhich.*kMember;
}

constexpr std::array kLimitFacts{
    Fact{"host.tasks", Type::kInt, "tasks", "/proc/loadavg", "threads and processes there are",
         since_boot<"loadavg.tasks">},
    Fact{"keys.user", Type::kInt, "", kKeyUsers, "the user who is nearest to a quota of keys",
         since_boot<"keys.user">},
    Fact{"keys.count", Type::kInt, "keys", kKeyUsers, "the keys of that user",
         since_boot<"keys.count">},
    Fact{"keys.count_max", Type::kInt, "keys", kKeyUsers, "how many that user may have",
         since_boot<"keys.count_max">},
    Fact{"keys.bytes", Type::kInt, "bytes", kKeyUsers, "what the keys of that user hold",
         since_boot<"keys.bytes">},
    Fact{"keys.bytes_max", Type::kInt, "bytes", kKeyUsers, "how much they may hold",
         since_boot<"keys.bytes_max">},
    Fact{"inotify.instances", Type::kInt, "instances", kDescriptors,
         "instances of inotify(7) of the user who has most",
         of_inotify<&InotifyUse::instances, &InotifyShare::count>},
    Fact{"inotify.instances_user", Type::kInt, "", kDescriptors, "that user",
         of_inotify<&InotifyUse::instances, &InotifyShare::user>},
    Fact{"inotify.watches", Type::kInt, "watches", kDescriptors,
         "watches of inotify(7) of the user who has most",
         of_inotify<&InotifyUse::watches, &InotifyShare::count>},
    Fact{"inotify.watches_user", Type::kInt, "", kDescriptors, "that user",
         of_inotify<&InotifyUse::watches, &InotifyShare::user>},
    Fact{"sysvipc.message_queues", Type::kInt, "queues", kSystemV,
         "message queues of System V there are", since_boot<"sysvipc.msg">},
    Fact{"sysvipc.semaphore_sets", Type::kInt, "sets", kSystemV,
         "sets of System V semaphores there are", since_boot<"sysvipc.sem">},
    Fact{"sysvipc.semaphores", Type::kInt, "semaphores", kSystemV, "semaphores in all of these",
         since_boot<"sysvipc.semaphores">},
    Fact{"sysvipc.shared_memory_segments", Type::kInt, "segments", kSystemV,
         "segments of System V shared memory there are", since_boot<"sysvipc.shm">}};

}  // namespace

std::span<const Fact> limit_facts() {
  return kLimitFacts;
}

}  // namespace advisor
