#include <algorithm>
#include <chrono>

#include "os/clock.h"
#include "prove/load.h"
#include "prove/waiting.h"

namespace advisor {
namespace {

constexpr uint16_t kFirstBulkPort = 9000;
constexpr int kBulkBacklog = 4096;

/// What is sent over one connection.
struct Transfer {
  UniqueFd sender;
  UniqueFd receiver;
  size_t unsent = 0;
  size_t missing = 0;  ///< has not arrived
};

/// Connections over each of which so much is sent, and that pause then if the load says so.
class Bulk : public Load {
 public:
  Bulk(const ProofLoad& load, const ProvingPlace& place) : load_(load), place_(place) {}
  ~Bulk() override { end(); }
  Bulk(const Bulk&) = delete;
  Bulk& operator=(const Bulk&) = delete;

  Result<LoadOutcome> run() override {
    end();
    if (const Status opened = open_all(); !opened) return opened.error();
    std::vector<int64_t> buffers;
    for (const Transfer& each : transfers_) buffers.push_back(receive_buffer_of(each.receiver));
    if (const Status carried = carry_all(); !carried) return carried.error();
    LoadOutcome outcome;
    outcome.tried = load_.connections;
    for (size_t i = 0; i < transfers_.size(); ++i) {
      outcome.stuck += transfers_[i].missing > 0;
      outcome.fixed_buffers += receive_buffer_of(transfers_[i].receiver) == buffers[i];
    }
    if (load_.pause) {
      if (outcome.stuck > 0) return Error{ErrorKind::kBusy, "a transfer did not arrive", 0};
      const auto shrunk = send_after_pause();
      if (!shrunk) return shrunk.error();
      outcome.shrunk = *shrunk;
    }
    return outcome;
  }

  /// The first goes on, as fast as the load says however busy this machine is.
  Status keep_up() override {
    SystemClock clock;
    const auto now = clock.since_boot();
    if (!paced_since_) paced_since_ = now;
    Transfer& first = transfers_.front();
    const int64_t due = load_.pace * (now - *paced_since_).count() / 1000;
    paced_bytes_ += int64_t(send_some(first.sender, size_t(due - paced_bytes_)));
    (void)receive_all(first.receiver);
    return {};
  }

 private:
  void end() {
    for (Transfer& each : transfers_) {
      reset(std::move(each.sender));
      reset(std::move(each.receiver));
    }
    transfers_.clear();
    paced_since_.reset();
    paced_bytes_ = 0;
  }

  Status open_all() {
    const TrafficEnd& from = load_.incoming ? place_.peer() : place_.home();
    const TrafficEnd& to = load_.incoming ? place_.home() : place_.peer();
    const auto listener = open_listener(to, ++port_, kBulkBacklog);
    if (!listener) return listener.error();
    if (listener->os_error != 0) return os_failure("listen", listener->os_error);
    for (int64_t i = 0; i < load_.connections; ++i) {
      auto sender = connect_between(from, to, port_, Patience::kWaits);
      if (!sender) return sender.error();
      if (sender->os_error != 0) return os_failure("connect", sender->os_error);
      auto receiver = accept_one(listener->socket);
      if (!receiver) return receiver.error();
      // Also if this process is killed, and the line with it: nobody would answer.
      reset_when_closed(sender->socket);
      reset_when_closed(*receiver);
      const auto in_segments = load_.segments * state_of(sender->socket).segment_bytes;
      const auto bytes = size_t(load_.bytes > 0 ? load_.bytes : in_segments);
      transfers_.push_back({std::move(sender->socket), *std::move(receiver), bytes, bytes});
    }
    return {};
  }

  /// All together; or, where much is sent over each, one after the other, since what a line holds
  /// is limited.
  Status carry_all() {
    const size_t at_once = load_.segments > 0 || load_.bytes <= kLittle ? transfers_.size() : 1;
    for (size_t i = 0; i < transfers_.size(); i += at_once) {
      const Status carried = load_.pause ? widen(transfers_[i]) : carry(i, i + at_once);
      if (!carried) return carried;
    }
    return {};
  }

  /// Sends until the window is wide: on a busy machine the line may lose something.
  Status widen(Transfer& transfer) {
    constexpr int64_t kWide = 30;
    constexpr int kMostTimes = 5;
    const auto at = size_t(&transfer - transfers_.data());
    for (int i = 0; i < kMostTimes; ++i) {
      transfer.unsent = transfer.missing = size_t(load_.bytes);
      if (const Status carried = carry(at, at + 1); !carried) return carried;
      if (state_of(transfer.sender).window >= kWide) return {};
    }
    return Error{ErrorKind::kBusy, "no window became wide", 0};
  }

  /// Until all has arrived, or what is missing was sent again and again.
  Status carry(size_t begin, size_t end) {
    constexpr std::chrono::seconds kLongest{15};
    constexpr int kStuckTimeouts = 4;
    return wait_or_fail("the end of a transfer", kLongest, [&]() -> Result<bool> {
      bool all_decided = true;
      for (size_t i = begin; i < end; ++i) {
        Transfer& each = transfers_[i];
        each.unsent -= send_some(each.sender, each.unsent);
        each.missing -= std::min(each.missing, receive_all(each.receiver));
        all_decided =
            all_decided && (each.missing == 0 || state_of(each.sender).timeouts >= kStuckTimeouts);
      }
      return all_decided;
    });
  }

  /// How many windows are smaller by half as soon as something is sent after a pause.
  Result<int64_t> send_after_pause() {
    constexpr std::chrono::seconds kLongest{10};
    const auto all_pause = [&](std::chrono::milliseconds least) {
      return wait_or_fail("a pause", kLongest, [&]() -> Result<bool> {
        return std::ranges::all_of(transfers_, [&](const Transfer& each) {
          const ConnectionState state = state_of(each.sender);
          return state.idle > std::max(least, 2 * state.timeout);
        });
      });
    };
    // The kernel halves a window for each timeout that has passed.
    if (const Status paused = all_pause({}); !paused) return paused.error();
    int64_t shrunk = 0;
    for (const Transfer& each : transfers_) {
      const int64_t before = state_of(each.sender).window;
      if (send_some(each.sender, 1) != 1) return Error{ErrorKind::kBusy, "nothing can be sent", 0};
      shrunk += 2 * state_of(each.sender).window <= before;
    }
    // For the rule that judges then, it is a pause from here on.
    constexpr std::chrono::milliseconds kPause{250};
    if (const Status paused = all_pause(kPause); !paused) return paused.error();
    return shrunk;
  }

  static constexpr int64_t kLittle = 20'000;

  const ProofLoad& load_;
  const ProvingPlace& place_;
  uint16_t port_ = kFirstBulkPort;
  std::vector<Transfer> transfers_;
  std::optional<std::chrono::milliseconds> paced_since_;
  int64_t paced_bytes_ = 0;  ///< sent since then
};

}  // namespace

std::unique_ptr<Load> make_bulk(const ProofLoad& load, const ProvingPlace& place) {
  return std::make_unique<Bulk>(load, place);
}

}  // namespace advisor
