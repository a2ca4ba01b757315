import type { Help } from '@commander-js/extra-typings';
import { duration, interval, positiveDuration } from './durations.ts';

/** Whether a default says nothing to a reader: a switch that is off, a list with nothing in it. */
const saysNothing = (value: unknown): boolean => value === undefined || value === false || (Array.isArray(value) && value.length === 0);

/** Units of the numbers that options read, where a number names none. */
const UNITS = new Map<unknown, string>([
  [duration, 's'],
  [positiveDuration, 's'],
  [interval, 'ms'],
]);

/** How commander's help differs here: a default is a word, never a JavaScript value. */
export const HELP: Partial<Help> = {
  optionDescription: option => {
    const { argChoices, defaultValue, defaultValueDescription, description, parseArg } = option;
    const unit = typeof defaultValue === 'number' && defaultValue !== 0 ? (UNITS.get(parseArg) ?? '') : '';
    const facts = [
      ...(argChoices === undefined ? [] : [`choices: ${argChoices.join(', ')}`]),
      ...(saysNothing(defaultValue) || option.negate ? [] : [`default: ${defaultValueDescription ?? `${String(defaultValue)}${unit}`}`]),
    ];
    return facts.length === 0 ? description : `${description} (${facts.join('; ')})`;
  },
};

/** What a command line without any word is told: the three ways in. */
export const WAYS_IN = `forensics says why a GPU server was slow: which requests, when, and what the GPU and the host did then.

Three ways in:

  1. See what it does       forensics demo
     A real incident that ships with it, analyzed in seconds. No GPU is needed.

  2. Analyze a recording    forensics analyze runs/monday
     A folder or a file: a trace of Nsight Systems (.nsys-rep or .sqlite) or of PyTorch's
     profiler (.pt.trace.json), and beside it the requests of the load test.

  3. Record your server     forensics capture --delay 5m --duration 2m -- ./serve.sh --port 8000
     Runs it under Nsight Systems, writes the report, and waits until the server ends (--leave-workload returns at once).

All commands: forensics --help. What this machine can do: forensics doctor.
`;
