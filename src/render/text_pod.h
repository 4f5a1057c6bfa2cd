#pragma once

#include <string>

#include "model/catalogue.h"
#include "model/finding.h"
#include "render/style.h"

namespace advisor {

/// What a report advises as a pod and a container engine take it: the `securityContext.sysctls` of
/// the pod, and options of `docker run` or `podman run`. Only parameters of which each network or
/// IPC namespace has its own are among them; empty if there are none.
std::string text_pod(const Report& report, const Catalogue& catalogue, const TextStyle& style);

}  // namespace advisor
