#include "cli/netns.h"

#include <string>

#include "os/network_namespace.h"

namespace advisor {
namespace {

Error contradiction(const std::string& why) {
  return {ErrorKind::kRejected, why, 0};
}

}  // namespace

Status enter_netns(const Command& command, Options& options) {
  if (options.netns.empty()) return {};
  if (!options.from.empty()) {
    return contradiction(
        "--netns is a network namespace of this host, and --from names a snapshot of one: give one "
        "of the two");
  }
  if (!options.root.empty()) {
    return contradiction(
        "--netns is a network namespace of this host, and the copied tree that --root names has "
        "none: give one of the two");
  }
  if (options.persist) {
    return contradiction(
        "--persist does not go with --netns: files of sysctl.d set the host's own network "
        "namespace at boot, and no other");
  }
  if (options.format == "diff" || std::string(command.name) == "diff") {
    return contradiction(
        "there is no diff for --netns: it would be of a file in sysctl.d, and those set the "
        "host's own network namespace; `audit" +
        netns_option(options.netns) + " --format sysctl` prints what `sysctl -p` can load there");
  }
  if (options.netns == kAllNamespaces) {
    const bool can = std::string(command.name) == "audit" && options.watch.empty() &&
                     (options.format == "text" || options.format == "json");
    if (can) return {};
    return contradiction(
        "--netns all is for one audit, as text or json: every other command and format takes one "
        "network namespace at a time");
  }
  options.runtime = true;
  return enter_network_namespace(options.netns);
}

}  // namespace advisor
