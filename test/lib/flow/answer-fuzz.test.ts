import { expect, test } from 'vitest';
import { OUTCOMES } from '../../../catalogue/outcomes.ts';
import { meet, peopled } from './hostile-stage.ts';
import { MutatedAnswers, PLANTED } from './mutated-answers.ts';

/** Mutated answers to give; `npm run fuzz:answers` gives 100,000. */
const WANTED = Number(process.env['FUZZ_ANSWERS'] ?? 600);
const FLOWS = WANTED > 1000 ? 4000 : 120;
const SECRET = 'Cl13ntSecret';

/** A flow may pass 40 states, in each of them 15 polls, or 11 passcodes, and what belongs to it. */
const MOST_REQUESTS = 40 * 20;

test(`${WANTED} mutated answers: each flow has exactly one outcome, none runs for ever, nothing crashes, no secret is said`, async () => {
  const { file, secrets } = peopled(FLOWS);
  let given = 0;
  let flows = 0;
  const found = new Map<string, number>();
  for (let round = 0; given < WANTED; round++) {
    const answers = new MutatedAnswers(round);
    const { result, table, lines, warnings } = await meet((request, response) => answers.answer(request, response), {
      INVENTORY: file,
      FLOWS: String(FLOWS),
      VUS: '100',
      TIME_SCALE: '0.001',
      FLOW_PATIENCE: '20s',
      CLIENT_PROFILE: ['inventory', 'browser', 'ios'][round % 3]!,
      PF_CLIENT_SECRET: SECRET,
      ...(round % 2 === 1 && { RETRIES_START: '1', RETRIES_ACTION: '2', RETRIES_POLL: '1', RETRY_BACKOFF: '1ms' }),
    });
    given += answers.given;
    flows += FLOWS;
    expect(result).toMatchObject({ iterations: { started: FLOWS, completed: FLOWS, interrupted: 0 } });
    expect(table).toMatchObject({ flows: FLOWS, interrupted: 0 });
    expect(warnings.filter((line) => line.includes('Error'))).toEqual([]);
    expect(answers.given).toBeLessThan(FLOWS * MOST_REQUESTS);
    // The phone's side is mutated too; no other fault may be the harness's own.
    for (const line of lines.filter((text) => text.includes('"outcome":"harness_error"'))) {
      expect(line).toContain('driver');
    }
    const said = [
      ...lines,
      ...warnings,
      JSON.stringify(result.summary),
      ...Object.values(result.files).map(String),
    ].join('\n');
    expect([PLANTED, SECRET, ...secrets].filter((secret) => said.includes(secret))).toEqual([]);
    for (const row of Object.values(table.outcomes)) {
      for (const [outcome, n] of Object.entries(row)) found.set(outcome, (found.get(outcome) ?? 0) + n);
    }
  }
  if (WANTED > 1000) console.log(`${given} mutated answers, ${flows} flows:`, Object.fromEntries(found));
  expect([...found.keys()].filter((outcome) => !OUTCOMES.includes(outcome as never))).toEqual([]);
  expect([...found.values()].reduce((sum, n) => sum + n, 0)).toBe(flows);
}, 900_000);
