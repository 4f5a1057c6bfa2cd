#pragma once

#include <array>

#include "model/catalogue.h"

namespace advisor {

// The words of the catalogue, for files and schemas; each list in the order of its enumeration.

inline constexpr std::array kParameterTypeWords{"bool",  "int",      "bitmask", "vector",
                                                "range", "port-set", "string"};
inline constexpr std::array kHandlerWords{"own",
                                          "proc_dointvec",
                                          "proc_douintvec",
                                          "proc_dou8vec_minmax",
                                          "proc_doulongvec_minmax",
                                          "proc_dointvec_jiffies",
                                          "proc_dointvec_userhz_jiffies",
                                          "proc_dointvec_ms_jiffies",
                                          "proc_dostring",
                                          "proc_do_large_bitmap"};
inline constexpr std::array kRoundingWords{"none", "to-bool", "up-to-power-of-two", "up-to-512",
                                           "up-to-pipe-size"};
inline constexpr std::array kAccessWords{"read-write", "read-only", "write-only"};
inline constexpr std::array kNamespaceWords{"host", "net", "ipc", "uts", "user", "pid", "time"};
inline constexpr std::array kInNewNamespaceWords{"default", "copied", "read-only", "absent"};

inline constexpr std::array kTakesEffectWords{"at-once",     "new-sockets", "next-listen",
                                              "new-entries", "next-use",    "next-boot"};

static_assert(kParameterTypeWords.size() == size_t(ParameterType::kString) + 1);
static_assert(kHandlerWords.size() == size_t(WriteHandler::kBitmap) + 1);
static_assert(kRoundingWords.size() == size_t(Rounding::kUpToPipeSize) + 1);
static_assert(kAccessWords.size() == size_t(ParameterAccess::kWriteOnly) + 1);
static_assert(kNamespaceWords.size() == size_t(ParameterNamespace::kTime) + 1);
static_assert(kInNewNamespaceWords.size() == size_t(InNewNamespace::kAbsent) + 1);
static_assert(kTakesEffectWords.size() == size_t(TakesEffect::kNextBoot) + 1);

inline const char* word_for(ParameterType type) {
  return kParameterTypeWords[size_t(type)];
}
inline const char* word_for(WriteHandler handler) {
  return kHandlerWords[size_t(handler)];
}
inline const char* word_for(Rounding rounding) {
  return kRoundingWords[size_t(rounding)];
}
inline const char* word_for(ParameterAccess access) {
  return kAccessWords[size_t(access)];
}
inline const char* word_for(ParameterNamespace per) {
  return kNamespaceWords[size_t(per)];
}
inline const char* word_for(TakesEffect when) {
  return kTakesEffectWords[size_t(when)];
}
inline const char* word_for(InNewNamespace shown) {
  return kInNewNamespaceWords[size_t(shown)];
}

}  // namespace advisor
