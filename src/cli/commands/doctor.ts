import { Command } from '@commander-js/extra-typings';
import { examineMachine, examineTrace } from '#app/doctor/examine';
import { version } from '#app/version';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';

export const doctorCommand = ({ say, tell, colours, env }: Terminal) =>
  new Command('doctor')
    .description('say what this machine can do, and what a trace can tell')
    .argument('[trace]', 'a trace (.sqlite, .nsys-rep, or .json of PyTorch’s profiler; also compressed) or a folder that holds one')
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText('after', '\nExamples:\n  $ forensics doctor\n  $ forensics doctor trace.sqlite.gz\n')
    .action(async (trace, options) => {
      const { checks, lacking } = await examineMachine(env);
      const examined = trace === undefined ? undefined : await examineTrace(trace, env, tell);
      const capabilities = examined?.capabilities ?? [];
      const writer = examined && { written_by: examined.writtenBy, warning: examined.warning ?? null };
      if (options.json) say(JSON.stringify({ version: version(), checks, ...writer, capabilities }, null, 2));
      else {
        const mark = (ok: boolean) => (ok ? colours.green('yes') : colours.yellow('no '));
        for (const c of checks) say(`${mark(c.ok)}  ${c.what}: ${c.detail}`);
        if (examined !== undefined) {
          say(`\nWhat can be told from ${trace}, written by ${examined.writtenBy}:`);
          if (examined.warning !== undefined) say(`${colours.yellow('!  ')}  ${examined.warning}`);
        }
        for (const c of capabilities) say(`${mark(c.available)}  ${c.what}: ${c.why}`);
      }
      if (lacking.length > 0)
        throw new ForensicsError(
          'unsupported',
          `this machine lacks: ${lacking.map(c => c.what).join(', ')}`,
          lacking.map(c => c.detail).join('; '),
        );
    });
