import { count, interval, ms, percent, plain, seconds } from '#core/format/numbers';
import type { Report } from '#schema/report';
import { parallelOnly } from '../parallel/wording.ts';
import { causeTable, limitsWords, othersWords, shareWords } from '../summary/rows.ts';
import { causeTitle, METRIC_TEXT, mainLatency, traceWords, windowMs } from '../wording.ts';
import { fact } from './fact.ts';
import { causeMark, causeName } from './legend.ts';
import { parallelFacts } from './parallel-facts.ts';
import { prose, unbroken } from './prose.ts';
import { type Column, table } from './table.ts';
import { type Html, html, NOTHING } from './tag.ts';

function p99(report: Report): Html {
  const latency = mainLatency(report);
  if (latency === undefined) return fact('p99 latency', 'not known', 'no request was judged');
  return fact(
    `p99, ${METRIC_TEXT[latency.metric].toLowerCase()}`,
    ms(latency.p99_ms),
    `95 % interval ${interval(latency.p99_ci_ms)}; ${count(latency.n, 'request')} ${traceWords(report).judged}`,
  );
}

function slow({ requests }: Report): Html {
  if (requests === null) return fact('Slow requests', 'not known', 'no request log was given');
  return fact(
    'Slow requests',
    html`${plain(requests.slow)} <small>of ${plain(requests.judged)}</small>`,
    `more than ${ms(requests.slow_threshold_ms)} longer than expected for their work`,
  );
}

function topCause({ causes, requests, summary }: Report): Html {
  const [top] = causes.filter(c => summary.causes.some(s => s.cause === c.cause));
  if (top === undefined) return fact('Top cause', 'none', requests === null ? 'nothing to explain without requests' : 'no cause was found');
  return fact(
    'Top cause',
    html`${causeMark(top.cause)}${causeTitle(top.cause)}`,
    `${percent(top.share)} of ${requests === null ? 'the time lost' : 'the delay of slow requests'}, ${top.confidence} confidence${top.scope === 'chronic' ? ', in every step' : ''}`,
  );
}

function incidents({ incidents: all }: Report): Html {
  const held = all.reduce((sum, i) => sum + i.held_up_ms, 0);
  return fact(
    'Incidents',
    plain(all.length),
    all.length === 0 ? 'No incident was found' : `the engine was delayed by ${ms(held)} together`,
  );
}

function unexplained({ requests, unexplained: rest }: Report): Html {
  if (requests === null) return NOTHING;
  return fact('Unexplained', percent(rest.share), `${ms(rest.excess_ms)} of delay without a cause`);
}

function keyNumbers(report: Report): Html {
  if (parallelOnly(report)) return html`<dl class="facts">${parallelFacts(report)}</dl>`;
  return html`<dl class="facts${report.requests === null ? '' : ' five'}">${p99(report)}${slow(report)}${topCause(report)}${unexplained(report)}${incidents(report)}</dl>`;
}

type Row = Report['summary']['causes'][number];

function causesTable(report: Report): Html {
  const { causes } = report.summary;
  if (causes.length === 0) return NOTHING;
  const { heads, rows, numeric } = causeTable(report);
  const columns = heads.map(
    (head, i): Column<Row> => ({
      head,
      cell: row => (i === 0 ? causeName(row.cause) : (rows[causes.indexOf(row)]?.[i] ?? '')),
      numeric: numeric.includes(i),
      prose: i === heads.length - 1,
    }),
  );
  return html`${table({ caption: [shareWords(report), othersWords(report)].filter(s => s !== '').join(' '), columns, items: causes })}`;
}

const limits = (report: Report): Html => {
  const words = limitsWords(report);
  return words === '' ? NOTHING : html`<p class="absent">${words} <a href="#verdicts">All that is not known</a></p>`;
};

/** What a person who was paged reads first, and maybe only. */
export function answer(report: Report): Html {
  return html`<header>
<h1>${report.summary.title}</h1>
<p class="what">${plain(windowMs(report) / 1000)} s ${traceWords(report).span}, from ${seconds(report.window.start_ms)} · ${report.tool.name} ${report.tool.version}</p>
<div class="answer"><p><strong>${unbroken(report.summary.verdict)}</strong></p></div>
${causesTable(report)}
${limits(report)}
${keyNumbers(report)}
<details class="full"><summary>The answer in full</summary><div class="answer">${prose(report.answer)}</div></details>
</header>`;
}
