#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "load/expression_reader.h"
#include "load/proof.h"
#include "load/proof_checks.h"
#include "load/table_reader.h"
#include "model/catalogue.h"

namespace advisor {
namespace {

/// What the expectations of a proof may speak of.
class FigureScope : public expr::Scope {
 public:
  std::optional<expr::Type> type_of(const std::string& name) const override {
    const bool known = name == kFigureName || name == kFigureOf;
    return known ? std::optional(expr::Type::kInt) : std::nullopt;
  }
  std::vector<std::string> names() const override { return {kFigureName, kFigureOf}; }
};

// Bounds of what a load may be.
constexpr int64_t kMostConnections = 2000;
constexpr int64_t kLongestMilliseconds = 5000;
constexpr int64_t kLargestBacklog = 65535;
constexpr int64_t kMostBytes = 16 << 20;
constexpr int64_t kMostTries = 15;
constexpr int64_t kMostDestinations = 254;

class ProofReader {
 public:
  ProofReader(const ProvableRules& rules, const Catalogue& catalogue, DiagnosticSink& sink)
      : rules_(rules), catalogue_(catalogue), sink_(sink) {}

  std::optional<Proof> read(const TomlNode& node) {
    const size_t faults = sink_.out().size();
    TableReader reader(node, "a proof", sink_);
    Proof proof;
    proof.where = node.where;
    proof.id = reader.required_text("id");
    if (const TomlNode* id = reader.node("id"); id && proof.id.empty()) {
      sink_.error(id->where, "\"id\" must not be empty");
    }
    proof.rule = rule_in(reader);
    proof.claim = word(reader, "claim", std::array{ProofClaim::kWorks, ProofClaim::kDoesNothing});
    proof.says = reader.required_text("says");
    proof.effect = reader.required_text("effect");
    proof.place = word(reader, "place",
                       std::array{ProofPlace::kLoopback, ProofPlace::kPair, ProofPlace::kLine});
    proof.options = options_in(reader);
    proof.start = values_in(reader, "start");
    proof.peer = values_in(reader, "peer");
    proof.change = values_in(reader, "change");
    proof.helps = values_in(reader, "helps");
    proof.program_helps = reader.flag("program_helps");
    proof.kept_up = reader.flag("kept_up");
    proof.takes = takes_in(reader);
    if (const TomlNode* line = reader.node("line")) proof.line = line_in(*line);
    if (const TomlNode* load = reader.required_node("load")) proof.load = load_in(*load);
    proof.measure = word(reader, "counts", all_measures());
    read_expectations(reader, proof);
    check_proof(node, reader, proof, sink_);
    return sink_.out().size() == faults ? std::optional(std::move(proof)) : std::nullopt;
  }

 private:
  static std::array<Measure, kMeasures> all_measures() {
    std::array<Measure, kMeasures> all{};
    for (size_t i = 0; i < all.size(); ++i) all[i] = Measure(i);
    return all;
  }

  /// One of some words, by name_of().
  template <typename Enum, size_t kSize>
  Enum word(TableReader& reader, const char* key, const std::array<Enum, kSize>& all) {
    const TomlNode* node = reader.required_node(key);
    const std::string text = reader.text(key);
    std::vector<std::string> names;
    for (const Enum one : all) {
      if (text == name_of(one)) return one;
      names.emplace_back(name_of(one));
    }
    if (node && node->as<std::string>()) {
      const std::string guess = sink_.may_guess() ? did_you_mean(text, names) : "";
      sink_.error(node->where, fmt::format("\"{}\" cannot be \"{}\"", key, text),
                  guess.empty() ? "one of: " + join(names, ", ") : guess);
    }
    return all.front();
  }

  std::string rule_in(TableReader& reader) {
    const TomlNode* node = reader.required_node("rule");
    std::string rule = reader.text("rule");
    if (node && node->as<std::string>() && !rules_.ids.contains(rule)) {
      sink_.error(node->where, fmt::format("there is no rule \"{}\"", rule),
                  hint(rule, rules_.ids));
    }
    return rule;
  }

  std::string hint(const std::string& written, const std::set<std::string>& names) const {
    return sink_.may_guess() ? did_you_mean(written, {names.begin(), names.end()}) : "";
  }

  static std::set<std::string> names_of(const std::map<std::string, expr::Value>& options) {
    std::set<std::string> names;
    for (const auto& [name, value] : options) names.insert(name);
    return names;
  }

  /// A whole number may stand for one with a fraction.
  static bool is_of_type(const expr::Value& value, const expr::Value& other) {
    const bool both_numbers =
        std::holds_alternative<int64_t>(value) && std::holds_alternative<double>(other);
    return both_numbers || value.index() == other.index();
  }

  /// As lines of the profile by which the rule will be judged.
  std::string options_in(TableReader& reader) {
    std::string lines;
    for (const TomlEntry& entry : reader.table("options")) {
      const auto value = scalar_value(entry.value, sink_);
      const auto option = rules_.options.find(entry.key);
      if (option == rules_.options.end()) {
        sink_.error(entry.key_where, fmt::format("no rule has an option \"{}\"", entry.key),
                    hint(entry.key, names_of(rules_.options)));
      } else if (value && !is_of_type(*value, option->second)) {
        sink_.error(entry.value.where,
                    fmt::format("option \"{}\" must be of type {}", entry.key,
                                expr::to_text(type_of_value(option->second))),
                    fmt::format("its default is {}", expr::to_text(option->second)));
      }
      if (value) lines += fmt::format("{} = {}\n", entry.key, expr::to_text(*value));
    }
    return lines;
  }

  /// Whether a proof has the interface that it speaks of, if it does of one.
  bool is_of_proof(const ParameterName& name) const {
    if (name.dotted().find('*') != std::string_view::npos) return false;
    if (catalogue_.has_row_of_its_own(name)) return true;
    const std::vector<std::string> parts = split(name.dotted(), '.');
    return std::ranges::any_of(parts, [](const std::string& part) {
      return std::ranges::find(kInterfacesOfProof, part) != kInterfacesOfProof.end();
    });
  }

  std::vector<KeyValue> values_in(TableReader& reader, const char* key) {
    std::vector<KeyValue> values;
    for (const TomlEntry& entry : reader.table(key)) {
      const auto name = ParameterName::parse(entry.key);
      const bool known = name && catalogue_.find(*name);
      if (!known) {
        sink_.error(entry.key_where, fmt::format("unknown parameter \"{}\"", entry.key),
                    sink_.may_guess() ? did_you_mean(entry.key, catalogue_.keys()) : "");
      } else if (!entry.key.starts_with("net.")) {
        sink_.error(entry.key_where, fmt::format("{} is the same for the whole machine", entry.key),
                    "a proof sets parameters of a network namespace only: net.*");
      } else if (!is_of_proof(*name)) {
        sink_.error(
            entry.key_where, fmt::format("no proof has the interface of {}", entry.key),
            fmt::format("there are {}",
                        join({kInterfacesOfProof.begin(), kInterfacesOfProof.end()}, ", ")));
      }
      const auto* text = entry.value.as<std::string>();
      if (!text) {
        sink_.error(entry.value.where,
                    fmt::format("a value must be text, not {}", entry.value.kind()),
                    "put it in quotes, as sysctl -w takes it");
      }
      if (known && text) values.push_back({entry.key, *text});
    }
    return values;
  }

  /// A number of things that a load makes.
  int64_t number(TableReader& reader, const char* key, int64_t most, int64_t least = 0) {
    const TomlNode* node = least > 0 ? reader.required_node(key) : reader.node(key);
    const auto value = reader.integer(key);
    if (node && value && (*value < least || *value > most)) {
      sink_.error(node->where,
                  fmt::format("\"{}\" must be from {} to {}, not {}", key, least, most, *value));
    }
    return value.value_or(0);
  }

  std::map<SharedPool, int64_t> takes_in(TableReader& reader) {
    constexpr int64_t kMostTaken = 10000;
    std::map<SharedPool, int64_t> takes;
    const TomlNode* node = reader.node("takes");
    if (!node) return takes;
    TableReader pools(*node, "what a proof takes", sink_);
    for (const SharedPool pool :
         {SharedPool::kOrphans, SharedPool::kNeighbours, SharedPool::kTracked}) {
      if (pools.node(name_of(pool))) takes[pool] = number(pools, name_of(pool), kMostTaken, 1);
    }
    return takes;
  }

  ProofLine line_in(const TomlNode& node) {
    constexpr int64_t kMostDelay = 1000;
    constexpr int64_t kLargestPacket = 1500;
    constexpr int64_t kMostPackets = 1000;
    TableReader reader(node, "a line", sink_);
    ProofLine line;
    line.delay_ms = number(reader, "delay_ms", kMostDelay);
    line.longest = number(reader, "longest", kLargestPacket);
    line.lost = reader.integers("lost");
    const bool wrong = std::ranges::any_of(
        line.lost, [](int64_t position) { return position < 1 || position > kMostPackets; });
    if (wrong) {
      sink_.error(reader.node("lost")->where,
                  fmt::format("what is lost are positions from 1 to {}", kMostPackets));
    }
    return line;
  }

  ProofLoad load_in(const TomlNode& node) {
    TableReader reader(node, "a load", sink_);
    ProofLoad load;
    load.kind = word(
        reader, "kind",
        std::array{LoadKind::kChurn, LoadKind::kHold, LoadKind::kBurst, LoadKind::kRestart,
                   LoadKind::kBulk, LoadKind::kOutage, LoadKind::kDatagrams, LoadKind::kRedirects});
    const bool is_redirects = load.kind == LoadKind::kRedirects;
    load.connections =
        number(reader, "connections", is_redirects ? kMostDestinations : kMostConnections, 1);
    load.ipv6 = reader.flag("ipv6");
    read_kind(reader, load);
    return load;
  }

  /// What only loads of its kind have.
  void read_kind(TableReader& reader, ProofLoad& load) {
    switch (load.kind) {
      case LoadKind::kChurn:
        load.fill = number(reader, "fill", kMostConnections);
        load.age_ms = number(reader, "age_ms", kLongestMilliseconds);
        load.fills_once = reader.flag("fills_once");
        load.pool = number(reader, "pool", kMostConnections);
        load.peer_closes = !reader.flag("peer_keeps_open");
        load.incoming = reader.flag("incoming");
        return;
      case LoadKind::kHold:
        load.held = number(reader, "held", kMostConnections);
        load.incoming = reader.flag("incoming");
        load.at_once = reader.flag("at_once");
        return;
      case LoadKind::kBurst:
        load.backlog = number(reader, "backlog", kLargestBacklog, 1);
        load.longer_backlog = number(reader, "longer_backlog", kLargestBacklog);
        load.after_data = reader.flag("after_data");
        load.forged = number(reader, "forged", kMostConnections);
        load.listens_once = reader.flag("listens_once");
        return;
      case LoadKind::kRestart:
        read_services(reader, load);
        return;
      case LoadKind::kBulk:
        load.bytes = number(reader, "bytes", kMostBytes);
        load.segments = number(reader, "segments", kMostConnections);
        load.pause = reader.flag("pause");
        load.pace = number(reader, "pace", kMostBytes);
        load.incoming = reader.flag("incoming");
        return;
      case LoadKind::kOutage:
        load.unanswered = number(reader, "unanswered", kMostTries, 1);
        load.keepalive = reader.flag("keepalive");
        return;
      case LoadKind::kDatagrams:
        load.from_elsewhere = reader.flag("from_elsewhere");
        load.source_routed = reader.flag("source_routed");
        return;
      case LoadKind::kRedirects:
        return;
    }
  }

  void read_services(TableReader& reader, ProofLoad& load) {
    load.service_ports = reader.integers("services");
    const bool wrong = std::ranges::any_of(
        load.service_ports, [](int64_t port) { return port < 1024 || port > 65535; });
    const TomlNode* ports = reader.required_node("services");
    if (ports && wrong) {
      sink_.error(ports->where, "a service listens on a port from 1024 to 65535");
    }
  }

  void read_expectations(TableReader& reader, Proof& proof) {
    const auto condition = [&](const char* key, bool required) {
      const TomlNode* node = required ? reader.required_node(key) : reader.node(key);
      return node ? compile_condition(*node, FigureScope(), sink_) : std::nullopt;
    };
    proof.before = condition("before", true).value_or(expr::Expression());
    proof.applied = condition("applied", true).value_or(expr::Expression());
    proof.helped = condition("helped", false);
    proof.rolled_back = condition("rolled_back", true).value_or(expr::Expression());
  }

  const ProvableRules& rules_;
  const Catalogue& catalogue_;
  DiagnosticSink& sink_;
};

void add_unproven(TableReader& file, const ProvableRules& rules, Proofs& proofs,
                  DiagnosticSink& sink) {
  for (const TomlNode* node : file.tables("unproven")) {
    TableReader reader(*node, "a list of unproven rules", sink);
    const TomlNode* listed = reader.required_node("rules");
    Unproven unproven{reader.texts("rules"), reader.required_text("why")};
    for (const std::string& rule : unproven.rules) {
      if (!rules.ids.contains(rule) && listed) {
        sink.error(listed->where, fmt::format("there is no rule \"{}\"", rule),
                   did_you_mean(rule, {rules.ids.begin(), rules.ids.end()}));
      }
    }
    proofs.unproven.push_back(std::move(unproven));
  }
}

}  // namespace

void add_proofs(const SourceText& source, const ProvableRules& rules, const Catalogue& catalogue,
                Proofs& proofs, Diagnostics& diagnostics) {
  const auto parsed = parse_toml(source);
  if (const auto* failure = std::get_if<Diagnostic>(&parsed)) {
    diagnostics.push_back(*failure);
    return;
  }
  DiagnosticSink sink(source, diagnostics);
  TableReader reader(std::get<TomlNode>(parsed), "a file of proofs", sink);
  ProofReader of_proofs(rules, catalogue, sink);
  for (const TomlNode* node : reader.tables("proof")) {
    auto proof = of_proofs.read(*node);
    if (!proof) continue;
    const auto same = [&](const Proof& other) { return other.id == proof->id; };
    const auto other = std::ranges::find_if(proofs.proofs, same);
    if (other != proofs.proofs.end()) {
      sink.error(node->where, fmt::format("there are two proofs \"{}\"", proof->id),
                 "the other stands at " + to_text(other->where));
      continue;
    }
    proofs.proofs.push_back(*std::move(proof));
  }
  add_unproven(reader, rules, proofs, sink);
}

}  // namespace advisor
