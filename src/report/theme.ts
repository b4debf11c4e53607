/** Colours and letters of the report and of the live page, light and dark; contrast is tested. */
export const THEME = `
:root {
  color-scheme: light dark;
  --paper: #faf8f5; --card: #ffffff; --edge: #e4ded5; --ink: #1d1916; --soft: #5f574f; --grid: #ece7df;
  --fire: #b93815; --fire-fill: #f0612e; --fire-wash: #fdece5; --warn: #8a5300; --warn-wash: #fdf1d8;
  --good: #17693a; --good-wash: #e3f4e8; --in: #1f5fbf; --out: #17693a; --line: #4b443d; --code: #f3efe8;
  --shadow: 0 1px 2px #1d191610, 0 4px 16px #1d19160a;
  --heat-0: #efebe4; --heat-1: #f9e3cf; --heat-2: #fbc79b; --heat-3: #f89b62; --heat-4: #ec6a35; --heat-5: #b93815;
}
@media (prefers-color-scheme: dark) { :root {
  --paper: #141110; --card: #1d1917; --edge: #38312c; --ink: #f2ece5; --soft: #b5aaa0; --grid: #2c2622;
  --fire: #ff8f66; --fire-fill: #f2643a; --fire-wash: #3a1e14; --warn: #f5bd5c; --warn-wash: #35270f;
  --good: #6fd394; --good-wash: #14301f; --in: #7fb0ff; --out: #6fd394; --line: #cfc5ba; --code: #27211e;
  --shadow: none;
  --heat-0: #26211e; --heat-1: #3a2a20; --heat-2: #5a3420; --heat-3: #8a421f; --heat-4: #c24d20; --heat-5: #f2643a;
} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; -webkit-text-size-adjust: 100%; }
h1, h2, h3, p, figure, ol, ul, dl, dd { margin: 0; }
ol, ul { padding: 0; list-style: none; }
a { color: var(--in); }
b, strong { font-weight: 650; }
code, pre, kbd { font-family: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em; }
pre { margin: 0; padding: .75rem .9rem; background: var(--code); border-radius: 8px; overflow-x: auto; line-height: 1.45; }
:focus-visible { outline: 3px solid var(--in); outline-offset: 2px; border-radius: 4px; }
main, header.top, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
.brand { display: flex; align-items: center; gap: .5rem; font-weight: 650; letter-spacing: -.01em; }
.brand::before { content: ""; width: .8rem; height: 1rem; border-radius: 70% 12% 60% 45%; background: linear-gradient(to top, var(--fire-fill), #f9b233); transform: rotate(-18deg); }
.pill { display: inline-block; padding: .12rem .65rem; border-radius: 99px; font-size: .78rem; font-weight: 700; letter-spacing: .05em; white-space: nowrap; }
.pill.critical { background: var(--fire-wash); color: var(--fire); } .pill.warning, .pill.test { background: var(--warn-wash); color: var(--warn); } .pill.good { background: var(--good-wash); color: var(--good); }
.card { background: var(--card); border: 1px solid var(--edge); border-radius: 14px; padding: 1.1rem 1.25rem; box-shadow: var(--shadow); }
.soft { color: var(--soft); }
.tabular { font-variant-numeric: tabular-nums; }
`;

/** What only the report has. */
export const REPORT_STYLE = `
header.top { padding-top: 1.75rem; }
header.top .line { display: flex; justify-content: space-between; gap: 1rem; flex-wrap: wrap; color: var(--soft); font-size: .9rem; }
header.top .brand { color: var(--ink); }
h1 { font-size: clamp(1.6rem, 4.4vw, 2.35rem); line-height: 1.15; letter-spacing: -.025em; font-weight: 700; margin: 1.6rem 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; letter-spacing: -.01em; margin: 2.6rem 0 .9rem; }
h3 { font-size: .95rem; }
.lead { font-size: 1.08rem; max-width: 46rem; color: var(--soft); }
.kpis { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin-top: 1.6rem; }
.kpi dt { color: var(--soft); font-size: .82rem; }
.kpi dd { font-size: 1.75rem; font-weight: 680; letter-spacing: -.03em; font-variant-numeric: tabular-nums; line-height: 1.25; }
.kpi dd.fire { color: var(--fire); } .kpi dd.good { color: var(--good); }
.kpi dd.note-line { font-weight: 400; letter-spacing: 0; color: var(--soft); font-size: .82rem; line-height: 1.4; }
.timeline { position: relative; }
.timeline li { display: grid; grid-template-columns: 3.9rem 1.6rem 1fr; gap: 0 .7rem; padding-bottom: 1rem; position: relative; }
.timeline li:last-child { padding-bottom: 0; }
.timeline li:not(:last-child)::before { content: ""; position: absolute; left: calc(4.6rem + .8rem - 1px); top: 1.6rem; bottom: -.1rem; border-left: 2px solid var(--edge); }
.timeline time { text-align: right; font-variant-numeric: tabular-nums; color: var(--soft); }
.badge { width: 1.6rem; height: 1.6rem; border-radius: 50%; display: grid; place-items: center; font-size: .78rem; font-weight: 700; background: var(--code); color: var(--ink); border: 1.5px solid var(--line); }
.badge.fire { background: var(--fire-wash); color: var(--fire); border-color: var(--fire); } .badge.calm { background: var(--good-wash); color: var(--good); border-color: var(--good); }
.date { font-size: .78rem; }
.timeline p { color: var(--soft); font-size: .93rem; overflow-wrap: anywhere; }
figure { margin-bottom: 1.2rem; }
figcaption { font-size: .9rem; display: flex; flex-wrap: wrap; gap: .15rem 1rem; align-items: baseline; margin-bottom: .3rem; overflow-wrap: anywhere; }
.key { color: var(--soft); font-size: .82rem; white-space: nowrap; }
.swatch { display: inline-block; width: .85rem; height: .5rem; border-radius: 2px; margin-right: .35rem; vertical-align: .08em; background: currentColor; }
.swatch.line { height: 3px; vertical-align: .25em; } .swatch.dashed { height: 0; border-top: 2.5px dashed; background: none; vertical-align: .25em; }
.swatch.waste, .swatch.bad { color: var(--fire-fill); } .swatch.spend { color: var(--line); } .swatch.in { color: var(--in); } .swatch.out { color: var(--out); } .swatch.avoided { color: var(--fire); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: .4rem 1.6rem; }
.chart { display: block; width: 100%; height: auto; }
.chart text { font: 11.5px ui-sans-serif, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.tick { fill: var(--soft); } .grid { stroke: var(--grid); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.line.area { stroke-width: 1.6; } .line.dashed { stroke-dasharray: 5 5; }
.fill { stroke: none; opacity: .16; }
.line.waste, .line.bad { stroke: var(--fire-fill); } .fill.waste, .fill.bad { fill: var(--fire-fill); opacity: .3; }
.line.spend { stroke: var(--line); } .fill.spend { fill: var(--line); opacity: .1; }
.line.in { stroke: var(--in); } .fill.in { fill: var(--in); } .line.out { stroke: var(--out); } .fill.out { fill: var(--out); }
.line.avoided { stroke: var(--fire); }
.stopped { fill: var(--good); opacity: .09; } .stopped-label { fill: var(--good); font-weight: 600; }
.mark path { fill: none; stroke: var(--line); stroke-width: 1; stroke-dasharray: 2 3; } .mark circle { fill: var(--card); stroke: var(--line); stroke-width: 1.5; } .mark text { fill: var(--ink); font-size: 10px; font-weight: 700; }
.mark.fire path, .mark.fire circle { stroke: var(--fire); } .mark.fire text { fill: var(--fire); }
.mark.calm path, .mark.calm circle { stroke: var(--good); } .mark.calm text { fill: var(--good); }
.peak { fill: var(--fire-fill); stroke: var(--card); stroke-width: 2; } .note { fill: var(--ink); font-weight: 650; paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
.evidence li { padding: .5rem 0 .5rem 1.5rem; position: relative; border-bottom: 1px solid var(--grid); overflow-wrap: anywhere; }
.evidence li:last-child { border: 0; padding-bottom: 0; } .evidence li:first-child { padding-top: 0; }
.evidence li::before { content: ""; position: absolute; left: .2rem; top: 1.05rem; width: .5rem; height: .5rem; border-radius: 50%; background: var(--fire-fill); }
.evidence li:first-child::before { top: .55rem; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1rem 1.2rem; align-items: start; }
.two h2 { margin-top: 1.6rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; } th, td { text-align: left; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--grid); vertical-align: top; } tbody th { overflow-wrap: anywhere; min-width: 9rem; } thead th { color: var(--soft); font-weight: 500; font-size: .82rem; } tbody th { font-weight: 500; } tr:last-child > * { border-bottom: 0; }
.figures td, .figures th { white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.scroll { overflow-x: auto; max-height: 26rem; overflow-y: auto; margin-top: .6rem; }
details > summary { cursor: pointer; } .figures > summary { color: var(--soft); font-size: .9rem; padding: .3rem 0; }
.fix { padding: .8rem 0; border-bottom: 1px solid var(--grid); } .fix:last-child { border: 0; padding-bottom: 0; } .fix:first-child { padding-top: 0; }
.fix summary { display: grid; grid-template-columns: auto 1fr; gap: .1rem .7rem; align-items: baseline; list-style: none; } .fix summary::-webkit-details-marker { display: none; }
.fix summary .soft { grid-column: 2; font-size: .92rem; } .fix summary::after { content: "how to fix it"; grid-column: 2; color: var(--in); font-size: .85rem; } .fix[open] summary::after { content: "close"; }
.fix h3 { margin: .9rem 0 .3rem; color: var(--soft); font-weight: 500; font-size: .85rem; } .fix p { margin-top: .5rem; font-size: .93rem; }
.command { margin-top: .8rem; }
.versus { display: grid; grid-template-columns: 8.2rem 1fr auto; gap: .5rem .9rem; align-items: center; }
.bar-fill { fill: var(--fire-fill); } .bar-fill.good { fill: var(--good); } .bar-box { display: block; } .versus .usd { font-variant-numeric: tabular-nums; font-weight: 650; }
.versus + p { margin-top: .8rem; font-size: .92rem; color: var(--soft); }
.missing { color: var(--soft); border-left: 3px solid var(--edge); padding-left: .9rem; }
footer { color: var(--soft); font-size: .84rem; padding-top: 2rem; padding-bottom: 2.5rem; } footer li { padding: .1rem 0; overflow-wrap: anywhere; } footer p { margin-bottom: .5rem; }
.narrow-only { display: none; }
@media (max-width: 40rem) { .kpi:last-child:nth-child(odd) { grid-column: 1 / -1; } table { font-size: .82rem; } th, td { padding-right: .5rem; } tbody th { min-width: 5.5rem; } .wide-only { display: none; } .narrow-only { display: block; } .card { padding: 1rem; } .timeline li { grid-template-columns: 3.1rem 1.6rem 1fr; gap: 0 .55rem; } .timeline li:not(:last-child)::before { left: calc(3.65rem + .8rem - 1px); } .versus { grid-template-columns: 1fr auto; } .versus .label { grid-column: 1 / -1; margin-bottom: -.4rem; } .kpis { grid-template-columns: 1fr 1fr; } .kpi dd { font-size: 1.4rem; } }
@media print { :root { color-scheme: light; } body { background: #fff; font-size: 11pt; } .card { box-shadow: none; break-inside: avoid; } figure, .timeline li { break-inside: avoid; } .figures { display: none; } .fix summary::after { content: ""; } header.top { padding-top: 0; } main, header.top, footer { max-width: none; padding-left: 0; padding-right: 0; } }
`;
