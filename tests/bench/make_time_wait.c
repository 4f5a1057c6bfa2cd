/* Leaves sockets in TIME_WAIT on the loopback device, at the client or at the server: whoever closes
 * first keeps them. The listeners of a server are there for as long as its sockets.
 *   usage: make_time_wait COUNT FIRST_PORT client|server
 * Each 14 000 go to another address of 127/8 (all of them are local) and port: from half of the range
 * of local ports on, connect() takes some hundred times longer. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { kEach = 14000, kLifetimeSeconds = 60 };

static int fail(const char *what) {
  perror(what);
  return 1;
}

static int connect_and_close(int listener, const struct sockaddr_in *to, int server_closes) {
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (client < 0) return fail("socket");
  if (connect(client, (const struct sockaddr *)to, sizeof *to) < 0) return fail("connect");
  const int server = accept(listener, NULL, NULL);
  if (server < 0) return fail("accept");
  const int first = server_closes ? server : client;
  shutdown(first, SHUT_WR);
  close(server_closes ? client : server);
  close(first);
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const int server_closes = strcmp(argv[3], "server") == 0;
  const long count = atol(argv[1]);
  const int first_port = atoi(argv[2]);
  for (long made = 0; made < count; made += kEach) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to;
    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons((unsigned short)(first_port + made / kEach));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (unsigned)(made / kEach));
    const int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&to, sizeof to) < 0) return fail("bind");
    if (listen(listener, 128) < 0) return fail("listen");
    for (long i = made; i < count && i < made + kEach; ++i) {
      if (connect_and_close(listener, &to, server_closes) != 0) return 1;
    }
    if (!server_closes) close(listener);
  }
  if (server_closes && fork() == 0) sleep(kLifetimeSeconds);
  return 0;
}
