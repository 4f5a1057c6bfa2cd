#include "collect/inventory.h"

#include <doctest/doctest.h>

namespace advisor::inventory_test {
namespace {

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("inventory: a name a line, each once, without comments") {
  CHECK(*parse_inventory("hosts", "# all\nweb-2\n  web-1  # the old one\n\nweb-2\n") ==
        Names{"web-1", "web-2"});
}

TEST_CASE("inventory: what ansible-inventory prints, with hosts that have no variables") {
  CHECK(*parse_inventory("hosts",
                         R"({"_meta": {"hostvars": {"b": {}}}, "all": {"children": ["web"]},
                             "web": {"hosts": ["b", "a"]}})") == Names{"a", "b"});
}

TEST_CASE("inventory: another form is refused with its place and the way out") {
  CHECK(parse_inventory("hosts", "web-1\n[db]\n").error().message.starts_with("hosts:2: "));
  CHECK(parse_inventory("hosts", "web-1 ansible_host=10.0.0.1\n")
            .error()
            .message.ends_with("`ansible-inventory -i INVENTORY --list`"));
  CHECK(parse_inventory("hosts", "# none\n").error().message == "hosts: it names no host");
  CHECK(parse_inventory("hosts", "{\"all\": {}}").error().message == "hosts: it names no host");
  CHECK(
      parse_inventory("hosts", "{").error().message.starts_with("hosts:1:1: not a JSON document"));
}

}  // namespace advisor::inventory_test
