import { readFileSync } from 'node:fs';
import type { Inventory } from '../contract/inventory.ts';
import { Accounts } from './accounts.ts';
import { Ageing } from './ageing.ts';
import { CountStore } from './admin/counts.ts';
import { FaultSet } from './faults/fault-set.ts';
import { Flows } from './flows.ts';
import { Codes } from './oauth/codes.ts';
import { RequestKeyError, requestKeyOf } from './oauth/request-key.ts';
import type { RequestKey } from './oauth/request-key.ts';
import { newSealKey } from './oauth/seal.ts';
import { newSigningKey } from './oauth/signing-key.ts';
import type { SigningKey } from './oauth/signing-key.ts';
import type { Stop } from './model.ts';
import { PingOne } from './pingone.ts';
import { stopsOf } from './policy.ts';
import { RateLimit } from './rate-limit.ts';
import { SimulatorSettingsError } from './settings.ts';
import type { SimulatorSettings } from './settings.ts';
import type { OAuthClient } from './settings/oauth.ts';

/** State shared by all endpoints of the simulated deployment. */
export interface Deployment {
  readonly settings: SimulatorSettings;
  /** Issuer, and base of all links; set when it listens. */
  baseUrl: string;
  /** Lifetimes on this clock, in milliseconds: think time multiplied by timeScale. */
  readonly lifetimes: { readonly pushMs: number; readonly otpMs: number; readonly codeMs: number };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The server's idea of the time, in tokens, TOTPs and the Date header: `now` plus clockSkewS. */
  readonly wallClock: () => number;
  /** Policy states before the MFA adapter. */
  readonly stops: readonly Stop[];
  readonly clients: ReadonlyMap<string, OAuthClient>;
  readonly accounts: Accounts;
  readonly flows: Flows;
  readonly codes: Codes;
  readonly counts: CountStore;
  readonly ageing: Ageing;
  readonly faults: FaultSet;
  readonly key: SigningKey;
  readonly sealKey: Buffer;
  /** Key of request objects; null: none are taken. */
  readonly requestKey: RequestKey | null;
  /** Null: no limit. */
  readonly rateLimit: RateLimit | null;
  /** Null: PingOne is part of the service times. */
  readonly pingOne: PingOne | null;
}

/** Creates the initial deployment: the inventory's accounts, no flows. */
export async function createDeployment(
  settings: SimulatorSettings,
  inventory: Inventory,
  now: () => number,
): Promise<Deployment> {
  const scaled = (ms: number): number => ms * settings.timeScale;
  const counts = new CountStore();
  return {
    settings,
    baseUrl: settings.baseUrl,
    lifetimes: { pushMs: scaled(settings.pushMs), otpMs: scaled(settings.otpMs), codeMs: scaled(settings.codeMs) },
    now,
    wallClock: () => now() + settings.clockSkewS * 1000,
    stops: stopsOf(settings.policy),
    clients: new Map(settings.clients.map((client) => [client.id, client])),
    accounts: new Accounts(inventory, settings.seed),
    flows: new Flows(scaled(settings.flowIdleMs), (flow) => counts.expired(flow.status)),
    codes: new Codes(),
    counts,
    ageing: new Ageing(settings, now),
    faults: new FaultSet(settings.seed),
    key: await newSigningKey(settings.signing),
    sealKey: newSealKey(),
    requestKey: settings.requestKeyFile === '' ? null : readRequestKey(settings.requestKeyFile),
    rateLimit: settings.rateLimit > 0 ? new RateLimit(settings.rateLimit, settings.addressShare, now()) : null,
    pingOne: settings.pingoneWorkers > 0 ? new PingOne(settings, now) : null,
  };
}

/** Throws a SimulatorSettingsError that names the file and never quotes it. */
function readRequestKey(file: string): RequestKey {
  try {
    return requestKeyOf(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof RequestKeyError ? error.message : 'it cannot be read';
    throw new SimulatorSettingsError(`simulator: requestKeyFile ${file}: ${why}`);
  }
}

/** Drops everything that has expired. */
export function sweep(deployment: Deployment): void {
  const now = deployment.now();
  deployment.flows.sweep(now);
  deployment.codes.sweep(now);
  deployment.faults.sweep(now);
}
