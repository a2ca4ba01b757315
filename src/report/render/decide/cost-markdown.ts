import { dollars, percent, plain } from '#core/format/numbers';
import type { Cost } from '#schema/cost';
import { md, table } from '../markdown/text.ts';

const NONE = '–';
const usd = (value: number | undefined) => (value === undefined ? NONE : dollars(value));
/** A price of one token has no digits before the sixth place. */
const tiny = (value: number | undefined) => (value === undefined ? NONE : `$${value.toExponential(2)}`);

function costTable({ rows }: Cost): string[] {
  const head = ['Run', 'Load', 'tok/s', '$/token', '$/1M tokens', 'GPUs', 'Electricity', 'Tokens/$', '$/hour', '$/year'];
  return table(
    head,
    rows.map(({ run, setting, tokens_per_s, cost, reason }) => [
      run,
      setting,
      tokens_per_s === null ? NONE : plain(tokens_per_s),
      cost === null ? reason : tiny(cost.usd_per_token),
      usd(cost?.usd_per_million_tokens),
      usd(cost?.gpu_usd),
      usd(cost?.electricity_usd),
      cost?.tokens_per_usd == null ? NONE : plain(cost.tokens_per_usd),
      usd(cost?.usd_per_hour),
      usd(cost?.usd_per_year),
    ]),
    [2, 3, 4, 5, 6, 7, 8, 9],
  );
}

function apiTable({ rows }: Cost): string[] {
  const all = rows.flatMap(row => row.api.map(api => ({ row, api })));
  if (all.length === 0) return [];
  return [
    '## Against APIs',
    '',
    ...table(
      ['Run', 'Load', 'API', 'It asks for 1M tokens', 'Own cost', 'Own share'],
      all.map(({ row, api }) => [
        row.run,
        row.setting,
        api.name,
        usd(api.usd_per_million_tokens),
        usd(row.cost?.usd_per_million_tokens),
        api.own_share === null ? NONE : percent(api.own_share),
      ]),
      [3, 4, 5],
    ),
  ];
}

/** cost_analysis.md. */
export const costMarkdown = (cost: Cost): string =>
  ['# Cost', '', `**${md(cost.answer)}**`, '', ...costTable(cost), ...apiTable(cost), ...cost.notes.map(note => `- ${md(note)}`), ''].join(
    '\n',
  );
