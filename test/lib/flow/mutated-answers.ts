import type { IncomingMessage, ServerResponse } from 'node:http';
import { draw, hash32 } from '../../../contract/draw.ts';
import { OTHER_STATUSES } from '../../../protocol/other-statuses.ts';
import { FLOW_STATUSES } from '../../../protocol/statuses.ts';

/** Stands for anything that must not show up in an output: codes, tokens, names, payloads. */
export const PLANTED = 'Pl4ntedSecret';

const DEVICES = [
  { id: 'd1', type: 'iPhone', name: `${PLANTED} phone`, usable: true },
  { id: 'd2', type: 'SMS', target: `+1 ${PLANTED}`, usable: true },
];

/** A flow as a server in its right mind might answer. */
function wellFormed(status: string): Record<string, unknown> {
  return {
    id: 'abc12',
    status,
    user: { id: 'u', username: PLANTED },
    devices: DEVICES,
    selectedDeviceRef: { id: 'd1' },
    serverPayload: `${PLANTED}.payload`,
    code: PLANTED,
    message: `${PLANTED} message`,
    authorizeResponse: { code: `${PLANTED}code`, access_token: `e30.${PLANTED}.x`, id_token: `e30.${PLANTED}.x` },
    _links: { self: { href: 'x' }, cancelAuthentication: { href: 'x' } },
    _pf_authn_api_state: PLANTED,
  };
}

const STATUSES: readonly string[] = [
  ...FLOW_STATUSES,
  ...OTHER_STATUSES,
  'NEVER_HEARD_OF',
  'constructor',
  '__proto__',
  '',
];
const STICKY = ['DEVICE_SELECTION_REQUIRED', 'PUSH_CONFIRMATION_WAITING', 'MFA_COMPLETED', 'OTP_REQUIRED'];
const JUNK: readonly unknown[] = [
  ...[null, 0, -1, 1e308, true, '', [], {}, [[]], [null], { id: null }, { id: 7 }, { id: '../..' }],
  ...[
    '\u0000',
    '\ud800',
    `${PLANTED} ${'A'.repeat(20_000)}`,
    { href: 7 },
    Array.from({ length: 500 }, () => ({ id: 'd' })),
  ],
];
const HTTP = [201, 204, 302, 400, 401, 403, 404, 418, 429, 500, 502, 503];
const BODIES = [
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '<html>down</html>',
  '{"id":',
  '[{"id":"abc12"}]',
  `{"code":"${PLANTED} ${PLANTED}"}`,
  '{"details":[null]}',
  '{"details":[{"code":{}}],"code":[]}',
  '{"error":{"a":1}}',
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  '\ufeff{}',
];

/** Answers that are each wrong, or right, in a way drawn by seed and number; the same seed gives the same answers. */
export class MutatedAnswers {
  given = 0;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Answers a request of a flow, or of the phone's side. */
  answer(_request: IncomingMessage, response: ServerResponse): void {
    const n = this.given++;
    const pick = <T>(list: readonly T[], what: string): T => list[hash32(this.#seed, n, what) % list.length]!;
    const chance = (what: string): number => draw(this.#seed, n, what);
    // Most answers are nearly right, so that flows get deep enough to meet each state.
    if (chance('broken') < 0.005) {
      response.socket?.destroy();
      return;
    }
    response.writeHead(chance('failing') < 0.04 ? pick(HTTP, 'http') : 200, {
      'content-type': pick(['application/json', 'text/html', ''], 'type'),
    });
    if (chance('raw') < 0.03) {
      response.end(chance('bytes') < 0.2 ? Buffer.from([0x7b, 0xff, 0xfe, 0x00]) : pick(BODIES, 'body'));
      return;
    }
    const flow = wellFormed(chance('sticky') < 0.7 ? pick(STICKY, 'loop') : pick(STATUSES, 'status'));
    const mutations = Math.floor(chance('mutations') ** 2 * 4);
    for (let at = 0; at < mutations; at++) {
      const field = pick(Object.keys(flow), `field ${at}`);
      if (chance(`delete ${at}`) < 0.3) Reflect.deleteProperty(flow, field);
      else flow[field] = pick(JUNK, `junk ${at}`);
    }
    response.end(JSON.stringify(flow));
  }
}
