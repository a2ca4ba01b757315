import type { TraceSource } from '#trace/source';

/** The settings of communication in a trace's environment. */
export function recordedSettings(store: TraceSource): Readonly<Record<string, string>> {
  const answer = store.ask('communication_settings');
  return answer.ok ? Object.fromEntries(answer.rows.map(r => [r.name, r.value])) : {};
}
