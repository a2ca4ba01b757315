import { z } from 'zod';
import { ForensicsError } from '#core/errors';
import { visible } from '#core/format/visible';
import { ExportWriter } from '#trace/nsys/export-writer';
import { FOREIGN_PRODUCT } from '#trace/nsys/recorder';
import { readEvent } from './event.ts';
import { BrokenJson, jsonItems } from './json-items.ts';
import { wrongness } from './parsed.ts';
import { piecesOf } from './pieces-of.ts';
import { Rows } from './rows.ts';
import { Settings } from './settings.ts';
import { WHY_NOT_RECORDED } from './why-not-recorded.ts';

/** Dates before are no dates of a trace: Kineto came with PyTorch 1.8 of 2021. Its times count from 1970, or from a base that does. */
const FIRST_DATE_NS = 1_600_000_000_000_000_000n;

const AGAIN = 'Export it again (prof.export_chrome_trace); check that the disk was not full and the process was not killed meanwhile.';

/**
 * Lays a trace of PyTorch's profiler into an export. One process is in it: a rank writes its own trace.
 * @param file the trace, unpacked
 * @param to where the export is written
 * @param shown what a user calls the file
 * @returns how many events of each category were passed over, since nothing is made of them
 * @throws ForensicsError damaged-trace, not-a-trace, unsupported
 */
export function convertKineto(file: string, to: string, shown: string): ReadonlyMap<string, number> {
  const writer = new ExportWriter(to);
  try {
    const settings = new Settings();
    const rows = new Rows(writer, shown);
    readAll(file, shown, settings, rows);
    if (rows.events === 0) throw new ForensicsError('not-a-trace', `${shown} holds no event of PyTorch's profiler`, AGAIN);
    const { first, pid } = rows.finish();
    const session = settings.base + BigInt(first.us) * 1000n + BigInt(first.ns);
    writer.finish({
      first: rows.firstNs,
      session: session < FIRST_DATE_NS ? undefined : session,
      pid,
      product: { name: FOREIGN_PRODUCT, version: undefined, schema: settings.schema },
      gpus: settings.gpus,
      processes: rows.processes,
      notRecorded: WHY_NOT_RECORDED,
    });
    return rows.passedOver;
  } finally {
    writer.close();
  }
}

function readAll(file: string, shown: string, settings: Settings, rows: Rows): void {
  let event = 0;
  try {
    for (const { kind, text, at } of jsonItems(piecesOf(file)))
      try {
        if (kind === 'member') settings.add(text);
        else {
          event += 1;
          const read = readEvent(text);
          if (read !== undefined) rows.add(read);
        }
      } catch (error) {
        const why = reasonOf(error);
        if (why === undefined) throw error;
        const what = kind === 'member' ? 'the entry' : `event ${event}`;
        throw new ForensicsError('damaged-trace', `${shown} is damaged: ${what} at byte ${at} makes no sense (${why})`, AGAIN);
      }
  } catch (error) {
    if (!(error instanceof BrokenJson)) throw error;
    const where = `at byte ${error.at}, after ${error.events} whole events`;
    throw new ForensicsError('damaged-trace', `${shown} is cut off or damaged ${where}: ${error.message}`, AGAIN);
  }
}

/** What is wrong with an entry, in a few words; undefined for what is no fault of the file. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof SyntaxError) return visible(error.message);
  return error instanceof z.ZodError ? wrongness(error) : undefined;
}
