import { expect, test } from 'vitest';
import type { Report } from '#schema/report';
import { renderCsv } from './render.ts';
import { tablesOf } from './tables.ts';

/** Only its shape matters here. */
const report = (fields: object) => fields as unknown as Report;

test('a list of records is a table, and a list in it another that names the row', () => {
  const tables = tablesOf(
    report({
      answer: 'x',
      incidents: [
        { id: 'incident-1', at: { ms: 1.5 }, words: ['a', 'b'], causes: [{ cause: 'paging', share: 0.5 }] },
        { id: 'incident-2', causes: [], more: null },
      ],
      devices: [{ device: '0' }],
      nested: { gpu: [{ t_ms: 1 }] },
    }),
  );
  expect(tables).toEqual([
    {
      name: 'incidents',
      columns: ['id', 'at.ms', 'words', 'more'],
      rows: [
        ['incident-1', 1.5, 'a; b', null],
        ['incident-2', null, null, null],
      ],
    },
    { name: 'incidents.causes', columns: ['incidents', 'cause', 'share'], rows: [['incident-1', 'paging', 0.5]] },
    { name: 'devices', columns: ['device'], rows: [['0']] },
    { name: 'nested.gpu', columns: ['t_ms'], rows: [[1]] },
  ]);
});

test('no text of a trace runs as a formula, and negative numbers stay numbers', () => {
  const text = renderCsv(
    report({ causes: [{ subject: '=HYPERLINK("http://x")', n: -1, at: '@SUM(1)', plus: '+1', minus: '-cmd', tab: '\tx' }] }),
  )['causes.csv'];
  expect(text).toBe('subject,n,at,plus,minus,tab\r\n"\'=HYPERLINK(""http://x"")",-1,"\'@SUM(1)","\'+1","\'-cmd","\'\tx"\r\n');
});
