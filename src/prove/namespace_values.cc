#include "prove/namespace_values.h"

#include "load/proof.h"

namespace advisor {
namespace {

// The kernel computes these from its memory: what most have.
const std::vector<KeyValue> kComputed{
    {"net.ipv4.tcp_rmem", "4096 131072 6291456"},
    {"net.ipv4.tcp_wmem", "4096 16384 4194304"},
};

}  // namespace

std::set<ParameterName> names_in_proof(const std::string& key) {
  const size_t star = key.find('*');
  if (star == std::string::npos) return {*ParameterName::parse(key)};
  std::set<ParameterName> names;
  for (const char* interface : kInterfacesOfProof) {
    const auto name = ParameterName::parse(std::string(key).replace(star, 1, interface));
    if (name) names.insert(*name);
  }
  return names;
}

std::vector<KeyValue> own_values_of_copied(const Catalogue& catalogue,
                                           const KernelVersion& kernel) {
  std::vector<KeyValue> values = kComputed;
  for (const std::string& key : catalogue.keys()) {
    if (!key.starts_with("net.")) continue;
    for (const ParameterName& name : names_in_proof(key)) {
      const ParameterInfo* info = catalogue.find(name);
      if (!info || info->in_new_namespace != InNewNamespace::kCopied) continue;
      const auto own = info->default_on(kernel);
      if (own) values.push_back({std::string(name.dotted()), std::string(own->view())});
    }
  }
  return values;
}

}  // namespace advisor
