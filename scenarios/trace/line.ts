import { OUTCOMES } from '../../catalogue/outcomes.ts';
import type { Outcome } from '../../catalogue/outcomes.ts';
import { listOf, oneOf, optional, real, shape, text, whole } from '../../contract/decode.ts';

/**
 * The output of `trace` travels as console lines, `pairstorm-trace {json}`: one for each request and one for the end. Names only:
 * no value of a parameter, field, header or cookie, so no secret, token, code or payload.
 */
export const TRACE_PREFIX = 'pairstorm-trace ';

/** What an answer did to a session value. */
export type Renewal = 'new' | 'renewed' | 'same';

/** One request to PingFederate and its answer. */
export interface TracedRequest {
  /** Milliseconds from the start of the flow. */
  readonly atMs: number;
  /** `start`, an action, `readFlow`, `token`, `userinfo` or `introspect`. */
  readonly step: string;
  readonly method: string;
  readonly path: string;
  /** Names of parameters and of the body's fields. */
  readonly fields: readonly string[];
  /** Cookies that went along, and `X-Pf-Authn-Api-State`. */
  readonly carried: readonly string[];
  /** HTTP status; 0 without an answer. */
  readonly http: number;
  readonly ms: number;
  /** Flow status of the answer. */
  readonly status?: string | undefined;
  /** Code of an error, or what the host said. */
  readonly error?: string | undefined;
  /** Actions that the answer offers. */
  readonly offers: readonly string[];
  /** Cookies of the answer, and the state of a cookieless client. */
  readonly session: readonly { readonly name: string; readonly is: Renewal }[];
}

/** How the flow ended. */
export interface TracedEnd {
  readonly outcome: Outcome;
  readonly reason: string;
  /** Time in requests. */
  readonly machineMs: number;
  /** Time in all. */
  readonly wholeMs: number;
}

/** One of the lines. */
export type TraceLine = { readonly request: TracedRequest } | { readonly end: TracedEnd };

const texts = listOf(text);

/** Reads the JSON of a line. Throws a DecodeError. */
export const decodeTrace = shape<{ request: TracedRequest | undefined; end: TracedEnd | undefined }>({
  request: optional(
    shape<TracedRequest>({
      atMs: real(0, Number.MAX_VALUE),
      step: text,
      method: text,
      path: text,
      fields: texts,
      carried: texts,
      http: whole(0, 999),
      ms: real(0, Number.MAX_VALUE),
      status: optional(text),
      error: optional(text),
      offers: texts,
      session: listOf(shape<{ name: string; is: Renewal }>({ name: text, is: oneOf('new', 'renewed', 'same') })),
    }),
  ),
  end: optional(
    shape<TracedEnd>({
      outcome: oneOf(...OUTCOMES),
      reason: text,
      machineMs: real(0, Number.MAX_VALUE),
      wholeMs: real(0, Number.MAX_VALUE),
    }),
  ),
});
