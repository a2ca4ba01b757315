import type { Schedule } from '#schema/pipeline';

/** What schedules are called in a sentence. */
export const NAMES: Readonly<Record<Schedule['name'], string>> = {
  gpipe: 'GPipe',
  '1f1b': '1F1B',
  interleaved: 'interleaved 1F1B',
  'looped-bfs': 'looped BFS',
  'zb-h1': 'ZB-H1',
  'interleaved-zb': 'interleaved zero bubble',
  zbv: 'ZB-V',
  dualpipe: 'DualPipe',
  dualpipev: 'DualPipeV',
  unknown: 'an unknown schedule',
};

/** GPipe, or GPipe “my run” where the program calls it so. A label is text from a trace: it stays on its line. */
export function nameOf(s: Pick<Schedule, 'name' | 'label' | 'candidates'>): string {
  const label = s.label?.replace(/\s+/g, ' ').trim();
  const name = s.candidates === undefined ? NAMES[s.name] : s.candidates.map(c => NAMES[c.name]).join(' or ');
  const same = label === undefined || label.toLowerCase() === s.name;
  return same ? name : `${name} “${label}”`;
}
