import { lined, ORIGIN_MS, requests, writing } from '#test/valid-rows';

export default writing(requests(['arrival_ms', 'finish_ms', 'status']), rows =>
  lined([
    `RUN\tload.Generate\tgenerate\t${ORIGIN_MS}\t \t3.9.5`,
    `USER\tGenerate\tSTART\t${ORIGIN_MS}`,
    ...rows.map(({ arrival_ms, finish_ms, status }) => {
      const said = status === 'ok' ? 'OK\t ' : 'KO\tstatus.find.is(200), found 503';
      return `REQUEST\t\tgenerate\t${ORIGIN_MS + arrival_ms}\t${ORIGIN_MS + (finish_ms ?? 0)}\t${said}`;
    }),
  ]),
);
