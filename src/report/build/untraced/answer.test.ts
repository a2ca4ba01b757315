import { expect, test } from 'vitest';
import type { Facts } from '../facts.ts';
import { untracedBlindness } from './answer.ts';

const stall = (start_s: number, excess_ms: number) => ({
  start: start_s * 1e9,
  end: start_s * 1e9 + excess_ms * 1e6,
  excess: excess_ms * 1e6,
  causes: [],
});
const state = (name: string, r: number) => ({ name, p: 0.001, adjusted: 0.005, movement: { kind: 'state', r, lag: 0 } });
const said = (found: readonly unknown[], incidents = [stall(3, 300), stall(15.2, 9420)]) =>
  untracedBlindness(
    {
      aligned: { hasRequests: true },
      diagnosis: { delays: [{ slow: true }, { slow: false }], incidents },
      associations: { tested: 9, found },
    } as unknown as Facts,
    false,
  );

test('the longest stretch is told, and what the GPU did meanwhile', () =>
  expect(said([state('GPU power', -0.9), state('GPU utilisation', -0.9)])).toBe(
    '1 of 2 requests were slow, delayed in 2 stretches, the longest 9,420 ms at 15.200 s; GPU power and GPU utilisation were lower meanwhile, so the GPU had less to do: look at the server and the host first. What kept work from the GPU takes a trace.',
  ));

test('a GPU that was busier than usual did not have less to do', () => {
  expect(said([state('GPU power', 0.9)])).toMatch(
    /does not show why \(what changed meanwhile stands under Findings\), and a trace would\.$/,
  );
  expect(said([])).toMatch(/the telemetry that was given does not show why, and a trace would\.$/);
});
