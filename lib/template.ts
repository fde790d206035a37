import type { InventoryUser } from '../contract/inventory.ts';

/** What a template may name. */
const PLACEHOLDERS = ['username', 'password'] as const;

/** Fills in `{{username}}` and `{{password}}`. */
function fillTemplate(template: string, user: Pick<InventoryUser, 'username' | 'password'>): string {
  return template.replace(
    /\{\{(username|password)\}\}/g,
    (_all, name: string) => user[name as 'username' | 'password'],
  );
}

/** A copy of a JSON value in whose texts the templates are filled in; what a user's name holds stays text. */
export function fillModel(value: unknown, user: Pick<InventoryUser, 'username' | 'password'>): unknown {
  if (typeof value === 'string') return fillTemplate(value, user);
  if (Array.isArray(value)) return value.map((item) => fillModel(item, user));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillModel(item, user)]));
}

/** Name of the first `{{…}}` that is none of ours, or undefined. */
export function unknownPlaceholder(template: string): string | undefined {
  const named = template.match(/\{\{.*?\}\}/g) ?? [];
  return named.find((name) => !PLACEHOLDERS.some((known) => name === `{{${known}}}`));
}
