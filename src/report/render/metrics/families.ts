import { hidePrivate, SECRETS } from '#core/secrets/find';
import { METRICS, type MetricKey, type MetricKind, type RunSamples } from './catalogue.ts';

/** A metric with all its figures, ready to be written. */
export interface Family extends MetricKind {
  readonly figures: readonly { readonly labels: readonly (readonly [name: string, value: string])[]; readonly value: number }[];
}

/** A label travels to whoever may look at a dashboard: it names no person, host, home, folder or board. */
const PRIVATE = { ...SECRETS, identities: 'all', serials: true, folders: true } as const;
const LONGEST_LABEL = 200;
const visibleLabel = (text: string): string => hidePrivate(text, PRIVATE).slice(0, LONGEST_LABEL);

/** Figures by metric, in the order of the catalogue; one for each set of labels. */
export function familiesOf(runs: readonly RunSamples[]): Family[] {
  const all = runs.flatMap(({ run, samples }) => samples.map(s => ({ ...s, labels: { run, ...s.labels } })));
  return (Object.keys(METRICS) as MetricKey[]).flatMap(key => {
    const figures = new Map<string, Family['figures'][number]>();
    for (const { metric, labels, value } of all) {
      if (metric !== key) continue;
      const hidden = Object.entries(labels).map(([name, text]) => [name, visibleLabel(text)] as const);
      figures.set(JSON.stringify(hidden), { labels: hidden, value });
    }
    return figures.size === 0 ? [] : [{ ...METRICS[key], figures: [...figures.values()] }];
  });
}
