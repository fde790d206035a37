import { visibleJson } from '../contract/shown-text.ts';
import { invariants } from './invariants.ts';
import { JSON_REPORT_VERSION } from './json-schema.ts';
import type { JsonReport } from './json-schema.ts';
import type { PairingView, PollingView, ReportModel } from './model/report-model.ts';

/**
 * The report as one JSON object for scripts, described by json-schema.ts. Durations are in milliseconds, shares from 0
 * to 1, null means not measured. Data over time is in series.jsonl.
 */
export function jsonReport(model: ReportModel): string {
  const { run, verdict, findings, highlights, thresholds, flows, pairing, polling, steps, requests, throughput } =
    model;
  const { drift, generator, failures, phases, levels, faults, errors, checks, metrics, notes, relativeError } = model;
  const report: JsonReport = {
    ...{ report: 'pairstorm-report', version: JSON_REPORT_VERSION, verdict, findings, run, highlights, thresholds },
    ...{ answer: model.answer, staircase: model.staircase },
    invariants: invariants(model).map(({ name, state, says }) => ({ name, state, says })),
    ...{
      flows,
      pairing: pairing && pairingFigures(pairing),
      polling: polling && pollingFigures(polling),
      steps,
      requests,
    },
    throughput: throughput === null ? null : { unit: throughput.unit, ...throughput.totals },
    drift: drift?.verdict ?? null,
    resilience: model.resilience?.verdict ?? null,
    generator: { ownDelay: generator.ownDelay, judged: generator.judged, stepLateness: generator.stepLateness },
    failures: { seen: failures.seen, kept: failures.kept, groups: failures.groups },
    ...{ phases, levels, faults, errors, checks, metrics, notes, relativeError },
  };
  return `${visibleJson(JSON.stringify(report, undefined, 2))}\n`;
}

// Values over time are for charts, so they are left out.

function pairingFigures({
  total,
  platforms,
  outcomes,
  steps,
}: PairingView): Omit<PairingView, 'durationOverTime' | 'errorShareOverTime'> {
  return { total, platforms, outcomes, steps };
}

function pollingFigures(
  polling: PollingView,
): Omit<PollingView, 'durationOverTime' | 'decisionLagOverTime' | 'errorShareOverTime'> {
  const { polls, judged, errors, latePolls, duration, decisionLag, pollsPerFlow, steps } = polling;
  return { polls, judged, errors, latePolls, duration, decisionLag, pollsPerFlow, steps };
}
