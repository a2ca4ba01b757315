import { lined, ORIGIN_MS, requests, writing } from '#test/valid-rows';

const HEADER =
  'timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect';

export default writing(requests(['arrival_ms', 'finish_ms', 'status']), rows =>
  lined([
    HEADER,
    ...rows.map(({ arrival_ms, finish_ms, status }) => {
      const outcome = status === 'ok' ? [200, 'OK'] : [503, '"Busy, try later"'];
      return `${ORIGIN_MS + arrival_ms},${(finish_ms ?? 0) - arrival_ms},generate,${outcome},T 1-1,text,${status === 'ok'},,1200,300,8,8,http://s/v1,20,0,1`;
    }),
  ]),
);
