// Writes odd values to the parameters of this kernel, and compares what it makes of each with what
// model/write says. Every parameter is put back. To be run where that harms nobody: in a network
// namespace of its own with the rest of /proc/sys read-only, or in a virtual machine.
//   usage: write_probe PREFIX...        for example: write_probe net.
// Prints a line for each difference, and the counts last. Fails if there is a difference.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "base/text.h"
#include "model/typed_value.h"
#include "model/write.h"
#include "support/builders.h"

namespace advisor {
namespace {

constexpr const char* kBase = "/proc/sys/";

/// What must not be tried: it stays until the next boot, takes the machine down, or acts.
const std::set<std::string, std::less<>> kLeftAlone{
    "kernel.modules_disabled",
    "kernel.kexec_load_disabled",
    "kernel.unprivileged_bpf_disabled",
    "kernel.yama.ptrace_scope",
    "kernel.panic_on_warn",
    "kernel.hung_task_panic",
    "kernel.softlockup_panic",
    "kernel.sched_rt_runtime_us",
    "vm.min_free_kbytes",
    "vm.drop_caches",
    "vm.compact_memory",
    "vm.overcommit_memory",
    "vm.nr_hugepages",
    "vm.nr_hugepages_mempolicy",
    "vm.max_map_count",
    "vm.memfd_noexec",
    "fs.nr_open",
    "fs.file-max",
    "kernel.threads-max",
    "kernel.pid_max",
    "kernel.ns_last_pid",
};

std::optional<ParameterValue> standing(const ParameterName& name) {
  const int file = ::open((kBase + name.path()).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::string text(size_t{1} << 16, '\0');
  const ssize_t length = ::read(file, text.data(), text.size());
  ::close(file);
  if (length < 0) return std::nullopt;
  return ParameterValue(std::string_view(text).substr(0, size_t(length)));
}

/// The error of the write; 0 if the kernel takes it.
int write_text(const ParameterName& name, const std::string& text) {
  const int file = ::open((kBase + name.path()).c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (file < 0) return errno;
  const std::string line = text + "\n";
  const int error = ::write(file, line.data(), line.size()) < 0 ? errno : 0;
  ::close(file);
  return error;
}

std::vector<std::string> odd_numbers(const ParameterInfo& info) {
  std::vector<std::string> numbers{"0",
                                   "1",
                                   "2",
                                   "-1",
                                   "100",
                                   "255",
                                   "256",
                                   "1000",
                                   "1001",
                                   "65535",
                                   "65536",
                                   "2147483647",
                                   "2147483648",
                                   "-2147483648",
                                   "-2147483649",
                                   "4294967295",
                                   "4294967296",
                                   "9223372036854775807",
                                   "9223372036854775808",
                                   "18446744073709551615",
                                   "18446744073709551616",
                                   "00000000000000000007",
                                   "000000000000000000007",
                                   "0x10",
                                   "0X1f",
                                   "0x",
                                   "010",
                                   "08",
                                   "+5",
                                   "5x",
                                   "5.5",
                                   "1e3",
                                   "5 x",
                                   "5 # c",
                                   "5# c",
                                   "  7  ",
                                   "abc",
                                   "",
                                   "'5'",
                                   "1,2",
                                   "5\r",
                                   "\v5",
                                   "- 1",
                                   "3 4 5 6 7 8 9"};
  for (const auto& bound : {info.accepts.low, info.accepts.high, info.min, info.max}) {
    if (!bound) continue;
    for (const int64_t step : {-1, 0, 1}) {
      const bool fits = step > 0 ? *bound < INT64_MAX : step == 0 || *bound > INT64_MIN;
      if (fits) numbers.push_back(std::to_string(*bound + step));
    }
  }
  return numbers;
}

/// Each odd number at each place, and lists that are too short, too long, or fall.
std::vector<std::string> odd_vectors(const ParameterInfo& info, const ParameterValue& before) {
  const std::vector<std::string>& words = before.words();
  std::vector<std::string> values{"", "abc", before.text() + " 1"};
  for (size_t place = 0; place < words.size(); ++place) {
    for (const std::string& number : odd_numbers(info)) {
      std::vector<std::string> changed = words;
      changed[place] = number;
      values.push_back(join(changed, " "));
    }
    values.push_back(join({words.begin(), words.begin() + long(place)}, " "));
  }
  values.push_back(join({words.rbegin(), words.rend()}, " "));
  return values;
}

std::vector<std::string> odd_values(const ParameterInfo& info, const ParameterValue& before) {
  switch (info.type) {
    case ParameterType::kPortSet:
      return {"",          "1,2",  "2-1", "5-9,3-6", "70000", "65535", "65536", "0",  "a",
              "8080 9090", "1,,2", ",",   "7,",      "1-",    "-1",    "0x10",  "010"};
    case ParameterType::kString:
      return {"abc", "", "two words", "abc # c", std::string(300, 'x'), before.text()};
    case ParameterType::kVector:
    case ParameterType::kRange:
      return odd_vectors(info, before);
    default:
      return odd_numbers(info);
  }
}

/// Compares, parameter by parameter.
class Probe {
 public:
  explicit Probe(const Catalogue& catalogue, const KernelVersion& kernel)
      : ground_{catalogue, kernel, standing} {}

  void try_all(const ParameterName& name) {
    const ParameterInfo* info = ground_.catalogue.find(name);
    const auto before = standing(name);
    if (!info || !before || info->access != ParameterAccess::kReadWrite) return;
    if (info->runs_code || kLeftAlone.contains(info->name.dotted())) return;
    if (::access((kBase + name.path()).c_str(), W_OK) != 0) return;
    if (write_text(name, before->text()) != 0) return;
    ++parameters_;
    if (info->handler == WriteHandler::kOwn) {
      ++not_told_;
      fmt::print("not told: {}\n", name.dotted());
      return;
    }
    for (const std::string& value : odd_values(*info, *before)) try_one(name, *info, value);
  }

  /// Whether all agreed.
  bool finish() const {
    fmt::print("{} parameters, {} of which it is not told; {} writes, {} differences\n",
               parameters_, not_told_, writes_, differences_);
    return differences_ == 0;
  }

 private:
  void try_one(const ParameterName& name, const ParameterInfo& info, const std::string& value) {
    const auto before = standing(name);
    const WriteOutcome said = outcome_of_write(ground_, name, value);
    const int error = write_text(name, value);
    const auto after = standing(name);
    ++writes_;
    if (!agrees(info, said, error, after)) {
      ++differences_;
      fmt::print("{} = {:?}: from \"{}\" to \"{}\", {}; said: {} \"{}\" {}\n", name.dotted(), value,
                 before ? before->text() : "?", after ? after->text() : "?",
                 error == 0 ? "taken" : std::strerror(error), words_for(said.result),
                 said.value ? said.value->text() : "?", said.why);
    }
    if (!before || after == before) return;
    if (write_text(name, before->text()) != 0 || standing(name) != before) {
      fmt::print("{}: \"{}\" could not be put back\n", name.dotted(), before->text());
    }
  }

  static bool agrees(const ParameterInfo& info, const WriteOutcome& said, int error,
                     const std::optional<ParameterValue>& after) {
    if (said.result == WriteResult::kUnknown) return true;
    if ((said.result == WriteResult::kTaken) != (error == 0)) return false;
    return (!said.value && !said.between) || (after && said.explains(&info, *after));
  }

  static const char* words_for(WriteResult result) {
    switch (result) {
      case WriteResult::kTaken:
        return "taken";
      case WriteResult::kRefused:
        return "refused";
      case WriteResult::kAbsent:
        return "absent";
      case WriteResult::kUnknown:
        break;
    }
    return "unknown";
  }

  WriteGround ground_;
  int parameters_ = 0;
  int not_told_ = 0;
  int writes_ = 0;
  int differences_ = 0;
};

/// The parameters there are whose names begin so.
std::vector<ParameterName> names_with(const std::string& prefix) {
  std::vector<ParameterName> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kBase, ignored)) {
    if (entry.is_directory(ignored)) continue;
    const auto name = ParameterName::parse(entry.path().string().substr(std::strlen(kBase)));
    if (name && name->dotted().starts_with(prefix)) names.push_back(*name);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace
}  // namespace advisor

int main(int count, char** arguments) {
  using namespace advisor;
  utsname system{};
  const auto kernel = uname(&system) == 0 ? KernelVersion::parse(system.release) : std::nullopt;
  if (!kernel || count < 2) {
    std::fputs("usage: write_probe PREFIX...\n", stderr);
    return 2;
  }
  const Catalogue catalogue = testing::shipped_catalogue();
  Probe probe(catalogue, *kernel);
  for (int i = 1; i < count; ++i) {
    for (const ParameterName& name : names_with(arguments[i])) probe.try_all(name);
  }
  return probe.finish() ? 0 : 1;
}
