import { Command } from '@commander-js/extra-typings';
import { writePieces } from '#app/files/write-files';
import { postOtlp, pushToGateway, type Receiver } from '#app/metrics/deliver';
import { readRuns } from '#app/metrics/read-runs';
import { httpUrl, keyIn } from '#cli/http';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import { count } from '#core/format/numbers';
import { dashboardJson } from '#report/render/metrics/dashboard';
import { familiesOf } from '#report/render/metrics/families';
import { prometheusText } from '#report/render/metrics/prometheus-text';

const bad = (what: string, hint: string) => new ForensicsError('bad-argument', what, hint);

export const exportCommand = ({ say, tell, env }: Terminal) =>
  new Command('export')
    .description('hand the figures of runs to other tools: Prometheus, a push gateway, OTLP, Grafana')
    .argument('[runs...]', 'report.json, load.json, cases of forensics capture, or folders that hold them')
    .option('--prometheus', "print the figures in Prometheus' text format (docs/export.md)", false)
    .option('--out <file>', 'write that to a file, for a textfile collector')
    .option('--push <url>', 'put the figures into a push gateway of Prometheus, in place of those of the same run')
    .option('--otlp <url>', 'post the figures as OTLP over HTTP, in JSON')
    .option('--api-key-env <name>', 'with --push or --otlp: send the key that is in this environment variable')
    .option('--dashboard', 'print a dashboard for Grafana that shows the figures', false)
    .addHelpText(
      'after',
      `
A run has the name of its folder. No label names a host, a person or a folder of the machine. docs/export.md has the metrics, and an alert
that clears itself.

Examples:
  $ forensics export --prometheus runs/monday --out /var/lib/prometheus/node-exporter/forensics.prom
  $ forensics export runs/monday runs/tuesday --push http://localhost:9091
  $ forensics export forensics-report --otlp http://localhost:4318
  $ forensics export --dashboard > forensics-dashboard.json
`,
    )
    .action(async (paths, { prometheus, out, push, otlp, apiKeyEnv, dashboard }) => {
      if (dashboard) {
        if (paths.length > 0 || prometheus || push !== undefined || otlp !== undefined)
          throw bad('--dashboard stands alone', 'The dashboard is the same for all runs: leave the rest out.');
        return say(dashboardJson().trimEnd());
      }
      if (!prometheus && push === undefined && otlp === undefined)
        throw bad('nothing says where the figures go', 'Add --prometheus, --push URL or --otlp URL.');
      if (out !== undefined && !prometheus) throw bad('--out is for --prometheus', 'Add --prometheus.');
      if (paths.length === 0) throw bad('no run was named', 'Name a report.json, a load.json, a case, or a folder that holds one of them.');
      const authorization = apiKeyEnv === undefined ? undefined : `Bearer ${keyIn(apiKeyEnv, env)}`;
      const receiver = (url: string): Receiver => ({ url: httpUrl(url), authorization });
      const [gateway, collector] = [push, otlp].map(url => (url === undefined ? undefined : receiver(url)));
      const runs = readRuns(paths);
      const families = familiesOf(runs);
      const figures = count(
        families.reduce((sum, f) => sum + f.figures.length, 0),
        'figure',
      );
      const text = prometheus ? prometheusText(families) : '';
      if (out !== undefined) writePieces(out, [text]);
      if (gateway !== undefined) await pushToGateway(runs, gateway);
      if (collector !== undefined) await postOtlp(runs, collector, Date.now());
      if (prometheus && out === undefined) say(text.trimEnd());
      else tell(`${figures} of ${count(runs.length, 'run')} handed over`);
    });
