#pragma once

#include <optional>
#include <vector>

#include "model/persistent.h"
#include "os/file_store.h"
#include "os/sysctl_tree.h"

namespace advisor {

/// Which parameters the programs of this host set by themselves, told from files alone: TuneD, ufw,
/// systemd-networkd, NetworkManager, cloud-init, kubelet, kube-proxy, Cilium and Docker. What a
/// file says line by line is certain. Where only the presence of a program is known, what it
/// usually sets is named as that. Files that are closed to this user tell nothing; `unread`
/// receives a sentence for each failure by which settings may be missing.
std::vector<OtherSetting> read_other_settings(const FileStore& files, const SysctlTree& tree,
                                              std::vector<std::string>& unread);

/// Whether this is a node of a Kubernetes cluster, by the files of kubelet, kube-proxy or Cilium;
/// nothing if these are closed to us.
std::optional<bool> is_kubernetes_node(const FileStore& files);

/// Whether this host runs containers, by the files of Docker, podman, containerd or a CNI plugin;
/// nothing if these are closed to us.
std::optional<bool> has_container_engine(const FileStore& files);

}  // namespace advisor
