/** Charts, their legends and the controls of the time axis. */
export const CHART_STYLE = `figure{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 1rem;margin:0 0 .25rem}
figure>*{grid-column:1/-1}
figure>figcaption{grid-column:1}
figure>.data:not([open]){grid-column:2;grid-row:1;align-self:end}
figcaption{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 1rem;font-size:.8125rem;line-height:1.4;margin:.5rem 0 .125rem}
.reading{color:var(--muted)}
.plot{position:relative;min-width:0}
.plot svg{display:block}
.still svg{width:100%;height:auto}
.js .drawn .still{display:none}
.live{min-width:0}
.live svg{max-width:none}
.plot .mark-text,.plot text{user-select:none}
.legend{display:flex;flex-wrap:wrap;gap:.125rem 1.1rem;list-style:none;margin:0;padding:0;font-size:.8125rem;max-width:none}
.cause{white-space:nowrap}
.mark{width:.8em;height:.8em;margin-right:.4em;vertical-align:-.04em;stroke-width:1.4}
.swatch{display:inline-block;width:.8em;height:.8em;margin-right:.4em;vertical-align:-.08em;background:var(--swatch);border:1px solid var(--swatch)}
.swatch.hollow{border-color:var(--line)}
.bar{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.5rem 2rem}
.zoom{display:none;font-size:.8125rem}
.js .zoom{display:block}
.zoom input{width:5.75rem;font-variant-numeric:tabular-nums}
.zoom label{margin-right:.4rem;white-space:nowrap}
#chart-overview .live{cursor:crosshair;touch-action:pan-y}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:.5rem 3rem;align-items:start}
.pair figcaption>*{width:100%}
@media (max-width:34rem){figure{grid-template-columns:minmax(0,1fr)}figure>.data:not([open]){grid-column:1;grid-row:auto}.legend .cause{white-space:normal}}
details.data{font-size:.8125rem}
details.data>summary{color:var(--muted);width:max-content;max-width:100%;font-size:.75rem}
details.data .scroll{max-height:20rem;overflow-y:auto;border:1px solid var(--line);padding:.5rem .75rem;margin-top:.25rem}
#tip{position:fixed;z-index:3;pointer-events:none;max-width:min(24rem,90vw);padding:.4rem .6rem;background:var(--bg);color:var(--ink);border:1px solid var(--muted);border-radius:3px;font-size:.75rem;line-height:1.4}
#tip[hidden]{display:none}
#tip dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 .6rem;margin:0}
#tip dt{color:var(--muted)}
#tip dd{margin:0;font-variant-numeric:tabular-nums}`;
