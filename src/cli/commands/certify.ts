import { Command } from '@commander-js/extra-typings';
import { assertKnown, certifyFiles } from '#app/certify/certify-files';
import { runPhysics } from '#app/certify/run-physics';
import { writeCertification } from '#app/certify/write-certification';
import { interruptible } from '#cli/interrupts';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import { visible } from '#core/format/visible';
import { certificationLines } from '#report/render/certification/lines';
import type { CertVerdict } from '#schema/certification';

/** A machine of which nothing could be judged is not certified. */
const EXIT: Readonly<Record<CertVerdict, number>> = { pass: 0, warn: 1, fail: 1, 'not-judged': 2 };
const RUN_FOLDER = 'forensics-certification';

/** What to certify. @throws ForensicsError bad-argument where files and --run are both there, or neither */
function assertOneSource(files: readonly string[], run: boolean): void {
  if (run && files.length > 0)
    throw new ForensicsError('bad-argument', '--run measures this machine, and files were named as well', 'Drop the files or --run.');
  if (!run && files.length === 0)
    throw new ForensicsError('bad-argument', 'no file was named', 'Name results of tests, or measure this machine with --run.');
}

export const certifyCommand = (terminal: Terminal) =>
  new Command('certify')
    .description('judge what a machine reaches: against published peaks, its own GPUs and pairs, and its history')
    .argument(
      '[files...]',
      'results of nvbandwidth, nccl-tests, gpu_burn, SuperBench, dcgmi diag or workloads/phys.py; gpu.csv and nvidia-smi topo -m of the time; a folder stands for its files',
    )
    .option('--run', 'measure this machine with workloads/phys.py (needs PyTorch; takes all GPUs for minutes)', false)
    .option('--gpu <model>', 'the GPU, as nvidia-smi or docs/machine.md names it (default: what the files say)')
    .option('--history <files...>', 'earlier certification.json or results of this machine, one file a run')
    .option(
      '--out <dir>',
      `where to write certification.json and certification.md (default: nowhere; with --run a new folder ${RUN_FOLDER})`,
    )
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
--run takes the whole machine: run it where nothing else does. Is the machine healthy? forensics doctor --machine says so in seconds.

fail: below half of what is published, 15 % behind its peers, or a check failed. warn: worth a look. docs/machine.md has every limit.

Exit codes: 0 pass, 1 warn or fail, 2 could not run, or nothing could be judged.

Examples:
  $ forensics certify nvbandwidth.log all_reduce.log --gpu "H200 SXM"
  $ forensics certify results/ --history runs/*/certification.json
  $ forensics certify --run --out certified
`,
    )
    .action(async (named, options) => {
      const { say, tell, env } = terminal;
      assertOneSource(named, options.run);
      assertKnown(options.gpu);
      const out = options.out ?? (options.run ? RUN_FOLDER : undefined);
      const files =
        options.run && out !== undefined
          ? await interruptible(signals => runPhysics({ out, env }, signals, tell), { endsAtSecond: true })
          : named;
      const request = { files, gpu: options.gpu, history: options.history ?? [] };
      const { certification, notes } = await certifyFiles(request, { env, progress: tell });
      for (const note of notes) tell(note);
      if (out !== undefined) writeCertification(out, certification);
      terminal.exitCode = EXIT[certification.verdict];
      if (options.json) say(JSON.stringify(certification, null, 2));
      else for (const line of certificationLines(certification)) say(visible(line));
      if (out !== undefined && !options.json) say(`\nWrote certification.json and certification.md to ${out}`);
    });
