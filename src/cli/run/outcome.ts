import { join } from 'node:path';
import type { RunOutcome } from '#app/run/run-plan';
import type { Terminal } from '#cli/terminal';
import { visible } from '#core/format/visible';
import { cardLines } from '#report/render/card/lines';
import type { Card } from '#schema/card';

const FAILED = 1;
const NOT_DONE = 3;

/** What a card ends a gate with: what was not measured at all does not pass. */
export const cardExit = ({ verdict }: Card): number => (verdict === 'fail' ? FAILED : verdict === 'not-measured' ? NOT_DONE : 0);

/** Says what a run came to. */
export function sayOutcome(terminal: Terminal, { card, folder, failed }: RunOutcome, json: boolean): void {
  const { say, tell } = terminal;
  if (json) say(JSON.stringify(card ?? null, null, 2));
  else if (card !== undefined) {
    for (const line of cardLines(card)) say(visible(line));
    say(`\nCard: ${join(folder, 'card.html')}`);
  }
  for (const { step, reason } of failed) tell(`${step}: ${reason}`);
  terminal.exitCode = failed.length > 0 || card === undefined ? NOT_DONE : cardExit(card);
}
