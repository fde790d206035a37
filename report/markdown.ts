import { LEVEL_HEADS, levelCells, levelName } from './level-words.ts';
import { LONGEST_ANSWER, code, prose } from './markdown-text.ts';
import type { PairingView, PollingView, ReportModel, StepRow } from './model/report-model.ts';
import { sideWords } from './model/error-rows.ts';
import { figureWords } from './figure-words.ts';
import { lengthOfTime, moment, quantity, roundQuantity } from './quantity.ts';
import { marginInWords } from './threshold-words.ts';

/** Maximum rows of each table: a comment should fit on one screen. */
const MOST = { failed: 7, held: 3, kinds: 16, platforms: 3, requests: 8, failures: 3, levels: 8 } as const;

const MARKS = { pass: '✅', fail: '❌', invalid: '⚠️' } as const;

/**
 * The report as a pull-request comment of at most 60 lines: verdict, failures, outcomes, both paths. All foreign text
 * is escaped (markdown-text.ts): a record can come from anywhere, and a comment is posted with someone's rights.
 */
export function markdownReport(model: ReportModel): string {
  const { verdict, run } = model;
  const { doubts, judged } = verdict;
  const doubtful = verdict.verdict === 'pass' && (doubts.length > 0 || !judged);
  const mark = verdict.verdict in MARKS && !doubtful ? MARKS[verdict.verdict as keyof typeof MARKS] : '⚠️';
  const exit = verdict.exitCode === null ? 'Killed' : `Exit code ${verdict.exitCode}`;
  const target = run.target === null ? '' : ` · ${run.simulated ? 'simulator' : code(run.target)}`;
  const lines = [
    `### ${mark} Pairstorm ${code(run.script)}: **${verdict.word}**`,
    '',
    ...doubts.flatMap((doubt) => [`⚠️ **${prose(doubt, LONGEST_ANSWER)}**`, '']),
    `**${prose(model.answer.sentence, LONGEST_ANSWER)}**`,
    '',
    ...highlightLines(model),
    `${exit}: ${prose(verdict.sentence)} · ${lengthOfTime(run.durationMs)} · ${prose(moment(run.startedAt))}${target}`,
    '',
    ...causeLines(model),
    ...driftLines(model),
    ...resilienceLines(model),
    ...thresholdLines(model),
    ...levelLines(model),
    ...outcomeLines(model),
    ...pathLines(model),
    ...failureLines(model),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map((_, at) => (at === 0 ? ':--' : '--:')).join('|')}|`, ...rows.map(line), ''];
}

/** Why the run did not pass, and other findings. */
function causeLines({ verdict: { remedy, causes, remarks }, errors }: ReportModel): readonly string[] {
  const sides = sideWords(errors);
  const list = causes.flatMap(({ text, remedy: advice, command }) => [
    `- **${prose(text)}**${advice === '' ? '' : `; ${prose(advice)}`}${command === '' ? '' : `. See one: ${code(command)}`}`,
  ]);
  const all = [
    ...(remedy === '' || causes.length === 0 ? [] : [`- ${prose(remedy)}`]),
    ...list,
    ...(sides === '' ? [] : [`- failed requests: ${prose(sides)}`]),
    ...remarks.map((remark) => `- note: ${prose(remark)}`),
  ];
  return all.length === 0 ? [] : [...all, ''];
}

function highlightLines({ highlights }: ReportModel): readonly string[] {
  if (highlights.length === 0) return [];
  const shown = highlights.map((figure) => {
    const text = prose(figureWords(figure));
    return figure.attention ? `**${text}**` : text;
  });
  return [shown.join(' · '), ''];
}

/** Most series that drift, of those shown. */
const MOST_DRIFTS = 5;

function driftLines({ drift }: ReportModel): readonly string[] {
  if (drift === null) return [];
  const [first = '', ...rest] = drift.sentences;
  return [`**Drift**: ${prose(first)}`, ...rest.slice(0, MOST_DRIFTS).map((sentence) => `- ${prose(sentence)}`), ''];
}

/** Most faults, and most expectations that did not hold, of those shown. */
const MOST_FAULTS = 7;
const MOST_OPEN = 4;

function resilienceLines({ resilience }: ReportModel): readonly string[] {
  if (resilience === null) return [];
  const { rows, cases, summary } = resilience;
  const open = cases.filter(({ outcome }) => outcome !== 'passed');
  const marks = { passed: '✓', failed: '❌', not_known: '?', error: '⚠️' } as const;
  return [
    `**Resilience**: ${prose(summary)}`,
    '',
    ...table(
      ['fault', 'impact', 'recovery', 'flows lost', 'stuck', 'requests per flow', 'burn rate', 'afterwards'],
      rows
        .slice(0, MOST_FAULTS)
        .map(({ fault, impact, recovery, lost, stuck, requests, burn, after }) => [
          code(fault),
          ...[impact, recovery, lost, stuck, requests, burn, after].map((cell) => prose(cell)),
        ]),
    ),
    ...open
      .slice(0, MOST_OPEN)
      .map(
        ({ fault, name, outcome, sentence }) => `- ${marks[outcome]} ${code(fault)} ${prose(name)}: ${prose(sentence)}`,
      ),
    ...(open.length === 0 ? [] : ['']),
  ];
}

function thresholdLines({ thresholds, findings }: ReportModel): readonly string[] {
  if (thresholds.length === 0) return ['The run has no thresholds.', ''];
  const failed = thresholds.filter(({ ok }) => !ok).length;
  const silent = thresholds.filter(({ value }) => value === null).length;
  const held = thresholds.length - failed - silent;
  // The thresholds of a capacity search are meant to be crossed.
  const searched = findings.some(({ code }) => code === 'capacity_found') ? 'ended the search' : 'failed';
  // Failed ones come first, then those closest to their limit.
  const shown = thresholds.slice(0, failed === 0 ? MOST.held : Math.min(failed, MOST.failed));
  const rows = shown.map(({ metric, expression, ok, value, limit, unit, margin }) => [
    `${ok ? '✓' : '✗'} ${code(metric)}`,
    value === null ? 'no sample' : quantity(value, unit),
    roundQuantity(limit, unit),
    code(expression),
    margin === null ? '–' : marginInWords(margin),
  ]);
  const more = thresholds.length - shown.length;
  return [
    `**Thresholds**: ${failed} ${searched}, ${held} held${silent === 0 ? '' : `, ${silent} without a sample`}${more === 0 ? '' : ` (${more} not shown)`}`,
    '',
    ...table(['threshold', 'value', 'limit', 'expression', 'margin'], rows),
  ];
}

/** The rates of a capacity search; of many the last ones, among which it ended. */
function levelLines({ levels }: ReportModel): readonly string[] {
  if (levels.length === 0) return [];
  const rows = levels.slice(-MOST.levels).map((level) => [levelName(level), level.ending ?? '–', ...levelCells(level)]);
  return table(['rate', 'ended', ...LEVEL_HEADS], rows);
}

function outcomeLines({ flows }: ReportModel): readonly string[] {
  if (flows === null) return [];
  const rows = flows.kinds
    .slice(0, MOST.kinds)
    .map(({ kind, title, started, notAsPrescribed, outcomes }) => [
      `${kind} ${prose(title)}`,
      String(started),
      notAsPrescribed === 0 ? '0' : `**${notAsPrescribed}**`,
      outcomes
        .map(({ outcome, count, problem }) => (problem ? `**${outcome} ${count}**` : `${outcome} ${count}`))
        .join(', '),
    ]);
  return [...table(['flows', 'started', 'unexpected', 'outcomes'], rows)];
}

function pathLines(model: ReportModel): readonly string[] {
  const rows = [
    ...(model.pairing === null ? [] : pairingRows(model.pairing)),
    ...(model.polling === null ? [] : pollingRows(model.polling)),
    ...model.requests.slice(0, MOST.requests).map((row) => stepCells(code(row.name), row)),
  ];
  if (rows.length === 0) return [];
  return [...table(['path', 'count', 'errors', 'p50', 'p95', 'p99', 'max'], rows)];
}

type Trend = StepRow['duration'];

function cells(
  name: string,
  count: number,
  errors: string,
  { p50, p95, p99, max }: Trend,
  ms = true,
): readonly string[] {
  const unit = ms ? 'ms' : 'plain';
  return [name, String(count), errors, ...[p50, p95, p99, max].map((value) => quantity(value, unit))];
}

function share(errors: number, judged: number): string {
  return judged === 0 ? '–' : quantity(errors / judged, 'share');
}

function stepCells(name: string, { requests, failed, duration }: StepRow): readonly string[] {
  return cells(name, requests, share(failed, requests), duration);
}

function pairingRows({ platforms, steps }: PairingView): readonly (readonly string[])[] {
  return [
    ...platforms
      .slice(0, MOST.platforms)
      .map(({ platform, judged, errors, duration }) =>
        cells(`pairing, ${code(platform)}`, duration.count, share(errors, judged), duration),
      ),
    ...steps.map((row) => stepCells(code(row.name), row)),
  ];
}

function pollingRows({
  polls,
  judged,
  errors,
  duration,
  decisionLag,
  pollsPerFlow,
}: PollingView): readonly (readonly string[])[] {
  return [
    cells('poll', polls, share(errors, judged), duration),
    ...(decisionLag.count === 0 ? [] : [cells('decision lag', decisionLag.count, '–', decisionLag)]),
    ...(pollsPerFlow.count === 0 ? [] : [cells('polls per wait', pollsPerFlow.count, '–', pollsPerFlow, false)]),
  ];
}

/** Failed flows of a run that passed; otherwise the causes have named them. */
function failureLines({ failures, verdict }: ReportModel): readonly string[] {
  const { groups, seen } = failures;
  if (groups.length === 0 || verdict.causes.some(({ of }) => of === 'flows')) return [];
  const shown = groups
    .slice(0, MOST.failures)
    .map(
      ({ kind, prescribed, outcome, reason, count }) =>
        `- ${count} × ${code(kind)}: ${code(prescribed)} expected, ${code(outcome)}: ${code(reason)}`,
    );
  return [`**Failed flows**: ${seen}`, '', ...shown, ''];
}
