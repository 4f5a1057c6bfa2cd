#pragma once

#include <array>

#include "model/catalogue.h"

namespace advisor {

// The words of the catalogue, for files and schemas; each list in the order of its enumeration.

inline constexpr std::array kParameterTypeWords{"bool",  "int",      "bitmask", "vector",
                                                "range", "port-set", "string"};
inline constexpr std::array kAccessWords{"read-write", "read-only", "write-only"};
inline constexpr std::array kNamespaceWords{"host", "net", "ipc", "uts", "user", "pid", "time"};
inline constexpr std::array kInNewNamespaceWords{"default", "copied", "read-only", "absent"};

inline const char* word_for(ParameterType type) {
  return kParameterTypeWords[size_t(type)];
}
inline const char* word_for(ParameterAccess access) {
  return kAccessWords[size_t(access)];
}
inline const char* word_for(ParameterNamespace per) {
  return kNamespaceWords[size_t(per)];
}
inline const char* word_for(InNewNamespace shown) {
  return kInNewNamespaceWords[size_t(shown)];
}

}  // namespace advisor
