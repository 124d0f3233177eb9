import type { Sql as PortSql } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import { type Theme, type ThemeView, defaultTheme } from './theme';

const columns = `select json_build_object('name', name, 'colors', colors, 'font', font, 'version', version) as theme
  from branding.themes where bucket = $1 and organization_id = $2`;

/** The colours in one order, whatever order the database keeps them in. */
const inOrder = ({ name, colors, font, version }: ThemeView): ThemeView => ({
  name,
  colors: { ...defaultTheme.colors, ...colors },
  font,
  version,
});

/** Load and save of themes. */
@Injectable()
export class ThemeStore {
  async read(port: PortSql): Promise<ThemeView> {
    const [row] = await port.query<{ theme: ThemeView }>(columns, [port.bucket, port.organizationId]);
    return row ? inOrder(row.theme) : { ...defaultTheme, version: null };
  }

  /** The theme, locked to the end of the transaction if there is a row of it. */
  async load(unit: OrganizationTransaction): Promise<ThemeView> {
    const [row] = await unit.query<{ theme: ThemeView }>(`${columns} for no key update`, [
      unit.bucket,
      unit.organizationId,
    ]);
    return row ? inOrder(row.theme) : { ...defaultTheme, version: null };
  }

  save(unit: OrganizationTransaction, { name, colors, font }: Theme): void {
    unit.write(sql`
      insert into branding.themes (bucket, organization_id, name, colors, font, version)
      values (${unit.bucket}, ${unit.organizationId}, ${name}, ${JSON.stringify(colors)}::jsonb, ${font}, (select version from head))
      on conflict (bucket, organization_id) do update
        set name = excluded.name, colors = excluded.colors, font = excluded.font, version = excluded.version`);
  }
}
