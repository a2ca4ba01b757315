import type { TraceStore } from '#trace/nsys/trace-store';

/** The settings of communication in a trace's environment. */
export function recordedSettings(store: TraceStore): Readonly<Record<string, string>> {
  const answer = store.ask('communication_settings');
  return answer.ok ? Object.fromEntries(answer.rows.map(r => [r.name, r.value])) : {};
}
