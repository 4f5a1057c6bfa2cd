# Writes OUTPUT, a C++ source that defines advisor::embedded_files(): every .toml below SOURCE_DIR.
file(GLOB_RECURSE paths RELATIVE ${SOURCE_DIR} ${SOURCE_DIR}/*.toml)
list(SORT paths)
set(rows "")
foreach(path IN LISTS paths)
  file(READ ${SOURCE_DIR}/${path} text)
  string(APPEND rows "    {\"${path}\", R\"~toml~(${text})~toml~\"},\n")
endforeach()
file(WRITE ${OUTPUT}
"#include \"rules/embedded.h\"

namespace advisor {
namespace {

constexpr EmbeddedFile kFiles[] = {
${rows}};

}  // namespace

std::span<const EmbeddedFile> embedded_files() { return kFiles; }

}  // namespace advisor
")
