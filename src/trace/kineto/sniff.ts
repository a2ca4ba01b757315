const DOCUMENT = /^\ufeff?\s*\{/;
/** What Kineto writes before its events. Other programs write traces for chrome://tracing too, and no such key. */
const MARKS = /"(?:schemaVersion|deviceProperties|distributedInfo|baseTimeNanoseconds)"\s*:/;
const EVENTS = /"traceEvents"\s*:/;
/** Long lists of GPUs and of process groups stand before the events. */
const DEVICES = /"deviceProperties"\s*:/;
const CATEGORIES = /"cat"\s*:\s*"(?:cpu_op|user_annotation|cuda_runtime|kernel|gpu_memcpy|Kernel|Operator)"/;

/** Whether a text begins as a trace of PyTorch's profiler does. @param head its first characters */
export const isKineto = (head: string): boolean =>
  DOCUMENT.test(head) && (EVENTS.test(head) ? MARKS.test(head) || CATEGORIES.test(head) : DEVICES.test(head));
