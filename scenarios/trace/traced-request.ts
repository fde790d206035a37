import type { Renewal, TracedRequest, TracedWire } from './line.ts';
import { cookielessState, flowAnswer } from '../../lib/flow/answer.ts';
import { actionWord, answerHeader, nameWord, pathOf, statusWord, stepOfRequest } from '../../lib/flow/request-step.ts';
import { jsonObject } from '../../lib/json-object.ts';
import type { HttpAnswer } from '../../lib/json-object.ts';
import { COOKIELESS, PATHS } from '../../protocol/transport.ts';

/** Parameter names of `a=1&b=2`. */
function namesOf(form: string): string[] {
  return form.split('&').flatMap((pair) => {
    const name = pair.split('=')[0]!;
    return name === '' ? [] : [nameWord(name)];
  });
}

/** Names of query parameters. */
function queryOf({ request: { url } }: HttpAnswer): string[] {
  return namesOf(url.split('?')[1] ?? '');
}

/** Names of query parameters and of the body's fields (JSON or form). */
function fieldsOf({ request: { url, body } }: HttpAnswer): string[] {
  const [, query = ''] = url.split('?');
  if (body.startsWith('{')) {
    try {
      return [...namesOf(query), ...Object.keys(JSON.parse(body) as object).map(nameWord)];
    } catch {
      return namesOf(query);
    }
  }
  return [...namesOf(query), ...namesOf(body)];
}

/** Describes the requests of a flow, names only. Keeps session values to detect renewals. */
export class RequestTracer {
  readonly #known = new Map<string, string>();

  /** `atMs`: send time, since the start of the flow; `sentAt`: in Unix milliseconds. */
  describe(res: HttpAnswer, atMs: number, sentAt: number): TracedRequest {
    const step = nameWord(stepOfRequest(res));
    const answer = flowAnswer(res, jsonObject(res));
    const isFlow = answer.is === 'flow';
    // Responses with tokens or claims have status 200, but are not flows.
    const failed = !isFlow && res.status !== 200;
    const sent = Object.keys(res.request.headers).filter(
      (name) => name.toLowerCase() === COOKIELESS.header.toLowerCase(),
    );
    const flows = pathOf(res.request.url).lastIndexOf(`${PATHS.flows}/`);
    return {
      atMs,
      step,
      method: res.request.method,
      path: flows < 0 ? pathOf(res.request.url) : `${pathOf(res.request.url).slice(0, flows)}${PATHS.flows}/{id}`,
      fields: fieldsOf(res),
      carried: [...Object.keys(res.request.cookies).map(nameWord), ...sent.map(() => COOKIELESS.header)],
      http: res.status,
      ms: Math.round(res.timings.duration * 100) / 100,
      ...(isFlow && { status: statusWord(answer.flow.status) }),
      ...(failed && { error: res.status === 0 ? res.error.slice(0, 200) : answer.code }),
      offers: isFlow ? offersOf(res) : [],
      session: this.#sessionOf(res),
      wire: wireOf(res, sentAt),
    };
  }

  #sessionOf(res: HttpAnswer): { name: string; is: Renewal }[] {
    const state = cookielessState(jsonObject(res));
    const values = Object.entries(res.cookies).map(([name, set]) => [name, set[set.length - 1]?.value ?? ''] as const);
    if (state !== undefined) values.push([COOKIELESS.field, state]);
    return values.map(([name, value]) => {
      const before = this.#known.get(name);
      this.#known.set(name, value);
      return { name: nameWord(name), is: before === undefined ? 'new' : before === value ? 'same' : 'renewed' };
    });
  }
}

/** A media type without its parameters. */
function typeWord(type: string | undefined): string {
  return (type ?? '')
    .split(';')[0]!
    .trim()
    .slice(0, 100)
    .replace(/[^\w.+/-]/g, '?');
}

function wireOf(res: HttpAnswer, sentAt: number): TracedWire {
  const { request, timings } = res;
  const sentTypes = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'content-type');
  return {
    sentAt,
    protocol: /^HTTP\/[\d.]{1,3}$/.test(res.proto) ? res.proto : '',
    query: queryOf(res),
    sentHeaders: Object.keys(request.headers).map(nameWord),
    gotHeaders: Object.keys(res.headers).map(nameWord),
    sentType: request.body === '' ? '' : typeWord(sentTypes?.[1][0]),
    gotType: typeWord(answerHeader(res, 'content-type')),
    length: typeof res.body === 'string' ? res.body.length : 0,
    blocked: timings.blocked,
    connecting: timings.connecting,
    tls: timings.tls_handshaking,
    sending: timings.sending,
    waiting: timings.waiting,
    receiving: timings.receiving,
  };
}

/** Actions offered by a response's links. */
function offersOf(res: HttpAnswer): string[] {
  const links = jsonObject(res)?.['_links'];
  if (typeof links !== 'object' || links === null) return [];
  return Object.keys(links)
    .filter((name) => name !== 'self')
    .slice(0, 20)
    .map(actionWord);
}
