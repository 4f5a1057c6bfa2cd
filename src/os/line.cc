#include "os/line.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "os/clock.h"
#include "os/retries.h"

namespace advisor {
namespace {

using Frame = std::vector<unsigned char>;
using Milliseconds = std::chrono::milliseconds;

constexpr size_t kLongestFrame = 65536;

/// The ports of a TCP segment over IPv4, both in one number; nothing for any other frame.
std::optional<uint32_t> connection_of(const Frame& frame) {
  constexpr size_t kLeastHeader = 20;
  if (frame.size() < ETH_HLEN + kLeastHeader) return std::nullopt;
  const unsigned char* packet = frame.data() + ETH_HLEN;
  const bool is_v4 = frame[12] == ETH_P_IP >> 8 && frame[13] == (ETH_P_IP & 0xFF);
  const size_t ports = ETH_HLEN + size_t(packet[0] & 0xF) * 4;
  if (!is_v4 || packet[9] != IPPROTO_TCP || frame.size() < ports + 4) return std::nullopt;
  uint32_t both = 0;
  for (size_t i = 0; i < 4; ++i) both = both << 8 | frame[ports + i];
  return both;
}

struct UnderWay {
  Milliseconds due;
  Frame frame;
};

/// Frames in one direction.
struct Direction {
  int from;
  int to;
  std::deque<UnderWay> under_way;
};

class Carrier {
 public:
  Carrier(int first, int second, int commands, const LineTraits& traits)
      : first_{first, second, {}},
        second_{second, first, {}},
        commands_(commands),
        traits_(traits) {}

  /// Until whoever gives commands is gone.
  void run() {
    for (;;) {
      const Milliseconds now = clock_.since_boot();
      int patience = -1;
      for (Direction* direction : {&first_, &second_}) {
        deliver(*direction, now);
        if (direction->under_way.empty()) continue;
        const auto left = int((direction->under_way.front().due - now).count());
        patience = patience < 0 ? left : std::min(patience, left);
      }
      std::array<pollfd, 3> waiting{
          {{first_.from, POLLIN, 0}, {second_.from, POLLIN, 0}, {commands_, POLLIN, 0}}};
      if (poll(waiting.data(), waiting.size(), patience) < 0 && errno != EINTR) return;
      if (waiting[0].revents != 0) take(first_, traits_.lost);
      if (waiting[1].revents != 0) take(second_, {});
      if (waiting[2].revents != 0 && !obey()) return;
    }
  }

 private:
  static void deliver(Direction& direction, Milliseconds now) {
    while (!direction.under_way.empty() && direction.under_way.front().due <= now) {
      const Frame& frame = direction.under_way.front().frame;
      // One for which there is no room is lost, as on any line.
      (void)send(direction.to, frame.data(), frame.size(), 0);
      direction.under_way.pop_front();
    }
  }

  void take(Direction& direction, const std::vector<int64_t>& lost) {
    Frame frame(kLongestFrame);
    for (;;) {
      const ssize_t size = recv(direction.from, frame.data(), frame.size(), 0);
      if (size <= 0) return;
      Frame taken(frame.begin(), frame.begin() + size);
      if (is_lost(taken, lost)) continue;
      direction.under_way.push_back({clock_.since_boot() + traits_.delay, std::move(taken)});
    }
  }

  bool is_lost(const Frame& frame, const std::vector<int64_t>& lost) {
    if (is_cut_) return true;
    if (traits_.longest > 0 && frame.size() > traits_.longest + ETH_HLEN) return true;
    if (lost.empty()) return false;
    const auto connection = connection_of(frame);
    return connection && std::ranges::find(lost, ++sent_[*connection]) != lost.end();
  }

  /// False if there is nobody any more to give commands.
  bool obey() {
    char command = 0;
    if (recv(commands_, &command, 1, 0) != 1) return false;
    is_cut_ = command == 'c';
    // What is under way when a line is cut does not arrive.
    if (is_cut_) first_.under_way.clear();
    if (is_cut_) second_.under_way.clear();
    return send(commands_, &command, 1, MSG_NOSIGNAL) == 1;
  }

  SystemClock clock_;
  Direction first_;
  Direction second_;
  int commands_;
  const LineTraits& traits_;
  bool is_cut_ = false;
  std::map<uint32_t, int64_t> sent_;  ///< by the first end, for each connection
};

/// Takes every frame that comes in by an interface, and sends by it.
Result<UniqueFd> open_interface(const std::string& interface) {
  UniqueFd made(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) return os_failure("open a socket of packets", errno);
  const int on = 1;
  const int room = 8 << 20;
  setsockopt(made.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = int(if_nametoindex(interface.c_str()));
  // What this socket itself sends is not to come back.
  if (setsockopt(made.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0 ||
      bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return os_failure("take the packets of " + interface, errno);
  }
  return made;
}

}  // namespace

Result<Line> Line::lay(const std::string& first, const std::string& second,
                       const LineTraits& traits) {
  const auto from = open_interface(first);
  if (!from) return from.error();
  const auto to = open_interface(second);
  if (!to) return to.error();
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return os_failure("make a pair of sockets", errno);
  }
  UniqueFd ours(ends[0]), theirs(ends[1]);
  const pid_t process = fork();
  if (process < 0) return os_failure("start the process of a line", errno);
  if (process == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ours = UniqueFd();
    Carrier(from->get(), to->get(), theirs.get(), traits).run();
    _exit(0);
  }
  return Line(process, std::move(ours));
}

Line::Line(Line&& other) noexcept
    : process_(std::exchange(other.process_, -1)), commands_(std::move(other.commands_)) {}

Line& Line::operator=(Line&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(commands_, other.commands_);
  return *this;
}

Line::~Line() {
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  Retries interruptions;
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR && interruptions.again()) {
  }
}

Status Line::command(char what) const {
  char answer = 0;
  if (send(commands_.get(), &what, 1, MSG_NOSIGNAL) == 1 &&
      recv(commands_.get(), &answer, 1, 0) == 1) {
    return {};
  }
  return os_failure("give a line a command", errno);
}

}  // namespace advisor
