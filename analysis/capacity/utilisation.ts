import { criticalT } from '../comparison/student-t.ts';
import { criticalZ } from '../drift/normal.ts';
import type { Interval } from '../planning/scaling.ts';
import type { LevelFigures } from './level-counts.ts';
import type { PlayedLevel } from './search-level.ts';

/** A level as the models beside an answer take it. */
export interface ModelLevel extends Pick<PlayedLevel, 'rate' | 'purpose' | 'end' | 'verdict' | 'unstable'> {
  readonly lookedSeconds: number;
  readonly figures: LevelFigures | null;
}

/** The utilisation law of the target's CPU. Rates in flow starts per second. */
export interface CpuLaw {
  /** CPU time of a flow on all nodes together. */
  readonly secondsPerFlow: Interval;
  /** Cores in use without load, by the law. */
  readonly idleCores: number;
  /** Cores of all nodes together; null: nobody said. */
  readonly cores: number | null;
  /** The rate at which 90 % of the cores are in use; null: the cores are not known. */
  readonly fullRate: Interval | null;
  /** Part of the cores in use at the rate of the answer; null: one of them is not known. */
  readonly atAnswer: number | null;
  /** What the answer's limit is: CPU, or something else; `unknown`: the intervals do not tell. */
  readonly limit: 'cpu' | 'other' | 'unknown' | null;
  /** Levels that it rests on. */
  readonly levels: number;
}

/** Why there is no law. */
export type NoCpuLaw =
  | { readonly code: 'too-few'; readonly levels: number }
  | { readonly code: 'flat' }
  | { readonly code: 'crooked'; readonly rate: number; readonly cores: number; readonly byLaw: number }
  | { readonly code: 'more-cores'; readonly used: number; readonly cores: number };

/** Part of the cores up to which queues stay short. */
export const FULL = 0.9;
/** So much above the answer, CPU is not what limits it. */
const FAR_ABOVE = 1.25;
/** Levels that the law needs: two points always lie on a line. */
export const FEWEST_LEVELS = 3;
/** How far a level may lie beside the line: as a part of what it used, and in cores. */
const BESIDE_PART = 0.1;
const BESIDE_CORES = 0.05;
/** More cores in use than there are, by more than their counters are off. */
const MORE_CORES = 1.02;

/** A level that holds a rate: not overloaded, nor right after an overload. */
export const isSteady = ({ end, verdict, unstable, purpose }: ModelLevel): boolean =>
  end === 'observed' && verdict !== 'broke' && unstable === null && purpose !== 'hysteresis';

/** Requests and flows of some levels; flows by the mean of those that started and those that ended. */
export function requestsPerFlow(levels: readonly ModelLevel[]): { readonly perFlow: number; readonly flows: number } {
  const sum = (of: (figures: LevelFigures) => number): number =>
    levels.reduce((total, { figures, lookedSeconds }) => total + lookedSeconds * of(figures!), 0);
  const flows = sum(({ startsPerSecond, endsPerSecond }) => (startsPerSecond + endsPerSecond) / 2);
  return { perFlow: sum(({ service }) => service!.perSecond) / flows, flows };
}

/**
 * The utilisation law U = U₀ + D·λ (P. J. Denning, J. P. Buzen, "The Operational Analysis of Queueing Network Models",
 * 1978) over the levels that did not break: undecided ones are steady, too, and near the answer. λ is the level's
 * requests per second by the requests of a flow, which has less chance in it than the starts; weights are those of
 * Poisson counts, seconds/λ. The interval of the rate at full use is Fieller's (E. C. Fieller, 1954), widened by the
 * error of requests per flow.
 */
export function cpuLaw(
  levels: readonly ModelLevel[],
  answer: { readonly rate: number | null; readonly confidence: number },
  cores: number | null,
): CpuLaw | NoCpuLaw {
  const known = levels.filter(
    (level) => isSteady(level) && level.figures?.cpu != null && level.figures.service != null,
  );
  const nodes = Math.max(...known.map(({ figures }) => figures!.cpu!.nodes));
  const used = known.filter(({ figures }) => figures!.cpu!.nodes === nodes);
  if (new Set(used.map(({ rate }) => rate)).size < FEWEST_LEVELS)
    return { code: 'too-few', levels: new Set(used.map(({ rate }) => rate)).size };
  const { perFlow, flows } = requestsPerFlow(used);
  const points = used.map(({ figures, lookedSeconds }) => {
    const x = figures!.service!.perSecond / perFlow;
    return { x, y: figures!.cpu!.cores, weight: lookedSeconds / x };
  });
  const most = Math.max(...points.map(({ y }) => y));
  if (cores !== null && most > MORE_CORES * cores) return { code: 'more-cores', used: most, cores };

  const line = new Line(points, answer.confidence);
  if (!line.rises) return { code: 'flat' };
  const off = points.findIndex(({ x, y }) => Math.abs(y - line.at(x)) > Math.max(BESIDE_CORES, BESIDE_PART * y));
  if (off >= 0)
    return { code: 'crooked', rate: used[off]!.rate, cores: points[off]!.y, byLaw: line.at(points[off]!.x) };

  const error = criticalZ((1 - answer.confidence) / 2) / Math.sqrt(flows);
  const fullRate = cores === null ? null : widened(line.whereIs(FULL * cores), error);
  const atAnswer = cores === null || answer.rate === null ? null : line.at(answer.rate) / cores;
  return {
    secondsPerFlow: widened(line.slope, error),
    ...{ idleCores: line.at(0), cores, fullRate, atAnswer, levels: points.length },
    limit: fullRate === null || answer.rate === null ? null : limitOf(fullRate, answer.rate),
  };
}

function limitOf({ value, low, high }: Interval, rate: number): CpuLaw['limit'] {
  if (value > FAR_ABOVE * rate && low > rate) return 'other';
  return high <= FAR_ABOVE * rate ? 'cpu' : 'unknown';
}

/** An interval of a value that is multiplied by another with a relative error. */
function widened({ value, low, high }: Interval, error: number): Interval {
  // Something else uses all of it already.
  if (value <= 0) return { value: 0, low: 0, high: Math.max(0, high) };
  const side = (end: number): number => Math.hypot(end / value - 1, error);
  return { value, low: value * Math.max(0, 1 - side(low)), high: value * (1 + side(high)) };
}

/** A line by weighted least squares. */
class Line {
  readonly slope: Interval;
  /** Whether it is shown to rise. */
  readonly rises: boolean;
  readonly #meanX: number;
  readonly #meanY: number;
  /** Squares of the half-widths of its slope, and of its mean. */
  readonly #slopeOff: number;
  readonly #meanOff: number;

  constructor(
    points: readonly { readonly x: number; readonly y: number; readonly weight: number }[],
    confidence: number,
  ) {
    const weights = points.reduce((sum, { weight }) => sum + weight, 0);
    const mean = (of: (point: (typeof points)[number]) => number): number =>
      points.reduce((sum, point) => sum + point.weight * of(point), 0) / weights;
    this.#meanX = mean(({ x }) => x);
    this.#meanY = mean(({ y }) => y);
    const squares = mean(({ x }) => (x - this.#meanX) ** 2);
    const value = mean(({ x, y }) => (x - this.#meanX) * (y - this.#meanY)) / squares;
    const residuals = mean(({ x, y }) => (y - this.#meanY - value * (x - this.#meanX)) ** 2);
    const degrees = points.length - 2;
    this.#meanOff = (criticalT(1 - confidence, degrees) ** 2 * residuals) / degrees;
    this.#slopeOff = this.#meanOff / squares;
    const off = Math.sqrt(this.#slopeOff);
    this.slope = { value, low: value - off, high: value + off };
    this.rises = value > off;
  }

  at(x: number): number {
    return this.#meanY + this.slope.value * (x - this.#meanX);
  }

  /** Where it reaches a value, with Fieller's interval; it must rise. */
  whereIs(y: number): Interval {
    const [rise, slope] = [y - this.#meanY, this.slope.value];
    const a = slope ** 2 - this.#slopeOff;
    const b = slope * rise;
    const root = Math.sqrt(Math.max(0, b ** 2 - a * (rise ** 2 - this.#meanOff)));
    const place = (d: number): number => this.#meanX + d;
    return { value: place(rise / slope), low: place((b - root) / a), high: place((b + root) / a) };
  }
}
