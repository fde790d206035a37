import { OUTCOMES } from '../../catalogue/outcomes.ts';
import type { Outcome } from '../../catalogue/outcomes.ts';
import { listOf, oneOf, optional, real, shape, text, whole } from '../../contract/decode.ts';

/**
 * Output of `trace` on the console, `pairstorm-trace {json}`: a line per request and one for the end. It has names
 * only, never values of parameters, fields, headers or cookies, so no secret, token, code or payload.
 */
export const TRACE_PREFIX = 'pairstorm-trace ';

/** How a response changed a session value. */
export type Renewal = 'new' | 'renewed' | 'same';

/** A request to PingFederate with its response. */
export interface TracedRequest {
  /** Milliseconds since the start of the flow. */
  readonly atMs: number;
  /** `start`, an action, `readFlow`, `token`, `userinfo` or `introspect`. */
  readonly step: string;
  readonly method: string;
  readonly path: string;
  /** Names of query parameters and body fields. */
  readonly fields: readonly string[];
  /** Names of the cookies sent, and `X-Pf-Authn-Api-State`. */
  readonly carried: readonly string[];
  /** HTTP status; 0 without an answer. */
  readonly http: number;
  readonly ms: number;
  /** Flow status in the response. */
  readonly status?: string | undefined;
  /** Error code, or the HTTP client's message. */
  readonly error?: string | undefined;
  /** Actions offered by the response. */
  readonly offers: readonly string[];
  /** Cookies set by the response, and the state of a cookieless client. */
  readonly session: readonly { readonly name: string; readonly is: Renewal }[];
  readonly wire: TracedWire;
}

/** How a request went over the wire. Times in milliseconds. */
export interface TracedWire {
  /** When it was sent, Unix milliseconds. */
  readonly sentAt: number;
  /** Such as `HTTP/1.1`; '' without an answer. */
  readonly protocol: string;
  /** Names of query parameters, which `fields` has, too. */
  readonly query: readonly string[];
  /** Names of headers. */
  readonly sentHeaders: readonly string[];
  readonly gotHeaders: readonly string[];
  /** Media types of the bodies; '' without one. */
  readonly sentType: string;
  readonly gotType: string;
  /** Length of the response body in characters. */
  readonly length: number;
  readonly blocked: number;
  /** 0 on a reused connection. */
  readonly connecting: number;
  readonly tls: number;
  readonly sending: number;
  readonly waiting: number;
  readonly receiving: number;
}

export interface TracedEnd {
  readonly outcome: Outcome;
  readonly reason: string;
  /** Server time. */
  readonly machineMs: number;
  /** Total time. */
  readonly wholeMs: number;
}

export type TraceLine = { readonly request: TracedRequest } | { readonly end: TracedEnd };

const texts = listOf(text);
const time = real(0, Number.MAX_VALUE);

/** Decodes the JSON of a line. Throws a DecodeError. */
export const decodeTrace = shape<{ request: TracedRequest | undefined; end: TracedEnd | undefined }>({
  request: optional(
    shape<TracedRequest>({
      atMs: time,
      step: text,
      method: text,
      path: text,
      fields: texts,
      carried: texts,
      http: whole(0, 999),
      ms: time,
      status: optional(text),
      error: optional(text),
      offers: texts,
      session: listOf(shape<{ name: string; is: Renewal }>({ name: text, is: oneOf('new', 'renewed', 'same') })),
      wire: shape<TracedWire>({
        ...{ sentAt: time, protocol: text, query: texts, sentHeaders: texts, gotHeaders: texts },
        ...{ sentType: text, gotType: text, length: time },
        ...{ blocked: time, connecting: time, tls: time, sending: time, waiting: time, receiving: time },
      }),
    }),
  ),
  end: optional(
    shape<TracedEnd>({
      outcome: oneOf(...OUTCOMES),
      reason: text,
      machineMs: time,
      wholeMs: time,
    }),
  ),
});
