import { type Sql as PortSql, StoragePort } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Inject, Injectable } from '@nestjs/common';
import { type Theme, type ThemeView, defaultTheme } from './theme';

/** A theme as it is kept. */
export type KeptTheme = Omit<ThemeView, 'logoUrl'>;

const columns = `select json_build_object('name', name, 'colors', colors, 'font', font, 'logoId', logo_id, 'version', version) as theme
  from branding.themes where bucket = $1 and organization_id = $2`;

/** With the colours in one order, whatever order the database keeps them in. */
const toTheme = (row: { readonly theme: KeptTheme } | undefined): KeptTheme =>
  row ? { ...row.theme, colors: { ...defaultTheme.colors, ...row.theme.colors } } : { ...defaultTheme, version: null };

/** Load and save of themes. */
@Injectable()
export class ThemeStore {
  constructor(@Inject(StoragePort) private readonly storage: StoragePort) {}

  /** The theme as it is shown: a logo that is gone is none. */
  async read(port: PortSql): Promise<ThemeView> {
    const [row] = await port.query<{ theme: KeptTheme }>(columns, [port.bucket, port.organizationId]);
    const { version, logoId, ...theme } = toTheme(row);
    const logo = logoId === null ? undefined : await this.storage.logo(port, logoId);
    return { ...theme, logoId: logo ? logoId : null, logoUrl: logo?.url ?? null, version };
  }

  /** The theme, locked to the end of the transaction if there is a row of it. */
  async load(unit: OrganizationTransaction): Promise<KeptTheme> {
    const values = [unit.bucket, unit.organizationId];
    const [row] = await unit.query<{ theme: KeptTheme }>(`${columns} for no key update`, values);
    return toTheme(row);
  }

  save(unit: OrganizationTransaction, { name, colors, font, logoId }: Theme): void {
    unit.write(sql`
      insert into branding.themes (bucket, organization_id, name, colors, font, logo_id, version)
      values (${unit.bucket}, ${unit.organizationId}, ${name}, ${JSON.stringify(colors)}::jsonb, ${font}, ${logoId}, (select version from head))
      on conflict (bucket, organization_id) do update
        set name = excluded.name, colors = excluded.colors, font = excluded.font, logo_id = excluded.logo_id, version = excluded.version`);
  }
}
