import { get } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { Running } from '../command.ts';

/** What the events of a live page told so far. */
export interface Followed {
  /** The parts as they are shown now, by name. */
  readonly parts: ReadonlyMap<string, string>;
  /** Everything that came over the wire. */
  readonly raw: () => string;
  /** The last event; undefined until the run is over. */
  readonly end: () => { readonly title: string; readonly body: string } | undefined;
  /** Resolves when the parts satisfy it; rejects if the stream ends before. */
  readonly until: (holds: (parts: ReadonlyMap<string, string>) => boolean) => Promise<void>;
  /** Resolves when the stream is over. */
  readonly closed: Promise<void>;
  readonly leave: () => void;
}

const IN_HEADER = ['head', 'time'];

/** Listens to the events of a live page, as a browser does. */
export function follower(url: string, headers: IncomingHttpHeaders = {}): Followed {
  const parts = new Map<string, string>();
  const listeners = new Set<() => void>();
  let raw = '';
  let taken = 0;
  let end: ReturnType<Followed['end']>;
  const request = get(new URL('/events', url), { headers });
  const closed = new Promise<void>((resolve) => {
    request.on('error', () => resolve());
    request.on('response', (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => {
        raw += chunk;
        for (let at = raw.indexOf('\n\n', taken); at >= 0; at = raw.indexOf('\n\n', taken)) {
          const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(raw.slice(taken, at)) ?? [];
          taken = at + 2;
          if (name === 'frame') {
            const { order, set } = JSON.parse(data!) as { order: string[]; set: Record<string, string> };
            for (const [part, html] of Object.entries(set)) parts.set(part, html);
            for (const part of parts.keys()) if (!IN_HEADER.includes(part) && !order.includes(part)) parts.delete(part);
          } else if (name === 'end') end = JSON.parse(data!) as { title: string; body: string };
          for (const listener of listeners) listener();
        }
      });
      response.on('close', () => resolve());
    });
  });
  const until = (holds: (parts: ReadonlyMap<string, string>) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds(parts)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void closed.then(() =>
        reject(new Error(`the page ended before:\n${textOf([...parts.values()].join('\n')).slice(0, 2_000)}`)),
      );
    });
  return { parts, raw: () => raw, end: () => end, until, closed, leave: () => request.destroy() };
}

/** Text of HTML, on one line. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&gt;/g, '>')
    .replace(/&lt;/g, '<')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Where a run says that its live page is. */
export async function liveUrl(run: Running): Promise<string> {
  await run.says(/^live {7}http:\S+$/m);
  return /^live {7}(http:\S+)$/m.exec(run.said())![1]!;
}
