// Runs tests/rules/*.test; their format is documented in tests/rules/README.md.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "rules/audit.h"
#include "support/builders.h"
#include "support/host_statements.h"

namespace advisor::rule_cases_test {
namespace {

using testing::find_finding;
using testing::Lines;
using testing::lines_of;
using testing::StatedHost;
using testing::TextProfiles;

constexpr size_t kKeywordWidth = 8;

/// The shipped rule groups, and one profile that names them all.
class EveryGroup : public ProfileSource {
 public:
  Result<SourceText> profile(const std::string& name) const override {
    std::vector<std::string> quoted;
    for (const std::string& group : rule_group_names()) quoted.push_back('"' + group + '"');
    return SourceText{name + ".toml",
                      fmt::format("name = \"{}\"\nsummary = \"every rule\"\nrules = [{}]\n", name,
                                  join(quoted, ", "))};
  }
  Result<SourceText> rule_group(const std::string& name) const override {
    return shipped_.rule_group(name);
  }
  std::vector<std::string> profile_names() const override { return {"every-rule"}; }
  std::vector<std::string> rule_group_names() const override { return shipped_.rule_group_names(); }

 private:
  TextProfiles shipped_ = TextProfiles::shipped();
};

/// Audits hosts that are described, with every shipped rule.
class Bench {
 public:
  Bench() {
    profile_ = resolve_profiles({"every-rule"}, EveryGroup(), testing::knowledge(catalogue_),
                                diagnostics_);
    idle_ = testing::idle_host_in_full(catalogue_);
  }

  const EffectiveProfile& profile() const { return profile_; }
  const Diagnostics& diagnostics() const { return diagnostics_; }
  StatedHost host() const { return StatedHost(idle_); }
  Report audit(const StatedHost& host) { return audit(host, profile_); }
  /// By the group of that rule alone.
  Report audit(const StatedHost& host, const std::string& rule) {
    EffectiveProfile profile;
    for (const ActiveGroup& active : profile_.groups) {
      if (std::ranges::find(active.group.rules, rule, &Rule::id) == active.group.rules.end())
        continue;
      profile.groups.push_back(active);
    }
    return audit(host, std::move(profile));
  }

 private:
  Report audit(const StatedHost& host, EffectiveProfile profile) {
    for (const auto& [option, text] : host.options()) {
      INFO("option " << option);
      CHECK(std::count_if(profile.groups.begin(), profile.groups.end(), [&](ActiveGroup& active) {
              return set_option(active.options, option, text);
            }) == 1);
    }
    return advisor::audit(profile, catalogue_, host.finish(), {}, diagnostics_);
  }
  /// Whether there is such an option.
  static bool set_option(OptionValues& options, const std::string& option,
                         const std::string& text) {
    const auto found = options.find(option);
    if (found == options.end()) return false;
    if (std::holds_alternative<bool>(found->second)) found->second = text == "true";
    if (std::holds_alternative<int64_t>(found->second)) found->second = *parse_decimal(text);
    if (std::holds_alternative<double>(found->second)) found->second = *parse_real(text);
    return true;
  }

  Catalogue catalogue_ = testing::shipped_catalogue();
  Snapshot idle_;
  Diagnostics diagnostics_;
  EffectiveProfile profile_;
};

Lines advice_of(const Finding& finding) {
  Lines lines;
  for (const Recommendation& wanted : finding.recommendations) {
    lines.push_back(fmt::format("{} = {}", wanted.parameter.dotted(), wanted.advised.text()));
  }
  return lines;
}

/// A line of a file: what it says about the host, and what comes of it.
struct Case {
  size_t line = 0;
  Verdict wanted = Verdict::kSatisfied;
  std::string statements;
  Lines advice;
};

struct Paragraph {
  size_t line = 0;
  std::string rule;
  std::vector<Case> cases;
};

class CaseFile {
 public:
  CaseFile(const std::filesystem::path& path, Bench& bench) : path_(path), bench_(bench) {}

  /// Runs it, and returns the rules that it speaks of.
  std::set<std::string> run() {
    std::set<std::string> rules;
    for (const Paragraph& paragraph : read()) {
      if (!rules.insert(paragraph.rule).second) report(paragraph.line, "has a paragraph already");
      run(paragraph);
    }
    return rules;
  }

 private:
  void report(size_t line, const std::string& what) {
    FAIL_CHECK(fmt::format("{}:{}: {}", path_.string(), line, what));
  }

  std::vector<Paragraph> read() {
    std::vector<Paragraph> paragraphs;
    std::ifstream stream(path_);
    std::string text;
    for (size_t number = 1; std::getline(stream, text); ++number) {
      if (text.starts_with('#') || trim(text).empty()) continue;
      const std::string keyword(trim(std::string_view(text).substr(0, kKeywordWidth)));
      const std::string rest(
          trim(std::string_view(text).substr(std::min(kKeywordWidth, text.size()))));
      if (keyword == "rule") {
        paragraphs.push_back({number, rest, {}});
      } else if (paragraphs.empty()) {
        report(number, "a paragraph begins with \"rule\"");
      } else if (std::vector<Case>& cases = paragraphs.back().cases;
                 const auto verdict = verdict_of(keyword)) {
        cases.push_back({number, *verdict, rest, {}});
      } else if (keyword == "advice" && !cases.empty()) {
        cases.back().advice.push_back(rest);
      } else {
        report(number, "this is not rule, fires, quiet, apart or advice");
      }
    }
    return paragraphs;
  }

  static std::optional<Verdict> verdict_of(const std::string& keyword) {
    if (keyword == "fires") return Verdict::kViolated;
    if (keyword == "quiet") return Verdict::kSatisfied;
    if (keyword == "apart") return Verdict::kNotApplicable;
    return std::nullopt;
  }

  void run(const Paragraph& paragraph) {
    const auto has = [&](Verdict verdict) {
      return std::ranges::find(paragraph.cases, verdict, &Case::wanted) != paragraph.cases.end();
    };
    if (!has(Verdict::kViolated)) report(paragraph.line, "when does it fire?");
    if (!has(Verdict::kSatisfied)) report(paragraph.line, "when is it quiet?");
    for (const Case& one : paragraph.cases) run(paragraph.rule, one);
  }

  void run(const std::string& rule, const Case& one) {
    StatedHost host = bench_.host();
    for (const std::string& statement : split(one.statements, ';')) {
      if (!host.state(statement)) report(one.line, "not understood: " + statement);
    }
    const Report audited = bench_.audit(host, rule);
    const Finding* finding = find_finding(audited, rule);
    if (!finding) return report(one.line, "there is no rule " + rule);
    if (finding->verdict != one.wanted) {
      return report(one.line, fmt::format("{} is {}, not {}: {}", rule, name_of(finding->verdict),
                                          name_of(one.wanted), join(finding->missing, "; ")));
    }
    for (const std::string_view text : std::initializer_list<std::string_view>{
             finding->evidence, finding->because, finding->remedy}) {
      if (text.find('?') != std::string_view::npos) {
        report(one.line, fmt::format("what is \"?\" in: {}", text));
      }
    }
    const Lines advice = advice_of(*finding);
    if (advice == one.advice) return;
    report(one.line, fmt::format("{} advises {{{}}}, not {{{}}}", rule, join(advice, "; "),
                                 join(one.advice, "; ")));
  }

  std::filesystem::path path_;
  Bench& bench_;
};

}  // namespace

TEST_CASE("shipped rules: each fires at its limit and not just below") {
  Bench bench;
  REQUIRE(lines_of(bench.diagnostics()).empty());

  std::set<std::string> covered;
  for (const auto& entry : std::filesystem::directory_iterator(ADVISOR_TESTS_DIR "/rules")) {
    if (entry.path().extension() == ".test") covered.merge(CaseFile(entry.path(), bench).run());
  }

  CHECK(lines_of(bench.diagnostics()).empty());
  for (const ActiveGroup& active : bench.profile().groups) {
    for (const Rule& rule : active.group.rules) {
      INFO(std::string(rule.id) << " has no paragraph in tests/rules");
      CHECK(covered.contains(std::string(rule.id)));
    }
  }
}

TEST_CASE("shipped rules: an idle host with the kernel's defaults is asked for nothing") {
  Bench bench;

  for (const Finding& finding : bench.audit(bench.host()).findings) {
    INFO(std::string(finding.rule) << " " << name_of(finding.verdict) << " " << finding.evidence);
    INFO(join(finding.missing, "; "));
    CHECK((finding.verdict != Verdict::kViolated || finding.severity == Severity::kInfo));
    CHECK(finding.verdict != Verdict::kUnknown);
  }
}

TEST_CASE("shipped rules: each says what is so where nothing is wrong") {
  Bench bench;
  std::set<std::string_view> titles;

  for (const ActiveGroup& active : bench.profile().groups) {
    for (const Rule& rule : active.group.rules) {
      INFO(std::string(rule.id));
      CHECK_FALSE(rule.fine.empty());
      CHECK(rule.fine != rule.title);
      CHECK(titles.insert(rule.fine).second);
    }
  }
}

TEST_CASE("shipped rules: nor is one with another kernel, or a container") {
  Bench bench;
  const Catalogue catalogue = testing::shipped_catalogue();

  for (const Snapshot& idle :
       {testing::idle_host_in_full(catalogue, "5.10.0-30-amd64"),
        testing::idle_host_in_full(catalogue, "6.18.0"), testing::idle_container(catalogue)}) {
    for (const Finding& finding : bench.audit(StatedHost(idle)).findings) {
      INFO(idle.host.kernel << " " << std::string(finding.rule) << " " << name_of(finding.verdict));
      INFO(finding.evidence << join(finding.missing, "; "));
      CHECK((finding.verdict != Verdict::kViolated || finding.severity == Severity::kInfo));
      CHECK(finding.verdict != Verdict::kUnknown);
    }
  }
}

}  // namespace advisor::rule_cases_test
