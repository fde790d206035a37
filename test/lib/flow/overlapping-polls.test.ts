import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { askedFor, inventoryOf, json, meet } from './hostile-stage.ts';

const state = (status: string, more: object = {}) =>
  json(200, { id: 'abc12', status, _links: { cancelAuthentication: { href: 'x' } }, ...more });

/** A server that holds the second poll back until the third one was answered, each as given: the timer starts at the first answer. */
async function outOfOrder(first: 'decides' | 'refused') {
  let held: ServerResponse | undefined;
  let polls = 0;
  const decides = state('MFA_COMPLETED');
  const refuses = json(400, { code: 'INVALID_ACTION_ID' });
  const [early, late] = first === 'decides' ? [decides, refuses] : [refuses, decides];
  return meet(
    (request, response) => {
      const action = askedFor(request);
      if (action === 'continueAuthentication')
        state('COMPLETED', { authorizeResponse: { access_token: 'e30.e30.x' } })(request, response);
      else if (action !== 'poll' || ++polls === 1) state('PUSH_CONFIRMATION_WAITING')(request, response);
      else if (polls === 2) held = response;
      else {
        late(request, response);
        const before = held;
        held = undefined;
        // The answer to the third poll is on its way before the second one's is written.
        if (before !== undefined) response.on('finish', () => setTimeout(() => early(request, before), 50));
      }
    },
    { FLOWS: '1', VUS: '1', CLIENT_PROFILE: 'ios', INVENTORY: inventoryOf('F1') },
  );
}

test.each(['decides', 'refused'] as const)(
  'polls that overlap may be answered in any order: where the earlier one %s, the flow goes on and nothing has failed',
  async (first) => {
    const { table, result } = await outOfOrder(first);
    // The flow came to its end, though nobody had decided: so it was let in without a factor.
    expect(Object.values(table.outcomes)).toEqual([{ bypassed: 1 }]);
    const { metrics } = result.summary;
    expect(metrics['http_req_failed{peer:pf}']!.values['passes']).toBe(0);
    expect(metrics['poll_error_rate']!.values['passes']).toBe(0);
    expect(metrics['late_polls']!.values['count']).toBeGreaterThan(0);
  },
);

test('a poll that is refused, and no other tells why, ends the flow', async () => {
  const { table, result } = await meet(
    (request, response) =>
      (askedFor(request) === 'start' ? state('PUSH_CONFIRMATION_WAITING') : json(400, { code: 'INVALID_ACTION_ID' }))(
        request,
        response,
      ),
    { FLOWS: '1', VUS: '1', CLIENT_PROFILE: 'ios', INVENTORY: inventoryOf('F1') },
  );
  expect(Object.values(table.outcomes)).toEqual([{ rejected: 1 }]);
  expect(result.summary.metrics['poll_error_rate']!.values['passes']).toBeGreaterThan(0);
});

test('patience that is counted in answers asks a slow server more often', async () => {
  let polls = 0;
  const { table } = await meet(
    (request, response) => {
      const answer = state(askedFor(request) === 'cancelAuthentication' ? 'FAILED' : 'PUSH_CONFIRMATION_WAITING');
      if (askedFor(request) !== 'poll') answer(request, response);
      // The second and all later answers are slow: ten polls leave meanwhile.
      else setTimeout(() => answer(request, response), ++polls === 1 ? 0 : 500);
    },
    { FLOWS: '1', VUS: '1', TIME_SCALE: '0.05', CLIENT_PROFILE: 'ios', INVENTORY: inventoryOf('F1') },
  );
  expect(Object.values(table.outcomes)).toEqual([{ timed_out: 1 }]);
  expect(polls).toBeGreaterThan(16);
});

test('a client that was told to be cookieless, where the server keeps cookies, says so', async () => {
  const { table, lines } = await meet(state('USERNAME_PASSWORD_REQUIRED'), {
    FLOWS: '1',
    VUS: '1',
    PF_STATE: 'cookieless',
    INVENTORY: inventoryOf('F1'),
  });
  expect(Object.values(table.outcomes)).toEqual([{ protocol_error: 1 }]);
  expect(lines[0]).toContain('PF_STATE is cookieless, but no response has _pf_authn_api_state');
});

test('a server that leads in circles is left after as many states as MAX_STATES says', async () => {
  const { lines } = await meet(state('MFA_COMPLETED'), { FLOWS: '1', MAX_STATES: '12', INVENTORY: inventoryOf('F1') });
  expect(lines[0]).toContain('not finished after 12 states');
});
