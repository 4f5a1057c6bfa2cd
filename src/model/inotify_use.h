#pragma once

#include <cstdint>
#include <string>

namespace advisor {

/// What one user has of something that inotify(7) limits for each user.
struct InotifyShare {
  int64_t user = 0;
  int64_t count = 0;
};

/// Who has most of it.
struct InotifyUse {
  InotifyShare instances;
  InotifyShare watches;
};

}  // namespace advisor
