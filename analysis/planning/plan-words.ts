import { mostOf } from './plan.ts';
import type { KnownCapacity, Plan, PlanRow, PlannedScaling } from './plan.ts';
import { doubtWords } from './scaling-doubt.ts';
import type { Interval } from './scaling.ts';
import { nodesWords, numberWords, percentWords, rateWords, wholeWords } from './units.ts';

const SOURCE_WORDS: Readonly<Record<KnownCapacity['source'], string>> = {
  measured: 'as measured',
  fitted: 'by the law between the answers',
  extrapolated: 'extrapolated by the law',
};

/** How a capacity is known, in words. */
export const sourceWords = ({ source }: Pick<KnownCapacity, 'source'>): string => SOURCE_WORDS[source];

/** The number of nodes, with its reason. */
function nodesSentence({ nodes, rows, question, peakPerSecond, scaling }: Plan): string {
  const { nodesMayFail, headroom } = question;
  const peak = `the peak of ${numberWords(peakPerSecond)}/s`;
  if (nodes === null) {
    const best = mostOf(rows);
    const peakAt = Math.max(...scaling.map(({ peakNodes }) => peakNodes ?? 0));
    return (
      `No number of nodes is enough: beyond ${numberWords(peakAt)} of them more take less. ${nodesWords(best.nodes)} take the most, ` +
      `${rateWords(best.capacity!.low)} at least; ${shortWords(peak, best.headroom!, headroom)}.`
    );
  }
  const left = nodes - nodesMayFail;
  const capacity = capacityOf(rows, left);
  const free = 1 - peakPerSecond / capacity.low;
  const who =
    nodesMayFail === 0
      ? 'they take'
      : `with ${nodesMayFail === 1 ? 'one' : nodesMayFail} of them down, the other ${left === 1 ? 'takes' : `${left} take`}`;
  return (
    `${nodes === 1 ? '1 node is' : `${nodes} nodes are`} enough: ${who} ${rateWords(capacity.low)} at least (${sourceWords(capacity)}), ` +
    `and ${peak} leaves ${freeWords(free)} (${percentWords(headroom)} asked for).`
  );
}

const freeWords = (free: number): string => `${wholePercent(free)} of that free`;
/** How far a peak is from leaving the headroom. */
const shortWords = (peak: string, free: number, headroom: number): string =>
  free < 0
    ? `${peak} is ${wholePercent(-free)} more than that`
    : `${peak} leaves ${freeWords(free)} (${percentWords(headroom)} asked for)`;
const wholePercent = (share: number): string => `${Math.round(share * 100)} %`;

const capacityOf = (rows: readonly PlanRow[], nodes: number): KnownCapacity =>
  rows.find((row) => row.nodes === nodes)!.capacity!;

/** A plan in sentences, the one that answers first. */
export function planSentences(plan: Plan): readonly string[] {
  const { peakPerSecond, people, sockets } = plan;
  const { peakHour, peakToMean, growth, connectionsPerUser } = plan.question;
  const grown = growth === 0 ? '' : ` × ${Number((1 + growth).toPrecision(6))} (growth)`;
  return [
    nodesSentence(plan),
    `The peak is ${rateWords(peakPerSecond)}: ${numberWords(peakHour)} in the busiest hour, × ${peakToMean} (its busiest minutes)${grown}.`,
    ...(people === null || sockets === null
      ? []
      : [
          `At the peak about ${wholeWords(people)} people are signing in, on ${wholeWords(sockets)} connections (${connectionsPerUser} each).`,
        ]),
  ];
}

/** What a plan takes for granted, and how it knows what it says. */
export function planAssumptions(plan: Plan): readonly string[] {
  const { pairingShare, parts, rows, scaling, nodes, question, fewerUnknown } = plan;
  const mixed = parts.length > 1;
  return [
    mixed
      ? `${percentWords(pairingShare)} of the sign-ins pair a device: a safe bound from answers with ${parts.map(({ pairingShare: share }) => percentWords(share)).join(' and ')}; exact if one resource limits both.`
      : `${percentWords(pairingShare)} of the sign-ins pair a device, as measured.`,
    `The busiest minutes have ${question.peakToMean} times the mean of their hour, and the load ${question.growth === 0 ? 'does not grow' : `grows by ${percentWords(question.growth)}`} until the plan is replaced.`,
    'The balancer shares sign-ins evenly, nodes are alike, and a node that fails takes its share at once to the others.',
    ...scaling.map((law) => scalingSentence(law)),
    ...(rows.some(({ capacity, nodes: n }) => capacity?.source === 'extrapolated' && nodes !== null && n <= nodes)
      ? ['What is extrapolated was not measured: measure the number of nodes that is ordered before it has to hold.']
      : []),
    ...(fewerUnknown && nodes !== null
      ? [`Nothing is known of fewer than ${nodesWords(nodes - question.nodesMayFail)}; fewer may do.`]
      : []),
    'People take the time that they took in the search, nobody retries because it is slow, caches are warm, and the limits of PingOne and of the network are not met.',
    'Not looked at: hours at this rate (soak), a burst beyond the peak (spike), what a failing node takes with it (resilience).',
  ];
}

/** The law of a mix, in a sentence. */
function scalingSentence({
  form,
  perNode,
  contention,
  coherency,
  peakNodes,
  doubts,
  fewestNodes,
  mostNodes,
}: PlannedScaling): string {
  const between = `from ${fewestNodes} to ${nodesWords(mostNodes)}`;
  if (doubts.length > 0) return `The law of scaling is not used, ${between}: ${doubts.map(doubtWords).join('; ')}.`;
  const one = `a node takes ${withInterval(perNode, numberWords)}/s alone`;
  if (form === 'line')
    return `Two answers (${between}) assume perfect scaling: ${one}. Their lower ends allow for the contention that they do not exclude; a third answer shows it.`;
  const terms = [
    `contention ${withInterval(contention!, percentWords)}`,
    ...(coherency === null
      ? ['coherency taken for 0 (a fourth answer would show it)']
      : [`coherency ${withInterval(coherency, percentWords)}`]),
  ];
  const peak =
    form !== 'full'
      ? ''
      : peakNodes === null
        ? '; nothing shows a number of nodes beyond which more take less'
        : `; beyond ${numberWords(peakNodes)} nodes more take less`;
  return `Universal Scalability Law, ${between}: ${one}, ${terms.join(', ')}${peak}.`;
}

const withInterval = ({ value, low, high }: Interval, words: (value: number) => string): string =>
  `${words(value)} (${words(low)} to ${words(high)})`;
