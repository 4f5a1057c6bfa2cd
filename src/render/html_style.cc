#include "render/html_style.h"

namespace advisor {

// Paper gets the light colours: the dark ones are of screens only.
const Markup kStyleSheet{R"(
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1d242c; --soft: #55606c; --line: #d5dbe2; --panel: #f4f6f8;
  --link: #175ea8; --critical: #b3261e; --warning: #8a5300; --note: #175ea8; --info: #47606f;
  --unknown: #6d4a9c; --fine: #2c6a3a; --live: #175ea8; --waiting: #6d9bcd; --free: #b9cfe6; --bound: #6d4a9c;
  --track: #e6eaee; --mark: #1d242c; --full: #b3261e;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14181d; --text: #e3e7eb; --soft: #a3adb8; --line: #343c46; --panel: #1c2229;
    --link: #82b6f2; --critical: #ff8f86; --warning: #e8b04e; --note: #82b6f2; --info: #a9bcc9;
    --unknown: #c3a6ee; --fine: #86cc95; --live: #82b6f2; --waiting: #4b7fb3; --free: #33536f; --bound: #c3a6ee;
    --track: #2a323b; --mark: #ffffff; --full: #ff8f86;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text); -webkit-text-size-adjust: 100%;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1, h2, h3 { line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 1rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.0625rem; }
section > h3 { margin-top: 1.5rem; }
p { margin: 0.5rem 0; }
ul, ol { margin: 0.5rem 0; padding-left: 1.25rem; }
a { color: var(--link); overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.875em; }
code { overflow-wrap: anywhere; }
pre { overflow-x: auto; margin: 0.75rem 0; padding: 0.75rem 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 4px; }
.kicker, .soft { color: var(--soft); }
.kicker { margin: 0 0 0.25rem; font-size: 0.875rem; letter-spacing: 0.02em; }
.verdict { margin: 0.25rem 0 1.25rem; font-size: 1.125rem; }
.facts { margin: 0.75rem 0; }
.facts dt { color: var(--soft); font-size: 0.875rem; }
.facts dd { margin: 0 0 0.5rem; }
.facts dd > p:first-child, .facts dd > ul:first-child { margin-top: 0; }
.facts dd > p:last-child, .facts dd > ul:last-child { margin-bottom: 0; }
.counts { display: grid; grid-template-columns: repeat(2, 1fr); gap: 0.5rem; margin: 1.25rem 0 0.5rem; padding: 0; list-style: none; }
.counts li { padding: 0.5rem 0.75rem; background: var(--panel); border-left: 4px solid var(--line); font-size: 0.875rem; }
.counts b { display: block; font-size: 1.375rem; line-height: 1.2; }
.counts .none, .counts .none b { color: var(--soft); font-weight: normal; }
.critical { --accent: var(--critical); } .warning { --accent: var(--warning); }
.note { --accent: var(--note); } .info { --accent: var(--info); }
.unknown { --accent: var(--unknown); } .satisfied { --accent: var(--fine); }
.suppressed, .not-applicable { --accent: var(--soft); }
.counts li:not(.none) { border-left-color: var(--accent); }
.next { margin: 1.25rem 0; padding: 0.5rem 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 4px; }
.next p::first-letter { text-transform: uppercase; }
.next code { font-weight: 600; }
.objection { padding: 0.5rem 1rem; border: 1px solid var(--critical); border-radius: 4px; }
.glance { padding: 0; list-style: none; }
.glance li { padding: 0.375rem 0; border-bottom: 1px solid var(--line); }
.badge { display: inline-block; margin-right: 0.5rem; color: var(--accent); font-size: 0.75rem; font-weight: 700; letter-spacing: 0.04em; }
.finding { margin: 1.25rem 0; padding: 0 0 0 1rem; border-left: 4px solid var(--accent); }
.finding .id { margin: 0.125rem 0 0.5rem; color: var(--soft); }
.change { margin: 0.625rem 0; padding: 0.625rem 0.875rem; background: var(--panel); border: 1px solid var(--line); border-radius: 4px; }
.change p { margin: 0; }
.change .value { display: inline-block; max-width: 100%; }
.change .advised code { font-weight: 700; }
.change ul { margin: 0.375rem 0 0; color: var(--soft); font-size: 0.9375rem; }
.bars { margin: 0.75rem 0; padding: 0; list-style: none; }
.bars li { margin: 0 0 0.875rem; }
.bars .head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
.bars .said { color: var(--soft); }
.bars .said.full { color: var(--full); font-weight: 600; }
.bars p { margin: 0; color: var(--soft); font-size: 0.875rem; }
.bar { display: block; width: 100%; height: 0.75rem; margin: 0.25rem 0; }
.legend { display: flex; flex-wrap: wrap; gap: 0.125rem 1.25rem; margin: 0.5rem 0; padding: 0; list-style: none; color: var(--soft); font-size: 0.875rem; }
.legend svg { width: 0.75rem; height: 0.75rem; margin-right: 0.375rem; }
svg .track { fill: var(--track); } svg .live { fill: var(--live); } svg .waiting { fill: var(--waiting); }
svg .free { fill: var(--free); } svg .bound { fill: var(--bound); } svg .full { fill: var(--full); }
svg .mark { stroke: var(--mark); stroke-width: 2px; }
.wide { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; }
caption { text-align: left; color: var(--soft); font-size: 0.875rem; padding-bottom: 0.25rem; }
th, td { padding: 0.3125rem 1.25rem 0.3125rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-size: 0.875rem; font-weight: normal; }
tbody th { font-weight: normal; }
.number { text-align: right; white-space: nowrap; }
details { margin: 0.5rem 0; }
summary { cursor: pointer; color: var(--link); }
.missing { padding: 0; list-style: none; }
.missing li { margin: 0.75rem 0; }
.missing .ids code { display: inline-block; max-width: 100%; margin-right: 0.25rem; }
.missing .ids { font-size: 0.875rem; color: var(--soft); }
.checks li { margin: 0.125rem 0; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.875rem; }
@media (min-width: 40rem) {
  .facts { display: grid; grid-template-columns: 7rem 1fr; gap: 0.375rem 1rem; }
  .facts dt { padding-top: 0.0625rem; } .facts dd { margin: 0; }
  .counts { grid-template-columns: repeat(4, 1fr); }
}
@media (min-width: 60rem) {
  .counts { grid-template-columns: repeat(8, auto); }
  .counts li { padding: 0.5rem 0.375rem 0.5rem 0.625rem; }
}
@media print {
  @page { margin: 18mm 16mm; }
  :root { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h1, h2, h3, .badge { break-after: avoid; }
  .change, .bars li, .next, tr { break-inside: avoid; }
  .values:not([open]) { display: none; }
  pre, .wide { overflow: visible; white-space: pre-wrap; }
}
)"};

}  // namespace advisor
