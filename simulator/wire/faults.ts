import type { Decoder } from '../../contract/decode.ts';
import { DecodeError, listOf, oneOf, optional, real, shape, text, whole } from '../../contract/decode.ts';
import { PF_STEPS } from '../../catalogue/steps.ts';

/**
 * Faults of the simulator, as data: what goes wrong, in which requests, for which users, how often. A fault is active
 * from when it is added until it is removed (ADMIN_PATHS.faults). At most one fault hits a request: of those that
 * match, the one added first. All of it is [choice].
 */
export const FAULT_STEPS = [...PF_STEPS, 'pair', 'decide', 'code'] as const;

/** Requests that a fault may select: start, read, each action, those after the flow, and the phone's. */
export type FaultStep = (typeof FAULT_STEPS)[number];

/** Steps that may send a push. */
export const PUSH_STEPS = ['authenticate', 'selectDevice'] as const satisfies readonly FaultStep[];

/** Common to all faults: the name, and whom it hits. */
interface Addressed {
  /** At most 40 lower-case letters, digits and hyphens; identifies the fault in headers, counts and reports. */
  readonly name: string;
  /** Requests it may hit; absent: all of PingFederate's own, `start` to `introspect`. */
  readonly steps?: readonly FaultStep[] | undefined;
  /** Share of users, above 0 and at most 1 (default). Drawn by hash of seed, fault name and user. */
  readonly share?: number | undefined;
  /** Only the first N matching requests of each user; absent: all of them. */
  readonly first?: number | undefined;
  /** Seed of the draw; absent: the simulator's. */
  readonly seed?: number | undefined;
}

/** Responds at once with this status, without carrying the request out. */
export interface StatusFault extends Addressed {
  readonly kind: 'status';
  /** 400 to 599. */
  readonly status: number;
  /** Seconds in `Retry-After`; absent: no such header. */
  readonly retryAfterS?: number | undefined;
  /** `html` (default): a gateway's page; `json`: an error in the endpoint's own shape; or an empty body. */
  readonly body?: 'html' | 'json' | 'empty' | undefined;
}

/** Delays the request, in real milliseconds, before it is carried out; meanwhile it occupies no worker. */
interface DelayFault extends Addressed {
  readonly kind: 'delay';
  readonly delayMs: number;
}

/** `drop`: cuts the connection before carrying the request out; `half-answer`: in the middle of the response. */
interface CutFault extends Addressed {
  readonly kind: 'drop' | 'half-answer';
}

/** Responds 200 with HTML instead of JSON, without carrying the request out. */
interface GarbledFault extends Addressed {
  readonly kind: 'garbled';
}

/** The flow reports a push as sent, but no phone gets it: it can only time out. Steps: PUSH_STEPS. */
interface LostPushFault extends Addressed {
  readonly kind: 'lost-push';
}

/**
 * A restart: when it is added, the open flows and unredeemed codes of the affected users are dropped, once. Every later
 * request for one of them is a faulty response (404, or invalid_grant).
 */
export interface ForgetFlowsFault extends Omit<Addressed, 'steps' | 'first'> {
  readonly kind: 'forget-flows';
}

export type Fault = StatusFault | DelayFault | CutFault | GarbledFault | LostPushFault | ForgetFlowsFault;

export const FAULT_KINDS = ['status', 'delay', 'drop', 'half-answer', 'garbled', 'lost-push', 'forget-flows'] as const;
export type FaultKind = Fault['kind'];

/** Hits of a fault on a step: responses with FAULT_HEADER, and those that no client got completely. */
export interface FaultHits {
  readonly named: number;
  readonly cut: number;
}

/** Hits by step; steps without hits are absent. */
export type FaultHitsByStep = Readonly<Partial<Record<FaultStep, FaultHits>>>;

/** GET faults: the active ones, in the order they were added, with their hits. */
export interface FaultList {
  readonly faults: readonly {
    readonly fault: Fault;
    /** By this name since the simulator's start or last reset, including earlier faults of the name. */
    readonly hits: FaultHitsByStep;
    /** Requests being held now (`delay`). */
    readonly held: number;
  }[];
}

/** Limit of active faults. */
export const MAX_FAULTS = 100;

const FAULT_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

const faultName: Decoder<string> = (value, place) => {
  const name = text(value, place);
  if (FAULT_NAME.test(name)) return name;
  throw new DecodeError(`${place} is "${name.slice(0, 50)}"; expected 1 to 40 lower-case letters, digits and hyphens`);
};

const share: Decoder<number> = (value, place) => {
  const number = real(0, 1)(value, place);
  if (number > 0) return number;
  throw new DecodeError(`${place} is 0, which affects nobody; expected a number above 0, at most 1`);
};

const stepsOf =
  <S extends FaultStep>(allowed: readonly S[]): Decoder<readonly S[]> =>
  (value, place) => {
    const steps = listOf(oneOf(...allowed))(value, place);
    if (steps.length > 0) return steps;
    throw new DecodeError(`${place} is empty; leave it out, or name one of ${allowed.join(', ')}`);
  };

/** Created on use, not in every VU. */
function faultDecoders(): Readonly<Record<FaultKind, Decoder<Fault>>> {
  const whom = { name: faultName, share: optional(share), seed: optional(whole(0, 0xffff_ffff)) };
  const first = optional(whole(1));
  const addressed = { ...whom, first, steps: optional(stepsOf(FAULT_STEPS)) };
  return {
    status: shape<StatusFault>({
      ...addressed,
      kind: oneOf('status'),
      status: whole(400, 599),
      retryAfterS: optional(whole(0, 86_400)),
      body: optional(oneOf('html', 'json', 'empty')),
    }),
    delay: shape<DelayFault>({ ...addressed, kind: oneOf('delay'), delayMs: whole(1, 600_000) }),
    drop: shape<CutFault>({ ...addressed, kind: oneOf('drop', 'half-answer') }),
    'half-answer': shape<CutFault>({ ...addressed, kind: oneOf('drop', 'half-answer') }),
    garbled: shape<GarbledFault>({ ...addressed, kind: oneOf('garbled') }),
    'lost-push': shape<LostPushFault>({
      ...whom,
      first,
      kind: oneOf('lost-push'),
      steps: optional(stepsOf(PUSH_STEPS)),
    }),
    'forget-flows': shape<ForgetFlowsFault>({ ...whom, kind: oneOf('forget-flows') }),
  };
}

/**
 * Decodes a list of faults. Throws a DecodeError that names the place and what is allowed, also for duplicate names and
 * for fields that a kind does not have.
 */
export const decodeFaults: Decoder<readonly Fault[]> = (value, place) => {
  const decoders = faultDecoders();
  const faults = listOf((entry, at): Fault => {
    const kind = typeof entry === 'object' && entry !== null && 'kind' in entry ? entry.kind : undefined;
    return decoders[oneOf(...FAULT_KINDS)(kind, `${at}.kind`)](entry, at);
  })(value, place);
  for (const [n, { name }] of faults.entries()) {
    if (faults.findIndex((other) => other.name === name) === n) continue;
    throw new DecodeError(`${place}[${n}].name is "${name}", like an earlier one; names must be unique`);
  }
  if (faults.length > MAX_FAULTS)
    throw new DecodeError(`${place} has ${faults.length} faults; the maximum is ${MAX_FAULTS}`);
  return faults;
};
