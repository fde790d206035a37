import { Deadline } from '../../engine/deadline.ts';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';

const TIMEOUT_MS = 5_000;

/** Begins a fault at a simulator. Resolves to an error message, or undefined; rejects without an answer. */
export function beginAtSimulator(base: string, definition: unknown): Promise<string | undefined> {
  return ask(base + ADMIN_PATHS.faults, 'POST', [definition]);
}

/** Ends a fault there; one that has ended already is ended. */
export function endAtSimulator(base: string, name: string): Promise<string | undefined> {
  return ask(`${base}${ADMIN_PATHS.faults}/${encodeURIComponent(name)}`, 'DELETE');
}

async function ask(url: string, method: 'POST' | 'DELETE', body?: object): Promise<string | undefined> {
  // Loaded when it is needed: a run that makes no fault has no use for it.
  const { Agent, request } = await import('undici');
  const deadline = new Deadline(TIMEOUT_MS);
  // A simulator's certificate is self-signed, and nothing secret is sent.
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  try {
    const answer = await request(url, {
      ...{ method, dispatcher, signal: deadline.signal, headers: { 'content-type': 'application/json' } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { statusCode } = answer;
    const text = (await answer.body.text()).slice(0, 300);
    if ((statusCode >= 200 && statusCode < 300) || (method === 'DELETE' && statusCode === 404)) return undefined;
    return `the simulator answered HTTP ${statusCode} ${text}`;
  } finally {
    deadline.clear();
    await dispatcher.destroy();
  }
}
