import { describe, expect, test } from 'vitest';
import { planAssumptions, planSentences } from '../../../analysis/planning/plan-words.ts';
import { planNodes } from '../../../analysis/planning/plan.ts';
import type { MeasuredAnswer, PlanQuestion } from '../../../analysis/planning/plan.ts';
import { rateByLaw, scalingOf } from '../../../analysis/planning/scaling.ts';
import type { NodeCapacity } from '../../../analysis/planning/scaling.ts';
import { measuredCluster, taken } from './clusters.ts';

const CLUSTER = { perNode: 50, contention: 0.04, coherency: 0 };
/** 200,000 an hour × 1.6 × 1.2 are 106.7/s. */
const QUESTION: PlanQuestion = {
  ...{ peakHour: 200_000, peakToMean: 1.6, growth: 0.2, headroom: 0.2, nodesMayFail: 1 },
  ...{ pairingShare: null, connectionsPerUser: 1 },
};

/** Answers without an error of their own, with ± 4 % said of them. */
const exact = (nodes: readonly number[], pairingShare = 0.3, cluster = CLUSTER): MeasuredAnswer[] =>
  nodes.map((n) => ({
    ...measuredCluster(cluster, [n], { seed: 0, pairingShare })[0]!,
    ...{ rate: taken(cluster, n), low: 0.96 * taken(cluster, n), high: 1.04 * taken(cluster, n) },
    folder: `nodes-${n}-${pairingShare}`,
  }));
const plan = (answers: readonly MeasuredAnswer[], question: Partial<PlanQuestion> = {}) =>
  planNodes(answers, { ...QUESTION, ...question }, 0.95);

describe('A plan', () => {
  test('is the least number of nodes whose lower end, with one down, leaves the headroom free at the peak', () => {
    const { nodes, peakPerSecond, rows, people, sockets } = plan(exact([1, 2, 3, 4]), { connectionsPerUser: 2 });
    expect(peakPerSecond).toBeCloseTo((200_000 / 3_600) * 1.6 * 1.2, 10);
    // 3 nodes take 133.3/s at least, 0.8 of it is 106.7: just enough with a fourth that may fail.
    const low = (n: number): number => 0.96 * taken(CLUSTER, n);
    const least = [2, 3, 4, 5].find((n) => 0.8 * low(n - 1) >= peakPerSecond)!;
    expect(nodes).toBe(least);
    expect(rows.find((row) => row.nodes === least)).toMatchObject({ enough: true });
    expect(rows.find((row) => row.nodes === least - 1)).toMatchObject({ enough: false });
    expect(rows.find((row) => row.nodes === 3)!.capacity).toEqual({
      ...{ rate: taken(CLUSTER, 3), low: low(3), high: 1.04 * taken(CLUSTER, 3), source: 'measured' },
    });
    expect(people).toBe(Math.ceil(peakPerSecond * 20));
    expect(sockets).toBe(2 * people!);
    expect(plan(exact([1, 2, 3, 4]), { nodesMayFail: 0 }).nodes).toBe(least - 1);
  });

  test('of one answer needs nothing of other numbers of nodes where one more may fail', () => {
    const made = plan(exact([3]), { peakHour: 150_000 });
    expect(made.nodes).toBe(4);
    expect(made.rows.map(({ nodes, capacity }) => [nodes, capacity?.source])).toEqual([
      [3, 'measured'],
      [4, undefined],
    ]);
    expect(made.fewerUnknown).toBe(true);
    expect(planSentences(made)[0]).toBe(
      '4 nodes are enough: with one of them down, the other 3 take 133 sign-ins/s at least (as measured), and the peak of 80/s leaves 40 % of that free (20 % asked for).',
    );
    expect(planAssumptions(made).join('\n')).toContain('Nothing is known of fewer than 3 nodes; fewer may do.');
  });

  test('takes a law between and beyond the answers, up to twice the most, and says so', () => {
    const made = plan(exact([1, 2, 4, 6]), { peakHour: 330_000 });
    expect(made.nodes).toBeGreaterThan(6);
    const sources = new Map(made.rows.map(({ nodes, capacity }) => [nodes, capacity?.source]));
    expect(sources.get(6)).toBe('measured');
    expect(sources.get(made.nodes!)).toBe('extrapolated');
    expect(planAssumptions(made).join('\n')).toMatch(
      /Universal Scalability Law, from 1 to 6 nodes: a node takes 50 \([\d.]+ to [\d.]+\)\/s alone, contention 4 % \(/,
    );
    expect(planAssumptions(made).join('\n')).toContain('What is extrapolated was not measured');
    expect(
      plan(exact([1, 2, 4, 6]), { peakHour: 150_000, nodesMayFail: 0 }).rows.find(({ nodes }) => nodes === 3),
    ).toMatchObject({
      capacity: { source: 'fitted' },
    });
  });

  test('beyond twice the most nodes measured is refused, with what to run', () => {
    expect(() => plan(exact([1, 2, 4, 6]), { peakHour: 900_000 })).toThrow(
      /^600 sign-ins\/s \(the peak of 480 sign-ins\/s with 20 % headroom\) takes 15 nodes or more, and 1 that may fail; the law is not believed beyond twice the 6 nodes that were measured \(6 nodes take 240 sign-ins\/s at least\); measure with 8 or more: pairstorm capacity --nodes 8 …/,
    );
  });

  test('of one number of nodes that is not enough is refused, with what to run', () => {
    expect(() => plan(exact([2]))).toThrow(
      /one answer with an interval tells nothing of other numbers of nodes; measure with some 3 nodes: pairstorm capacity --nodes 3 …/,
    );
  });

  test('says that no number of nodes is enough where more of them take less', () => {
    const made = plan(exact([1, 2, 4, 6, 8], 0.3, { perNode: 50, contention: 0.02, coherency: 0.03 }), {
      peakHour: 400_000,
    });
    expect(made.nodes).toBeNull();
    expect(planSentences(made)[0]).toMatch(
      /^No number of nodes is enough: beyond 5\.\d+ of them more take less\. \d nodes take the most, 1\d\d sign-ins\/s at least/,
    );
  });

  test('with a safe bound for a mix between two that were measured, at nodes that both know', () => {
    const made = plan([...exact([3], 0), ...exact([3], 1, { ...CLUSTER, perNode: 25 })], {
      pairingShare: 0.5,
      peakHour: 100_000,
    });
    const [signIn, pairing] = [0.96 * taken(CLUSTER, 3), 0.48 * taken(CLUSTER, 3)];
    expect(made.rows[0]!.capacity!.low).toBeCloseTo(1 / (0.5 / signIn + 0.5 / pairing), 8);
    expect(planAssumptions(made)[0]).toBe(
      '50 % of the sign-ins pair a device: a safe bound from answers with 0 % and 100 %; exact if one resource limits both.',
    );
    expect(() => plan([...exact([3], 0), ...exact([2], 1)], { pairingShare: 0.5 })).toThrow(
      'no number of nodes was measured with each mix (0 % pairings: 3; 100 % pairings: 2); measure one with all of them: pairstorm capacity --nodes N',
    );
  });

  test.each<[string, readonly MeasuredAnswer[], Partial<PlanQuestion>, string]>([
    [
      'two answers for one number of nodes',
      [...exact([3]), ...exact([3], 0.31)],
      {},
      'two answers for 3 nodes and one mix: nodes-3-0.3 and nodes-3-0.31; leave one out',
    ],
    [
      'answers of different mixes, and none asked for',
      [...exact([3], 0), ...exact([3], 1)],
      {},
      'the answers are of different mixes (0 %, 100 % of the sign-ins pair a device); write --pairings to say which is planned for',
    ],
    [
      'a mix that no answer has',
      exact([3]),
      { pairingShare: 0.8 },
      '--pairings 80 %: the answers are of sign-ins of which 30 % pair a device',
    ],
  ])('refuses %s', (_title, answers, question, message) => {
    expect(() => plan(answers, question)).toThrow(message);
  });

  test('takes a lower end that is all that is known at its number of nodes, and for no law', () => {
    const answers = exact([1, 2, 3, 4]).map((one) => (one.nodes === 4 ? { ...one, rate: null, high: null } : one));
    const made = plan(answers);
    expect(made.scaling[0]).toMatchObject({ form: 'contention', mostNodes: 3 });
    expect(made.rows.find(({ nodes }) => nodes === 4)!.capacity).toMatchObject({ rate: null, source: 'measured' });
  });
});

describe('The law over nodes', () => {
  const points = (cluster: typeof CLUSTER, nodes: readonly number[]): NodeCapacity[] =>
    exact(nodes, 0.3, cluster) as NodeCapacity[];

  test('finds what made the answers: γ, α and β of four, α of three, a line of two, nothing of one', () => {
    const whole = { perNode: 50, contention: 0.05, coherency: 0.01 };
    const law = scalingOf(points(whole, [1, 2, 4, 8]), 0.95)!;
    expect(law).toMatchObject({ form: 'full', doubts: [] });
    expect([law.perNode.value, law.contention!.value, law.coherency!.value]).toEqual(
      [50, 0.05, 0.01].map((value): unknown => expect.closeTo(value, 6)),
    );
    expect(law.peakNodes).toBeCloseTo(Math.sqrt(0.95 / 0.01), 4);
    expect(rateByLaw(law, 5)).toBeCloseTo(taken(whole, 5), 6);
    expect(law.at(5).value).toBeCloseTo(taken(whole, 5), 6);
    const three = scalingOf(points(CLUSTER, [1, 2, 4]), 0.95)!;
    expect(three).toMatchObject({ form: 'contention', coherency: null, peakNodes: null });
    expect(three.contention!.value).toBeCloseTo(0.04, 6);
    expect(scalingOf(points({ ...CLUSTER, contention: 0 }, [2, 4]), 0.95)).toMatchObject({
      form: 'line',
      contention: null,
      doubts: [],
    });
    expect(scalingOf(points(CLUSTER, [3]), 0.95)).toBeUndefined();
  });

  test('promises no number of nodes beyond which more take less unless the answers show that there is coherency', () => {
    const law = scalingOf(points(CLUSTER, [1, 2, 4, 6]), 0.95)!;
    expect(law.coherency!.low).toBe(0);
    expect(law.peakNodes).toBeNull();
  });

  test('is not believed where an answer lies beside it, or where nodes take more together than alone', () => {
    const odd = points(CLUSTER, [1, 2, 4, 6]).map((one) =>
      one.nodes === 4 ? { ...one, rate: 0.6 * one.rate, low: 0.58 * one.rate, high: 0.62 * one.rate } : one,
    );
    expect(scalingOf(odd, 0.95)!.doubts).toContainEqual({ code: 'residual', nodes: 4 });
    const more = points(CLUSTER, [1, 2, 4, 6]).map(({ nodes }) => ({
      nodes,
      rate: 50 * nodes ** 1.2,
      low: 48 * nodes ** 1.2,
      high: 52 * nodes ** 1.2,
    }));
    expect(scalingOf(more, 0.95)!.doubts).toEqual([{ code: 'superlinear', nodes: null }]);
    const doubted = more.map((one) => ({ ...exact([one.nodes])[0]!, ...one }));
    expect(() => plan(doubted, { peakHour: 900_000 })).toThrow(
      'the law of scaling is not believed: nodes took more together than alone',
    );
    expect(planAssumptions(plan(doubted)).join('\n')).toContain('The law of scaling is not used, from 1 to 6 nodes');
  });

  test('lets the lower end beyond two answers allow for the contention that they do not exclude', () => {
    const law = scalingOf(points({ ...CLUSTER, contention: 0.05 }, [2, 4]), 0.95)!;
    expect(law.at(8).value).toBeGreaterThan(taken({ ...CLUSTER, contention: 0.05 }, 8));
    expect(law.at(8).low).toBeLessThan(taken({ ...CLUSTER, contention: 0.05 }, 8));
  });
});
