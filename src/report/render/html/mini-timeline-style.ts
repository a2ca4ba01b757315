/** What each kind of bar is painted with. */
export const BAR_COLOURS: Readonly<Record<string, string>> = {
  kernel: 'compute',
  graph: 'series-3',
  copy: 'copy',
  fill: 'series-6',
  api: 'series-1',
  os: 'series-7',
  nvtx: 'series-4',
};

/** The drawing of an incident: fills are faint, so that names on them are read in light and dark, and outlines keep short ones visible. */
export const MINI_TIMELINE_STYLE = `${Object.entries(BAR_COLOURS)
  .map(([kind, colour]) => `.mini .${kind}{--bar:var(--${colour})}`)
  .join('\n')}
.mini{display:block;margin:.75rem 0 1rem}
.mini .track{display:grid;grid-template-columns:13rem minmax(0,1fr);gap:0 .75rem;align-items:center;font-size:.75rem;line-height:1.3}
.mini .who{text-align:right;overflow-wrap:anywhere}
.mini .who small{color:var(--muted);font-size:inherit}
.mini .track svg{display:block;overflow:hidden}
.mini rect{fill:var(--bar);fill-opacity:.45;stroke:var(--bar);stroke-width:.75}
.mini rect.merged{fill-opacity:.18;stroke-dasharray:2 2}
.mini rect.within{fill:var(--shade);fill-opacity:.55;stroke:none}
.mini text{font-size:11px;fill:var(--ink)}
.mini .key{display:inline-block;width:.8em;height:.8em;margin-right:.4em;vertical-align:-.08em;border:1px solid var(--bar,var(--muted));background:color-mix(in srgb,var(--bar,transparent) 45%,transparent)}
.mini .key.merged{border-style:dashed}
.mini rect,.mini .key{-webkit-print-color-adjust:exact;print-color-adjust:exact}
@media (max-width:52rem){.mini .track{grid-template-columns:minmax(0,1fr);padding-top:.2rem}.mini .who{text-align:left}}`;
