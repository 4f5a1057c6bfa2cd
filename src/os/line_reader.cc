#include "os/line_reader.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "os/retries.h"

namespace advisor {

Status visit_lines(int file, const std::string& path, size_t most_bytes,
                   const std::function<void(const TextLine&)>& visit) {
  std::array<char, 65536> buffer;
  TextLine line{1, {}, false};
  const auto take = [&](std::string_view part) {
    const size_t room = most_bytes - line.text.size();
    line.is_too_long |= part.size() > room;
    line.text.append(part.substr(0, room));
  };
  Retries interruptions;
  for (;;) {
    const ssize_t size = ::read(file, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR && interruptions.again()) continue;
    if (size < 0) return os_failure("read " + path, errno);
    if (size == 0) break;
    std::string_view rest(buffer.data(), size_t(size));
    for (size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      take(rest.substr(0, end));
      rest.remove_prefix(end + 1);
      visit(line);
      line.text.clear();
      line.is_too_long = false;
      ++line.number;
    }
    take(rest);
  }
  if (!line.text.empty()) visit(line);
  return {};
}

}  // namespace advisor
