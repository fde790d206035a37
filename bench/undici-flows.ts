import { Client } from 'undici';
import type { Dispatcher } from 'undici';

/**
 * The floor: a process that makes the same requests with undici's `Client.dispatch` and nothing else, one client per
 * user, answers read and discarded. Arguments: target, flows, users.
 */
const [target, flowCount, userCount] = process.argv.slice(2);
const MFA = 'application/vnd.pingidentity.';
const common = ['X-XSRF-Header', 'PingFederate', 'Accept', 'application/json', 'User-Agent', 'pairstorm'];
const cookie = ['Cookie', `PF=${'0'.repeat(28)}`];
const act = (action: string, body: string): Dispatcher.DispatchOptions => ({
  method: 'POST',
  path: '/pf-ws/authn/flows/bench1',
  headers: ['Content-Type', `${MFA}${action}+json`, ...common, ...cookie],
  body,
});
const REQUESTS: readonly Dispatcher.DispatchOptions[] = [
  {
    method: 'GET',
    path: `/as/authorization.oauth2?client_id=pairstorm&response_type=code&response_mode=pi.flow&scope=openid&state=${'s'.repeat(24)}&code_challenge=${'c'.repeat(43)}&code_challenge_method=S256`,
    headers: common,
  },
  act('checkUsernamePassword', JSON.stringify({ username: 'maria.lopez.0042', password: 'x'.repeat(16) })),
  act('authenticate', JSON.stringify({ mobilePayload: 'm'.repeat(340) })),
  act('continueAuthentication', '{}'),
  {
    method: 'POST',
    path: '/as/token.oauth2',
    headers: ['Content-Type', 'application/x-www-form-urlencoded', ...common, ...cookie],
    body: `grant_type=authorization_code&code=${'c'.repeat(40)}&client_id=pairstorm&code_verifier=${'v'.repeat(43)}`,
  },
];

/** Reads and discards an answer; the same form of handler as the engine's. */
class Ignored implements Dispatcher.DispatchHandler {
  readonly #done: () => void;
  readonly #failed: (error: Error) => void;

  constructor(done: () => void, failed: (error: Error) => void) {
    this.#done = done;
    this.#failed = failed;
  }

  onConnect(): void {
    // Nothing to prepare.
  }

  onHeaders(): boolean {
    return true;
  }

  onData(): boolean {
    return true;
  }

  onComplete(): void {
    this.#done();
  }

  onError(error: Error): void {
    this.#failed(error);
  }
}

let left = Number(flowCount);

function user(): Promise<void> {
  const client = new Client(target!);
  return new Promise((resolve, reject) => {
    let step = 0;
    const next = (): void => {
      if (step === REQUESTS.length) step = 0;
      if (step === 0 && left-- <= 0) {
        void client.close().then(resolve);
        return;
      }
      client.dispatch(REQUESTS[step++]!, new Ignored(next, reject));
    };
    next();
  });
}

await Promise.all(Array.from({ length: Number(userCount) }, user));
