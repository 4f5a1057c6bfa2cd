"""Every file of src and tests includes what it says, directly or by a header of this project.

Builds join many sources to one and have precompiled headers, so that no compiler misses what another
source included. Looked at are names of the standard library and of fmt, and of this project those that
are said with their layer, types, and functions of two words.
"""

import functools
import re
import sys

import layers

ROOT = layers.ROOT
FOLDERS = [ROOT / "src", ROOT / "tests", ROOT / "cmake"]

# What a header of the standard library brings, behind `std::`.
STANDARD = {
    "algorithm": "all_of any_of none_of find find_if find_if_not count count_if copy copy_if copy_n fill equal min max "
                 "replace sort stable_sort is_sorted clamp lower_bound upper_bound nth_element min_element "
                 "max_element minmax remove_if unique transform adjacent_find "
                 "ranges::(?!range|subrange|greater|less|view|size|begin|end|distance|next\\b|prev\\b)\\w+",
    "array": "array to_array",
    "atomic": "atomic",
    "bit": "bit_cast bit_ceil rotl has_single_bit popcount endian",
    "bitset": "bitset",
    "chrono": "chrono::\\w+",
    "charconv": "from_chars to_chars",
    "cctype": "isalnum",
    "cmath": "isfinite isnan isinf ceil floor trunc sqrt log log2 log10 exp exp2 llround lround",
    "compare": "partial_ordering strong_ordering",
    "concepts": "convertible_to same_as integral",
    "csignal": "signal raise",
    "cstdio": "fputs",
    "cstdlib": "getenv abort exit system strtod free",
    "cstring": "memcpy memcmp memset strlen strerror strcmp",
    "deque": "deque",
    "filesystem": "filesystem::\\w+",
    "fstream": "ifstream ofstream",
    "functional": "function not_fn greater less hash",
    "initializer_list": "initializer_list",
    "iostream": "cin cout cerr",
    "iterator": "back_inserter inserter make_reverse_iterator istreambuf_iterator",
    "limits": "numeric_limits",
    "map": "map multimap",
    "memory": "unique_ptr make_unique shared_ptr make_shared weak_ptr",
    "new": "nothrow set_new_handler get_new_handler",
    "numeric": "accumulate iota reduce",
    "optional": "optional nullopt make_optional",
    "random": "mt19937(?:_64)? uniform_int_distribution",
    "set": "set multiset",
    "span": "span",
    "sstream": "ostringstream istringstream stringstream",
    "string": "string to_string stoi stoul stoull getline",
    "string_view": "string_view",
    "system_error": "errc generic_category error_code",
    "thread": "thread this_thread::\\w+",
    "tuple": "tuple tie make_tuple",
    "type_traits": "is_same_v is_enum_v is_arithmetic_v is_integral_v is_constructible_v decay_t",
    "unordered_map": "unordered_map",
    "unordered_set": "unordered_set",
    "utility": "pair move exchange swap forward",
    "variant": "variant get_if holds_alternative visit monostate variant_alternative_t",
    "vector": "vector",
}
# fmt is the one other library that is for everybody.
NEEDS = {header: re.compile(rf"\bstd::(?:{'|'.join(names.split())})\b") for header, names in STANDARD.items()}
NEEDS["fmt/format.h"] = re.compile(r"\bfmt::\w+")
NEEDS["fmt/ranges.h"] = re.compile(r"\bfmt::join\b")  # since fmt 11
# These are said without std.
NEEDS["cstdint"] = re.compile(r"\bu?int(?:8|16|32|64)_t\b")
# A header that promises another (the standard, or every library there is).
BRINGS = {
    "map": {"utility", "initializer_list"},
    "memory": {"utility"},
    "optional": {"utility"},
    "set": {"initializer_list"},
    "string": {"string_view", "initializer_list", "compare"},
    "tuple": {"utility"},
    "variant": {"utility"},
    "vector": {"initializer_list"},
}

# Comments, strings, and the includes themselves.
NOISE = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|^#include[^\n]*', re.MULTILINE)
# A type or a function of a namespace.
DECLARED = re.compile(r"^(?:struct|class|enum class) (\w+)(?= |;)"
                      r"|^(?! |using|return|static_assert)[\w:<>,*&\[\] ]+[ *&](\w+)\(", re.MULTILINE)
# Whatever is declared, also in a class or a function.
NAMED = re.compile(r"(?<=[\w>&*] )(?<!return )[&*]?(\w+)(?=[ ;,(){=\[])")
USED = re.compile(r"(?<![\w.>:])(?:(\w+)::)?(\w+)\b(\()?")


@functools.cache
def text_of(path):
    """The code of a file, its lines where they are in the file."""
    return NOISE.sub(" ", path.read_text())


@functools.cache
def named_in(path):
    return frozenset(NAMED.findall(text_of(path)))


@functools.cache
def direct(path):
    """The headers that a file names: those of the system, and files of this project."""
    system, own = set(), set()
    for kind, name in layers.INCLUDE.findall(path.read_text()):
        if kind == "<":
            system.add(name)
            continue
        places = [path.parent / name, ROOT / "src" / name, ROOT / "tests" / name]
        own.update(place.resolve() for place in places if place.exists())
    return system, own


def reached(path):
    """All headers that a file gets by itself."""
    system, seen, left = set(), set(), [path]
    while left:
        file = left.pop()
        if file in seen:
            continue
        seen.add(file)
        names, own = direct(file)
        system |= names
        left.extend(own)
    for name in list(system):
        system |= BRINGS.get(name, set())
    return system, seen


def declarations():
    """For each name the headers of src that declare it."""
    found = {}
    for header in (ROOT / "src").rglob("*.h"):
        for in_type, in_function in DECLARED.findall(text_of(header)):
            found.setdefault(in_type or in_function, set()).add(header)
    return found


def unbrought_names(path, files, declared):
    """Where a file says a name that none of these files, which it gets, declares; and who does."""
    known = set().union(*(named_in(file) for file in files))
    own = path.parent.name
    may_reach = {own, *layers.ARROWS.get(own, layers.ARROWS)}
    for match in USED.finditer(text_of(path)):
        layer, name, called = match.groups()
        # A name of one small word may be that of anything else.
        if not layer and (name in known or name.islower() and not (called and "_" in name)):
            continue
        folders = {layer} if layer else may_reach
        headers = {header for header in declared.get(name, ()) if header.parent.name in folders}
        if headers and not headers & files:
            yield match, sorted(f'"{header.relative_to(ROOT / "src")}"' for header in headers)


def faults_in(path, declared):
    system, files = reached(path)
    wanted = [(match, [f"<{header}>"]) for header, names in NEEDS.items()
              if header not in system and (match := names.search(text_of(path)))]
    for match, headers in [*wanted, *unbrought_names(path, files, declared)]:
        line = text_of(path).count("\n", 0, match.start()) + 1
        yield f"{path.relative_to(ROOT)}:{line}: {match[0].rstrip('(')} wants {' or '.join(headers)}"


def main():
    declared = declarations()
    files = [path for folder in FOLDERS for path in folder.rglob("*") if path.suffix in (".cc", ".h")]
    lines = [line for path in sorted(files) for line in faults_in(path, declared)]
    print("\n".join(lines) if lines else f"{len(files)} files")
    return 1 if lines or not files else 0


if __name__ == "__main__":
    sys.exit(main())
