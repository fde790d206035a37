import { randomBytes } from 'node:crypto';
import type { InventoryUser } from '../../contract/inventory.ts';
import type { StatusValue } from '../../protocol/status-attribute.ts';
import type { OAuthClient } from '../settings/oauth.ts';
import type { AuthorizationRequest } from '../model.ts';

/** What an authorization code stands for. */
export interface Grant {
  readonly client: OAuthClient;
  readonly request: AuthorizationRequest;
  readonly user: InventoryUser;
  /** Id of the user, `sub` of the tokens. */
  readonly subject: string;
  /** Status attribute without its prefix. */
  readonly result: StatusValue;
  /** A second factor was passed before the phone was to be paired. */
  readonly additionalDevice: boolean;
  /** Milliseconds of the simulator's clock. */
  readonly expiresAt: number;
}

/** Authorization codes that are not redeemed yet. */
export class Codes {
  readonly #grants = new Map<string, Grant>();

  /** A new code for this grant. */
  issue(grant: Grant): string {
    const code = randomBytes(24).toString('base64url');
    this.#grants.set(code, grant);
    return code;
  }

  /** What the code stands for; undefined if it is unknown, redeemed or expired. */
  find(code: string, now: number): Grant | undefined {
    const grant = this.#grants.get(code);
    return grant !== undefined && now < grant.expiresAt ? grant : undefined;
  }

  /** Uses the code up. */
  redeem(code: string): void {
    this.#grants.delete(code);
  }

  /** All codes and what they stand for. */
  open(): readonly (readonly [string, Grant])[] {
    return [...this.#grants];
  }

  /** Forgets expired codes. */
  sweep(now: number): void {
    for (const [code, grant] of this.#grants) if (now >= grant.expiresAt) this.#grants.delete(code);
  }

  clear(): void {
    this.#grants.clear();
  }

  get size(): number {
    return this.#grants.size;
  }
}
