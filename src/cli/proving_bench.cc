#include "cli/proving_bench.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>

#include "base/text.h"
#include "cli/advice.h"
#include "cli/commands.h"
#include "os/captured_output.h"
#include "os/file_access.h"
#include "os/log.h"
#include "os/proving_ground.h"
#include "prove/namespace_values.h"

namespace advisor {
namespace {

constexpr std::chrono::milliseconds kInterval{300};
constexpr const char* kProfiles = "/etc/sysctl-advisor/profiles/";
constexpr int kProofFileMode = 0644;

/// The last thing that was said, without the name of the program.
std::string reason_in(const Printed& printed) {
  std::string reason(trim(printed.err));
  constexpr std::string_view kNameOfProgram = "sysctl-advisor: ";
  if (const size_t last = reason.rfind(kNameOfProgram); last != std::string::npos) {
    reason.erase(0, last + kNameOfProgram.size());
  }
  return join(split_words(reason), " ");
}

/// Carried out in a process of its own: what such a run does to itself ends with it.
Result<std::string> run_command(const Command& command, const Request& request) {
  const auto printed = captured([&] {
    Context context(request);
    return context.load() ? int(command.run(context)) : int(ExitStatus::kTrouble);
  });
  if (!printed) return printed.error();
  if (printed->status == int(ExitStatus::kNothing)) return printed->out;
  return Error{ErrorKind::kRejected,
               fmt::format("`{}` failed: {}", command.name, reason_in(*printed)), 0};
}

Json judgement_of(const Report& report, const std::string& rule) {
  for (const Finding& finding : report.findings) {
    if (finding.rule.view() != rule) continue;
    std::string why = finding.evidence;
    for (const std::string& missing : finding.missing) why += (why.empty() ? "" : "; ") + missing;
    if (why.empty()) why = finding.not_applicable;
    return Json::Object{{"known", finding.verdict != Verdict::kUnknown},
                        {"fires", finding.verdict == Verdict::kViolated},
                        {"advises", !finding.recommendations.empty()},
                        {"why", std::move(why)}};
  }
  return Json::Object{
      {"known", true}, {"fires", false}, {"advises", false}, {"why", "it was not judged"}};
}

/// The report of an audit as far as the rule is concerned, as JSON.
Result<std::string> judged_here(const Request& request, const std::string& rule) {
  std::string answer;
  const auto printed = captured([&] {
    Context context(request);
    if (!context.load()) return int(ExitStatus::kTrouble);
    const auto advice = advise(context);
    if (!advice) return int(ExitStatus::kTrouble);
    answer = judgement_of(advice->report, rule).line();
    return int(ExitStatus::kNothing);
  });
  if (!printed) return printed.error();
  if (!answer.empty()) return answer;
  return Error{ErrorKind::kRejected, "the audit failed: " + reason_in(*printed), 0};
}

bool flag_at(const Json& json, std::string_view key) {
  const Json* member = json.find(key);
  const bool* flag = member ? member->as<bool>() : nullptr;
  return flag && *flag;
}

/// What the administrator has laid down, and last, whatever that holds, the profile of the proof.
Status write_profiles(const Proof& proof, const std::map<std::string, std::string>& profiles) {
  PosixFileStore files("");
  Status written;
  for (const auto& [path, text] : profiles) {
    const std::string whole = kProfiles + path;
    if (written) written = files.make_directory(whole.substr(0, whole.rfind('/')), 0755);
    if (written) written = files.replace(whole, text, kProofFileMode);
  }
  const std::string own = fmt::format(
      "name = \"{}\"\nsummary = \"what a proof goes by\"\nextends = [\"{}\"]\n[options]\n{}",
      kProofProfile, kDefaultProfile, proof.options);
  const std::string path = std::string(kProfiles) + kProofProfile + ".toml";
  return written ? files.replace(path, own, kProofFileMode) : written;
}

void say(int answers, const ProofNews& news) {
  (void)write_whole(answers, json_proof_news(news).line(), "what a proof answers");
}

Result<ProofResult> prove_here(const Proof& proof, const Catalogue& catalogue, int answers) {
  const auto release = ProcSysctlTree("").read(*ParameterName::parse("kernel.osrelease"));
  const auto kernel = release ? KernelVersion::parse(release->text()) : std::nullopt;
  auto place =
      ProvingPlace::make(proof, own_values_of_copied(catalogue, kernel.value_or(KernelVersion())));
  if (!place) return place.error();
  const auto load = make_load(proof.load, **place);
  ProvingBench bench(proof, *load, catalogue);
  return run_experiment(proof, bench, [&](const char* phase, const ProofFigure&) {
    say(answers, {.phase = phase, .error = {}, .result = {}});
  });
}

}  // namespace

Request ProvingBench::request_for(const std::vector<KeyValue>& values) const {
  Request request;
  request.quiet = true;
  request.runtime = true;
  request.yes = true;
  request.format = Format::kJson;
  request.interval = proof_.kept_up ? kInterval : std::chrono::milliseconds(0);
  if (values.empty()) {
    request.profiles = {kProofProfile};
    request.only = {proof_.rule};
  } else {
    request.to_set = values;
  }
  return request;
}

Result<std::string> ProvingBench::while_load_goes_on(const ChildWork& work) const {
  constexpr std::chrono::milliseconds kLoadPause{5};
  auto child = AnsweringChild::start([&](const AnsweringChild::Give& give) { give(work()); });
  if (!child) return child.error();
  Status kept_up;
  while (proof_.kept_up && kept_up && !child->answers_within(kLoadPause)) kept_up = load_.keep_up();
  auto answer = child->next();
  return kept_up ? std::move(answer) : Result<std::string>(kept_up.error());
}

Result<std::string> ProvingBench::answer_of(const Command& command, const Request& request) const {
  return while_load_goes_on([&] { return run_command(command, request); });
}

Result<Judgement> ProvingBench::judge() {
  const Request request = request_for({});
  const auto answer = while_load_goes_on([&] { return judged_here(request, proof_.rule); });
  if (!answer) return answer.error();
  const auto json = parse_json(*answer);
  if (!json) return json.error();
  return Judgement{flag_at(*json, "known"), flag_at(*json, "fires"), flag_at(*json, "advises"),
                   json->text_at("why")};
}

Result<std::vector<std::string>> ProvingBench::carry_out(const std::vector<KeyValue>& values) {
  const auto answer = answer_of(kApplyCommand, request_for(values));
  if (!answer) return answer.error();
  const auto json = parse_json(*answer);
  if (!json) return json.error();
  std::vector<std::string> changes;
  const Json* made = json->find("changes");
  for (const Json& change :
       made && made->as<Json::Array>() ? *made->as<Json::Array>() : Json::Array()) {
    changes.push_back(fmt::format("{}: {} -> {}", change.text_at("parameter"),
                                  change.text_at("before"), change.text_at("after")));
  }
  if (changes.empty()) {
    return Error{ErrorKind::kRejected, "`apply` changed nothing in the proving ground", 0};
  }
  ++transactions_;
  return changes;
}

Result<std::vector<std::string>> ProvingBench::apply() {
  const bool by_program = proof_.claim == ProofClaim::kWorks && proof_.program_helps;
  if (!by_program) return carry_out(proof_.change);
  if (const Status mended = load_.mend(true); !mended) return mended.error();
  const ProofLoad& load = proof_.load;
  std::string how = "the program calls listen() again";
  if (load.pool > 0) how = fmt::format("the program shares {} connections", load.pool);
  if (load.longer_backlog > 0) {
    how = fmt::format("the program gives listen() a backlog of {}", load.longer_backlog);
  }
  return std::vector<std::string>{how};
}

Status ProvingBench::help() {
  if (proof_.program_helps) {
    if (const Status mended = load_.mend(true); !mended) return mended;
  }
  if (proof_.helps.empty()) return {};
  const auto carried = carry_out(proof_.helps);
  return carried ? Status() : Status(carried.error());
}

Status ProvingBench::roll_back() {
  if (proof_.program_helps) {
    if (const Status back = load_.mend(false); !back) return back;
  }
  for (; transactions_ > 0; --transactions_) {
    Request request;
    request.quiet = true;
    request.format = Format::kJson;
    const auto answer = run_in_child([&] { return run_command(kRollbackCommand, request); });
    if (!answer) return answer.error();
  }
  return {};
}

Result<std::map<std::string, std::string>> ProvingBench::parameters() {
  std::set<ParameterName> names;
  for (const std::string& key : catalogue_.keys()) {
    const bool changes_by_itself = key == "net.netfilter.nf_conntrack_count";
    if (!key.starts_with("net.") || changes_by_itself) continue;
    for (const ParameterName& name : names_in_proof(key)) {
      const ParameterInfo* info = catalogue_.find(name);
      // What cannot be written tells of the whole machine, such as which modules are loaded.
      if (info && info->access == ParameterAccess::kReadWrite) names.insert(name);
    }
  }
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : ProcSysctlTree("").read_all(names)) {
    if (value) values[std::string(name.dotted())] = value->text();
  }
  return values;
}

void prove_in_ground(const Proof& proof, const Catalogue& catalogue,
                     const std::map<std::string, std::string>& profiles, const Status& ready,
                     int answers) {
  Status whole = ready;
  if (whole) whole = write_profiles(proof, profiles);
  auto result = whole ? prove_here(proof, catalogue, answers) : Result<ProofResult>(whole.error());
  ProofNews news;
  if (result) {
    news.result = *std::move(result);
  } else {
    news.error = result.error();
    const std::string why = why_no_user_namespace();
    if (news.error->kind == ErrorKind::kDenied && !why.empty()) news.error->message += "; " + why;
  }
  say(answers, news);
}

bool is_refusal(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kDenied:
    case ErrorKind::kNotFound:
    case ErrorKind::kReadOnly:
      return true;
    default:
      return error.os_error == EOPNOTSUPP || error.os_error == ENOSYS || error.os_error == ENODEV;
  }
}

}  // namespace advisor
