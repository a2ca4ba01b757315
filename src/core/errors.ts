/** Every expected failure, and what it means. A user's mistake is one of these; anything else is a bug and keeps its stack. */
export const ERROR_CODES = {
  'not-found': 'a file or folder that was named does not exist',
  'not-readable': 'a file exists but cannot be read',
  'not-a-trace': "a file is no trace: no SQLite export of Nsight Systems, no JSON of PyTorch's profiler",
  'damaged-trace': 'a trace is cut off or corrupt',
  'unknown-format': 'no importer recognises the file',
  'bad-record': 'a file of a known format holds a record that cannot be right',
  'clock-mismatch': 'two inputs cannot be put on one clock',
  'bad-argument': 'a command line argument makes no sense',
  'query-failed': 'a query could not run',
  'time-limit': 'a query, or a step of an analysis, ran past its time limit',
  'not-writable': 'an output cannot be written',
  unsupported: 'this build or machine cannot do what was asked',
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * A failure that the user can do something about. `message` says what and where in one sentence, `hint` what to do.
 * The command line prints both and exits with code 2.
 */
export class ForensicsError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  constructor(code: ErrorCode, message: string, hint: string) {
    super(message);
    this.name = 'ForensicsError';
    this.code = code;
    this.hint = hint;
  }
}
