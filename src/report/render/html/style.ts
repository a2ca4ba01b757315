import { CHART_STYLE } from './chart-style.ts';
import { COLOURS } from './colours.ts';
import { MINI_TIMELINE_STYLE } from './mini-timeline-style.ts';

/** A pattern that bars of the unexplained refer to. Not `display:none`: some browsers then paint nothing with it. */
export const HATCH = `<svg class="defs" aria-hidden="true" width="0" height="0"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--panel)"/><rect width="2.5" height="6" fill="var(--cause-unexplained)"/></pattern></defs></svg>`;

const PAGE = `*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:1240px;margin:0 auto;padding:1.25rem clamp(1rem,3vw,2.5rem) 4rem}
main:focus{outline:none}
h1{font-size:.8125rem;font-weight:600;margin:0;color:var(--muted)}
h2{font-size:1.1875rem;line-height:1.3;margin:2.75rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3,h4{font-size:1rem;line-height:1.35;margin:1.5rem 0 .5rem}
p,ul{margin:.5rem 0;max-width:78ch}
ul{padding-left:1.2rem}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
code,pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code,th[scope=row]{unicode-bidi:isolate}
pre{margin:.35rem 0 1rem;padding:.5rem .75rem;background:var(--panel);border:1px solid var(--line);border-radius:3px;white-space:pre-wrap}
button,input{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:3px;padding:.15rem .5rem}
button{cursor:pointer}
button:hover{border-color:var(--accent)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.defs{position:absolute}
.skip{position:absolute;left:-999px;top:0;padding:.5rem 1rem;background:var(--bg);z-index:2}
.skip:focus{left:0}
.what{margin:0;color:var(--muted);font-size:.8125rem;max-width:none}
.answer{font-size:1.0625rem;line-height:1.5;margin:.75rem 0 1.125rem;text-wrap:pretty}
.answer p,.answer ul{max-width:92ch;margin:.375rem 0}
.answer li{margin:.25rem 0}
.answer b{font-weight:600}
.answer strong{display:block;font-weight:500;font-size:clamp(1.125rem,.95rem + .85vw,1.5rem);line-height:1.36;margin-bottom:.375rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.75rem 1.5rem;margin:0;padding:.75rem 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.facts dt{font-size:.8125rem;color:var(--muted)}
.facts dd{margin:0}
.facts .value{display:block;font-size:1.375rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums}
.facts .value .mark{width:.75em;height:.75em}
.facts small{font-size:.9375rem;font-weight:400;color:var(--muted)}
.facts .note{display:block;font-size:.8125rem;line-height:1.4;color:var(--muted)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:.625rem 0 0;padding:0;font-size:.8125rem;max-width:none}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
nav+section h2{margin-top:1rem}
section>p .tag,.tag{font-size:.75rem;font-weight:600;line-height:1;padding:.15rem .4rem;border:1px solid var(--line);border-radius:3px;color:var(--muted);white-space:nowrap}
.tag.found{color:var(--bg);background:var(--ink);border-color:var(--ink)}
.tag.minor{border-color:var(--muted);color:var(--ink)}
.tag.cannot-tell{border-style:dashed;border-color:var(--muted);color:var(--ink)}
.absent{color:var(--muted);font-size:.8125rem;margin:.375rem 0}
.pairs{margin:.5rem 0}
.pairs>div{display:grid;grid-template-columns:9.5rem minmax(0,1fr);gap:0 1rem;padding:.2rem 0}
.pairs dt{color:var(--muted)}
.pairs dd{margin:0;max-width:78ch}
.ranked{margin:0 0 1.75rem}
.meaning{color:var(--muted)}
.by-hand{margin:.5rem 0 0;font-size:.8125rem;color:var(--muted)}
.live-only{display:none}
.js .live-only{display:block}
@media (min-width:64rem){.facts.five{grid-template-columns:1.25fr 1.1fr 1.5fr .85fr .85fr}}
@media (max-width:34rem){.pairs>div{grid-template-columns:minmax(0,1fr)}.pairs dd{padding-bottom:.3rem}}`;

const TABLES = `.scroll{overflow-x:auto;max-width:100%;margin:.75rem 0 1.25rem;background:linear-gradient(90deg,var(--bg) 40%,transparent) 0 0/2rem 100% no-repeat local,linear-gradient(270deg,var(--bg) 40%,transparent) 100% 0/2rem 100% no-repeat local,linear-gradient(90deg,var(--shade),transparent) 0 0/.75rem 100% no-repeat scroll,linear-gradient(270deg,var(--shade),transparent) 100% 0/.75rem 100% no-repeat scroll}
table{border-collapse:collapse;font-size:.8125rem;line-height:1.4}
caption{text-align:left;color:var(--muted);padding:0 0 .3rem;font-size:.8125rem}
th,td{padding:.25rem .9rem .25rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid);overflow-wrap:break-word;max-width:34rem;min-width:3rem}
thead th{font-weight:600;color:var(--muted);border-bottom-color:var(--line);vertical-align:bottom}
tbody th{font-weight:400;min-width:7rem}
tbody th.n{min-width:3rem}
.p{min-width:15rem}
.s{white-space:nowrap}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead .n{white-space:normal}
@media (min-width:64rem){.scroll>table{width:100%}}
@media screen and (max-width:40rem){.stacks,.stacks>*,.stacks tr,.stacks caption{display:block}
.stacks thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.stacks tr{padding:.375rem 0;border-bottom:1px solid var(--line)}
.stacks tbody th{display:block;font-weight:600;border:0;padding:0 0 .125rem}
.stacks td,.stacks th[data-head]{display:grid;grid-template-columns:7rem minmax(0,1fr);gap:.75rem;border:0;padding:.0625rem 0;text-align:left;white-space:normal;min-width:0;max-width:none;overflow-wrap:anywhere}
.stacks [data-head]::before{content:attr(data-head);color:var(--muted);font-weight:400}}
caption .csv{font-size:.6875rem;line-height:1;padding:.1rem .35rem;color:var(--muted)}
details>summary{cursor:pointer}
.incident{border-bottom:1px solid var(--line)}
.incident:first-of-type{border-top:1px solid var(--line)}
.incident>summary{padding:.5rem 0;display:grid;grid-template-columns:1rem minmax(9rem,12rem) minmax(11rem,17rem) minmax(0,1fr);gap:0 .75rem;list-style:none}
.incident>summary::-webkit-details-marker{display:none}
.incident>summary::before{content:"\\25B8";color:var(--muted)}
.incident[open]>summary::before{content:"\\25BE"}
.incident .what{font-size:inherit;color:inherit}
.incident h3{margin:0;font-weight:400}
.incident h3 b{font-weight:600}
.incident .how{color:var(--muted);font-variant-numeric:tabular-nums}
.incident .body{padding:0 0 1rem 1.75rem}
@media (max-width:52rem){.incident>summary{grid-template-columns:1rem minmax(0,1fr)}.incident>summary>*{grid-column:2}.incident .body{padding-left:0}}`;

/** A wide screen holds two tables, lists or stories side by side; charts over time use all of it. Prose keeps the length of line that reads well. */
const WIDE = `@media screen and (min-width:100rem){
main{max-width:112rem}
.answer p,.answer ul{max-width:110ch}
section,.incident .body{display:flex;flex-wrap:wrap;align-items:flex-start;column-gap:3rem}
section>*,.incident .body>*{flex:0 0 100%;min-width:0}
section>p,section>ul{width:78ch;flex:0 0 auto;margin-right:max(0px,calc(100% - 78ch))}
section>ul:has(>li+li){width:100%;max-width:none;margin-right:0;columns:2;column-gap:3rem}
li{break-inside:avoid}
section>.scroll,.incident .body>.scroll{flex:1 1 auto}
section>.ranked,.incident .body>.evidence{flex:1 1 40rem}
.incident>summary{grid-template-columns:1rem 13rem minmax(11rem,26rem) minmax(0,1fr)}
.incident .body>p{flex:1 1 30rem}
#latency>figure{flex:1 1 36rem}
section>.pairs{columns:2;column-gap:3rem}
.pairs>div{break-inside:avoid}
}`;

const PRINT = `@media print{
@page{margin:14mm}
body{font-size:10.5pt}
main{max-width:none;padding:0}
nav,.skip,.zoom,.data,.csv,.live,.js .live-only,#chart-overview{display:none!important}
.js .still{display:block!important}
details::details-content{content-visibility:visible!important;block-size:auto!important}
.incident>summary::before{content:"\\25BE"}
.scroll{overflow:visible}
table{font-size:8pt}
th,td,.p{overflow-wrap:anywhere;white-space:normal;min-width:0}
thead th{overflow-wrap:normal}
tbody th{min-width:0}
figure,tr,.incident>summary,.facts>div{break-inside:avoid}
h2,h3,h4,figcaption,caption,.by-hand{break-after:avoid}
svg,.swatch,.tag{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;

export const STYLE = [COLOURS, PAGE, TABLES, CHART_STYLE, MINI_TIMELINE_STYLE, WIDE, PRINT].join('\n');
