import type { FlowResource } from '../protocol/resources.ts';
import { COOKIELESS, PATHS } from '../protocol/transport.ts';
import type { ActionId } from '../protocol/action-ids.ts';
import { ACTIONS } from '../protocol/actions.ts';
import type { FlowDevice } from '../protocol/resources.ts';
import type { AccountDevice } from './model.ts';
import type { Deployment } from './deployment.ts';
import { codeFactorOf } from './factor.ts';
import { SIMULATED_STATES } from './first-factor.ts';
import { CUSTOM, STOP } from './model.ts';
import type { Flow } from './model.ts';
import { OTP_LENGTH } from './passcode.ts';
import { signServerPayload } from './server-payload.ts';
import { stateValue } from './session.ts';

/** The adapter that shows the state; opaque to clients. [choice] */
const HTML_FORM = 'simulator.HtmlFormAdapter';
const PINGONE_MFA = 'simulator.PingOneMfaAdapter';

/** Builds each field of the resource; SIMULATED_STATES lists the fields of each state. Undefined: absent. */
const FIELDS: { readonly [K in keyof FlowResource]?: (flow: Flow) => FlowResource[K] | undefined } = {
  username: (flow) => flow.claimedName ?? undefined,
  user: (flow) => flow.account?.view,
  devices: (flow) => shownDevices(flow).map(viewOf),
  selectedDeviceRef: (flow) => (flow.selected === null ? undefined : { id: flow.selected.model.id }),
  serverPayload: (flow) => flow.pairing?.serverPayload ?? undefined,
  otpLength: (flow) => (takesCode(flow) ? OTP_LENGTH : undefined),
  test: (flow) => (flow.request.testDevice && flow.selected?.model.testMode === true ? testCode(flow) : undefined),
  pushNotificationSent: () => true,
  changeDevicePermitted: (flow) => (flow.account?.devices.length ?? 0) > 1,
  code: (flow) => flow.reason?.code ?? flow.result ?? undefined,
  message: (flow) => flow.reason?.message,
  userMessage: (flow) => flow.reason?.message,
  authorizeResponse: (flow) => ({
    ...(flow.code === null ? {} : { code: flow.code }),
    ...(flow.request.state === null ? {} : { state: flow.request.state }),
  }),
};

/** Field names of each state, without the `?` of optional ones. */
const FIELD_NAMES = new Map<string, readonly (keyof FlowResource)[]>(
  Object.entries(SIMULATED_STATES).map(([status, { fields }]) => [
    status,
    fields.map((field) => field.replace('?', '') as keyof FlowResource),
  ]),
);

/** The protocol's actions that the flow allows now. */
export function allowedActions(flow: Flow): readonly ActionId[] {
  const { actions } = SIMULATED_STATES[flow.status];
  if (flow.status === STOP) return actions.filter((action) => flow.stop?.offers.includes(action));
  return takesCode(flow) ? actions : actions.filter((action) => action !== 'checkOtp');
}

/** Actions outside the protocol: of a custom first factor or another state of the deployment. */
export function ownActions({ settings }: Deployment, flow: Flow): readonly string[] {
  if (flow.status === CUSTOM) return [settings.customAction];
  return flow.status === STOP ? flow.stop!.offers.filter((action) => !Object.hasOwn(ACTIONS, action)) : [];
}

/** The code that a test device would have been sent. [doc] */
function testCode({ sentCode }: Flow): { otp: string } | undefined {
  return sentCode === null ? undefined : { otp: sentCode.value };
}

function takesCode({ selected }: Flow): boolean {
  return selected !== null && codeFactorOf(selected) !== null;
}

/** The flow resource as clients see it, with only the fields of its state. */
export async function viewFlow(deployment: Deployment, flow: Flow): Promise<FlowResource> {
  if (flow.status === 'MOBILE_PAIRING_REQUIRED' && flow.pairing?.serverPayload === null) {
    flow.pairing.serverPayload = await signServerPayload(deployment, flow, flow.pairing);
  }
  const self = `${deployment.baseUrl}${PATHS.flows}/${flow.id}`;
  const view: Record<string, unknown> = {
    id: flow.id,
    pluginTypeId: flow.account === null ? HTML_FORM : PINGONE_MFA,
    status: shownStatus(deployment, flow),
  };
  for (const name of FIELD_NAMES.get(flow.status) ?? []) view[name] = FIELDS[name]?.(flow);
  if (flow.client.cookieless) view[COOKIELESS.field] = stateValue(flow.session);
  const links: Record<string, { href: string }> = { self: { href: self } };
  for (const action of [...ownActions(deployment, flow), ...allowedActions(flow)]) links[action] = { href: self };
  view['_links'] = links;
  return view as unknown as FlowResource;
}

function shownStatus({ settings }: Deployment, { status, stop }: Flow): string {
  if (status === CUSTOM) return settings.customStatus;
  return status === STOP ? stop!.status : status;
}

/** Before `authenticate`, only the primary device, if any, is shown. [seed] */
function shownDevices(flow: Flow): readonly AccountDevice[] {
  const devices = flow.account?.devices ?? [];
  if (flow.status !== 'AUTHENTICATION_REQUIRED') return devices;
  const primary = devices.find((device) => device.model.role === 'PRIMARY') ?? devices[0];
  return primary === undefined ? [] : [primary];
}

function viewOf(device: AccountDevice): FlowDevice {
  return device.locked ? { ...device.view, usable: false } : device.view;
}
