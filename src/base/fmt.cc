// The library fmt itself, in place of its shared library: to load that, and libstdc++ for it, would
// take as long as everything else that the program does before it begins. Its header for programs
// without the library defines all but what format.h announces as instantiated elsewhere.

#include <fmt/format-inl.h>

template FMT_API fmt::detail::thousands_sep_result<char> fmt::detail::thousands_sep_impl<char>(
    fmt::detail::locale_ref);
template FMT_API char fmt::detail::decimal_point_impl(fmt::detail::locale_ref);
