import { doubtSentences, peopleOf, shows } from '../../analysis/capacity/answer.ts';
import { htmlPage } from '../html/page-shell.ts';
import { markup } from '../html/markup.ts';
import type { Content, Markup } from '../html/markup.ts';
import { dotKey, lineKey } from '../html/chart/legend.ts';
import { pointChart } from '../html/chart/point-chart.ts';
import type { ChartPoint } from '../html/chart/point-chart.ts';
import { roundSteps } from '../html/chart/round-steps.ts';
import { figures } from '../html/section/figures.ts';
import { table } from '../html/table.ts';
import { counted, lengthOfTime, moment, quantity, roundQuantity } from '../quantity.ts';
import type { AnswerFile, AnswerLevel } from './answer-file.ts';
import { headline, headlineParts, planRows } from './plan-rows.ts';
import {
  allowedSentence,
  coresWords,
  knowsCpu,
  number,
  percent,
  samplesOf,
  shareOf,
  shareWords,
  tightestTerm,
  verdictWord,
} from './text.ts';

/**
 * The answer as one HTML page that needs nothing else: first what a planner came for, pairings an hour with their
 * error, then the sentence that says for which rate, then what it rests on. It fits on one printed page.
 */
export function answerPage(answer: AnswerFile): string {
  const [first, ...rest] = answer.sentences;
  // What the figures show (the hour, the promise), and what stands with the answer, is not said a second time.
  const doubts = doubtsOf(answer);
  const { promise } = answer;
  const shown = (promise === null ? 0 : 1) + (promise?.pairingsPerHour == null ? 0 : 1);
  const others = rest.slice(shown).filter((sentence) => !doubts.includes(sentence));
  const tone = answer.exitCode === 0 && doubts.length === 0 ? 'pass' : answer.exitCode === 99 ? 'fail' : 'warn';
  const said = headlineParts(answer);
  const where = answer.simulated ? 'the built-in simulator' : answer.target;
  return htmlPage({
    title: markup`${headline(answer)}: capacity`,
    pairstorm: answer.pairstorm,
    skip: 'Skip to the levels',
    kind: 'answer',
    body: markup`<header>
          <h1>Pairstorm: capacity</h1>
          <p class="facts">
            <time datetime="${answer.startedAt}">${moment(answer.startedAt)}</time> · ${lengthOfTime(answer.seconds * 1_000)} ·
            ${counted(answer.levels.length, 'level')} · against ${where}
          </p>
          <div class="verdict ${tone}" role="group" aria-label="Answer">
            <strong>${said.answer}${said.error !== '' && markup` <span class="error">${said.error}</span>`}</strong>
            <p>${first}</p>
            ${answer.atLeast !== null && markup`<p>At least ${number(answer.atLeast)}/s was to be shown: <b>${shows(answer, answer.atLeast) ? 'shown' : 'not shown'}</b>.</p>`}
            ${doubts.map((doubt) => markup`<p><b>${doubt}</b></p>`)}
          </div>
          ${plannerFigures(answer)}
          <ul class="notes">
            ${others.map((sentence) => markup`<li>${sentence}</li>`)}
          </ul>
        </header>
        <main id="main" tabindex="-1">
          <section id="curves" aria-labelledby="curves-h">
            <h2 id="curves-h">What the levels say</h2>
            <div class="charts">${latencyChart(answer)}${throughputChart(answer)}${shareChart(answer)}</div>
          </section>
          <section id="levels" aria-labelledby="levels-h">
            <h2 id="levels-h">Levels</h2>
            ${levelTable(answer)}
          </section>
        </main>
        <footer>
          Made by Pairstorm ${answer.pairstorm}. This page is self-contained and makes no network requests; each level is a run
          record below <span class="code">levels/</span>.
        </footer>`,
  });
}

/** Why the answer is to be doubted: nobody may overlook it. */
function doubtsOf(answer: AnswerFile): readonly string[] {
  const allowed = allowedSentence(answer.levels);
  return [...(allowed === '' ? [] : [allowed]), ...doubtSentences(answer)];
}

/** What a planner needs besides the headline: what can be promised, sign-ins with their error, and people at a time. */
function plannerFigures(answer: AnswerFile): Markup | false {
  const plan = planRows(answer);
  const { promise } = answer;
  if (plan === null || promise === null) return false;
  const [first] = plan;
  const signIns = plan.at(-1)!;
  return figures([
    {
      label: 'Safe to promise',
      value: first!.promise,
      detail: `${first!.what.toLowerCase()} an hour${plan.length > 1 ? `, of ${signIns.promise} sign-ins` : ''}: the lower end, rounded down`,
    },
    ...(plan.length > 1 ? [{ label: 'Sign-ins an hour', value: signIns.value, detail: signIns.between }] : []),
    {
      label: 'People signing in at a time',
      value: promise.signingIn === null ? '–' : number(peopleOf(promise.signingIn)),
      detail: 'at the rate that is safe to promise × mean time of a flow',
    },
  ]);
}

// ---- charts

/** Levels that can be drawn, and the axis of rates. */
function drawn({ levels, high }: AnswerFile): { readonly shown: readonly AnswerLevel[]; readonly most: number } {
  const shown = levels.filter(({ end, figures: known }) => end === 'observed' && known !== null);
  return { shown, most: 1.05 * Math.max(high ?? 0, ...shown.map(({ rate }) => rate), 1e-3) };
}

const COLOUR: Readonly<Record<AnswerLevel['verdict'], string>> = { held: 'ok', broke: 'bad', undecided: 'plan' };

const LEGEND: Content = [dotKey('ok', 'held'), dotKey('plan', 'undecided'), dotKey('bad', 'broke')];
const limitKey = (label: string): Markup => lineKey('bad', true, label);

/** Ticks at round numbers; none where the axis ends, which has its unit. */
const rateTicks = (most: number): { readonly at: number; readonly label: string }[] =>
  roundSteps(most, 0.96 * most).map((rate) => ({ at: rate / most, label: rate === 0 ? '0' : `${number(rate)}/s` }));

function bandOf({ low, high }: AnswerFile, most: number): readonly [number, number] | null {
  return low === null || high === null ? null : [low / most, high / most];
}

/** The term whose curve is drawn: the one that binds, else the tightest. */
function shownTerm({ binding, objective, levels }: AnswerFile): number {
  const bound = objective.findIndex(({ name }) => name === binding?.name);
  return bound >= 0 ? bound : levels[0] === undefined ? 0 : tightestTerm(levels.at(-1)!, objective);
}

function latencyChart(answer: AnswerFile): Markup | false {
  const { shown, most } = drawn(answer);
  const { objective } = answer;
  const bound = shownTerm(answer);
  const at = objective[bound]?.limit === null ? objective.findIndex(({ limit }) => limit !== null) : bound;
  const term = objective[at];
  const valueOf = ({ quantiles, figures: known }: AnswerLevel): { value: number; low: number; high: number } => {
    const p95 = known?.p95Ms ?? 0;
    return quantiles[at] ?? { value: p95, low: p95, high: p95 };
  };
  const values = shown.flatMap((level) => Object.values(valueOf(level)));
  if (shown.length === 0 || !values.some((value) => value > 0)) return false;
  const limits = term?.limit === null || term === undefined ? [] : [term.limit];
  const positive = [...values, ...limits].filter((value) => value > 0);
  const [from, to] = [Math.min(...positive) / 1.3, Math.max(...positive) * 1.3];
  const place = (value: number): number => Math.log(Math.max(value, from) / from) / Math.log(to / from);
  const name =
    term === undefined
      ? 'p95 of requests'
      : `p${Number((100 * (1 - term.allowed)).toPrecision(6))} of ${samplesOf(term)}`;
  return pointChart({
    id: 'latency',
    title: `${name} by rate`,
    description: `${name} of each level with 95 %, on a logarithmic axis, and the limit; the band is the interval of the answer.`,
    legend: [LEGEND, limits.length > 0 && limitKey('limit')],
    xTicks: rateTicks(most),
    yTicks: logTicks(from, to).map((value) => ({ at: place(value), label: roundQuantity(value, 'ms') })),
    band: bandOf(answer, most),
    lines: limits.map((limit) => ({
      points: [
        [0, place(limit)],
        [1, place(limit)],
      ] as const,
      colour: 'bad',
      dash: true as const,
    })),
    points: shown.map((level): ChartPoint => {
      const { value, low, high } = valueOf(level);
      return {
        ...{ x: level.rate / most, y: place(value), low: place(low), high: place(high), colour: COLOUR[level.verdict] },
        text: `${number(level.rate)}/s: ${quantity(value, 'ms')} (${quantity(low, 'ms')} to ${quantity(high, 'ms')}), ${verdictWord(level)}`,
      };
    }),
  });
}

/** 1, 2 and 5 of each power of ten within a range; thinned where that is many. */
function logTicks(from: number, to: number): number[] {
  const all: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10)
    for (const times of [1, 2, 5]) if (times * power >= from && times * power <= to) all.push(times * power);
  return all.length > 7 ? all.filter((value) => value.toExponential().startsWith('1e')) : all;
}

function throughputChart(answer: AnswerFile): Markup | false {
  const { shown, most } = drawn(answer);
  if (shown.length === 0) return false;
  return pointChart({
    id: 'throughput',
    title: 'Flows that end, by rate offered',
    description: 'Flow ends per second of each level; on the diagonal as many end as are started.',
    legend: LEGEND,
    ...{ xTicks: rateTicks(most), yTicks: rateTicks(most), band: bandOf(answer, most) },
    lines: [
      {
        points: [
          [0, 0],
          [1, 1],
        ],
        colour: 'plan',
        dash: true,
      },
    ],
    points: shown.map((level): ChartPoint => {
      const { endsPerSecond: ends } = level.figures!;
      const y = ends / most;
      return {
        ...{ x: level.rate / most, y, low: y, high: y, colour: COLOUR[level.verdict] },
        text: `${number(level.rate)}/s offered, ${number(ends)}/s ended`,
      };
    }),
  });
}

/** Shares from 0.1 % to 99.9 % on a logit axis: the curve of the fit is a straight line over ln(rate). */
function shareChart(answer: AnswerFile): Markup | false {
  const { shown, most } = drawn(answer);
  const at = shownTerm(answer);
  const term = answer.objective[at];
  if (shown.length === 0 || term === undefined) return false;
  const [from, to] = [Math.min(0.001, term.allowed / 10), 0.999];
  const logit = (share: number): number => Math.log(share / (1 - share));
  const place = (share: number): number =>
    (logit(Math.min(to, Math.max(from, share))) - logit(from)) / (logit(to) - logit(from));
  const curve = answer.curves[at];
  const steps = Array.from({ length: 60 }, (_, step) => ((step + 1) / 60) * most);
  return pointChart({
    id: 'share',
    title: shareOf(term).replace('share', 'Share'),
    description: `Share of bad samples of each level with its bounds, on a logit axis, the share that is allowed, and the fitted curve.`,
    legend: [LEGEND, limitKey(`allowed: ${percent(term.allowed)}`)],
    xTicks: rateTicks(most),
    yTicks: [from, 0.01, 0.05, 0.5, 0.9, to]
      .filter((share, index, all) => index === 0 || share > all[index - 1]!)
      .map((share) => ({ at: place(share), label: share === to ? '99.9 %' : percent(share) })),
    band: bandOf(answer, most),
    lines: [
      {
        points: [
          [0, place(term.allowed)],
          [1, place(term.allowed)],
        ],
        colour: 'bad',
        dash: true,
      },
      ...(curve === undefined
        ? []
        : [
            {
              points: steps.map((rate) => {
                const z = logit(term.allowed) + curve.steepness * Math.log(rate / curve.knee);
                return [rate / most, place(1 / (1 + Math.exp(-z)))] as const;
              }),
              colour: 'p95',
            },
          ]),
    ],
    points: shown.flatMap((level): ChartPoint[] => {
      const { share, low, high } = level.terms[at]!;
      if (share === null) return [];
      return [
        {
          ...{
            x: level.rate / most,
            y: place(share),
            low: place(low),
            high: place(high),
            colour: COLOUR[level.verdict],
          },
          text: `${number(level.rate)}/s: ${percent(share)} (${percent(low)} to ${percent(high)}), ${verdictWord(level)}`,
        },
      ];
    }),
  });
}

/** The record of a level says the rest. */
const shortened = (text: string): string => (text.length > 70 ? `${text.slice(0, 69)}…` : text);

function levelTable(answer: AnswerFile): Markup {
  const cpu = knowsCpu(answer.levels);
  return table({
    caption:
      'In the order in which they were played. Over the limit: share of the tightest term, with its bounds. Worth: independent samples.',
    columns: [
      ...['Level', 'Rate', 'For', 'Looked at', 'Requests/s', 'p50', 'p95'],
      ...(cpu ? ['CPU'] : []),
      ...['Over the limit', 'Worth', 'Said'],
    ].map((head) => ({ head, number: !['Level', 'For', 'Said'].includes(head) })),
    rows: answer.levels.map((level, at) => {
      const { figures: known } = level;
      return [
        at + 1,
        `${number(level.rate)}/s`,
        level.purpose,
        `${Math.round(level.lookedSeconds)} s`,
        known === null ? '–' : number(known.requestsPerSecond),
        quantity(known?.p50Ms ?? null, 'ms'),
        quantity(known?.p95Ms ?? null, 'ms'),
        ...(cpu ? [coresWords(level)] : []),
        shareWords(level, answer.objective),
        Math.round(level.terms[tightestTerm(level, answer.objective)]?.effective ?? 0),
        `${verdictWord(level)}${level.why === '' ? '' : `: ${shortened(level.why)}`}`,
      ];
    }),
  });
}
