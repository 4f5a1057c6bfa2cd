#include "cli/options.h"

#include <doctest/doctest.h>

#include <set>

#include "base/text.h"

namespace advisor::options_test {
namespace {

Invocation parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "sysctl-advisor");
  return parse_command_line(int(words.size()), words.data());
}

}  // namespace

TEST_CASE("options: a duration has a unit, or means seconds") {
  using std::chrono::milliseconds;

  CHECK(parse_duration("500ms") == milliseconds(500));
  CHECK(parse_duration("1.5s") == milliseconds(1500));
  CHECK(parse_duration("2m") == milliseconds(120'000));
  CHECK(parse_duration("0") == milliseconds(0));
  CHECK(parse_duration("3600") == milliseconds(3'600'000));
  for (const char* text : {"", "s", "-1", "1h", "3601", "1 s", "1.2.3s", "0.0001", "inf", "1e3",
                           "99999999999999999999"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("options: flags stand before or behind the command, and some repeat") {
  const Invocation invocation = parsed(
      {"--root", "/copy", "audit", "--profile", "a", "--profile", "b", "--interval", "0", "-v"});

  REQUIRE(invocation.command);
  CHECK(std::string(invocation.command->name) == "audit");
  CHECK(invocation.request.root == "/copy");
  CHECK(invocation.request.profiles == std::vector<std::string>{"a", "b"});
  CHECK(invocation.request.interval == std::chrono::milliseconds(0));
  CHECK(invocation.request.verbose);
}

TEST_CASE("options: how old a line may be, and how many are shown, have bounds") {
  const auto stale = [](const char* text) { return parsed({"report", "x", "--stale", text}); };

  CHECK(parsed({"report", "x"}).request.stale == std::chrono::hours(24));
  CHECK(stale("90m").request.stale == std::chrono::minutes(90));
  CHECK(stale("1.5h").request.stale == std::chrono::minutes(90));
  CHECK(stale("7d").request.stale == std::chrono::days(7));
  for (const char* text : {"", "24", "30s", "0h", "367d", "h", "-1h", "1w"}) {
    CAPTURE(std::string(text));
    CHECK(stale(text).status == ExitStatus::kTrouble);
  }
  CHECK(parsed({"report", "x", "--top", "50"}).request.top == 50);
  for (const char* text : {"0", "10001", "many", "1.5"}) {
    CAPTURE(std::string(text));
    CHECK(parsed({"report", "x", "--top", text}).status == ExitStatus::kTrouble);
  }
}

TEST_CASE("options: a report is of lines that are named, of which one may be standard input") {
  const auto message = [](std::vector<const char*> words) { return parsed(words).message; };

  CHECK(message({"report"}).starts_with("sysctl-advisor: say which lines to report on"));
  CHECK(parsed({"report", "-"}).command != nullptr);
  CHECK(message({"report", "-", "--since", "-"}) ==
        "sysctl-advisor: standard input can be one of the files only");
  CHECK(message({"--root", "/copy", "report", "x"}).starts_with("sysctl-advisor: --root names"));
}

TEST_CASE("options: what cannot be meant is trouble, and help is not") {
  CHECK(parsed({}).status == ExitStatus::kTrouble);
  CHECK(parsed({"audti"}).status == ExitStatus::kTrouble);
  CHECK(parsed({"audit", "--format", "yaml"}).status == ExitStatus::kTrouble);
  CHECK(parsed({"audit", "--no-such-flag"}).status == ExitStatus::kTrouble);
  CHECK(parsed({"rollback", "1", "2"}).status == ExitStatus::kTrouble);
  CHECK(parsed({"audit", "--profile"}).status == ExitStatus::kTrouble);
  CHECK(parsed({"audit", "--profile="}).status == ExitStatus::kTrouble);
  CHECK(parsed({"audit", "--profile", "--only"}).status == ExitStatus::kTrouble);
  for (const Invocation& invocation :
       {parsed({"--help"}), parsed({"--version"}), parsed({"audit", "--help"})}) {
    CHECK(invocation.command == nullptr);
    CHECK(invocation.status == ExitStatus::kNothing);
    CHECK_FALSE(invocation.message.empty());
  }
}

TEST_CASE("options: a flag of another command is answered with those that take it") {
  const Invocation invocation = parsed({"apply", "--from=snapshot.json"});

  CHECK(invocation.status == ExitStatus::kTrouble);
  CHECK(
      invocation.message.starts_with("sysctl-advisor: --from does not go with this command; these "
                                     "take it: audit, explain, diff"));
  CHECK(parsed({"audit", "--frmo", "x"}).message.find("did you mean \"--from\"?") !=
        std::string::npos);
}

TEST_CASE("options: a second command is told as that, whichever it is") {
  for (const auto& words : {std::vector<const char*>{"audit", "audit"}, {"audit", "apply"}}) {
    const Invocation invocation = parsed(words);

    CHECK(invocation.status == ExitStatus::kTrouble);
    CHECK(invocation.message.find("did you mean") == std::string::npos);
    CHECK(invocation.message.starts_with(
        "sysctl-advisor: a command is named already, and there is one at a time: take \"" +
        std::string(words[1]) + "\" out"));
  }
}

TEST_CASE("options: what is typed is understood at once, or told with the flag and the text") {
  const Request request = parsed({"apply", "--confirm-within", "90s", "--format", "json"}).request;
  CHECK(request.confirm_within == std::chrono::seconds(90));
  CHECK(request.format == Format::kJson);
  CHECK(parsed({"diff"}).request.format == Format::kDiff);
  // The name of a command may be that of something else.
  CHECK(parsed({"audit", "--profile", "diff"}).request.format == Format::kText);
  CHECK(parsed({"audit", "--only", "diff", "--format", "json"}).request.format == Format::kJson);
  CHECK(parsed({"audit", "--fail-on", "critical"}).request.fail_on == Severity::kCritical);
  CHECK_FALSE(parsed({"audit", "--fail-on", "never"}).request.fail_on);

  CHECK(parsed({"apply", "--confirm-within", "999ms"}).message ==
        "sysctl-advisor: --confirm-within must be a time such as 30s or 5m, from 1s to 60m, not "
        "\"999ms\"");
  CHECK(parsed({"audit", "--watch", "0"}).status == ExitStatus::kTrouble);
  CHECK(parsed({"recover", "--wait", "soon"}).status == ExitStatus::kTrouble);
}

TEST_CASE("options: flags that contradict each other are trouble, whatever the host is") {
  using Words = std::vector<const char*>;
  for (const Words& words : {Words{"audit", "--root", "/copy", "--from", "file"},
                             Words{"audit", "--netns", "blue", "--from", "file"},
                             Words{"--root", "/copy", "audit", "--netns", "blue"},
                             Words{"apply", "--netns", "blue", "--persist"},
                             Words{"diff", "--netns", "blue"},
                             Words{"audit", "--netns", "blue", "--format", "diff"},
                             Words{"explain", "net.core.somaxconn", "--netns", "all"},
                             Words{"audit", "--netns", "all", "--watch", "1s"},
                             Words{"audit", "--netns", "all", "--format", "sysctl"},
                             Words{"audit", "--count", "2"},
                             Words{"audit", "--watch", "1s", "--count", "0"},
                             Words{"audit", "--watch", "1s", "--from", "file"},
                             Words{"audit", "--watch", "1s", "--format", "sysctl"},
                             Words{"audit", "--watch", "1s", "--format", "openmetrics"},
                             Words{"audit", "--watch", "1s", "--output", "file"},
                             Words{"audit", "--netns", "all", "--output", "file"},
                             Words{"audit", "--netns", "all", "--anonymize"},
                             Words{"audit", "--netns", "all", "--format", "prometheus"},
                             Words{"audit", "--brief", "--format", "prometheus"},
                             Words{"audit", "--boot", "--format", "openmetrics"},
                             Words{"explain"},
                             Words{"snapshot"}}) {
    const Invocation invocation = parsed(words);
    CAPTURE(invocation.message);
    CHECK(invocation.command == nullptr);
    CHECK(invocation.status == ExitStatus::kTrouble);
    CHECK(invocation.message.starts_with("sysctl-advisor: "));
    CHECK(invocation.message.find("Run with --help") == std::string::npos);
  }
}

TEST_CASE("options: what stands behind -- is an argument, whatever it begins with") {
  using Words = std::vector<std::string>;

  CHECK(parsed({"lint", "--", "-x.conf", "--help", "--"}).request.arguments ==
        Words{"-x.conf", "--help", "--"});
  CHECK(parsed({"explain", "a", "--format", "json", "--", "--json"}).request.arguments ==
        Words{"a", "--json"});
  CHECK(parsed({"rollback", "--"}).command != nullptr);
  CHECK(parsed({"audit", "--", "x"}).message == parsed({"audit", "x"}).message);
  CHECK(parsed({"rollback", "1", "--", "2"}).message ==
        "sysctl-advisor: more is named than this command takes; its --help says what it does");
  CHECK(parsed({"audit", "--profile", "--", "x"}).message ==
        "sysctl-advisor: --profile needs a value");
}

TEST_CASE("options: - stands for standard input or output") {
  CHECK(parsed({"audit", "--from", "-"}).request.from == "-");
  CHECK(parsed({"snapshot", "-"}).request.arguments == std::vector<std::string>{"-"});
}

TEST_CASE("options: every command has a line, an example, and takes flags that exist") {
  std::set<std::string> known;
  for (const Flag& flag : command_flags()) known.insert(flag.name);
  for (const Command* command : commands()) {
    CAPTURE(std::string(command->name));
    CHECK_FALSE(std::string(command->summary).empty());
    CHECK(std::string(command->example).find(command->name) != std::string::npos);
    for (const std::string& flag : split_words(command->flags)) {
      CAPTURE(flag);
      CHECK(known.contains(flag));
    }
    CHECK(parsed({command->name, "--help"}).message.find(command->example) != std::string::npos);
  }
}

TEST_CASE("options: every flag is documented and taken by a command") {
  for (const Flag& flag : command_flags()) {
    CAPTURE(std::string(flag.name));
    bool taken = false;
    for (const Command* command : commands()) {
      for (const std::string& name : split_words(command->flags))
        taken = taken || name == flag.name;
    }
    CHECK(taken);
    CHECK_FALSE(std::string(flag.help).empty());
  }
}

}  // namespace advisor::options_test
