import type { LoggerInterface, Spec } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Chart } from './chart.ts';
import { MARGIN, THEME } from './theme.ts';

const stop = (...args: readonly unknown[]): never => {
  throw new Error(`a chart does not compile cleanly: ${args.join(' ')}`);
};

function loggerThat(warn: (...args: readonly unknown[]) => void): LoggerInterface {
  const logger: LoggerInterface = {
    level: (() => logger) as never,
    error: stop,
    warn: (...args) => {
      warn(...args);
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

/** Vega warns where it should refuse: a field that is not there, a scale that cannot be shared. Here every warning is a bug. */
export const strictLogger = loggerThat(stop);

/** For a picture drawn in Node: a brush listens to a window, which is not there and not missed. */
export const stillLogger = loggerThat((...args) => (args[0] === 'Can not resolve event source: window' ? undefined : stop(...args)));

/** The chart's constant, with what only a report can tell: its height, its description, where its axes end. */
export function sized<Of>(chart: Chart<Of>, report: Of, width: number): TopLevelSpec {
  const spec = chart.other?.when(report) ? chart.other.spec : chart.spec;
  const values = chart.params?.(report);
  const params = values && Object.entries(values).map(([name, value]) => ({ name, value }));
  return {
    ...spec,
    ...(params ? { params } : {}),
    width,
    height: chart.height(report),
    description: chart.describe(report),
  } as TopLevelSpec;
}

/** For the page: a Vega spec whose data is put in later, with fixed margins and colours by name. */
export function pageSpec<Of>(chart: Chart<Of>, report: Of, width: number): Spec {
  const padding = { ...MARGIN, ...chart.margin };
  const spec = { ...sized(chart, report, width - padding.left - padding.right), autosize: { type: 'none' }, padding, config: THEME };
  // The page has legends of its own, which wrap on a narrow screen and name only what occurs.
  const { legends: _, ...rest } = compile(spec as TopLevelSpec, { logger: strictLogger }).spec as Spec;
  return rest;
}
