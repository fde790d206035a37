import { expect, test } from 'vitest';
import { makeInventory } from '../../../population/inventory.ts';
import { play } from './stage.ts';

/** What must not occur where client and server keep to the protocol. */
const AGAINST_THE_PROTOCOL = ['protocol_error', 'rejected', 'http_error', 'harness_error', 'unverified'];

/** The seed's first users are one of each way a flow can go. */
const inventory = makeInventory({ users: 51, seed: 5, version: 'test' });

const COOKIELESS = { PF_STATE: 'cookieless', PF_CLIENT_ID: 'pairstorm-cookieless' };

// At the same time: they wait for people, not for the processor.
test.concurrent.each([
  ['android', 'with cookies, actions by media type', {}],
  ['android', 'cookieless, actions by query', { ...COOKIELESS, PF_ACTION_STYLE: 'query' }],
  ['ios', 'with cookies, actions by media type', {}],
  ['ios', 'cookieless, actions by query', { ...COOKIELESS, PF_ACTION_STYLE: 'query' }],
  ['browser', 'with cookies, actions by media type', {}],
  ['browser', 'cookieless, actions by query', { ...COOKIELESS, PF_ACTION_STYLE: 'query' }],
])('a strict simulator takes whatever the profile %s sends: %s', async (profile, _how, env) => {
  // The switches are strict by default; so they stay.
  const strict = {
    renewCookie: 'strict',
    checkXsrf: 'strict',
    checkContentType: 'strict',
    checkRequired: 'strict',
    checkUnknown: 'strict',
    checkState: 'strict',
  } as const;
  const { table, result, failures } = await play(
    inventory,
    { CLIENT_PROFILE: profile, PUSH_DECIDED_BY: 'poll', ...env },
    strict,
  );
  expect(table).toMatchObject({ flows: 51, interrupted: 0, unanswered: 0 });
  const outcomes = Object.values(table.outcomes).flatMap((row) => Object.keys(row));
  expect(
    outcomes.filter((outcome) => AGAINST_THE_PROTOCOL.includes(outcome)),
    failures.join('\n'),
  ).toEqual([]);
  expect(result.summary.metrics['unexpected_state']?.values['count']).toBe(0);
});
