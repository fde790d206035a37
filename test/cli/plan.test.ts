import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnswerFile } from '../../report/capacity/answer-file.ts';
import { kneeAt } from '../analysis/capacity/scripted-search.ts';
import { answerOf } from '../report/capacity-answer.ts';
import { emptyFolder, pairstorm } from './command.ts';
import { carriedOut } from './in-process.ts';

/** What nodes take with 4 % contention. */
const knee = (nodes: number): number => (50 * nodes) / (1 + 0.04 * (nodes - 1));
const searched = new Map<number, AnswerFile>();
/** The answer of a search at a number of nodes; three in ten sign-ins pair a device. */
function answer(nodes: number): AnswerFile {
  const known = searched.get(nodes) ?? answerOf(kneeAt(knee(nodes)));
  searched.set(nodes, known);
  return { ...known, nodes };
}

/** The same with another share of pairings. */
const pairing = (one: AnswerFile, share: number): AnswerFile => ({
  ...one,
  levels: one.levels.map((level) => ({
    ...level,
    figures: level.figures && { ...level.figures, paired: share * level.figures.ended },
  })),
});

/** Plans in a folder of its own with these answers in it, each in the folder of its name. */
async function plan(answers: Readonly<Record<string, AnswerFile | string>>, args: readonly string[], by = carriedOut) {
  const folder = emptyFolder();
  for (const [name, content] of Object.entries(answers)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'answer.json'), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { folder, ...(await by(folder, ['plan', ...args])) };
}

describe('pairstorm plan', () => {
  test('says the nodes that a peak takes, from answers at several numbers of nodes, and writes it in three forms', async () => {
    const answers = { one: answer(1), two: answer(2), three: answer(3), four: answer(4) };
    const args = [
      '--capacity',
      'one',
      'two',
      '--capacity',
      'three',
      'four',
      '--peak-hour',
      '200,000',
      '--growth',
      '20%',
    ];
    const { folder, code, stdout, stderr } = await plan(answers, args, pairstorm);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^\n\d nodes are enough: with one of them down, the other \d take 1\d\d sign-ins\/s at least \(as measured\), and the peak of 107\/s leaves \d\d % of that free \(20 % asked for\)\.\n/,
    );
    expect(stdout).toContain(
      'The peak is 107 sign-ins/s: 200,000 in the busiest hour, × 1.6 (its busiest minutes) × 1.2 (growth).',
    );
    expect(stdout).toMatch(/At the peak about 2,1\d\d people are signing in, on 2,1\d\d connections \(1 each\)\./);
    expect(stdout).toContain('30 % of the sign-ins pair a device, as measured.');
    const results = join(folder, 'results');
    const made = join(results, readdirSync(results)[0]!);
    expect(readdirSync(made).sort()).toEqual(['plan.html', 'plan.json', 'plan.md']);
    const json = JSON.parse(readFileSync(join(made, 'plan.json'), 'utf8')) as { nodes: number; answers: unknown[] };
    expect(stdout).toContain(`${json.nodes} nodes are enough`);
    expect(json.answers).toHaveLength(4);
    expect(readFileSync(join(made, 'plan.html'), 'utf8').replaceAll('\u00a0', ' ')).toContain(
      `${json.nodes} nodes for 107 sign-ins/s`,
    );
  });

  test('plans a mix between two that were measured, and prints plan.json alone with --json', async () => {
    const answers = { signin: pairing(answer(3), 0), pairing: pairing(answer(2), 1) };
    const args = ['--capacity', '3=signin', '3=pairing', '--pairings', '50%', '--peak-hour', '100000', '--json'];
    const refused = await plan(answers, args);
    expect(refused.code).toBe(104);
    expect(refused.stderr).toBe('error: --capacity 3=pairing: its search was told of 2 nodes; leave "3=" out\n');
    const both = { ...answers, pairing: { ...answers.pairing, nodes: 3 } };
    const { code, stdout, stderr } = await plan(both, args);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      nodes: 4,
      pairingShare: 0.5,
      parts: [{ pairingShare: 0 }, { pairingShare: 1 }],
    });
  });

  const peak = ['--peak-hour', '100000'];
  const least = answerOf(() => 0);
  const none = answerOf(() => 0.9);
  const untold = answerOf(kneeAt(knee(3)));
  test.each<[string, Record<string, AnswerFile | string>, string[], string]>([
    ['no answer', {}, peak, '--capacity is missing; give the folder of a "pairstorm capacity", or several'],
    [
      'no peak',
      { a: answer(3) },
      ['--capacity', 'a'],
      '--peak-hour is missing; give the sign-ins of the busiest hour, such as 200000',
    ],
    [
      'a folder that is not there',
      {},
      ['--capacity', 'a', ...peak],
      'a/answer.json: no such file or folder; give the folder of a search',
    ],
    ['a folder that holds something else', { a: '{}' }, ['--capacity', 'a', ...peak], 'a/answer.json'],
    [
      'an answer that knows no rate',
      { a: { ...none, nodes: 3 } },
      ['--capacity', 'a', ...peak],
      'a knows no rate that holds, so it gives no plan; leave it out: Not even',
    ],
    [
      'an answer without nodes',
      { a: untold },
      ['--capacity', 'a', ...peak],
      'a does not say of how many nodes it is; write --capacity NODES=a, such as 3=a',
    ],
    [
      'nodes that are none',
      { a: untold },
      ['--capacity', '0=a', ...peak],
      '--capacity 0=a: a deployment has 1 node or more',
    ],
    [
      'two answers for one number of nodes',
      { a: answer(3), b: answer(3) },
      ['--capacity', 'a', 'b', ...peak],
      'two answers for 3 nodes and one mix: a and b; leave one out',
    ],
    [
      'answers of different objectives',
      { a: answer(3), b: { ...answer(2), objective: answer(2).objective.slice(0, 1) } },
      ['--capacity', 'a', 'b', ...peak],
      'answers of different objectives: a has ',
    ],
    [
      'answers of the simulator and of a deployment',
      { a: answer(3), b: { ...answer(2), simulated: true } },
      ['--capacity', 'a', 'b', ...peak],
      'answers of different environments: a has a deployment, b the built-in simulator; leave out those of the simulator',
    ],
    [
      'answers of different targets',
      { a: answer(3), b: { ...answer(2), target: 'https://other.example' } },
      ['--capacity', 'a', 'b', ...peak],
      'answers of different targets: a has https://sso.example, b https://other.example; a plan joins answers of one deployment; write --one-deployment if it is one',
    ],
    [
      'answers of different mixes',
      { a: answer(3), b: pairing(answer(3), 1) },
      ['--capacity', 'a', 'b', ...peak],
      'the answers are of different mixes (30 %, 100 % of the sign-ins pair a device); write --pairings',
    ],
    [
      'a mix that was not measured',
      { a: answer(3) },
      ['--capacity', 'a', '--pairings', '80', ...peak],
      '--pairings 80 %: the answers are of sign-ins of which 30 % pair a device; measure that mix',
    ],
    [
      'more pairings than sign-ins',
      { a: answer(3) },
      ['--capacity', 'a', '--pairings', '130%', ...peak],
      "option '--pairings <percent>' argument '130%' is invalid. Write a percentage from 0 to 100, such as 20%.",
    ],
    [
      'a load that shrinks',
      { a: answer(3) },
      ['--capacity', 'a', '--growth', '-5%', ...peak],
      "argument '-5%' is invalid. Write a percentage from 0 to 1000, such as 20%.",
    ],
    [
      'a share in the place of a percentage',
      { a: answer(3) },
      ['--capacity', 'a', '--headroom', '0.2', ...peak],
      "argument '0.2' is invalid. Write 0.2% if you mean that, or another percentage, such as 20%.",
    ],
    [
      'a number of nodes that is of no answer',
      { a: answer(3) },
      ['--capacity', 'a', '--nodes', '7', ...peak],
      '--nodes 7: each answer says its own number of nodes; leave it out',
    ],
    [
      'headroom that leaves nothing',
      { a: answer(3) },
      ['--capacity', 'a', '--headroom', '100%', ...peak],
      "argument '100%' is invalid. Write a percentage from 0 to 99, such as 20%.",
    ],
    [
      'a peak below the mean',
      { a: answer(3) },
      ['--capacity', 'a', '--peak-to-mean', '0.5', ...peak],
      'Write a factor from 1 (the hour is flat) to 100, such as 1.6.',
    ],
    [
      'more than was measured',
      { a: answer(3) },
      ['--capacity', 'a', '--peak-hour', '900000'],
      'one answer with an interval tells nothing of other numbers of nodes; measure with some',
    ],
  ])('refuses %s in one line', async (_title, answers, args, line) => {
    const { code, stdout, stderr } = await plan(answers, args);
    expect(stderr).toContain(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^error: /);
    expect(stdout).toBe('');
    expect(code).toBe(104);
  });

  test('says what is doubtful about its answers: only a lower end, another target at the end, the simulator', async () => {
    const doubtful = {
      ...answer(3),
      targetChanged: { rate: 10, firstMs: 20, lastMs: 31 },
      simulated: true,
      timeScale: 0.1,
    };
    const args = ['--capacity', 'a', '5=b', '--peak-hour', '90000'];
    const { code, stdout, stderr } = await plan(
      { a: doubtful, b: { ...least, simulated: true, timeScale: 0.1 } },
      args,
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('b knows only a lower end: it counts at its number of nodes, and for no law.');
    expect(stdout).toContain(
      'a: The target changed during the search: at 10/s the median was 20 ms at first and 31 ms at the end.',
    );
    expect(stdout).toContain('These answers are of the built-in simulator: the plan is an exercise');
    expect(stdout).toContain('People signed in at TIME_SCALE=0.1');
  });

  test('takes answers of different targets where they are one deployment', async () => {
    const answers = { a: answer(3), b: { ...answer(2), target: 'https://other.example' } };
    const { code, stderr } = await plan(answers, ['--capacity', 'a', 'b', '--one-deployment', '--peak-hour', '90000']);
    expect(code, stderr).toBe(0);
  });
});
