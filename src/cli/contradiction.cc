#include "cli/contradiction.h"

#include <algorithm>

#include "cli/commands.h"
#include "model/transaction.h"
#include "os/named_file.h"
#include "os/network_namespace.h"

namespace advisor {
namespace {

bool is_report(Format format) {
  return format == Format::kText || format == Format::kJson;
}

/// Of one host at one time, to look at or to attach to a ticket.
bool is_page(Format format) {
  return format == Format::kHtml || format == Format::kMarkdown;
}

std::optional<std::string> contradiction_of_watch(const Request& request) {
  if (!request.watch) {
    return request.count ? std::optional<std::string>("--count says how often to --watch")
                         : std::nullopt;
  }
  if (!is_report(request.format) && request.format != Format::kJsonl) {
    return std::string("--watch prints text, json or jsonl, not ") + name_of(request.format);
  }
  if (!request.from.empty()) {
    return "--watch is of a host that changes, and the snapshot that --from names does not";
  }
  return std::nullopt;
}

std::optional<std::string> contradiction_of_output(const Request& request) {
  if (request.output.empty() || request.output == kStandardStream) return std::nullopt;
  if (request.watch) {
    return "--output is of one audit, and --watch makes one after the other: run `audit --output` "
           "by a timer";
  }
  if (request.netns == kAllNamespaces) {
    return "--output is of one audit, and --netns all prints many as they come: send standard "
           "output to the file";
  }
  return std::nullopt;
}

/// `--boot` is another report, of the files of a host.
std::optional<std::string> contradiction_of_boot(const Request& request) {
  if (!request.boot) return std::nullopt;
  if (!request.netns.empty()) {
    return "--boot does not go with --netns: files of sysctl.d set the host's own network "
           "namespace at boot, and no other";
  }
  if (request.watch) return "--boot is of files, which need no --watch";
  if (!is_report(request.format) && !is_page(request.format)) {
    return std::string("--boot prints text, json, html or markdown, not ") +
           name_of(request.format) + ": `diff` prints what would be changed for the next boot";
  }
  return std::nullopt;
}

std::optional<std::string> contradiction_of_brief(const Request& request) {
  if (!request.brief || request.format == Format::kText) return std::nullopt;
  return std::string("--brief prints text, not ") + name_of(request.format);
}

/// Of flags that say what a document for programs is to hold.
std::optional<std::string> contradiction_of_documents(const Request& request) {
  if (request.detail && request.format != Format::kJson) {
    return std::string(
               "--detail says which findings --format json prints, and has no meaning for ") +
           name_of(request.format);
  }
  if (!request.labels.empty() && request.format != Format::kJsonl) {
    return std::string("--label marks the line that --format jsonl prints, and ") +
           name_of(request.format) + " has no place for it";
  }
  return std::nullopt;
}

std::optional<std::string> contradiction_of_netns(const Command& command, const Request& request) {
  if (request.netns.empty()) return std::nullopt;
  if (!request.from.empty()) {
    return "--netns is a network namespace of this host, and --from names a snapshot of one: give "
           "one of the two";
  }
  if (!request.root.empty()) {
    return "--netns is a network namespace of this host, and the copied tree that --root names has "
           "none: give one of the two";
  }
  if (request.persist) {
    return "--persist does not go with --netns: files of sysctl.d set the host's own network "
           "namespace at boot, and no other";
  }
  if (request.format == Format::kDiff) {
    return "there is no diff for --netns: it would be of a file in sysctl.d, and those set the "
           "host's own network namespace; `audit" +
           netns_option(request.netns) + " --format sysctl` prints what `sysctl -p` can load there";
  }
  const bool one_audit = &command == &kAuditCommand && !request.watch &&
                         (is_report(request.format) || request.format == Format::kJsonl);
  if (request.netns == kAllNamespaces && !one_audit) {
    return "--netns all is for one audit, as text, json or jsonl: every other command and format "
           "takes one network namespace at a time";
  }
  if (request.netns == kAllNamespaces && request.anonymize) {
    return "--anonymize does not go with --netns all: network namespaces are told apart by their "
           "names, containers and commands";
  }
  return std::nullopt;
}

std::optional<std::string> contradiction_of_lint(const Request& request) {
  if (!request.as.empty() && request.arguments.size() != 1) {
    return "--as says what one FILE is to become: name that file";
  }
  if (!request.as.empty() && !request.as.starts_with('/')) {
    return "--as must be the whole path, such as /etc/sysctl.d/90-x.conf";
  }
  if (request.fix && request.format != Format::kText) {
    return std::string("--fix prints a patch, not ") + name_of(request.format);
  }
  return std::nullopt;
}

std::optional<std::string> contradiction_of_report(const Command& command, const Request& request) {
  if (&command != &kReportCommand) return std::nullopt;
  auto streams = std::ranges::count(request.arguments, kStandardStream);
  streams += (request.inventory == kStandardStream) + (request.since == kStandardStream);
  if (streams > 1) return "standard input can be one of the files only";
  if (request.root.empty()) return std::nullopt;
  return "--root names a copied tree, and a report is of lines of many hosts: leave it out";
}

std::optional<std::string> contradiction_of_compare(const Command& command,
                                                    const Request& request) {
  if (&command != &kCompareCommand) return std::nullopt;
  const std::vector<std::string>& files = request.arguments;
  if (files.size() < 2) return command.without_arguments;
  if (files[0] == kStandardStream && files[1] == kStandardStream) {
    return "standard input can be one of the two files only";
  }
  if (request.root.empty()) return std::nullopt;
  return "--root names a copied tree, and two files are compared: write one of the tree with "
         "`sysctl-advisor --root DIR snapshot FILE`";
}

std::optional<std::string> contradiction_of_prove(const Command& command, const Request& request) {
  if (&command != &kProveCommand) return std::nullopt;
  if (!request.root.empty()) {
    return "--root names a copied tree, and `prove` tries things out on the kernel that runs here";
  }
  if (request.all && !request.arguments.empty()) {
    return "--all means every proof: name proofs, or give --all";
  }
  if (request.list && request.all) return "--list tries no proof: leave --all out";
  if (request.list || request.all || !request.arguments.empty()) return std::nullopt;
  return "say what to prove: a rule, a pattern of rules, or --all; --list shows the proofs";
}

}  // namespace

std::optional<std::string> quoted_option(const Command& command, const Request& request) {
  if (!command.arguments_are_files) return std::nullopt;
  for (const std::string& file : request.arguments) {
    if (!file.starts_with('-') || file == kStandardStream) continue;
    return "\"" + file +
           "\" cannot be a FILE: each option is a word of its own, and a file whose " +
           "name begins so stands behind \"--\"";
  }
  return std::nullopt;
}

std::optional<std::string> contradiction(const Command& command, const Request& request) {
  if (*command.without_arguments && request.arguments.empty()) return command.without_arguments;
  if (!request.root.empty() && !request.from.empty()) {
    return "--root names a copied tree, and --from a snapshot: give one of the two";
  }
  if (auto why = contradiction_of_netns(command, request)) return why;
  if (auto why = contradiction_of_output(request)) return why;
  if (auto why = contradiction_of_boot(request)) return why;
  if (auto why = contradiction_of_brief(request)) return why;
  if (auto why = contradiction_of_documents(request)) return why;
  if (auto why = contradiction_of_lint(request)) return why;
  if (auto why = contradiction_of_compare(command, request)) return why;
  if (auto why = contradiction_of_report(command, request)) return why;
  if (auto why = contradiction_of_prove(command, request)) return why;
  return contradiction_of_watch(request);
}

}  // namespace advisor
