import { expect, test } from 'vitest';
import { isForChild } from './supervised.ts';

const asked = (line: string) => isForChild(line.split(' '));

test.each(['analyze x', 'audit x', 'compare a -- b', 'certify x', 'snapshot --from x', 'snapshot --out a.json --from=x'])(
  '%s reads what strangers made, in a child',
  line => expect(asked(line)).toBe(true),
);
test.each(['capture -- analyze', 'load http://x', 'certify --run', 'snapshot', 'analyze --help', '--version'])(
  '%s has no child: it measures, or says a few words',
  line => expect(asked(line)).toBe(false),
);
