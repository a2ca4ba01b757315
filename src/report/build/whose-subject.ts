import type { CauseInIncident } from '#diagnosis/steps/explain-stalls';

/** What a cause was about, and where another thread waited for it, who did it and who waited: the waiter is a symptom. */
export function whoseSubject({ subject, root, symptom }: CauseInIncident): string {
  if (root === undefined || symptom === undefined) return subject;
  const where = root.process === symptom.process ? '' : ` of process ${root.process}`;
  return `${subject}, in thread ${root.thread}${where}, for which thread ${symptom.thread} waited (${symptom.call || 'in no call'})`;
}
