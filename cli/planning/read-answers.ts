import { basename, dirname } from 'node:path';
import { doubtSentences } from '../../analysis/capacity/answer.ts';
import type { MeasuredAnswer } from '../../analysis/planning/plan.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { AnswerFile } from '../../report/capacity/answer-file.ts';
import { readAnswer } from '../capacity/read-answer.ts';

/** What was measured, and what is doubtful about it. */
export interface ReadAnswers {
  readonly answers: readonly MeasuredAnswer[];
  readonly doubts: readonly string[];
  readonly simulated: boolean;
  readonly confidence: number;
  readonly objective: readonly string[];
}

interface Named {
  readonly folder: string;
  readonly nodes: number;
  /** It, or its search, says how many nodes it is of. */
  readonly told: boolean;
  readonly answer: AnswerFile;
}

/**
 * Reads the answers that `--capacity` names, each as `DIR` or `NODES=DIR`; `nodes` is of those that do not say theirs.
 * Throws a ConfigurationError for one that no plan can be made of, and for answers that are no answers to one question.
 */
export function readAnswers(
  given: readonly string[],
  { nodes, oneDeployment }: { readonly nodes: number | undefined; readonly oneDeployment: boolean },
): ReadAnswers {
  const named = given.map((text) => namedAnswer(text, nodes));
  if (nodes !== undefined && named.every((one) => one.told))
    throw new ConfigurationError(`--nodes ${nodes}: each answer says its own number of nodes; leave it out`);
  const [first, ...others] = named;
  for (const other of others) refuseAnother(first!, other, oneDeployment);
  const { answer } = first!;
  return {
    answers: named.map(measured),
    doubts: [...new Set([...named.flatMap(doubtsOf), ...doubtsOfAll(answer)])],
    simulated: answer.simulated,
    confidence: answer.confidence,
    objective: answer.objective.map(({ text }) => text),
  };
}

function namedAnswer(text: string, otherwise: number | undefined): Named {
  const [, told, path] = /^(?:(\d+)=)?(.*)$/s.exec(text)!;
  const folder = basename(path!) === 'answer.json' ? dirname(path!) : path!;
  if (folder === '') throw new ConfigurationError('--capacity is empty; give the folder of a search for capacity');
  const answer = readAnswer(folder);
  if (told !== undefined && answer.nodes !== undefined && Number(told) !== answer.nodes)
    throw new ConfigurationError(
      `--capacity ${text}: its search was told of ${answer.nodes} nodes; leave "${told}=" out`,
    );
  const nodes = told === undefined ? (answer.nodes ?? otherwise) : Number(told);
  if (nodes === undefined)
    throw new ConfigurationError(
      `${folder} does not say of how many nodes it is; write --capacity NODES=${folder}, such as 3=${folder}`,
    );
  if (nodes < 1) throw new ConfigurationError(`--capacity ${text}: a deployment has 1 node or more`);
  return { folder, nodes, told: told !== undefined || answer.nodes !== undefined, answer };
}

/** Traits in which answers to one question agree: how each is said, and what to do about it. */
const TRAITS: readonly {
  readonly what: string;
  readonly of: (answer: AnswerFile) => string;
  readonly instead: string;
  /** Not compared where `--one-deployment` says that it is one. */
  readonly deployment?: true;
}[] = [
  {
    what: 'objectives',
    of: ({ objective }) => objective.map(({ text }) => text).join(' and '),
    instead: 'capacities are only comparable for one objective: measure again with the same --slo',
  },
  {
    what: 'confidences',
    of: ({ confidence }) => `${confidence * 100} %`,
    instead: 'measure again with the same --confidence',
  },
  {
    what: 'environments',
    of: ({ simulated }) => (simulated ? 'the built-in simulator' : 'a deployment'),
    instead: 'leave out those of the simulator',
  },
  { what: 'paces', of: (answer) => `TIME_SCALE=${timeScaleOf(answer)}`, instead: 'measure again with one TIME_SCALE' },
  {
    what: 'targets',
    of: ({ target, simulated }) => (simulated ? '' : target),
    instead: 'a plan joins answers of one deployment; write --one-deployment if it is one',
    deployment: true,
  },
];

function refuseAnother(one: Named, other: Named, oneDeployment: boolean): void {
  for (const { what, of, instead, deployment } of TRAITS) {
    if (deployment === true && oneDeployment) continue;
    const [a, b] = [of(one.answer), of(other.answer)];
    if (a !== b)
      throw new ConfigurationError(
        `answers of different ${what}: ${one.folder} has ${a}, ${other.folder} ${b}; ${instead}`,
      );
  }
}

const settingOf = ({ search }: AnswerFile, name: string): string | undefined =>
  search.settings.findLast((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
const timeScaleOf = (answer: AnswerFile): number => answer.timeScale ?? Number(settingOf(answer, 'TIME_SCALE') ?? 1);

function measured({ folder, nodes, answer }: Named): MeasuredAnswer {
  const { low, rate, high, promise, levels, sentences } = answer;
  const total = (of: 'ended' | 'paired'): number => levels.reduce((sum, { figures }) => sum + (figures?.[of] ?? 0), 0);
  const flows = total('ended');
  if (low === null || !(low > 0) || flows === 0)
    throw new ConfigurationError(
      `${folder} knows no rate that holds, so it gives no plan; leave it out: ${sentences[0]}`,
    );
  return {
    ...{ folder, nodes, flows, low, pairingShare: total('paired') / flows },
    ...{ rate: high === null ? null : rate, high: rate === null ? null : high },
    flowSeconds: promise?.signingIn == null ? null : promise.signingIn / promise.perSecond,
  };
}

/** What is doubtful about an answer. */
function doubtsOf({ folder, answer }: Named): readonly string[] {
  const { high, rate, verdict } = answer;
  return [
    (high === null || rate === null) &&
      `${folder} knows only a lower end: it counts at its number of nodes, and for no law.`,
    verdict === 'one-address' && `${folder}: the limit of one source address ended the search, not the deployment's.`,
    verdict === 'stopped' && `${folder}: the search was stopped; the answer is that of its levels so far.`,
    ...doubtSentences(answer).map((doubt) => `${folder}: ${doubt}`),
  ].filter((doubt) => doubt !== false);
}

function doubtsOfAll(answer: AnswerFile): readonly string[] {
  const scale = timeScaleOf(answer);
  return [
    answer.simulated &&
      'These answers are of the built-in simulator: the plan is an exercise, not one for a deployment.',
    scale !== 1 &&
      `People signed in at TIME_SCALE=${scale}: the numbers of people and connections are those of that pace.`,
    settingOf(answer, 'ARRIVALS') === 'even' && 'Starts were evenly spaced, which flatters a target by 3.5 to 5 %.',
  ].filter((doubt) => doubt !== false);
}
