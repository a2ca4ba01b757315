/** Files of our own beside a trace that hold no series. */
export const OWN_FILES: ReadonlySet<string> = new Set([
  ...[
    'case.json',
    'journal.jsonl',
    'system.json',
    'snapshot.json',
    'monitor.json',
    'nvlink.csv',
    'xid.csv',
    'truth.json',
    'load.json',
    'warm-up.jsonl',
  ],
]);
