import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { VirtualUser } from '../virtual-user.ts';
import { cryptoModule } from './crypto.ts';
import { dataModule } from './data.ts';
import { encodingModule } from './encoding.ts';
import { executionModule } from './execution.ts';
import { httpModule } from './http.ts';
import { k6Module } from './k6.ts';
import { metricsModule } from './metrics.ts';
import { scriptTimers } from './timers.ts';

/** Modules that scripts can import; created per VU on the first `require`. */
const MODULES: Readonly<Record<string, (vu: VirtualUser) => object>> = {
  k6: k6Module,
  'k6/http': httpModule,
  'k6/metrics': metricsModule,
  'k6/data': dataModule,
  'k6/execution': executionModule,
  'k6/crypto': cryptoModule,
  'k6/encoding': encodingModule,
  'k6/timers': scriptTimers,
};

/**
 * `require(name)` of a script: named exports, also as `default` (k6-contract.md section 6). Throws a ConfigurationError
 * for an unsupported module.
 */
export function requireModule(name: unknown, vu: VirtualUser): object {
  if (vu.run.initialising !== vu) throw new vu.run.realm.Error('require() works in the init context only');
  const make = typeof name === 'string' && Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
  if (make === undefined) {
    throw new ConfigurationError(
      `module ${JSON.stringify(name)} is not supported by this engine; supported: ${Object.keys(MODULES).join(', ')}`,
    );
  }
  const exported = make(vu);
  // Modules that do not depend on the VU are shared.
  if (Object.hasOwn(exported, '__esModule')) return exported;
  Object.defineProperty(exported, 'default', { value: exported, enumerable: true });
  Object.defineProperty(exported, '__esModule', { value: true });
  return exported;
}
