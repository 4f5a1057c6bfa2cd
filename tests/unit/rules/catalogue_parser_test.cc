#include "rules/catalogue_parser.h"

#include <doctest/doctest.h>

#include "support/builders.h"

namespace advisor {
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

}  // namespace

TEST_CASE("catalogue: a row says everything that is known of a parameter") {
  const Catalogue catalogue = testing::catalogue_from(
      "[\"net.ipv4.tcp_rmem\"]\n"
      "type = 'vector'\nfields = ['min', 'default', 'max']\nunit = 'bytes'\n"
      "min = 1\nmax = 100\none_way = true\nruns_code = true\nsince = '2.4'\n"
      "effect = 'new sockets'\nmeaning = 'Receive buffers.'\ncost = 'memory'\n"
      "reference = 'RFC 1323'\n");

  const ParameterInfo* row = catalogue.find(name("net/ipv4/tcp_rmem"));

  REQUIRE(row);
  CHECK(row->type == ParameterType::kVector);
  CHECK(row->access == ParameterAccess::kReadWrite);
  CHECK(row->fields == Texts{"min", "default", "max"});
  CHECK(row->min == 1);
  CHECK(row->max == 100);
  CHECK(row->one_way);
  CHECK(row->runs_code);
  CHECK(row->reference == Texts{"RFC 1323"});
  CHECK(row->where == SourceLocation{"catalogue.toml", 1, 2});
}

TEST_CASE("catalogue: a later row replaces an earlier one") {
  const Catalogue catalogue = testing::catalogue_from(
      "[\"a.x\"]\ntype = 'int'\nmeaning = 'old'\n"
      "[\"a/x\"]\ntype = 'int'\nmeaning = 'new'\n");

  CHECK(catalogue.rows().size() == 1);
}

TEST_CASE("catalogue: wrong rows are reported with their place") {
  CHECK(complaints("[\"a.x\"]\ntype = 'integer'\nmeaning = 'm'\n") ==
        Texts{"p.toml:2:8: unknown word \"integer\" "
              "(one of: bool, int, vector, range, port-set, string)"});
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\naccess = 'rw'\nmeaning = 'm'\n") ==
        Texts{"p.toml:3:10: unknown word \"rw\" (one of: read-write, read-only, write-only)"});
  CHECK(complaints("[\"a.x\"]\nmeaning = 'm'\n") ==
        Texts{"p.toml:1:1: a parameter needs \"type\""});
  CHECK(complaints("[\"a.x\"]\ntype = 'vector'\nmeaning = 'm'\n") ==
        Texts{"p.toml:1:2: a vector needs the names of its \"fields\""});
  CHECK(complaints("[somaxconn]\ntype = 'int'\nmeaning = 'm'\n") ==
        Texts{"p.toml:1:2: \"somaxconn\" is no parameter name"});
  CHECK(complaints("[\"a.x\"]\ntype = 'int'\nmeaning = 'm'\nunits = 's'\n") ==
        Texts{"p.toml:4:1: a parameter has no \"units\" (did you mean \"unit\"?)"});
  CHECK(complaints("[\"a.x\"\n").size() == 1);
}

TEST_CASE("catalogue: every shipped row is right and says when a change takes effect") {
  Diagnostics diagnostics;
  Catalogue catalogue;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string path = file.path;
    if (!path.starts_with("parameters/")) continue;
    parse_catalogue({path, std::string(file.text)}, catalogue, diagnostics);
  }

  CHECK(lines_of(diagnostics).empty());
  CHECK(catalogue.rows().size() >= 10);
  for (const auto& [parameter, row] : catalogue.rows()) {
    CAPTURE(parameter.dotted());
    CHECK_FALSE(row.meaning.empty());
    if (row.min && row.max) CHECK(*row.min <= *row.max);
    if (row.access == ParameterAccess::kReadWrite && !row.runs_code)
      CHECK_FALSE(row.effect.empty());
  }
}

}  // namespace advisor
