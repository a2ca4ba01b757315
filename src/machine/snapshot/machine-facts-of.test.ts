import { expect, test } from 'vitest';
import { machineFactsOf } from './machine-facts-of.ts';

test('facts and errors of a snapshot are what the rules judge', () => {
  const facts = [{ entity: 'GPU 0', name: 'error', value: 'GPU is lost', unit: '' }];
  const xids = [
    { ns: '1700000000000000000', pci: '0000:9b:00', xid: 79 },
    { ns: null, pci: '0000:9b:00', xid: 119 },
  ];
  expect(machineFactsOf({ facts, xids })).toEqual({
    facts,
    links: [],
    xids: [
      { ns: 1_700_000_000_000_000_000n, pci: '0000:9b:00', xid: 79 },
      { ns: undefined, pci: '0000:9b:00', xid: 119 },
    ],
  });
  expect(machineFactsOf({ facts: [], xids: null }).xids).toEqual([]);
});
