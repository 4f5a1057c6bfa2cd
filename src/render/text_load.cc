#include "render/text_load.h"

#include <algorithm>

#include "render/load_words.h"

namespace advisor {
namespace {

std::string kernel_log_text(const Snapshot& snapshot, const TextStyle& style) {
  std::string text;
  if (!snapshot.kernel_log) return text;
  for (const KernelLogHint& hint : *snapshot.kernel_log) {
    text += labelled("Log", in_words(hint), style);
  }
  return text;
}

}  // namespace

std::string text_load(const Snapshot& snapshot, const TextStyle& style) {
  const std::string log = kernel_log_text(snapshot, style);
  if (!snapshot.sockets) return labelled("Load", snapshot.sockets.error().message, style) + log;
  const SocketLoad& load = *snapshot.sockets;
  std::string text = labelled("Load", load_in_words(load), style);
  const size_t most = style.verbose ? 20 : 3;
  const size_t listed = std::min(most, load.destinations.size());
  for (size_t i = 0; i < listed; ++i) {
    text += labelled(i == 0 ? "Towards" : "", in_words(load.destinations[i]), style);
  }
  for (const std::string& remark : load_remarks(load, listed)) text += labelled("", remark, style);
  for (size_t i = 0; i < std::min(most, load.listeners.size()); ++i) {
    const ListenerLoad& listener = load.listeners[i];
    if (listener.excess() > 0 && listener.backlog) {
      text += labelled("Full", in_words(listener), style);
    }
  }
  return text + log;
}

}  // namespace advisor
