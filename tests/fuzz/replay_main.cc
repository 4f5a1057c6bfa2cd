// Calls a fuzz target with every file below the paths that are given: what a compiler without
// libFuzzer can do with a corpus. Words that begin with "-" are options of libFuzzer.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "fuzz/fuzzing.h"

namespace fs = std::filesystem;

namespace {

void replay(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  advisor::fuzz::require(file.good(), "the file can be read: " + path.string());
  // Of its exact size, so that AddressSanitizer sees a read behind its end.
  const auto copy = std::make_unique<uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  LLVMFuzzerTestOneInput(copy.get(), bytes.size());
}

}  // namespace

int main(int count, char** words) {
  int replayed = 0;
  for (int i = 1; i < count; ++i) {
    const fs::path path = words[i];
    if (path.string().starts_with("-")) continue;
    if (!fs::is_directory(path)) {
      replay(path);
      ++replayed;
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (!entry.is_regular_file()) continue;
      replay(entry.path());
      ++replayed;
    }
  }
  std::cout << replayed << " inputs replayed\n";
  return replayed > 0 ? 0 : 1;
}
