#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "model/socket_load.h"

namespace advisor {

/// What became of a pass over the table.
struct Visit {
  /// The kernel said that the table changed too much while it was read (NLM_F_DUMP_INTR), or that
  /// it dropped rows (ENOBUFS): some may be missing, or told twice.
  bool uneven = false;
};

/// The TCP socket table of one network namespace, both address families, row by row. Nothing of it
/// is kept in memory.
class SocketTable {
 public:
  using Visitor = std::function<void(const SocketRow&)>;

  virtual ~SocketTable() = default;
  /// Every listener, then every other socket. If it fails, rows may already have been visited.
  virtual Result<Visit> visit(const Visitor& listener, const Visitor& connection) = 0;
  /// Every listener, and nothing else.
  virtual Result<Visit> visit_listeners(const Visitor& listener) = 0;
  /// Whether a row tells how long its connection has been silent.
  virtual bool tells_ages() const = 0;
  /// Where the rows come from: "sock_diag" or "/proc/net/tcp".
  virtual std::string source() const = 0;
};

/// Asks the kernel over NETLINK_SOCK_DIAG; needs no privilege. NotFound where the kernel has no
/// tcp_diag module.
class DiagSocketTable : public SocketTable {
 public:
  Result<Visit> visit(const Visitor& listener, const Visitor& connection) override;
  Result<Visit> visit_listeners(const Visitor& listener) override;
  bool tells_ages() const override { return true; }
  std::string source() const override { return "sock_diag"; }
};

/// Reads <root>/proc/net/tcp and tcp6: some five times slower, for kernels without tcp_diag and
/// for copied trees.
class ProcSocketTable : public SocketTable {
 public:
  explicit ProcSocketTable(std::string root) : root_(std::move(root)) {}
  Result<Visit> visit(const Visitor& listener, const Visitor& connection) override;
  Result<Visit> visit_listeners(const Visitor& listener) override;
  bool tells_ages() const override { return false; }
  std::string source() const override { return "/proc/net/tcp"; }

 private:
  std::string root_;
};

}  // namespace advisor
