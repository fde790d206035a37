import { draw } from '../../contract/draw.ts';
import type { ClientProfile } from '../../protocol/client-profiles.ts';
import type { PlayedSettings } from '../played-plan.ts';

/**
 * The client profile with its first poll shifted as POLL_PHASE says. Users who start waiting at the same moment stay in
 * phase and hit the server together (protocol.md section 8, 5). `spread` delays each user's first poll by a part of the
 * interval, drawn by hash of the user; `aligned` delays all to the next common beat of the clock; `own` changes
 * nothing. `nowMs`: Unix milliseconds.
 */
export const shifted = (
  profile: ClientProfile,
  { pollPhase, timeScale }: Pick<PlayedSettings, 'pollPhase' | 'timeScale'>,
  username: string,
  nowMs: number,
): ClientProfile => {
  const { firstPollMs, pollEveryMs } = profile;
  if (pollPhase === 'own') return profile;
  if (pollPhase === 'spread') {
    return { ...profile, firstPollMs: firstPollMs + draw(0, 'poll-phase', username) * pollEveryMs };
  }
  const beatMs = pollEveryMs * timeScale;
  const atMs = Math.ceil((nowMs + firstPollMs * timeScale) / beatMs) * beatMs;
  return { ...profile, firstPollMs: (atMs - nowMs) / timeScale };
};
