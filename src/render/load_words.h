#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/kernel_log.h"
#include "model/socket_load.h"

namespace advisor {

/// The socket load in the words of every report for people.

/// "3 client-side and 1 server-side TCP sockets, 2 listeners; 28 232 local ports usable (...)".
std::string load_in_words(const SocketLoad& load);

/// "10.0.0.5:8080 from 10.0.0.17", and behind it the sockets and ports, and who holds them.
std::string towards_in_words(const DestinationLoad& load);
std::string in_words(const DestinationLoad& load);

/// How many connections wait in which queue, its limit, and who holds it.
std::string in_words(const ListenerLoad& listener);

/// "nginx (pid 4711)" as a part of those sentences: "; held by ...", or empty.
std::string held_by(const std::vector<SocketOwner>& owners);

/// What a list of the first `listed` destinations leaves out, and why the numbers may be inexact; a
/// sentence each.
std::vector<std::string> load_remarks(const SocketLoad& load, size_t listed);

/// What the kernel's log hints at.
std::string in_words(const KernelLogHint& hint);

}  // namespace advisor
