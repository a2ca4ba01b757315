import { makeCard } from '#app/card/make-card';
import { writeCard } from '#app/card/write-card';
import type { RunStep } from '../context.ts';

/** One page of all. */
export const cardStep: RunStep = {
  id: 'card',
  what: 'write the report card and SUMMARY.md',
  kind: 'derived',
  asksServer: false,
  files: ['card.json', 'card.html', 'card.md', 'card.xml', 'SUMMARY.md'],
  act: async ({ place, plan, env, tell }) => {
    const card = await makeCard([place.path], plan.name, { env, progress: tell });
    await writeCard(place.path, card, true);
    return [];
  },
};
