import { randomBytes } from 'node:crypto';
import type { InventoryUser } from '../../contract/inventory.ts';
import type { StatusValue } from '../../protocol/status-attribute.ts';
import type { OAuthClient } from '../settings/oauth.ts';
import type { AuthorizationRequest } from '../model.ts';

/** The grant behind an authorization code. */
export interface Grant {
  readonly client: OAuthClient;
  readonly request: AuthorizationRequest;
  readonly user: InventoryUser;
  /** User id, `sub` of the tokens. */
  readonly subject: string;
  /** Status attribute without its prefix. */
  readonly result: StatusValue;
  /** A second factor was passed before the phone was to be paired. */
  readonly additionalDevice: boolean;
  /** Id of the device that was used; null: none. */
  readonly deviceId: string | null;
  /** Milliseconds of the simulator's clock. */
  readonly expiresAt: number;
}

/** Unredeemed authorization codes. */
export class Codes {
  readonly #grants = new Map<string, Grant>();

  issue(grant: Grant): string {
    const code = randomBytes(24).toString('base64url');
    this.#grants.set(code, grant);
    return code;
  }

  /** The code's grant; undefined if it is unknown, redeemed or expired. */
  find(code: string, now: number): Grant | undefined {
    const grant = this.#grants.get(code);
    return grant !== undefined && now < grant.expiresAt ? grant : undefined;
  }

  redeem(code: string): void {
    this.#grants.delete(code);
  }

  open(): readonly (readonly [string, Grant])[] {
    return [...this.#grants];
  }

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
