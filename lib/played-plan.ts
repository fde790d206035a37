import type { InventoryIdentity } from '../contract/inventory.ts';
import type { LoadModel } from './load-model.ts';
import type { Timeline } from './phases/timeline.ts';
import type { LimitReached } from './population/demands.ts';
import type { Settings } from './settings.ts';
import { JUDGEMENT, LOAD, PHASE_SETTINGS } from './settings/load.ts';
import { LIMITS, USERS } from './settings/safety.ts';
import { TLS } from './settings/target.ts';
import type { Target } from './target.ts';

/** Settings by which a run is planned and judged; virtual users go without: on k6 each costs each of them 0.1 KiB or more. */
const PLANNING = { ...TLS, ...LOAD, ...JUDGEMENT, ...PHASE_SETTINGS, limits: LIMITS, allowHosts: USERS.allowHosts };

/** Those of them that are read in a flow, too. */
const PLAYED_TOO = ['seed', 'faults', 'recoveryMs'] as const;

/** The settings of a run, as far as a virtual user has them. */
export type PlayedSettings = Omit<Settings, Exclude<keyof typeof PLANNING, (typeof PLAYED_TOO)[number]>>;

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
  const isPlayed = (name: string): boolean => !(name in PLANNING) || PLAYED_TOO.some((played) => played === name);
  const played = Object.fromEntries(
    Object.entries(settings).filter(([name]) => isPlayed(name)),
  ) as unknown as PlayedSettings;
  return { settings: played, target, inventory, offsets, limit, resets, ...(timeline && { timeline }), cells };
}
