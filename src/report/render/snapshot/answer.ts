import { count, plain, wallClock } from '#core/format/numbers';
import type { Snapshot } from '#schema/snapshot';
import { sentence } from '../wording.ts';
import { FactsByEntity, NONE } from './facts-by-entity.ts';
import { linksOf } from './link-tables.ts';
import { unknownCount } from './machine-tables.ts';

const GPU = /^GPU \d+$/;

/** "2 NVIDIA H200". */
function models(facts: FactsByEntity): string {
  const counts = new Map<string, number>();
  for (const gpu of facts.entities(GPU)) {
    const name = facts.text(gpu, 'product_name');
    counts.set(name === NONE ? 'GPU' : name, (counts.get(name === NONE ? 'GPU' : name) ?? 0) + 1);
  }
  return [...counts].map(([name, n]) => `${plain(n)} ${name}`).join(', ');
}

/** How the pairs of GPUs are joined: by one way, or by several. */
function ways(facts: FactsByEntity): string {
  const all = facts.entities(/^GPU \d+-GPU \d+$/).map(pair => facts.text(pair, 'link'));
  const kinds = [...new Set(all)].filter(way => way !== NONE);
  if (kinds.length === 0) return '';
  if (kinds.length > 1) return `pairs joined by ${kinds.join(', ')}`;
  return all.length === 1 ? `joined by ${kinds[0]}` : `all pairs joined by ${kinds[0]}`;
}

/** What does not speak for itself in the tables: what is lost, inactive, counted, or does not fit. */
function remarks(snapshot: Snapshot, facts: FactsByEntity): readonly string[] {
  const links = linksOf(facts);
  const [active, inactive] = [links.reduce((n, l) => n + l.active, 0), links.reduce((n, l) => n + l.inactive, 0)];
  const unfit = snapshot.fits.filter(f => f.fit === 'incompatible');
  return [
    ...facts
      .entities(GPU)
      .flatMap(gpu => (facts.value(gpu, 'error') === undefined ? [] : [`${gpu} does not answer: “${facts.text(gpu, 'error')}”.`])),
    ...(active + inactive === 0
      ? []
      : [`${plain(active)} of ${count(active + inactive, 'NVLink')} ${active === 1 ? 'is' : 'are'} active.`]),
    ...unfit.map(f => sentence(`${f.of} does not fit ${f.with}`)),
    ...(snapshot.xids === null || snapshot.xids.length === 0
      ? []
      : [`The kernel was told of ${count(snapshot.xids.length, 'error', 'errors')} (Xid).`]),
    ...(snapshot.missing.length === 0 ? [] : [`${unknownCount(snapshot)}.`]),
  ];
}

/** What the machine is, in two or three sentences. */
export function snapshotAnswer(snapshot: Snapshot): string {
  const facts = new FactsByEntity(snapshot.facts);
  const [driver, cuda] = [facts.text('machine', 'driver_version'), facts.text('machine', 'cuda_version')];
  const head = [models(facts), driver === NONE ? '' : `driver ${driver}${cuda === NONE ? '' : ` (CUDA ${cuda})`}`, ways(facts)].filter(
    part => part !== '',
  );
  const what = head.length === 0 ? 'No GPU was seen.' : `${head.join(', ')}.`;
  return [what, ...remarks(snapshot, facts)].join(' ');
}

/** When a snapshot was taken; saved outputs say so themselves, in local time. */
export function takenAt(snapshot: Snapshot): string {
  if (snapshot.taken_ns !== null) return `Taken at ${wallClock(snapshot.taken_ns)}.`;
  const said = new FactsByEntity(snapshot.facts).text('machine', 'timestamp');
  return said === NONE ? 'Read from saved outputs.' : `Read from saved outputs; nvidia-smi wrote its at ${said}, local time.`;
}
