import type { InventoryIdentity } from '../contract/inventory.ts';
import type { LoadModel } from './load-model.ts';
import type { Timeline } from './phases/timeline.ts';
import type { LimitReached } from './population/demands.ts';
import type { Settings } from './settings.ts';
import type { Target } from './target.ts';

/** Settings that a virtual user reads while it plays. On k6 each costs each virtual user 0.1 KiB or more. */
const PLAYED = [
  'actionStyle',
  'bridgeTimeoutMs',
  'bridgeToken',
  'clientAuth',
  'clientId',
  'clientProfile',
  'clientSecret',
  'customAction',
  'driver',
  'faults',
  'flowPatienceMs',
  'headers',
  'maxStates',
  'ownProfile',
  'parameters',
  'payloadsUse',
  'pkce',
  'pollPhase',
  'pushDecidedBy',
  'recoveryMs',
  'requestObject',
  'resendOnReused',
  'retries',
  'retryBackoffMaxMs',
  'retryBackoffMs',
  'scope',
  'seed',
  'state',
  'statusClaim',
  'statusFrom',
  'stormMax',
  'stormMaxPerUser',
  'testOtpField',
  'timeScale',
  'timeoutMs',
  'userOffset',
  'usersExhausted',
] as const satisfies readonly (keyof Settings)[];

/** The settings of a run, as far as a virtual user reads them. */
export type PlayedSettings = Pick<Settings, (typeof PLAYED)[number]>;

/** What a virtual user knows of a run. */
export interface PlayedPlan {
  readonly settings: PlayedSettings;
  readonly target: Target;
  readonly inventory: InventoryIdentity;
  /** Offset of each k6 scenario in the inventory. */
  readonly offsets: Readonly<Record<string, number>>;
  /** The flow that would exceed a limit on messages; null if none would, or no real person is reached. */
  readonly limit: LimitReached | null;
  /** Whether accounts are reset before their users are replayed. */
  readonly resets: boolean;
  /** What changes while flows run, and when. */
  readonly timeline?: Timeline;
  /** Of drawn starts: the time over which those of each k6 scenario spread, in milliseconds. */
  readonly cells?: LoadModel['cells'] | undefined;
}

/** The part of a plan of which each virtual user keeps a copy. */
export function playedPlan({
  settings,
  target,
  inventory,
  offsets,
  limit,
  resets,
  timeline,
  cells,
}: PlayedPlan): PlayedPlan {
  const played = Object.fromEntries(PLAYED.map((name) => [name, settings[name]])) as unknown as PlayedSettings;
  return { settings: played, target, inventory, offsets, limit, resets, ...(timeline && { timeline }), cells };
}
