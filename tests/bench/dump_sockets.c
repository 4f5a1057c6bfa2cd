/* The least that reading the socket table can cost: asks the kernel for the TCP sockets of both
 * families in one pass, and counts the rows by state. Prints how many there are. */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  static char buffer[32768] __attribute__((aligned(8)));
  struct {
    struct nlmsghdr header;
    struct inet_diag_req request;
  } ask;
  memset(&ask, 0, sizeof ask);
  ask.header.nlmsg_len = sizeof ask;
  ask.header.nlmsg_type = TCPDIAG_GETSOCK;
  ask.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  ask.request.idiag_states = 0x3ffe;
  const int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0 || send(fd, &ask, sizeof ask, 0) < 0) return perror("sock_diag"), 1;
  long states[256] = {0}, rows = 0;
  for (;;) {
    const ssize_t size = recv(fd, buffer, sizeof buffer, 0);
    if (size < 0) return perror("sock_diag"), 1;
    int left = (int)size;
    for (struct nlmsghdr *header = (struct nlmsghdr *)buffer; NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type == NLMSG_DONE) return printf("%ld\n", rows), 0;
      if (header->nlmsg_type == NLMSG_ERROR) return fprintf(stderr, "sock_diag refused\n"), 1;
      ++states[((struct inet_diag_msg *)NLMSG_DATA(header))->idiag_state];
      ++rows;
    }
  }
}
