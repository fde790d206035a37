import type { Behaviour } from '../contract/inventory.ts';
import { CLIENT_PROFILES } from '../protocol/client-profiles.ts';
import type { ClientProfile, ClientProfileName } from '../protocol/client-profiles.ts';
import type { PlayedSettings } from './played-plan.ts';

/** The client that a user plays: the one in the inventory, unless CLIENT_PROFILE sets one for all. */
export const profileOf = (
  { clientProfile, ownProfile }: Pick<PlayedSettings, 'clientProfile' | 'ownProfile'>,
  { profile }: Pick<Behaviour, 'profile'>,
): ClientProfile =>
  ownProfile ?? CLIENT_PROFILES[clientProfile === 'inventory' ? profile : (clientProfile as ClientProfileName)];
