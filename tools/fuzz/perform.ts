import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { readSeries } from '#app/inputs/read-series';
import { main } from '#cli/command-line';
import { ForensicsError } from '#core/errors';
import { MeasurementRow } from '#schema/measurement';
import { type AnySeries, Clock, FactRow, GpuSampleRow, HostSampleRow, RequestRow, RunSummary, SampleRow } from '#schema/relation';
import type { Report } from '#schema/report';
import { Chance } from './chance.ts';
import { commandProblems, type Ran } from './judge/command.ts';
import { reportProblems } from './judge/report.ts';
import { badError } from './judge/text.ts';
import { KINDS } from './mutants/kinds.ts';
import type { Ask } from './mutants/mutant.ts';
import type { Originals } from './originals.ts';

/** Where mutants are made and asked about. */
export interface Surroundings {
  readonly originals: Originals;
  /** Emptied before each mutant. */
  readonly room: string;
  /** Temporary files of what is asked; nothing may stay there. */
  readonly temporary: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A mutant, and who is asked about it. */
export interface Made {
  readonly kind: string;
  readonly what: string;
  /** The command that asks the same. */
  readonly asked: string;
}

/** What is wrong with what was made of a mutant. */
export interface Outcome extends Made {
  /** What was answered, in a few words. */
  readonly came: string;
  readonly problems: readonly string[];
}

const ROWS: Readonly<Record<AnySeries['kind'], z.ZodType>> = {
  requests: z.array(RequestRow),
  gpu: z.array(GpuSampleRow),
  host: z.array(HostSampleRow),
  samples: z.array(SampleRow),
  summary: z.array(RunSummary),
  facts: z.array(FactRow),
  measurements: z.array(MeasurementRow),
};

/** Rows that cannot be: of another shape than their schema says, or requests that end before they begin. */
function seriesProblems(series: AnySeries): readonly string[] {
  const rows = [...series.rows];
  const checked = [ROWS[series.kind].safeParse(rows), Clock.safeParse(series.clock)].flatMap(parsed =>
    parsed.success ? [] : parsed.error.issues,
  );
  const reversed = series.kind === 'requests' ? [...series.rows].filter(r => r.finish_ms !== null && r.finish_ms < r.arrival_ms).length : 0;
  return [
    ...checked.slice(0, 5).map(issue => `row ${issue.path.join('.')} of ${series.format}: ${issue.message}`),
    ...(reversed === 0 ? [] : [`${reversed} requests of ${series.format} end before they begin`]),
    ...(rows.length === 0 ? [`${series.format} read no rows and did not say so`] : []),
  ];
}

/** Refusing in a sentence is right; any other error is a crash. */
function refusal(error: unknown): readonly string[] {
  if (error instanceof ForensicsError) return badError(error.message, error.hint);
  return [`a crash: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 900) : String(error)}`];
}

async function commandRun(words: readonly string[], env: NodeJS.ProcessEnv) {
  const text = { stdout: '', stderr: '' };
  const into = (name: keyof typeof text) => ({
    write: (piece: string) => {
      text[name] += piece;
    },
  });
  const code = await main(words, { stdout: into('stdout'), stderr: into('stderr'), env, ownsProcess: false });
  return { code, ...text };
}

interface Looked {
  readonly came: string;
  readonly problems: readonly string[];
}
const ofReport = (report: Report, planted: string): Looked => ({
  came: `a report that names ${report.causes.map(c => c.cause).join(', ') || 'nothing'}`,
  problems: reportProblems(report, planted),
});
const ofSeries = (series: AnySeries): Looked => ({
  came: `${series.rows.length} rows of ${series.kind}`,
  problems: seriesProblems(series),
});
const ofCommand = (words: readonly string[], ran: Ran, planted: string): Looked => ({
  came: `exit code ${ran.code}: ${(ran.stdout + ran.stderr)
    .trim()
    .split('\n')
    .at(ran.code === 2 ? -2 : 0)
    ?.slice(0, 160)}`,
  problems: commandProblems(words, ran, planted),
});

async function look(ask: Ask, planted: string, env: NodeJS.ProcessEnv): Promise<Looked> {
  try {
    switch (ask.by) {
      case 'analysis':
        return ofReport(await runAnalysis(ask.path, ask.named, NO_CORRECTION, () => {}, { env }), planted);
      case 'reader': {
        const read = readSeries(ask.file);
        return read === undefined ? { came: 'not known', problems: [] } : ofSeries(read.series);
      }
      case 'command':
        return ofCommand(ask.words, await commandRun(ask.words, env), planted);
    }
  } catch (error) {
    return { came: error instanceof ForensicsError ? `refused: ${error.message}` : 'a crash', problems: refusal(error) };
  }
}

const quoted = (word: string): string => (/^[\w./:=,@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
function commandOf(ask: Ask): string {
  const words = (() => {
    switch (ask.by) {
      case 'command':
        return ask.words;
      case 'reader':
        return ['audit', ask.file];
      case 'analysis':
        return ['analyze', ask.path, ...Object.entries(ask.named).flatMap(([kind, file]) => [`--${kind}`, ...[file].flat().map(String)])];
    }
  })();
  return ['forensics', ...words.map(quoted)].join(' ');
}

/** What a mutant changed beyond its own folder. */
function traces({ originals, temporary }: Surroundings): readonly string[] {
  const left = readdirSync(temporary);
  const isUntouched =
    readdirSync(originals.outside).join() === 'report.html' && readFileSync(join(originals.outside, 'report.html'), 'utf8') === 'mine';
  for (const name of left) rmSync(join(temporary, name), { recursive: true, force: true });
  return [
    ...(left.length === 0 ? [] : [`temporary files stay: ${left.map(name => basename(name)).join(', ')}`]),
    ...(isUntouched ? [] : ['a folder outside was written to']),
    ...(existsSync(originals.programMark) ? ['a program that came with a case was run'] : []),
  ];
}

/** Makes one mutant and asks about it. @param tell told what was made, before anybody is asked who may never answer */
export async function perform(seed: number, index: number, around: Surroundings, tell: (made: Made) => void): Promise<Outcome> {
  const { originals, room, env } = around;
  rmSync(room, { recursive: true, force: true });
  mkdirSync(join(room, 'here'), { recursive: true });
  process.chdir(join(room, 'here'));
  const chance = new Chance(seed, index);
  const kind = chance.weighted(KINDS);
  const { what, ask } = kind.make({ folder: room, chance, originals });
  const asked = commandOf(ask);
  const made = { kind: kind.name, what, asked };
  tell(made);
  const { came, problems } = await look(ask, `${what}\n${asked}`, env);
  return { ...made, came, problems: [...problems, ...traces(around)] };
}
