import { DriftCollector } from '../../analysis/drift/collect.ts';
import { RecoveryCollector } from '../../analysis/recovery/collect.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { failuresDamage, readFailedFlows } from '../../record/failures-file.ts';
import { openRecord } from '../../record/read-record.ts';
import { RecordFold } from '../../record/record-fold.ts';
import { asRead } from '../../record/series-damage.ts';
import { buildReportModel } from '../../report/model/build-report-model.ts';
import type { ReportModel } from '../../report/model/report-model.ts';
import { viewOfDrift } from '../drift-of-run.ts';
import { viewOfResilience } from '../resilience-of-run.ts';
import { relative } from 'node:path';

/** Reads a record and builds the model of its report. Throws a ConfigurationError for an unusable record. */
export async function readReportModel(folder: string): Promise<ReportModel> {
  const { run, intervals, damage } = openRecord(folder);
  const fold = new RecordFold();
  const drift = run.drift && { rules: run.drift, collector: new DriftCollector(run) };
  const recovery = run.resilience === undefined ? undefined : new RecoveryCollector(run);
  for await (const interval of intervals()) {
    try {
      fold.add(interval);
      drift?.collector.add(interval);
      recovery?.add(interval);
    } catch (error) {
      throw new ConfigurationError(`${folder}: series.jsonl: ${(error as Error).message}`);
    }
  }
  const failures = await readFailedFlows(folder);
  const lacking = [...damage(), ...failuresDamage(run, failures)];
  const place = relative(process.cwd(), folder) || '.';
  const view = drift === undefined ? null : viewOfDrift(drift.collector.finish(), drift.rules);
  const resilience = recovery === undefined ? null : viewOfResilience(recovery.finish(), run);
  return buildReportModel(asRead(run, lacking), fold, failures.flows, place, lacking, view, resilience);
}
