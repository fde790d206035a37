import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Phone } from '../../../contract/inventory.ts';

/** What a bridge was asked. */
export interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A bridge that listens. */
export interface Bridge {
  readonly url: string;
  readonly asked: readonly Asked[];
  readonly close: () => void;
}

/** How a bridge differs from one that can do everything. */
export interface Odd {
  readonly can?: readonly string[];
  readonly version?: number;
  readonly token?: string;
  /** Answers instead of the bridge: a status and a text, or nothing for ever. */
  readonly instead?: (path: string) => readonly [number, string] | 'silence' | undefined;
}

const ALL = ['payload', 'pair', 'fail_pairing', 'decide', 'code', 'reset'];

/** A payload as the simulator's SDK makes it: in the place of a real SDK. */
export function sdkPayload(phone: Phone, nonce: string, integrity: 'ok' | 'broken' = 'ok'): string {
  return Buffer.from(JSON.stringify({ version: 1, ...phone, integrity, nonce })).toString('base64url');
}

/**
 * The reference bridge: the contract of docs/bridge.md, with the simulator's phone API in the place of real phones. What
 * it does with `phonesAt` is what a bridge of your own does with SDKs and emulators.
 */
export async function startBridge(phonesAt: string, odd: Odd = {}): Promise<Bridge> {
  const asked: Asked[] = [];
  const ask = async (path: string, body: object): Promise<Response> =>
    fetch(phonesAt + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const answer = async (path: string, body: Asked['body']): Promise<readonly [number, string]> => {
    const { user, flow, serverPayload, fail, deviceId, decision } = body as {
      readonly user: { readonly username: string; readonly phone: Phone };
      readonly flow: string;
      readonly serverPayload: string;
      readonly fail: boolean;
      readonly deviceId: string;
      readonly decision: string;
    };
    const pass = async (answered: Response): Promise<readonly [number, string]> => [
      answered.status,
      await answered.text(),
    ];
    switch (path) {
      case '/payload':
        return [200, JSON.stringify({ mobilePayload: sdkPayload(user.phone, flow) })];
      case '/pair': {
        const mobilePayload = sdkPayload(user.phone, `${flow}.pair`, fail ? 'broken' : 'ok');
        const paired = await ask('/pair', { serverPayload, mobilePayload });
        return fail && paired.status === 400 ? [204, ''] : pass(paired);
      }
      case '/decide':
        return pass(await ask('/decide', { deviceId, decision }));
      case '/code':
        return pass(await ask('/code', { deviceId }));
      case '/reset':
        return pass(await ask('/reset', { username: user.username }));
      default:
        return [404, '{"code":"NOT_FOUND"}'];
    }
  };
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const { authorization } = request.headers;
      const body = (text === '' ? {} : JSON.parse(text)) as Asked['body'];
      asked.push({ path, authorization, body });
      const end = ([status, content]: readonly [number, string]): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(content);
      const instead = odd.instead?.(path);
      if (instead === 'silence') return;
      if (instead !== undefined) end(instead);
      else if (odd.token !== undefined && authorization !== `Bearer ${odd.token}`)
        end([401, '{"code":"UNAUTHORIZED"}']);
      else if (path === '/capabilities') end([200, JSON.stringify({ version: odd.version ?? 1, can: odd.can ?? ALL })]);
      else void answer(path, body).then(end, () => response.destroy());
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
