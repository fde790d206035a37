import type { Finding } from '../../catalogue/findings.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import { HISTOGRAM_RELATIVE_ERROR } from '../../contract/histogram.ts';
import { CauseCount } from '../../record/causes.ts';
import type { Cause } from '../../record/causes.ts';
import type { RecordFold } from '../../record/record-fold.ts';
import { isAnswered, rateOf } from '../../record/record-totals.ts';
import type { RunFile } from '../../record/run-file.ts';
import { answerView } from './answer.ts';
import type { Staircase } from './answer-model.ts';
import { kindOfRun, volumeOf, startsUntilMs } from './answer-facts.ts';
import { causeViews } from './causes.ts';
import { withDoubts } from './doubts.ts';
import { errorRows } from './error-rows.ts';
import { faultsOfRun } from './fault-causes.ts';
import { failedFlows } from './failed-flows.ts';
import { flowsView } from './flows-view.ts';
import { generatorView } from './generator-view.ts';
import { heatmap } from './heatmap.ts';
import { highlights } from './highlights.ts';
import { levelRows } from './level-rows.ts';
import { metricRows } from './metric-rows.ts';
import { notes } from './notes.ts';
import { checkRows, ownMetricRows } from './own-metric-rows.ts';
import { pairingView } from './pairing-view.ts';
import { faultRows, faultWindows, partRows } from './part-rows.ts';
import { pollingView } from './polling-view.ts';
import type { DriftView } from './drift-view.ts';
import type { LatencyView, ReportModel } from './report-model.ts';
import type { ResilienceView } from './resilience-view.ts';
import { nameOfTarget, runFacts } from './run-facts.ts';
import { staircase } from './staircase.ts';
import { requestRows, stepRows } from './step-rows.ts';
import { thresholdRows } from './threshold-rows.ts';
import { throughput } from './throughput.ts';
import { holeBands, timeBands } from './time-bands.ts';
import { shareOverTime, trendOverTime, trendSummary } from './trend-summary.ts';
import type { TimeAxis } from './trend-summary.ts';
import { verdictView, wasAllowed } from './verdict-view.ts';

/**
 * The report of a record: what was run (`run`), everything that was recorded (`fold`, to which all intervals were added), and the
 * failed flows that the record keeps. `folder`: where the record is, as somebody would type it. `lacking`: what was found missing as it
 * was read; of a run that ended it is among its findings. `drift`, `resilience`: null where they are not judged.
 */
export function buildReportModel(
  run: RunFile,
  fold: RecordFold,
  failures: readonly FailureRecord[],
  folder?: string,
  lacking: readonly Finding[] = [],
  drift: DriftView | null = null,
  resilience: ResilienceView | null = null,
): ReportModel {
  const { totals } = fold;
  const recordedMs = (fold.lastInterval + 1) * run.intervalMs;
  const durationMs = run.end?.durationMs ?? recordedMs;
  const { columns, perColumn } = fold.axis;
  const time = columns === 0 ? null : timeAxis(columns, perColumn * run.intervalMs, durationMs, run.startedAt);
  const thresholds = thresholdRows(run, totals, durationMs);
  const flows = flowsView(totals, run);
  const steps = stepRows(totals);
  const requests = steps.length > 0 ? [] : requestRows(totals);
  const pairing = pairingView(fold, steps);
  const polling = pollingView(fold, steps);
  const errors = errorRows(totals);
  const flow = time === null ? null : throughput(fold, run, time, durationMs);
  const latency = latencyView(fold, run);
  const peer = totals.select('http_req_failed{peer:pf}') === undefined ? '' : '{peer:pf}';
  const facts = runFacts(run, durationMs);
  const causes = causesOf(run, failures);
  const phases = partRows(fold, 'phase', run.intervalMs);
  const levels = levelRows(fold, run, thresholds, durationMs);
  const faults = faultRows(totals);
  const checks = checkRows(totals);
  const windows = resilience?.windows ?? faultWindows(fold, run, recordedMs);
  const stairs = staircase(run, totals, levels, durationMs);
  const answering = {
    ...{
      kind: kindOfRun(run.script, flows),
      run: facts,
      thresholds,
      flows,
      pairing,
      polling,
      throughput: flow,
      latency,
    },
    failedRequests: rateOf(totals.select(`http_req_failed${peer}`)),
    ...{ phases, faults, drift, resilience, checks, staircase: stairs, causes },
    valid: run.end?.verdict !== 'invalid',
    proven: run.end?.verdict === 'pass' && !run.end.findings.some(wasAllowed),
    volume: flow === null || time === null || flows === null ? null : volumeOf(run, flow, time, flows, durationMs),
  };
  const verdict = verdictView(
    run,
    thresholds,
    recordedMs,
    causeViews({
      ...{ exitCode: run.end?.exitCode ?? null, causes, thresholds, errors, flows, folder },
      faults: faultsOfRun(totals, faults),
    }),
  );
  const findings = run.end?.findings ?? lacking;
  const model: ReportModel = {
    run: facts,
    verdict,
    answer: answerView(
      answering,
      verdict.verdict,
      findings.some(({ code }) => code === 'record_damaged'),
    ),
    findings,
    highlights: highlights(answering),
    bands: [
      ...timeBands({
        ...{ faults: windows, staircase: stairs, phases, scenarios: facts.scenarios, endMs: durationMs },
        startsMs: startsUntilMs(run.end, flow?.started ?? null, time?.widthMs ?? 0),
      }),
      ...(time === null ? [] : holeBands(fold.track('eventLoop'), time.widthMs)),
    ],
    failuresOverTime: failuresOverTime(fold),
    staircase: stairs,
    thresholds,
    time,
    flows,
    pairing,
    polling,
    steps,
    requests,
    latency,
    throughput: flow,
    drift,
    resilience,
    generator: generatorView(fold, run),
    failures: failedFlows(failures, run),
    phases,
    levels,
    faults,
    faultWindows: windows,
    errors,
    checks,
    ownMetrics: ownMetricRows(totals),
    metrics: metricRows(totals),
    notes: [
      ...stairNote(stairs),
      ...(answering.kind === 'soak' ? [] : driftNote(drift, run)),
      ...notes(run, fold, lacking),
    ],
    relativeError: HISTOGRAM_RELATIVE_ERROR,
  };
  return { ...model, verdict: withDoubts(model) };
}

/** Runs of this length and more have clock times on their axes: what happened at night is looked for by the clock. */
const CLOCK_FROM_MS = 3_600_000;

function timeAxis(columns: number, widthMs: number, durationMs: number, startedAt: string): TimeAxis {
  const began = Date.parse(startedAt);
  return durationMs < CLOCK_FROM_MS || Number.isNaN(began)
    ? { columns, widthMs }
    : { columns, widthMs, startedAt: began };
}

/** How sure the answer of a search in steps is. */
function stairNote(stairs: Staircase | null): readonly string[] {
  const { held, broke } = stairs ?? { held: null, broke: null };
  return held === null || broke === null
    ? []
    : [
        `The limit is between ${held.rate} and ${broke.rate} flows/s, by one look at each rate: “pairstorm capacity” gives an interval.`,
      ];
}

/** What a reader of the first screen has to know of the drift, where it is not why the run failed. */
function driftNote(drift: DriftView | null, { end }: RunFile): readonly string[] {
  return drift === null || end?.findings.some(({ code }) => code === 'drifts') === true
    ? []
    : [`Drift: ${drift.sentences[0] ?? ''}.`];
}

function failuresOverTime(fold: RecordFold): ReportModel['failuresOverTime'] {
  const [requests, flows] = [shareOverTime(fold.track('pfFailed')), shareOverTime(fold.track('mismatches'))];
  return [...requests, ...flows].some((share) => share !== null && share > 0) ? { requests, flows } : null;
}

/** Causes as the run counted them; of a record that did not, as its failed flows tell. */
function causesOf({ end }: RunFile, failures: readonly FailureRecord[]): readonly Cause[] {
  if (end !== null && end.causes.length > 0) return end.causes;
  const count = new CauseCount();
  failures.forEach((failure, at) => count.take(failure, at + 1));
  return count.list();
}

/** Latency of answered requests to PingFederate, or of all requests if there are none; null if nothing was measured. */
function latencyView(fold: RecordFold, run: RunFile): LatencyView | null {
  const target = fold.totals.select('http_req_duration{peer:pf}', isAnswered);
  const track = fold.track(target === undefined ? 'allRequests' : 'pfRequests');
  const heat = heatmap(track);
  if (heat === null) return null;
  return {
    of: target === undefined ? 'answered requests' : `answered requests to ${nameOfTarget(run)}`,
    total: trendSummary(target ?? fold.totals.select('http_req_duration', isAnswered)),
    overTime: trendOverTime(track),
    heatmap: heat,
  };
}
