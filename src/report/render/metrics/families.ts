import { publicMessage } from '#core/secrets/variables';
import { METRICS, type MetricKey, type MetricKind, type RunSamples } from './catalogue.ts';

/** A metric with all its figures, ready to be written. */
export interface Family extends MetricKind {
  readonly figures: readonly { readonly labels: readonly (readonly [name: string, value: string])[]; readonly value: number }[];
}

/**
 * Labels travel to whoever may look at a dashboard: none names a person, host, home, folder or board. Two texts that differ in what is hidden alone are told
 * apart by a number, lest one takes the place of the other.
 */
function hiding(): (name: string, text: string) => string {
  const shown = new Map<string, string>();
  const taken = new Set<string>();
  return (name, text) => {
    const known = shown.get(`${name}\n${text}`);
    if (known !== undefined) return known;
    const hidden = publicMessage(text);
    let unlike = hidden;
    for (let n = 2; taken.has(`${name}\n${unlike}`); n++) unlike = `${hidden} ${n}`;
    taken.add(`${name}\n${unlike}`);
    shown.set(`${name}\n${text}`, unlike);
    return unlike;
  };
}

/** Figures by metric, in the order of the catalogue; one for each set of labels. */
export function familiesOf(runs: readonly RunSamples[]): Family[] {
  const hide = hiding();
  const figures = new Map<MetricKey, Map<string, Family['figures'][number]>>();
  for (const { run, samples } of runs)
    for (const { metric, labels, value } of samples) {
      const hidden = Object.entries({ run, ...labels }).map(([name, text]) => [name, hide(name, text)] as const);
      const own = figures.get(metric) ?? new Map<string, Family['figures'][number]>();
      figures.set(metric, own.set(JSON.stringify(hidden), { labels: hidden, value }));
    }
  return (Object.keys(METRICS) as MetricKey[]).flatMap(key => {
    const own = figures.get(key);
    return own === undefined ? [] : [{ ...METRICS[key], figures: [...own.values()] }];
  });
}
