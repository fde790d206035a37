import type { ActionId } from '../protocol/action-ids.ts';
import { ACTIONS } from '../protocol/actions.ts';
import type { FieldModel } from '../protocol/actions.ts';
import { refuse, refuseDetail } from './api-refusal.ts';
import type { Deployment } from './deployment.ts';
import type { Flow } from './model.ts';
import { rightCode } from './passcode.ts';
import type { SimulatorSettings } from './settings.ts';

/** Body of each action after checkBody; the counterpart of ACTIONS' models. */
export interface ActionBodies {
  readonly submitIdentifier: { readonly identifier: string };
  readonly checkUsernamePassword: { readonly username: string; readonly password: string };
  readonly authenticate: { readonly mobilePayload?: string };
  readonly selectDevice: { readonly deviceRef: { readonly id: string }; readonly mobilePayload?: string };
  readonly poll: object;
  readonly checkOtp: { readonly otp: string; readonly mobilePayload?: string };
  readonly continueAuthentication: object;
  readonly cancelAuthentication: object;
}

/**
 * Parses a body as a JSON object. An empty body is `{}` if it is `optional` (an action without a model) or
 * checkRequired is off. Throws INVALID_REQUEST for anything else.
 */
export function parseBody(
  body: string,
  { checkRequired }: Pick<SimulatorSettings, 'checkRequired'>,
  optional = false,
): object {
  if (body === '' && (optional || checkRequired === 'off')) return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw refuse('INVALID_REQUEST', 'The body is not JSON.');
  }
  if (!isObject(value)) throw refuse('INVALID_REQUEST', 'The body is not a JSON object.');
  return value;
}

/** Validates a body against the action's model. Throws the documented error for the first invalid field. */
export function checkBody<A extends ActionId>(action: A, body: object, settings: SimulatorSettings): ActionBodies[A] {
  checkFields(ACTIONS[action].fields, body, '', settings.checkUnknown === 'strict');
  return body as ActionBodies[A];
}

function checkFields(fields: Readonly<Record<string, FieldModel>>, body: object, place: string, strict: boolean): void {
  for (const name of strict ? Object.keys(body) : []) {
    if (!Object.hasOwn(fields, name)) throw refuseDetail('UNRECOGNIZED_FIELD_NAME', { target: place + name });
  }
  for (const [name, model] of Object.entries(fields)) {
    const value: unknown = Object.hasOwn(body, name) ? body[name as keyof typeof body] : undefined;
    if (value === undefined || value === '') {
      if (model.required) throw refuseDetail('FIELD_REQUIRED', { target: place + name });
      continue;
    }
    if (!FITS[model.type](value)) throw refuseDetail('INVALID_FIELD_FORMAT', { target: place + name });
    if (model.fields !== undefined) checkFields(model.fields, value as object, `${place}${name}.`, strict);
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';

const FITS: Readonly<Record<FieldModel['type'], (value: unknown) => boolean>> = {
  string: isText,
  checkbox: (value) => isText(value) || typeof value === 'boolean',
  object: isObject,
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const FILL: Readonly<Partial<Record<ActionId, (deployment: Deployment, flow: Flow, body: object) => object>>> = {
  submitIdentifier: (_deployment, flow) => ({ identifier: flow.claimedName ?? '' }),
  checkUsernamePassword: ({ accounts }, flow, body) => {
    const username = 'username' in body ? body.username : flow.claimedName;
    return { username, password: accounts.find(String(username))?.user.password };
  },
  selectDevice: (_deployment, flow) => ({ deviceRef: { id: flow.account?.devices[0]?.model.id } }),
  checkOtp: (deployment, flow) => ({ otp: flow.selected === null ? '' : rightCode(deployment, flow, flow.selected) }),
};

/** Fills in missing fields with correct values (checkRequired off). */
export function fillMissing(action: ActionId, deployment: Deployment, flow: Flow, body: object): object {
  return { ...FILL[action]?.(deployment, flow, body), ...body };
}
