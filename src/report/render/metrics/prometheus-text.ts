import type { Family } from './families.ts';

/** Prometheus' text format: prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const escapedHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapedLabel = (text: string): string => escapedHelp(text).replaceAll('"', '\\"');

/** Metrics in Prometheus' text format, with help and type of each. */
export const prometheusText = (families: readonly Family[]): string =>
  families
    .flatMap(({ name, help, figures }) => [
      `# HELP ${name} ${escapedHelp(help)}`,
      `# TYPE ${name} gauge`,
      ...figures.map(
        ({ labels, value }) => `${name}{${labels.map(([label, text]) => `${label}="${escapedLabel(text)}"`).join(',')}} ${value}`,
      ),
    ])
    .map(line => `${line}\n`)
    .join('');
