#include "load/proof_checks.h"

#include <fmt/format.h>

#include <set>

namespace advisor {
namespace {

class ProofCheck {
 public:
  ProofCheck(const TomlNode& node, TableReader& reader, const Proof& proof, DiagnosticSink& sink)
      : node_(node), reader_(reader), proof_(proof), load_(proof.load), sink_(sink) {}

  void check() {
    if (proof_.claim == ProofClaim::kDoesNothing) {
      check_does_nothing();
    } else {
      check_works();
    }
    check_place();
    check_load();
    check_takes();
  }

 private:
  void fault_of_proof(const std::string& message, const std::string& hint = "") {
    sink_.error(node_.where, message, hint);
  }

  /// At a member of the proof if it is there, else at the proof.
  void fault(const char* member, const std::string& message, const std::string& hint = "") {
    const TomlNode* there = reader_.node(member);
    sink_.error((there ? *there : node_).where, message, hint);
  }

  void check_does_nothing() {
    const bool helps = !proof_.helps.empty() || proof_.program_helps;
    if (proof_.change.empty()) {
      fault_of_proof("a proof that a change does nothing needs \"change\"");
    }
    if (!helps || !proof_.helped) {
      fault_of_proof(
          "a proof that a change does nothing needs \"helped\", and what helps",
          "give it `helps` or `program_helps`: a figure that nothing moves proves nothing");
    }
    check_program();
  }

  void check_works() {
    for (const char* member : {"helped", "helps"}) {
      if (!reader_.node(member)) continue;
      fault(member, fmt::format("\"{}\" is for a change that does nothing", member));
    }
    if (proof_.program_helps && !proof_.change.empty()) {
      fault("change", "what the program does is the change: there can be no other one");
    }
    check_program();
  }

  void check_program() {
    const bool by_program = load_.pool > 0 || load_.listens_once || load_.longer_backlog > 0;
    if (proof_.program_helps && !by_program) {
      fault("program_helps", "the program of this load can do nothing",
            "give the load a `pool`, `listens_once` or a `longer_backlog`");
    }
  }

  bool sends_packets() const {
    return load_.forged > 0 || load_.kind == LoadKind::kDatagrams ||
           load_.kind == LoadKind::kRedirects;
  }

  /// What needs another end, or a line.
  void check_place() {
    const bool has_other_end = proof_.place != ProofPlace::kLoopback;
    const bool has_line = proof_.place == ProofPlace::kLine;
    if (!proof_.peer.empty() && !has_other_end) {
      fault("peer", "only a pair or a line has another end to set parameters at");
    }
    if (reader_.node("line") && !has_line) fault("line", "\"line\" is for the place \"line\"");
    if (sends_packets() && !has_other_end) {
      fault("place", "forged requests, datagrams and redirects come over a pair or a line only");
    }
    if (load_.kind == LoadKind::kOutage && !has_line) {
      fault("place", "only a line can be cut");
    }
    const bool only_v4 = sends_packets() || !proof_.line.lost.empty() ||
                         proof_.measure == Measure::kFinWait ||
                         proof_.measure == Measure::kTimeWait;
    if (load_.ipv6 && only_v4) {
      fault("load",
            "\"ipv6\" goes with neither packets that are forged, lost by position or no part "
            "of a connection, nor with a count of sockets that are closing");
    }
  }

  void check_load() {
    if (load_.kind == LoadKind::kBulk) check_bulk();
    if (load_.kind == LoadKind::kRedirects && proof_.kept_up) {
      fault("kept_up", "redirects cannot be kept up: each goes to a destination of its own");
    }
    if (load_.kind != LoadKind::kRestart) return;
    const std::set<int64_t> ports(load_.service_ports.begin(), load_.service_ports.end());
    if (ports.empty() || ports.size() != load_.service_ports.size()) {
      fault("load", "\"services\" must be ports, each once");
    }
  }

  void check_bulk() {
    if ((load_.bytes > 0) == (load_.segments > 0)) {
      fault("load", "this load sends either \"bytes\" or \"segments\"");
    }
    if (load_.pause && load_.bytes == 0) fault("load", "\"pause\" goes with \"bytes\" only");
    if (proof_.kept_up != (load_.pace > 0)) {
      fault("load", "\"pace\" says how fast this load is kept up: one needs the other",
            "give the proof kept_up = true, and the load a pace in bytes/s");
    }
  }

  /// Connections that the peer keeps open belong to no process any more.
  void check_takes() {
    if (load_.peer_closes) return;
    if (proof_.kept_up) {
      fault("kept_up", "connections that the peer keeps open cannot be made without end");
    }
    const int64_t left = load_.fill + load_.connections;
    const auto orphans = proof_.takes.find(SharedPool::kOrphans);
    if (orphans != proof_.takes.end() && orphans->second >= left) return;
    fault("takes", "connections that the peer keeps open belong to no process any more",
          fmt::format("declare them: takes = {{ orphans = {} }}", left));
  }

  const TomlNode& node_;
  TableReader& reader_;
  const Proof& proof_;
  const ProofLoad& load_;
  DiagnosticSink& sink_;
};

}  // namespace

void check_proof(const TomlNode& node, TableReader& reader, const Proof& proof,
                 DiagnosticSink& sink) {
  ProofCheck(node, reader, proof, sink).check();
}

}  // namespace advisor
