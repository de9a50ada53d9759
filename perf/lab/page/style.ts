// The look of the lab's pages, on the app's own colours (page/frame.ts puts them in front).
export const STYLE = `
* { box-sizing: border-box; margin: 0; }
html { background: var(--paper); -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { color: var(--ink); font: 400 0.9375rem/1.55 "Geist", system-ui, sans-serif; -webkit-font-smoothing: antialiased;
  overflow-wrap: break-word; font-variant-numeric: tabular-nums; padding: 2.5rem 1rem 4rem; }
main { max-width: 68rem; margin: 0 auto; display: grid; gap: 3rem; }
main > *, section > *, article > * { min-width: 0; }
h1, h2, h3 { font-weight: 600; letter-spacing: -0.022em; line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.75rem, 1.2rem + 2.4vw, 2.75rem); }
h2 { font-size: 1.375rem; }
h2 + p { margin-top: 0.375rem; }
h3 { font-size: 1.0625rem; }
a { color: inherit; text-underline-offset: 0.2em; text-decoration-color: var(--ink-3); }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code { font-family: "Geist Mono", ui-monospace, monospace; font-size: 0.9em; letter-spacing: 0; }
.small code, h3 code { font: 0.8125rem/1.5 "Geist Mono", ui-monospace, monospace; }
.quiet { color: var(--ink-2); }
.small { font-size: 0.8125rem; }
.name { color: var(--ink-3); font-size: 0.8125rem; font-weight: 500; }
.lead { font-size: 1.0625rem; margin-top: 0.5rem; max-width: 68ch; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem; }
.bad { color: var(--stop); }
.chip.good svg { color: var(--live); }
.scroll { overflow-x: auto; }

dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin-top: 1.5rem;
  border-top: 1px solid var(--line); padding-top: 1.25rem; }
dl.facts dt { color: var(--ink-3); font-size: 0.8125rem; }
dl.facts div.wide { grid-column: 1 / -1; }
ul.failures > li, ul.failures .chip { min-width: 0; overflow-wrap: anywhere; }
ul.failures { list-style: none; padding: 1rem 1.25rem; display: grid; gap: 0.5rem; background: var(--stop-wash);
  border-radius: 10px; margin-top: 1.5rem; }

.chip { overflow-wrap: anywhere; display: inline-flex; align-items: baseline; gap: 0.4em; font-size: 0.8125rem;
  font-weight: 500; }
.chip svg { width: 0.875rem; height: 0.875rem; flex: none; transform: translateY(0.125rem); }

.margins { display: grid; gap: 2rem; margin-top: 1.25rem; }
.margins h3 { padding-bottom: 0.5rem; border-bottom: 1px solid var(--line); }
.margins ul { list-style: none; padding: 0; }
.margins li { display: grid; grid-template-columns: minmax(0, 22rem) minmax(6rem, 1fr) 3rem 12rem; gap: 0.25rem 1.25rem;
  align-items: center; padding: 0.5rem 0; }
.margins li + li { border-top: 1px solid var(--line); }
.margins a { text-decoration-color: transparent; }
.margins a:hover { text-decoration-color: currentColor; }
.margins .share { text-align: right; font-weight: 500; }
.margins .value { line-height: 1.4; }
.margins .value > * { display: block; }
.margins .value .chip { display: flex; }
.bar { position: relative; height: 0.875rem; background: var(--sunken); border-radius: 3px; overflow: hidden; }
.bar i { position: absolute; inset: 0 auto 0 0; background: var(--accent); border-radius: 3px; }
.bar.over i { background: var(--stop); }
.bar b { position: absolute; inset: 0 auto 0 66.667%; border-left: 2px solid var(--ink); margin-left: -1px; }

.cards { display: grid; gap: 1.25rem; margin-top: 1.25rem; }
.card { display: grid; gap: 1rem; scroll-margin-top: 1rem; }
.card:target { border-color: var(--accent); }
.card header { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; justify-content: space-between; align-items: baseline; }
.card .figures { display: flex; flex-wrap: wrap; gap: 0.25rem 2rem; align-items: baseline; }
.card .figures strong { font-size: 1.375rem; font-weight: 600; letter-spacing: -0.022em; }
.plots { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; }
figure { display: grid; gap: 0.375rem; align-content: start; }
figcaption { color: var(--ink-2); font-size: 0.8125rem; }
.plot { display: block; width: 100%; height: 6rem; background: var(--sunken); border-radius: 6px; }
.plot * { vector-effect: non-scaling-stroke; }
.plot .area { fill: var(--accent); }
.plot .line { fill: none; stroke: var(--accent); stroke-width: 1.5; stroke-linejoin: round; }
.plot .range { stroke: var(--accent); stroke-width: 2; opacity: 0.35; }
.plot .tick { stroke: var(--accent); stroke-width: 2; opacity: 0.75; }
.plot .dot { stroke: var(--accent); stroke-width: 6; stroke-linecap: round; }
.plot .dot.now { stroke-width: 9; }
.plot .dot.over { stroke: var(--stop); }
.plot .judged { stroke: var(--ink); stroke-width: 2; }
.plot .limit { stroke: var(--stop); stroke-width: 1.5; stroke-dasharray: 5 4; fill: none; }
.ends { display: flex; justify-content: space-between; gap: 1rem; color: var(--ink-3); font-size: 0.75rem; }
.key { display: flex; flex-wrap: wrap; gap: 0.125rem 1.25rem; color: var(--ink-2); font-size: 0.75rem; }
.key span { display: inline-flex; align-items: center; gap: 0.4rem; }
.key i { width: 1rem; border-top: 2px solid var(--ink); }
.key i.limit { border-top: 2px dashed var(--stop); }
.key i.run { border-top-color: var(--accent); }

table { border-collapse: collapse; width: 100%; font-size: 0.8125rem; }
th, td { text-align: left; padding: 0.375rem 1.25rem 0.375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--ink-3); font-weight: 500; }
td.right, th.right { text-align: right; white-space: nowrap; }
summary { cursor: pointer; font-weight: 600; font-size: 1.0625rem; }
details[open] summary { margin-bottom: 1rem; }

@media (max-width: 48rem) {
  body { padding-top: 1.5rem; }
  .panel { padding: 1rem; }
  .plots { grid-template-columns: 1fr; }
  .margins li { grid-template-columns: minmax(0, 1fr) 3rem; }
  .margins li > :first-child, .margins .value { grid-column: 1 / -1; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print { body { padding: 0; } .card { break-inside: avoid; } }
`;
