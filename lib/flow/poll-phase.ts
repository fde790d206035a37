import { draw } from '../../contract/draw.ts';
import type { ClientProfile } from '../../protocol/client-profiles.ts';
import type { Settings } from '../settings.ts';

/**
 * A client profile whose first poll falls as POLL_PHASE says. Users whom something made wait at the same moment poll in
 * phase ever after, and hit a server together (protocol.md section 8, 5): `spread` puts each user's first poll off by a part of
 * the interval, drawn by hash of the user; `aligned` moves everybody's to the next common beat of the clock; `own` leaves it.
 * `nowMs`: Unix milliseconds.
 */
export const inPhase = (
  profile: ClientProfile,
  { pollPhase, timeScale }: Pick<Settings, 'pollPhase' | 'timeScale'>,
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
