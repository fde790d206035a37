import type { JWTPayload } from 'jose';
import { STATUS_ATTRIBUTES, STATUS_PREFIX } from '../../protocol/status-attribute.ts';
import type { SimulatorSettings } from '../settings.ts';
import type { StatusPlace } from '../settings/oauth.ts';
import type { Grant } from './codes.ts';

/** The claim that carries the status attribute, for a contract mapping of this name; `none` maps nothing. */
export function statusClaim(attribute: string, grant: Pick<Grant, 'result' | 'additionalDevice'>): JWTPayload {
  if (attribute === 'none') return {};
  const errorOfAdditional = grant.result === 'pairing_error' && grant.additionalDevice;
  const name = errorOfAdditional && attribute === STATUS_ATTRIBUTES[0] ? STATUS_ATTRIBUTES[1] : attribute;
  return { [name]: STATUS_PREFIX + grant.result };
}

/** Whether the deployment's contract mapping puts the status attribute into this place. */
export function showsStatus({ statusIn }: Pick<SimulatorSettings, 'statusIn'>, place: StatusPlace): boolean {
  return statusIn === 'everywhere' || statusIn === place;
}
