import { z } from 'zod';
import { Card } from '#schema/card';
import { Case } from '#schema/case';
import { Certification } from '#schema/certification';
import { Checkup } from '#schema/checkup';
import { Comparison } from '#schema/comparison';
import { ApiPrices, Cost } from '#schema/cost';
import { Drift } from '#schema/drift';
import { EnergyRuns } from '#schema/energy';
import { Health } from '#schema/health';
import { History } from '#schema/history';
import { Load } from '#schema/load';
import { Monitor } from '#schema/monitor';
import { Plan } from '#schema/plan';
import { Report } from '#schema/report';
import { Baseline } from '#schema/run';
import { Snapshot } from '#schema/snapshot';
import { Step } from '#schema/step';
import { StorageAnalysis } from '#schema/storage-analysis';
import { StorageConfig } from '#schema/storage-config';
import { StoragePlan } from '#schema/storage-plan';
import { StorageCounters, StorageMarker, StorageRun, StorageStepResult } from '#schema/storage-step';
import { Sweep } from '#schema/sweep';
import { SweepPlan } from '#schema/sweep-plan';
import { System } from '#schema/system';
import { Judgement, Targets } from '#schema/targets';

const text = (title: string, schema: z.ZodType) => `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input' }) }, null, 2)}\n`;

/**
 * JSON Schemas for those who read our files, or write files for us, in another language: file to text.
 * @param native a line of the native format of requests, where its importer is there: an importer is a folder that can go
 */
export const schemas = (native?: z.ZodType): ReadonlyMap<string, string> =>
  new Map([
    ['schemas/forensics.report-1.schema.json', text('forensics.report/1', Report)],
    ['schemas/forensics.card-1.schema.json', text('forensics.card/1', Card)],
    ['schemas/forensics.case-1.schema.json', text('forensics.case/1', Case)],
    ['schemas/forensics.certification-1.schema.json', text('forensics.certification/1', Certification)],
    ['schemas/forensics.checkup-1.schema.json', text('forensics.checkup/1', Checkup)],
    ['schemas/forensics.comparison-1.schema.json', text('forensics.comparison/1', Comparison)],
    ['schemas/forensics.baseline-1.schema.json', text('forensics.baseline/1', Baseline)],
    ['schemas/forensics.targets-1.schema.json', text('forensics.targets/1', Targets)],
    ['schemas/forensics.judgement-1.schema.json', text('forensics.judgement/1', Judgement)],
    ['schemas/forensics.api-prices-1.schema.json', text('forensics.api-prices/1', ApiPrices)],
    ['schemas/forensics.cost-1.schema.json', text('forensics.cost/1', Cost)],
    ['schemas/forensics.drift-1.schema.json', text('forensics.drift/1', Drift)],
    ['schemas/forensics.energy-runs-1.schema.json', text('forensics.energy-runs/1', EnergyRuns)],
    ['schemas/forensics.health-1.schema.json', text('forensics.health/1', Health)],
    ['schemas/forensics.history-1.schema.json', text('forensics.history/1', History)],
    ['schemas/forensics.load-1.schema.json', text('forensics.load/1', Load)],
    ['schemas/forensics.monitor-1.schema.json', text('forensics.monitor/1', Monitor)],
    ['schemas/forensics.plan-1.schema.json', text('forensics.plan/1', Plan)],
    ['schemas/forensics.step-1.schema.json', text('forensics.step/1', Step)],
    ['schemas/forensics.snapshot-1.schema.json', text('forensics.snapshot/1', Snapshot)],
    ['schemas/forensics.storage-config-1.schema.json', text('forensics.storage-config/1', StorageConfig)],
    ['schemas/forensics.storage-plan-1.schema.json', text('forensics.storage-plan/1', StoragePlan)],
    ['schemas/forensics.storage-run-1.schema.json', text('forensics.storage-run/1', StorageRun)],
    ['schemas/forensics.storage-step-1.schema.json', text('forensics.storage-step/1', StorageStepResult)],
    ['schemas/forensics.storage-counters-1.schema.json', text('forensics.storage-counters/1', StorageCounters)],
    ['schemas/storage-marker.schema.json', text('a line of markers.jsonl', StorageMarker)],
    ['schemas/forensics.storage-1.schema.json', text('forensics.storage/1', StorageAnalysis)],
    ['schemas/forensics.sweep-1.schema.json', text('forensics.sweep/1', Sweep)],
    ['schemas/forensics.sweep-plan-1.schema.json', text('forensics.sweep-plan/1', SweepPlan)],
    ['schemas/forensics.system-1.schema.json', text('forensics.system/1', System)],
    ...(native === undefined ? [] : [['schemas/native-request.schema.json', text('native request', native)] as const]),
  ]);
