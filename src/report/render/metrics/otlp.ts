import type { Family } from './families.ts';

/** Units of the unified code, by how a name ends. */
const UNITS: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/_tokens_per_second$/, '{token}/s'],
  [/_per_joule$/, '{token}/J'],
  [/_seconds$/, 's'],
  [/_bytes$/, 'By'],
  [/_joules$/, 'J'],
  [/_watts$/, 'W'],
];
const unitOf = (name: string): string => UNITS.find(([ending]) => ending.test(name))?.[1] ?? '1';

const attribute = ([key, stringValue]: readonly [string, string]) => ({ key, value: { stringValue } });

/**
 * Metrics as OTLP over HTTP takes them in JSON (opentelemetry-proto, ExportMetricsServiceRequest): bytes to post to /v1/metrics.
 * @param ns when they hold, epoch ns
 */
export const otlpJson = (families: readonly Family[], ns: bigint, version: string): string =>
  JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: [attribute(['service.name', 'forensics'])] },
        scopeMetrics: [
          {
            scope: { name: 'forensics', version },
            metrics: families.map(({ name, help, figures }) => ({
              name,
              description: help,
              unit: unitOf(name),
              gauge: {
                dataPoints: figures.map(({ labels, value }) => ({
                  attributes: labels.map(attribute),
                  timeUnixNano: String(ns),
                  asDouble: value,
                })),
              },
            })),
          },
        ],
      },
    ],
  });
