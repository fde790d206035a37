import { ConfigurationError } from '../../contract/configuration-error.ts';
import { isSameMix, mixBound, partsOf } from './mix.ts';
import type { MeasuredMix, MixPart } from './mix.ts';
import { EXTRAPOLATED, scalingOf } from './scaling.ts';
import type { NodeCapacity, Scaling } from './scaling.ts';
import { doubtWords } from './scaling-doubt.ts';
import { nodesWords, percentWords, rateWords } from './units.ts';

/** What a plan is asked for. Shares are relative: 0.2 is 20 %. */
export interface PlanQuestion {
  /** Sign-ins in the busiest hour. */
  readonly peakHour: number;
  /** The busiest minutes of that hour, relative to its mean. */
  readonly peakToMean: number;
  readonly growth: number;
  /** Part of what the deployment takes that is to stay free at the peak. */
  readonly headroom: number;
  readonly nodesMayFail: number;
  /** Share of the sign-ins that pair a device; null: as it was measured. */
  readonly pairingShare: number | null;
  readonly connectionsPerUser: number;
}

/** A capacity answer as a plan takes it. Rates in flow starts per second. */
export interface MeasuredAnswer extends MeasuredMix {
  readonly folder: string;
  readonly nodes: number;
  /** Null, like `high`: only a lower end is known. */
  readonly rate: number | null;
  readonly low: number;
  readonly high: number | null;
  /** Mean time of a flow; null: unknown. */
  readonly flowSeconds: number | null;
}

/** How a capacity is known: by an answer, by the law between answers, or by the law beyond them. */
export type CapacitySource = 'measured' | 'fitted' | 'extrapolated';

/** What a number of nodes takes of the mix, in flow starts per second. */
export interface KnownCapacity extends Pick<MeasuredAnswer, 'rate' | 'low' | 'high'> {
  readonly source: CapacitySource;
}

/** A number of nodes, and what it comes to at the peak. */
export interface PlanRow {
  readonly nodes: number;
  /** Null: not known. */
  readonly capacity: KnownCapacity | null;
  /** Part of the lower end that stays free at the peak; below 0: it is not enough. */
  readonly headroom: number | null;
  /** The same once as many nodes as may fail have failed. */
  readonly headroomAfterFailure: number | null;
  /** Whether these nodes leave the headroom, with and without a failure. */
  readonly enough: boolean | null;
}

/** The law of a mix, and whether it was used. */
export interface PlannedScaling extends Omit<Scaling, 'at'> {
  readonly pairingShare: number;
}

/** From answers to a number of nodes. */
export interface Plan {
  readonly question: PlanQuestion;
  /** Sign-ins per second to be planned for. */
  readonly peakPerSecond: number;
  /** Null: no number of nodes is enough, because more of them take less. */
  readonly nodes: number | null;
  readonly rows: readonly PlanRow[];
  /** Share of the sign-ins that pair, and the measured mixes it is made of. */
  readonly pairingShare: number;
  readonly parts: readonly { readonly pairingShare: number; readonly share: number }[];
  /** People who are signing in at the peak, and their connections; null: the time of a flow is unknown. */
  readonly people: number | null;
  readonly sockets: number | null;
  /** Of each mix with answers at several numbers of nodes. */
  readonly scaling: readonly PlannedScaling[];
  /** Nothing is known of fewer nodes than these, which might do. */
  readonly fewerUnknown: boolean;
}

/** Rows beside the answer, on either side. */
const AROUND = 2;
const SOURCES: readonly CapacitySource[] = ['measured', 'fitted', 'extrapolated'];

/**
 * The least number of nodes N with (1 − headroom)·λ_low(N − nodesMayFail) ≥ λ_peak, λ_low the lower end of what is known.
 * Throws a ConfigurationError that says what to run for a question that the answers do not cover.
 */
export function planNodes(answers: readonly MeasuredAnswer[], question: PlanQuestion, confidence: number): Plan {
  const mixes = mixesOf(answers, confidence);
  if (question.pairingShare === null && mixes.length > 1)
    throw new ConfigurationError(
      `the answers are of different mixes (${mixes.map((mix) => percentWords(mix.pairingShare)).join(', ')} of the sign-ins pair a device); write --pairings to say which is planned for`,
    );
  const pairingShare = question.pairingShare ?? mixes[0]!.pairingShare;
  const parts = partsOf(mixes, pairingShare);
  const deployment = new Deployment(parts);
  const { peakHour, peakToMean, growth, headroom, nodesMayFail, connectionsPerUser } = question;
  const peakPerSecond = (peakHour / 3_600) * peakToMean * (1 + growth);
  const free = (nodes: number): number | null => {
    const capacity = deployment.at(nodes);
    return capacity === undefined ? null : 1 - peakPerSecond / capacity.low;
  };
  const row = (nodes: number): PlanRow => {
    const [before, after] = [free(nodes), nodes > nodesMayFail ? free(nodes - nodesMayFail) : null];
    const enough = (left: number | null): boolean | null => (left === null ? null : left >= headroom);
    return {
      nodes,
      capacity: deployment.at(nodes) ?? null,
      headroom: before,
      headroomAfterFailure: after,
      // Of more nodes than were measured it need not be known what they take, only that one may fail.
      enough: nodes <= nodesMayFail || enough(before) === false ? false : enough(after),
    };
  };
  const tried = Array.from({ length: deployment.most + nodesMayFail }, (_, at) => row(at + 1));
  const nodes = tried.find(({ enough }) => enough === true)?.nodes ?? null;
  if (nodes === null && !deployment.declines) throw deployment.notCovered(peakPerSecond, question);
  // Beside the plan; where there is none, beside the most that any number of nodes takes.
  const about = nodes ?? mostOf(tried).nodes;
  const near = (row: PlanRow): boolean => Math.abs(row.nodes - about) <= AROUND;
  const flowSeconds = deployment.flowSeconds;
  const people = flowSeconds === null ? null : Math.ceil(peakPerSecond * flowSeconds);
  return {
    ...{ question, peakPerSecond, nodes, pairingShare, people },
    rows: tried.filter(
      (one) => one.nodes === nodes || (one.capacity !== null && (near(one) || one.capacity.source === 'measured')),
    ),
    parts: parts.map(({ mix, share }) => ({ pairingShare: mix.pairingShare, share })),
    sockets: people === null ? null : people * connectionsPerUser,
    scaling: parts.flatMap(({ mix }) => mix.scaling ?? []),
    fewerUnknown: nodes !== null && nodes - nodesMayFail > 1 && deployment.at(nodes - nodesMayFail - 1) === undefined,
  };
}

/** The row whose lower end is the largest. */
export function mostOf(rows: readonly PlanRow[]): PlanRow {
  const low = ({ capacity }: PlanRow): number => capacity?.low ?? 0;
  return rows.reduce((most, row) => (low(row) > low(most) ? row : most));
}

/** Answers by their mix. Throws a ConfigurationError for two of one number of nodes. */
function mixesOf(answers: readonly MeasuredAnswer[], confidence: number): readonly MixCapacity[] {
  const groups: MeasuredAnswer[][] = [];
  for (const answer of answers) {
    const group = groups.find(([first]) => isSameMix(first!, answer));
    const twin = group?.find(({ nodes }) => nodes === answer.nodes);
    if (twin !== undefined)
      throw new ConfigurationError(
        `two answers for ${nodesWords(answer.nodes)} and one mix: ${twin.folder} and ${answer.folder}; leave one out`,
      );
    if (group === undefined) groups.push([answer]);
    else group.push(answer);
  }
  return groups.map((group) => new MixCapacity(group, confidence));
}

/** What a deployment takes of one mix of users, by its nodes. */
class MixCapacity implements MeasuredMix {
  readonly pairingShare: number;
  readonly flows: number;
  readonly flowSeconds: number | null;
  readonly measured: ReadonlyMap<number, MeasuredAnswer>;
  readonly #law: Scaling | undefined;

  constructor(answers: readonly MeasuredAnswer[], confidence: number) {
    const total = (of: (answer: MeasuredAnswer) => number): number => answers.reduce((sum, one) => sum + of(one), 0);
    this.flows = total(({ flows }) => flows);
    this.pairingShare =
      total(({ pairingShare, flows }) => pairingShare * Math.max(1, flows)) / total(({ flows }) => Math.max(1, flows));
    const times = answers.flatMap(({ flowSeconds }) => flowSeconds ?? []);
    // Of the longest: people who wait for a slower deployment are there, too.
    this.flowSeconds = times.length === 0 ? null : Math.max(...times);
    this.measured = new Map(answers.map((answer) => [answer.nodes, answer]));
    const whole = answers.filter(
      (answer): answer is MeasuredAnswer & NodeCapacity => answer.rate !== null && answer.high !== null,
    );
    this.#law = scalingOf(whole, confidence);
  }

  /** The law; undefined: there are too few answers for one. */
  get scaling(): PlannedScaling | undefined {
    if (this.#law === undefined) return undefined;
    const { form, perNode, contention, coherency, peakNodes, doubts, fewestNodes, mostNodes } = this.#law;
    const { pairingShare } = this;
    return { pairingShare, form, perNode, contention, coherency, peakNodes, doubts, fewestNodes, mostNodes };
  }

  get #believed(): Scaling | undefined {
    return this.#law?.doubts.length === 0 ? this.#law : undefined;
  }

  /** Most nodes of which something is known. */
  get most(): number {
    const law = this.#believed;
    return Math.max(...this.measured.keys(), law === undefined ? 0 : EXTRAPOLATED * law.mostNodes);
  }

  at(nodes: number): KnownCapacity | undefined {
    const measured = this.measured.get(nodes);
    if (measured !== undefined) return { ...pick(measured), source: 'measured' };
    const law = this.#believed;
    if (law === undefined || nodes < 1 || nodes > EXTRAPOLATED * law.mostNodes) return undefined;
    const { value, low, high } = law.at(nodes);
    const within = nodes > law.fewestNodes && nodes < law.mostNodes;
    return { rate: value, low, high, source: within ? 'fitted' : 'extrapolated' };
  }

  /** More nodes than are known of would take less: the law has its peak before. */
  get declines(): boolean {
    const peak = this.#believed?.peakNodes ?? null;
    return peak !== null && peak < this.most;
  }
}

const pick = ({ rate, low, high }: MeasuredAnswer): Pick<MeasuredAnswer, 'rate' | 'low' | 'high'> => ({
  rate,
  low,
  high,
});

/** What a deployment takes of a mix of measured mixes. */
class Deployment {
  readonly #parts: readonly MixPart<MixCapacity>[];
  readonly #known = new Map<number, KnownCapacity | undefined>();

  constructor(parts: readonly MixPart<MixCapacity>[]) {
    this.#parts = parts;
  }

  get most(): number {
    return Math.min(...this.#parts.map(({ mix }) => mix.most));
  }

  get declines(): boolean {
    return this.#parts.every(({ mix }) => mix.declines);
  }

  /** Mean time of a flow. */
  get flowSeconds(): number | null {
    return this.#parts.reduce<number | null>(
      (sum, { mix, share }) => (sum === null || mix.flowSeconds === null ? null : sum + share * mix.flowSeconds),
      0,
    );
  }

  at(nodes: number): KnownCapacity | undefined {
    if (!this.#known.has(nodes)) this.#known.set(nodes, this.#at(nodes));
    return this.#known.get(nodes);
  }

  #at(nodes: number): KnownCapacity | undefined {
    const known = this.#parts.map(({ mix }) => mix.at(nodes));
    if (!known.every((one) => one !== undefined)) return undefined;
    const bound = (of: (one: KnownCapacity) => number | null): number | null => {
      const rates = known.map(of);
      return rates.every((rate) => rate !== null)
        ? mixBound(rates.map((rate, at) => ({ rate, share: this.#parts[at]!.share })))
        : null;
    };
    return {
      rate: bound(({ rate }) => rate),
      low: bound(({ low }) => low)!,
      high: bound(({ high }) => high),
      source: SOURCES[Math.max(...known.map(({ source }) => SOURCES.indexOf(source)))]!,
    };
  }

  /** Why nothing can be said, and what to run. */
  notCovered(peakPerSecond: number, { headroom, nodesMayFail }: PlanQuestion): ConfigurationError {
    const everywhere = [...this.#parts[0]!.mix.measured.keys()].filter((nodes) => this.at(nodes) !== undefined);
    if (everywhere.length === 0) {
      const each = this.#parts.map(
        ({ mix }) =>
          `${percentWords(mix.pairingShare)} pairings: ${[...mix.measured.keys()].sort((a, b) => a - b).join(', ')}`,
      );
      return new ConfigurationError(
        `no number of nodes was measured with each mix (${each.join('; ')}); measure one with all of them: pairstorm capacity --nodes N`,
      );
    }
    const most = Math.max(...everywhere);
    const { low } = this.at(most)!;
    const wanted = peakPerSecond / (1 - headroom);
    // As if nodes did not slow each other down: it takes at least so many.
    const fewest = Math.ceil((wanted * most) / low);
    const need = `${rateWords(wanted)} (the peak of ${rateWords(peakPerSecond)} with ${percentWords(headroom)} headroom)`;
    const known = `${nodesWords(most)} take ${rateWords(low)} at least`;
    const further = Math.max(most + 1, Math.ceil(fewest / EXTRAPOLATED));
    const run = (nodes: number): string => `pairstorm capacity --nodes ${nodes} …, and add its folder`;
    const laws = this.#parts.map(({ mix }) => mix.scaling);
    const doubted = laws.flatMap((law) => law?.doubts ?? [])[0];
    if (doubted !== undefined)
      return new ConfigurationError(
        `${need} is more than was measured (${known}), and the law of scaling is not believed: ${doubtWords(doubted)}; measure with some ${nodesWords(fewest)}: ${run(fewest)}`,
      );
    if (laws.some((law) => law === undefined))
      return new ConfigurationError(
        `${need} is more than was measured (${known}), and one answer with an interval tells nothing of other numbers of nodes; measure with some ${nodesWords(fewest)}: ${run(fewest)}`,
      );
    return new ConfigurationError(
      `${need} takes ${nodesWords(fewest)} or more${nodesMayFail > 0 ? `, and ${nodesMayFail} that may fail` : ''}; the law is not believed beyond twice the ${nodesWords(most)} that were measured (${known}); measure with ${further} or more: ${run(further)}`,
    );
  }
}
