import type { Command } from 'commander';
import type { Setting } from '../contract/setting.ts';
import { SETTING_GROUPS } from '../lib/settings.ts';

/** Help on all settings by group, as wide as the rest of the help. */
export function settingHelp(command: Command): string {
  const help = command.createHelp();
  return Object.entries(SETTING_GROUPS)
    .map(([title, tables]) => {
      const rows = tables.flatMap((table) => Object.values<Setting<unknown>>(table));
      const width = Math.max(...rows.map(({ name }) => name.length));
      return [`${title}:`, ...rows.map((row) => help.formatItem(row.name, width, described(row), help))].join('\n');
    })
    .join('\n\n');
}

function described({ meaning, scenarios }: Setting<unknown>): string {
  return scenarios === undefined || scenarios.length > 1 ? meaning : `${meaning} (${scenarios.join(', ')})`;
}
