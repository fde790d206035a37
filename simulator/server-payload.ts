import type { JWTPayload } from 'jose';
import type { Deployment } from './deployment.ts';
import type { Flow, Pairing } from './model.ts';
import { signJwt, verifyJwt } from './oauth/signing-key.ts';

/** `typ` of the payload's header, so that no other token can be used in its place. */
const TYP = 'pairing+jwt';
/** Lifetime of a pairing key at PingOne: 10 minutes. [doc] */
const LIFETIME_S = 600;

/** Signs the payload of MOBILE_PAIRING_REQUIRED, a JWT bound to this pairing of this flow. */
export async function signServerPayload(deployment: Deployment, flow: Flow, pairing: Pairing): Promise<string> {
  const issuedAt = Math.floor(deployment.wallClock() / 1000);
  const claims = {
    iss: deployment.baseUrl,
    sub: flow.account!.view.id,
    iat: issuedAt,
    exp: issuedAt + LIFETIME_S,
    flow: flow.id,
    pairing: pairing.id,
  };
  return signJwt(deployment.key, TYP, claims);
}

/** The claims of a server payload; null if it is forged or expired. */
export function verifyServerPayload(deployment: Deployment, serverPayload: string): Promise<JWTPayload | null> {
  return verifyJwt(deployment.key, TYP, serverPayload, deployment.wallClock());
}

/** The pairing of these claims and its flow, if it is open now. */
export function findOpenPairing(
  deployment: Deployment,
  claims: JWTPayload | null,
): { readonly flow: Flow; readonly pairing: Pairing } | null {
  const flowId = claims?.['flow'];
  if (typeof flowId !== 'string') return null;
  const flow = deployment.flows.find(flowId, deployment.now());
  if (flow?.status !== 'MOBILE_PAIRING_REQUIRED' || flow.pairing === null) return null;
  if (flow.pairing.id !== claims?.['pairing'] || flow.pairing.state === 'paired') return null;
  return { flow, pairing: flow.pairing };
}
