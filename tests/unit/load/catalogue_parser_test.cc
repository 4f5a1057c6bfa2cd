#include "load/catalogue_parser.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/builders.h"

namespace advisor::catalogue_parser_test {
namespace {

using testing::lines_of;
using testing::name;
using Texts = testing::Lines;

Texts complaints(const std::string& toml) {
  Catalogue catalogue;
  Diagnostics diagnostics;
  parse_catalogue({"p.toml", toml}, catalogue, diagnostics);
  return lines_of(diagnostics);
}

/// A catalogue of the build, of one row.
class OneRow : public ParameterSource {
 public:
  OneRow(std::string key, std::string file) : key_(std::move(key)), file_(std::move(file)) {}

  std::unique_ptr<ParameterInfo> row(std::string_view key) const override {
    if (key != key_) return nullptr;
    auto info = std::make_unique<ParameterInfo>();
    info->where = {file_, 7, 2};
    return info;
  }
  bool has(std::string_view key) const override { return key == key_; }
  std::vector<std::string> keys() const override { return {key_}; }

 private:
  std::string key_;
  std::string file_;
};

}  // namespace

TEST_CASE("catalogue: a row says everything that is known of a parameter") {
  const Catalogue catalogue = testing::catalogue_from(
      "[\"net.ipv4.tcp_rmem\"]\n"
      "type = 'vector'\nfields = ['min', 'default', 'max']\nunit = 'bytes'\n"
      "min = 1\nmax = 100\nordered = true\nruns_code = true\nsecret = true\nsince = '2.4'\n"
      "effect = 'new sockets'\nmeaning = 'Receive buffers.'\ncost = 'memory'\n"
      "reference = 'RFC 1323'\n");

  const ParameterInfo* row = catalogue.find(name("net/ipv4/tcp_rmem"));

  REQUIRE(row);
  CHECK(row->type == ParameterType::kVector);
  CHECK(row->access == ParameterAccess::kReadWrite);
  CHECK(row->fields == Texts{"min", "default", "max"});
  CHECK(row->min == 1);
  CHECK(row->max == 100);
  CHECK(row->ordered);
  CHECK(row->runs_code);
  CHECK(row->secret);
  CHECK(row->reference == std::vector<SharedText>{"RFC 1323"});
  CHECK(row->where == SourceLocation{"catalogue.toml", 1, 2});
}

TEST_CASE("catalogue: a parameter has one row, in a file and over files") {
  Catalogue catalogue;
  Diagnostics diagnostics;
  const std::string row = "type = 'int'\nmeaning = 'm'\n";
  parse_catalogue({"p.toml", "[\"a.x\"]\n" + row + "[\"a/x\"]\n" + row}, catalogue, diagnostics);
  parse_catalogue({"q.toml", "# ours\n[\"a.x\"]\n" + row + "[\"a.*\"]\n" + row}, catalogue,
                  diagnostics);

  const std::string hint = " (a parameter has one row: take one of the two out)";
  CHECK(lines_of(diagnostics) == Texts{"p.toml:4:2: a.x has a row already, at p.toml:1:2" + hint,
                                       "q.toml:2:2: a.x has a row already, at p.toml:1:2" + hint});
  CHECK(catalogue.find(name("a.x"))->where.file == "p.toml");
}

TEST_CASE("catalogue: a row beside the shipped one is an error, whichever is read first") {
  const auto shipped = std::make_shared<OneRow>("a.x", "(built in) p.toml");
  const std::string row = "[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\n";
  Diagnostics diagnostics;
  Catalogue before;
  parse_catalogue({"ours.toml", row}, before, diagnostics);
  before.add(shipped);
  Catalogue after;
  after.add(shipped);
  parse_catalogue({"ours.toml", row}, after, diagnostics);
  CHECK(diagnostics.empty());

  report_shipped_rows_named_again(before, diagnostics);
  report_shipped_rows_named_again(after, diagnostics);

  REQUIRE(diagnostics.size() == 2);
  CHECK(to_text(diagnostics[0]) ==
        "ours.toml:1:2: error: a.x has a row already, at (built in) p.toml:7:2\n"
        "  hint: a parameter has one row: take this one out, or replace the whole shipped file by "
        "one of its name in the folder parameters\n");
  CHECK(diagnostics[1] == diagnostics[0]);
}

TEST_CASE("catalogue: wrong rows are reported with their place") {
  CHECK(complaints("[\"a.x\"]\ntype = 'integer'\nmeaning = 'm'\n") ==
        Texts{"p.toml:2:8: unknown word \"integer\" "
              "(one of: bool, int, bitmask, vector, range, port-set, string)"});
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\naccess = 'rw'\nmeaning = 'm'\n") ==
        Texts{"p.toml:3:10: unknown word \"rw\" (one of: read-write, read-only, write-only)"});
  CHECK(complaints("[\"a.x\"]\nmeaning = 'm'\n") ==
        Texts{"p.toml:1:1: a parameter needs \"type\""});
  CHECK(complaints("[\"a.x\"]\ntype = 'vector'\nmeaning = 'm'\n") ==
        Texts{"p.toml:1:2: a vector needs the names of its \"fields\""});
  CHECK(
      complaints("[somaxconn]\ntype = 'int'\nmeaning = 'm'\n") ==
      Texts{"p.toml:1:2: \"somaxconn\" is no parameter name (write it as \"net.core.somaxconn\")"});
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\nunits = 's'\n") ==
        Texts{"p.toml:4:1: a parameter has no \"units\" (did you mean \"unit\"?)"});
  CHECK(complaints("[\"a.x\"\n").size() == 1);
}

TEST_CASE("catalogue: bits and costs that do not fit their parameter are reported") {
  CHECK(complaints("[\"a.x\"]\ntype = 'bitmask'\nmeaning = 'm'\nbits = { 3 = 'two' }\n") ==
        Texts{"p.toml:4:10: \"3\" is not the value of one bit"});
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\nbits = { 2 = 'two' }\n") ==
        Texts{"p.toml:4:8: only a bitmask has bits"});
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\ncost = { more = 'c' }\n") ==
        Texts{"p.toml:4:10: \"more\" is neither lower, higher, any nor a number"});
  CHECK(complaints("[\"a.x\"]\ntype = 'string'\nmeaning = 'm'\ncost = { 1 = 'c' }\n") ==
        Texts{"p.toml:4:8: a cost by value is for parameters that are numbers"});
}

TEST_CASE("catalogue: one row speaks of a parameter of every interface, under its own name") {
  const Catalogue catalogue = testing::catalogue_from(
      "[\"net.ipv4.conf.*.rp_filter\"]\ntype = 'int'\nmeaning = 'family'\n"
      "[\"net.ipv4.conf.all.rp_filter\"]\ntype = 'int'\nmeaning = 'all'\n");

  const ParameterInfo* vlan = catalogue.find(name("net/ipv4/conf/eth0.100/rp_filter"));

  REQUIRE(vlan);
  CHECK(vlan->meaning == "family");
  CHECK(vlan->name.dotted() == "net.ipv4.conf.eth0/100.rp_filter");
  CHECK(catalogue.find(name("net.ipv4.conf.all.rp_filter"))->meaning == "all");
  CHECK_FALSE(catalogue.find(name("net.ipv4.conf.eth0.rp_filtre")));
  CHECK(catalogue.nearest("net.ipv4.conf.eth0.rp_filtre") == "net.ipv4.conf.eth0.rp_filter");
}

TEST_CASE("catalogue: the default is that of the kernel's version") {
  const Catalogue catalogue = testing::catalogue_from(
      "[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\ndefault = '2'\n"
      "default_before = { '4.19' = '0', '2.6.30' = '7' }\n");
  const ParameterInfo* row = catalogue.find(name("a.x"));
  const auto on = [&](const char* kernel) {
    return *row->default_on(*KernelVersion::parse(kernel));
  };

  CHECK(on("6.18.44-fc") == "2");
  CHECK(on("4.19") == "2");
  CHECK(on("4.18.0-553.el8") == "0");
  CHECK(on("2.6.29") == "7");
}

TEST_CASE("catalogue: what does not fit together within a row is reported") {
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\nmin = 2\nmax = 1\n") ==
        Texts{"p.toml:1:2: \"min\" is above \"max\""});
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\ndefault = 'a lot'\n") ==
        Texts{"p.toml:4:11: the default \"a lot\" is not of the type of a.x (it must be one whole "
              "number)"});
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\nsince = 'long'\n") ==
        Texts{"p.toml:4:9: \"long\" is no kernel version (write it as \"4.19\")"});
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\none_way = true\n") ==
        Texts{"p.toml:4:11: \"one_way\" must be a list of whole numbers, not true or false"});
}

TEST_CASE(
    "catalogue: every shipped row is right, and says when a change takes effect or that "
    "nobody knows") {
  const Catalogue catalogue = testing::shipped_catalogue();

  CHECK(catalogue.keys().size() >= 800);
  for (const std::string& key : catalogue.keys()) {
    CAPTURE(key);
    const ParameterInfo* row = catalogue.find(name(key));
    REQUIRE(row);
    CHECK(row->meaning.size() <= 220);
    CHECK_FALSE(row->meaning.empty());
    const bool is_open = std::find(row->open.begin(), row->open.end(), "effect") != row->open.end();
    const bool takes_effect = row->access == ParameterAccess::kReadWrite && row->removed.empty() &&
                              row->inert_since.empty();
    if (takes_effect && !is_open) CHECK_FALSE(row->effect.empty());
  }
}

}  // namespace advisor::catalogue_parser_test
