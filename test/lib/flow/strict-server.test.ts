import { expect, test } from 'vitest';
import type { Inventory } from '../../../contract/inventory.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { DEFAULT_PRESET, PRESETS, preset } from '../../../population/population.ts';
import { CLIENT_PROFILES } from '../../../protocol/client-profiles.ts';
import { play, prescribed } from './stage.ts';

/** `npm run check:conformance` plays every preset by every session and either way to name an action. */
const FULL = process.env['CONFORMANCE_USERS'] !== undefined;

/** One user of each way that a flow of the preset can go. */
function oneOfEach(name: string): Inventory {
  const population = { ...preset(name), oneOfEachFirst: true };
  return makeInventory({ users: population.variants.length, seed: 5, version: 'test', population });
}

const SESSIONS = {
  cookies: {},
  'no cookies': { PF_STATE: 'cookieless', PF_CLIENT_ID: 'pairstorm-cookieless' },
} as const;
const STYLES = ['type', 'query'] as const;
const WAYS = Object.keys(SESSIONS).flatMap((session) => STYLES.map((style) => [session, style] as const));

const CASES = Object.keys(CLIENT_PROFILES).flatMap((profile) =>
  (FULL ? PRESETS : [DEFAULT_PRESET]).flatMap((name) =>
    WAYS.filter(([session, style]) => FULL || (session === 'cookies') === (style === 'type')).map(
      ([session, style]) => [profile, name, session, style] as const,
    ),
  ),
);

// At the same time: they wait for people, not for the processor; but very many at once would.
(FULL ? test : test.concurrent).each(CASES)(
  'a strict simulator takes whatever the profile %s sends, and users of %s end as expected: %s, actions by %s',
  { timeout: 240_000 },
  async (profile, name, session, style) => {
    const inventory = oneOfEach(name);
    const users = inventory.users.length;
    // The switches are strict by default; so they stay.
    const strict = {
      renewCookie: 'strict',
      checkXsrf: 'strict',
      checkContentType: 'strict',
      checkRequired: 'strict',
      checkUnknown: 'strict',
      checkState: 'strict',
    } as const;
    const env = { CLIENT_PROFILE: profile, PF_ACTION_STYLE: style, PUSH_DECIDED_BY: 'poll' };
    const { table, result, failures } = await play(
      inventory,
      { ...env, ...SESSIONS[session as keyof typeof SESSIONS] },
      strict,
    );
    expect(table.outcomes, failures.join('\n')).toEqual(prescribed(inventory));
    expect(table).toMatchObject({ flows: users, interrupted: 0, unanswered: 0 });
    const { outcome_mismatch: mismatch, unexpected_state: unexpected } = result.summary.metrics;
    expect([mismatch!.values['passes'], unexpected!.values['count']]).toEqual([0, 0]);
  },
);
