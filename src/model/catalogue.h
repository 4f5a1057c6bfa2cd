#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "model/kernel_version.h"
#include "model/parameter.h"

namespace advisor {

/// How the text of a value is to be read.
enum class ParameterType {
  kBool,     ///< 0 or 1
  kInt,      ///< one whole number
  kBitmask,  ///< one whole number whose bits have meanings of their own
  kVector,   ///< a fixed number of whole numbers, each with a name
  kRange,    ///< two whole numbers, low and high
  kPortSet,  ///< ports and ranges of ports, comma separated
  kString,   ///< anything
};

/// By which function of kernel/sysctl.c the kernel reads what is written. A function of a
/// parameter's own counts as the one it calls.
enum class WriteHandler {
  kOwn,           ///< none of them, or it is not known: what it makes of a value cannot be told
  kInt,           ///< proc_dointvec: numbers of 32 bits with a sign
  kUnsigned,      ///< proc_douintvec: one of 32 bits without
  kByte,          ///< proc_dou8vec_minmax: one from 0 to 255
  kLong,          ///< proc_doulongvec_minmax: numbers of 64 bits without a sign
  kSeconds,       ///< proc_dointvec_jiffies: as many as fit into an int of ticks
  kClockTicks,    ///< proc_dointvec_userhz_jiffies: 1/100 s, rounded down to a tick
  kMilliseconds,  ///< proc_dointvec_ms_jiffies: modulo 2^32, rounded up to a tick
  kText,          ///< proc_dostring: cut where there is no room
  kBitmap,        ///< proc_do_large_bitmap: numbers and ranges with commas between, all or nothing
};

/// What the kernel makes of a number that it takes.
enum class Rounding {
  kNone,
  kToBool,  ///< anything but 0 is 1
  kUpToPowerOfTwo,
  kUpTo512,
  kUpToPipeSize,  ///< a power of two, and at least a page
};

/// From which number to which the kernel takes each; nothing: as far as its handler does.
struct KernelRange {
  std::optional<int64_t> low;
  std::optional<int64_t> high;

  bool operator==(const KernelRange&) const = default;
};

/// What kernels before some version took.
struct EarlierRange {
  SharedText until;  ///< kernels before this one
  KernelRange range;
};

/// Who can do what with the file under /proc/sys, root included.
enum class ParameterAccess { kReadWrite, kReadOnly, kWriteOnly };

/// What has a value of its own: the host, or each namespace of a kind.
enum class ParameterNamespace { kHost, kNet, kIpc, kUts, kUser, kPid, kTime };

/// From when on a change counts; the words beside it say more.
enum class TakesEffect {
  kAtOnce,
  kNewSockets,  ///< those that are open keep what they have
  kNextListen,  ///< a socket that listens keeps what it has until listen() is called again
  kNewEntries,  ///< of a table, or objects of another kind: those that exist keep what they have
  kNextUse,     ///< when the kernel, or a program, does next what it is about
  kNextBoot,
};

/// What a new network namespace shows.
enum class InNewNamespace {
  kDefault,   ///< the kernel's default
  kCopied,    ///< what the host's namespace is set to
  kReadOnly,  ///< the host's value, which cannot be written there
  kAbsent,    ///< nothing
};

/// What the kernel set a parameter to before some version.
struct EarlierDefault {
  SharedText until;  ///< kernels before this one
  SharedText value;
};

/// What one bit of a bitmask stands for.
struct NamedBit {
  int64_t value = 0;  ///< of the bit alone
  SharedText meaning;
};

/// Which changes of a parameter cost something.
enum class CostOf { kAnyChange, kLower, kHigher, kValue };

/// What a change of a parameter costs.
struct Cost {
  CostOf of = CostOf::kAnyChange;
  int64_t value = 0;  ///< of kValue: to this number
  SharedText text;    ///< a sentence
};

/// A parameter that must not be one of some numbers when another one is written.
struct RefusedWhile {
  std::string other;
  std::vector<int64_t> numbers;
};

/// What is known of one parameter: a row of profiles/parameters/*.toml.
struct ParameterInfo {
  ParameterName name;
  ParameterType type = ParameterType::kString;
  ParameterAccess access = ParameterAccess::kReadWrite;
  SharedText unit;
  std::vector<std::string> fields;  ///< names of the numbers of a vector or range
  bool ordered = false;             ///< no number of the vector may be below the one before
  std::optional<int64_t> min;       ///< ours: stricter where the kernel accepts nonsense
  std::optional<int64_t> max;
  WriteHandler handler = WriteHandler::kOwn;
  KernelRange accepts;                       ///< the kernel's own
  std::vector<EarlierRange> accepts_before;  ///< oldest first
  /// What it surely takes of that. The rest depends on how the kernel was built or patched, on
  /// memory, or on a device.
  KernelRange surely;
  Rounding rounding = Rounding::kNone;
  std::optional<int64_t> unlimited;   ///< outside of the range, with a meaning such as "no limit"
  std::vector<std::string> values;    ///< of a string: the only words there are; none: any
  std::vector<NamedBit> bits;         ///< of a bitmask, in ascending order
  std::optional<int64_t> max_length;  ///< of a string: bytes the kernel keeps
  std::optional<SharedText> default_value;  ///< the kernel's own, where it is the same everywhere
  SharedText default_formula;               ///< how the kernel computes it, where it does
  std::vector<EarlierDefault> default_before;  ///< oldest first
  ParameterNamespace per = ParameterNamespace::kHost;
  InNewNamespace in_new_namespace = InNewNamespace::kDefault;
  SharedText since;        ///< kernel version that brought it; empty: older than 2.6.12
  SharedText removed;      ///< kernel version that dropped it
  SharedText inert_since;  ///< kernel version from which on it does nothing
  SharedText effect;       ///< when a change takes effect, for example "new connections"
  std::optional<TakesEffect> takes_effect;  ///< likewise; nothing: nobody said
  /// The release of Kubernetes from which on the kubelet lets any pod set it; empty: only where it
  /// is told to (--allowed-unsafe-sysctls), if at all.
  SharedText safe_in_pods_since;
  /// Bytes of kernel memory that one more of it takes once it is in use; nothing: none worth
  /// counting, or bounded by another parameter.
  std::optional<int64_t> memory_each;
  std::vector<int64_t> one_way;         ///< values that cannot be taken back before the next boot
  std::vector<ParameterName> excludes;  ///< are reset when this one is written
  std::vector<std::string> moves;       ///< change along with it; may hold `*` for a segment
  /// Parameters that the kernel looks at when this one is written, `*` as in the name of the row:
  /// it refuses numbers above any of theirs, numbers below any of theirs, or any value while theirs
  /// are certain numbers.
  std::vector<std::string> not_above;
  std::vector<std::string> not_below;
  std::vector<RefusedWhile> refused_while;
  /// Parameters that must not be above this one. The kernel checks that only when those parameters
  /// are written, and takes any value of this one.
  std::vector<std::string> ceiling_of;
  SharedText module;                 ///< that must be loaded for it to exist
  bool runs_code = false;            ///< it says what code the kernel runs as root
  bool secret = false;               ///< its value must not be where others can read it
  SharedText meaning;                ///< one line
  std::vector<SharedText> symptoms;  ///< what people see at this limit: messages, errno
  std::vector<Cost> costs;           ///< memory, risk; none if there is none worth naming
  std::vector<SharedText> reference;
  std::vector<SharedText> open;  ///< facts that nobody could establish
  SourceLocation where;

  /// What that kernel sets it to by itself; nothing where that is computed or not known.
  std::optional<SharedText> default_on(const KernelVersion& kernel) const;
  /// Which numbers that kernel takes, or without one the newest that is known.
  const KernelRange& accepted_on(const std::optional<KernelVersion>& kernel) const;
};

/// Rows of the catalogue that are made when they are asked for.
class ParameterSource {
 public:
  virtual ~ParameterSource() = default;
  /// The row under exactly this key, which may hold `*` for a segment; null if there is none.
  virtual std::unique_ptr<ParameterInfo> row(std::string_view key) const = 0;
  virtual bool has(std::string_view key) const = 0;
  virtual std::vector<std::string> keys() const = 0;
};

/// Everything known of every parameter. A parameter that is not in it can still be worked with.
/// One row whose key holds `*` for a segment speaks of all parameters of that form, such as one
/// per interface.
///
/// Whatever the rows say, each parameter that model/code_running lists has one in which runs_code
/// is true.
class Catalogue {
 public:
  /// Adds a row. If a row of this key was added before, that one stays, and the place where it is
  /// written is returned.
  std::optional<SourceLocation> add(const std::string& key, const ParameterInfo& info);
  void add(std::shared_ptr<const ParameterSource> source);
  /// The rows that were added one by one although a source has a row of the same key, each with the
  /// place of the row in the source.
  std::vector<std::pair<const ParameterInfo*, SourceLocation>> also_in_sources() const;
  /// Whether all rows come from the sources, so that the build checked the profiles against them.
  bool is_as_built() const { return rows_.empty(); }
  /// The row of the parameter, which bears this very name and stays; null if nothing is known.
  const ParameterInfo* find(const ParameterName& name) const;
  /// Whether a row bears this very name, and speaks of no family of parameters.
  bool has_row_of_its_own(const ParameterName& name) const;
  /// The keys of all rows, `*` included, sorted.
  std::vector<std::string> keys() const;
  /// The known name nearest to what somebody wrote, for "did you mean".
  std::optional<std::string> nearest(const std::string& written) const;

 private:
  std::unique_ptr<ParameterInfo> row_of_a_source(std::string_view key) const;
  const ParameterInfo* row(std::string_view key, const ParameterName& name) const;

  std::map<std::string, ParameterInfo, std::less<>> rows_;
  std::vector<std::shared_ptr<const ParameterSource>> sources_;
  mutable std::map<ParameterName, std::unique_ptr<const ParameterInfo>> found_;
};

}  // namespace advisor
