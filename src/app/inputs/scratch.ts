import { basename, join } from 'node:path';
import { ForensicsError } from '#core/errors';
import { type TemporaryFolder, temporaryFolder } from '#core/temporary/folder';
import { convertKineto } from '#trace/kineto/convert';
import { isSqlite } from '#trace/pages/file-header';
import { isKinetoFile } from './kineto-file.ts';
import { exported, isRecording } from './recording.ts';
import { textHeadOf } from './text-file.ts';
import { headOfGzip, packingOf, unpack } from './unpack.ts';

/** Endings that say how a file is compressed. */
const PACKED = /\.(gz|xz|zst|zstd)$/i;

/** What is told while files are made readable, and where programs are looked for. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (step: string) => void;
}

/** Makes files readable that are compressed, or that only nsys reads: in a temporary folder that goes away with it. */
export class Scratch {
  readonly #around: Surroundings;
  readonly #folders: TemporaryFolder[] = [];
  readonly #ready = new Map<string, Promise<string>>();
  readonly #exports = new Map<string, string>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /**
   * Where the plain content of a file lies: the file itself, or what was unpacked or exported from it, once.
   * A gzipped trace stays as it is: who opens traces unpacks it.
   * @throws ForensicsError damaged-trace, not-writable, unsupported
   */
  plain(file: string): Promise<string> {
    const known = this.#ready.get(file);
    if (known !== undefined) return known;
    const made = this.#make(file);
    this.#ready.set(file, made);
    return made;
  }

  /**
   * What a trace is opened from: an export, plain or gzipped; one that is made, where PyTorch's profiler wrote the trace.
   * @throws ForensicsError damaged-trace, not-a-trace, not-writable, unsupported
   */
  async trace(file: string): Promise<string> {
    const known = this.#exports.get(file);
    if (known !== undefined) return known;
    const plain = await this.plain(file);
    const made = isRecording(file) || !this.#isKineto(file, plain) ? plain : this.#converted(file, plain);
    this.#exports.set(file, made);
    return made;
  }

  /** @throws ForensicsError not-a-trace for JSON of others */
  #isKineto(file: string, plain: string): boolean {
    if (isKinetoFile(plain)) return true;
    if (packingOf(plain) !== undefined || !/^\ufeff?\s*[{[]/.test(textHeadOf(plain))) return false;
    throw new ForensicsError(
      'not-a-trace',
      `${file} is JSON, and no trace that PyTorch's profiler wrote`,
      'Name the .sqlite file that `nsys export --type sqlite` wrote, or the .json of prof.export_chrome_trace.',
    );
  }

  #converted(file: string, plain: string): string {
    const { progress } = this.#around;
    progress(`reading ${basename(file)}, a trace of PyTorch's profiler`);
    const to = join(this.#folder(), 'trace.sqlite');
    const passedOver = convertKineto(plain, to, file);
    const list = [...passedOver].map(([category, n]) => `${n} of ${category}`);
    if (list.length > 0) progress(`passed over events of ${basename(file)} that are not read: ${list.join(', ')}`);
    return to;
  }

  async #make(file: string): Promise<string> {
    const { env, progress } = this.#around;
    if (isRecording(file)) {
      progress(`exporting ${basename(file)} with nsys, for this analysis alone`);
      return exported(file, this.#folder(), env);
    }
    const packing = packingOf(file);
    if (packing === undefined || (packing === 'gzip' && isSqlite(headOfGzip(file)))) return file;
    progress(`unpacking ${basename(file)}`);
    const to = join(this.#folder(), basename(file).replace(PACKED, ''));
    await unpack(file, packing, to, env);
    return to;
  }

  #folder(): string {
    const folder = temporaryFolder();
    this.#folders.push(folder);
    return folder.path;
  }

  dispose(): void {
    for (const folder of this.#folders) folder.dispose();
  }
}

/** Works with a scratch folder, and removes it whatever comes of the work. */
export async function withScratch<T>(around: Surroundings, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const scratch = new Scratch(around);
  try {
    return await work(scratch);
  } finally {
    scratch.dispose();
  }
}
