import { request } from 'undici';
import { Deadline } from '../../engine/deadline.ts';
import { dispatcherTo } from '../../engine/http/proxied-dispatcher.ts';
import { proxyChoice } from '../../engine/http/proxy.ts';
import { proxiesOf } from '../proxy-environment.ts';

/** Timeout in milliseconds, and size limit in bytes. */
const TIMEOUT_MS = 10_000;
const LARGEST = 2 ** 24;

/** Fetches text, by the proxies of the environment. Rejects with a one-line reason. */
export async function fetchText(url: string): Promise<string> {
  const deadline = new Deadline(TIMEOUT_MS);
  const dispatcher = dispatcherTo(url, proxyChoice(proxiesOf(process.env)));
  try {
    const { statusCode, body } = await request(url, { signal: deadline.signal, dispatcher });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LARGEST) throw new Error(`more than ${LARGEST / 2 ** 20} MiB`);
      chunks.push(chunk);
    }
    if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    if (deadline.passed) throw new Error(`no answer within ${TIMEOUT_MS / 1_000} s`, { cause: error });
    throw error;
  } finally {
    deadline.clear();
    // Every 15 s: a connection would have to be kept alive for longer than most servers do.
    await dispatcher.destroy();
  }
}
