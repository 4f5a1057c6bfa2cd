#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "model/socket_load.h"

namespace advisor {

/// The TCP socket table of one network namespace, both address families, row by row. Nothing of it
/// is kept in memory.
class SocketTable {
 public:
  using Visitor = std::function<void(const SocketRow&)>;

  virtual ~SocketTable() = default;
  /// Every listener, then every other socket. If it fails, rows may already have been visited.
  virtual Status visit(const Visitor& listener, const Visitor& connection) = 0;
  /// Where the rows come from: "sock_diag" or "/proc/net/tcp".
  virtual std::string source() const = 0;
};

/// Asks the kernel over NETLINK_SOCK_DIAG; needs no privilege. NotFound where the kernel has no
/// tcp_diag module.
class DiagSocketTable : public SocketTable {
 public:
  Status visit(const Visitor& listener, const Visitor& connection) override;
  std::string source() const override { return "sock_diag"; }
};

/// Reads <root>/proc/net/tcp and tcp6: some five times slower, for kernels without tcp_diag and
/// for copied trees.
class ProcSocketTable : public SocketTable {
 public:
  explicit ProcSocketTable(std::string root) : root_(std::move(root)) {}
  Status visit(const Visitor& listener, const Visitor& connection) override;
  std::string source() const override { return "/proc/net/tcp"; }

 private:
  std::string root_;
};

}  // namespace advisor
