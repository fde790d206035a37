import { unknownPlaceholder } from '../template.ts';

/** The action and model to send in a status; the model's texts are templates (template.ts). */
interface CustomAction {
  readonly status: string;
  readonly action: string;
  readonly model: Readonly<Record<string, unknown>>;
}

/** Parses the model of a custom action from JSON. It may contain a secret, so `complain` never gets its content. */
export function customModelOf(json: string, complain: (fault: string) => void): CustomAction['model'] | undefined {
  let model: unknown;
  try {
    model = JSON.parse(json);
  } catch {
    model = undefined;
  }
  if (unknownPlaceholder(json) !== undefined)
    complain('PF_CUSTOM_BODY has an unknown placeholder; known: {{username}}, {{password}}');
  if (isModel(model)) return model;
  complain('PF_CUSTOM_BODY is not a JSON object; write it like {"userId":"{{username}}","pin":"{{password}}"}');
  return undefined;
}

function isModel(value: unknown): value is CustomAction['model'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The action of a custom first factor, if the settings name one. */
export function customActionOf(
  status: string,
  action: string,
  model: CustomAction['model'] | undefined,
  complain: (fault: string) => void,
): CustomAction | undefined {
  if (status !== '' && action !== '') return { status, action, model: model ?? {} };
  if (status !== '' || action !== '' || model !== undefined) {
    complain(
      `${status === '' ? 'PF_CUSTOM_STATUS' : 'PF_CUSTOM_ACTION'} is missing; a custom first factor needs PF_CUSTOM_STATUS and PF_CUSTOM_ACTION`,
    );
  }
  return undefined;
}
