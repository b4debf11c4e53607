/** What only the live page has. */
export const LIVE_STYLE = `
header.top { display: flex; justify-content: space-between; align-items: center; padding-top: 1.4rem; }
.link { color: var(--soft); font-size: .85rem; } .link.on { color: var(--good); } .link.off { color: var(--fire); }
main { padding-bottom: 3rem; }
.now { margin: 1.6rem 0; } h1 { display: flex; align-items: baseline; gap: .7rem; flex-wrap: wrap; } h1 .usd { font-size: clamp(2.4rem, 8vw, 3.6rem); line-height: 1.1; letter-spacing: -.04em; font-variant-numeric: tabular-nums; } h1 .per { font-size: 1.05rem; font-weight: 500; color: var(--soft); }
h2 { font-size: 1.15rem; margin: 2rem 0 .8rem; } h3 { font-size: .9rem; margin: 1rem 0 .4rem; color: var(--soft); font-weight: 550; }
.calm { color: var(--good); }
.incident { margin-bottom: 1rem; border-left: 4px solid var(--edge); } .incident.critical { border-left-color: var(--fire-fill); } .incident.warning { border-left-color: var(--warn); } .incident.good { border-left-color: var(--good); }
.incident h2 { margin: .4rem 0 .5rem; font-size: 1.3rem; letter-spacing: -.015em; overflow-wrap: anywhere; }
.run { display: grid; grid-template-columns: 1fr auto; gap: .6rem; align-items: stretch; } .run pre { white-space: pre-wrap; overflow-wrap: anywhere; }
button { font: inherit; font-weight: 600; padding: 0 1.1rem; border: 1px solid var(--edge); border-radius: 8px; background: var(--card); color: var(--ink); cursor: pointer; min-height: 2.75rem; }
.notes { margin-top: .6rem; color: var(--soft); font-size: .93rem; } .notes li { padding: .15rem 0 .15rem 1rem; position: relative; overflow-wrap: anywhere; } .notes li::before { content: "\\2022"; position: absolute; left: 0; } .card.notes li { padding-left: 1rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .6rem 1.4rem; margin: 1rem 0 .8rem; } .facts dt { font-size: .8rem; color: var(--soft); } .facts dd { font-size: .95rem; overflow-wrap: anywhere; } details .facts { grid-template-columns: 1fr; }
.fleet { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr)); gap: .6rem; }
.tile { border-radius: 12px; padding: .8rem .9rem; display: grid; gap: .15rem; border: 2px solid transparent; min-width: 0; }
.tile .name { font-size: .88rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .tile .usd { font-size: 1.3rem; font-variant-numeric: tabular-nums; letter-spacing: -.02em; } .tile .worst { font-size: .78rem; }
.spark { width: 100%; height: 24px; fill: currentColor; opacity: .55; }
.tile.critical { border-color: var(--fire); } .tile.stopped { border-color: var(--good); border-style: dashed; }
.heat-0 { background: var(--heat-0); } .heat-1 { background: var(--heat-1); } .heat-2 { background: var(--heat-2); } .heat-3 { background: var(--heat-3); } .heat-4 { background: var(--heat-4); color: #1d1916; } .heat-5 { background: var(--heat-5); color: #fff; }
@media (prefers-color-scheme: dark) { .heat-3 { color: #fff; } .heat-4 { color: #fff; background: #a83f17; } .heat-5 { color: #1d1916; } }
.rest { display: grid; grid-template-columns: repeat(auto-fill, 1.1rem); gap: 3px; margin-top: .8rem; } .rest li { height: 1.1rem; border-radius: 3px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
