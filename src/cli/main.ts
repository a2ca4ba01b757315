#!/usr/bin/env node
import { main } from './command-line.ts';
import { asChild, isForChild, supervise } from './supervised.ts';

// A reader such as `head` that has enough closes the pipe; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const words = process.argv.slice(2);
const io = { stdout: process.stdout, stderr: process.stderr, env: process.env, ownsProcess: true };
const [, script = ''] = process.argv;
const child = asChild(io);
process.exitCode = child === undefined && isForChild(words) ? await supervise(script, words, io) : await main(words, child ?? io);
