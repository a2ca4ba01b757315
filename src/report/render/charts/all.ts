import { BOOKS } from './books.ts';
import type { Chart } from './chart.ts';
import { COLLECTIVE_WAIT } from './collective-wait.ts';
import { DEVICE_ACTIVITY } from './device-activity.ts';
import { GPU_CLOCK } from './gpu-clock.ts';
import { GPU_POWER } from './gpu-power.ts';
import { HOST_CPU, HOST_DISK, HOST_FAULTS } from './host.ts';
import { LATENCY_DISTRIBUTION } from './latency-distribution.ts';
import { OVERVIEW } from './overview.ts';
import { P99_WITHOUT } from './p99-without.ts';
import { PIPELINE_BUBBLE } from './pipeline-bubble.ts';
import { PIPELINE_EXCESS } from './pipeline-excess.ts';
import { PIPELINE_GANTT } from './pipeline-gantt.ts';
import { REQUEST_LATENCY } from './request-latency.ts';
import { STEP_TIMES } from './step-times.ts';

/** The panels that share the time axis, top to bottom. */
export const TIMELINE: readonly Chart[] = [REQUEST_LATENCY, DEVICE_ACTIVITY, GPU_POWER, GPU_CLOCK, HOST_CPU, HOST_DISK, HOST_FAULTS];

export const CHARTS: readonly Chart[] = [
  OVERVIEW,
  ...TIMELINE,
  BOOKS,
  P99_WITHOUT,
  LATENCY_DISTRIBUTION,
  PIPELINE_GANTT,
  PIPELINE_BUBBLE,
  PIPELINE_EXCESS,
  COLLECTIVE_WAIT,
  STEP_TIMES,
];
