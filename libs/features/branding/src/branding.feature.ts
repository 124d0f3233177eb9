import { AssetPublished, DocumentRemoved, type RecordedEvent, ThemeChanged, tags } from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { BootstrapController, ThemeController } from './branding.controllers';
import { brandingMigrations } from './branding.migrations';
import { ChangeThemeHandler } from './change-theme/change-theme.handler';
import { GetBootstrapHandler } from './get-bootstrap/get-bootstrap.query';
import { GetThemeHandler } from './get-theme/get-theme.query';
import { GetUserBootstrapHandler } from './get-user-bootstrap/get-user-bootstrap.query';
import { ThemeStore } from './theme.store';

/** With a logo changes what the theme shows. */
const touchesLogo = ({ organizationId, data }: RecordedEvent<string, { readonly kind: string }>) =>
  data.kind === 'logo' ? [tags.theme(organizationId)] : [];

export const branding = defineFeature({
  name: 'branding',
  migrations: brandingMigrations,
  commands: [ChangeThemeHandler],
  queries: [GetThemeHandler, GetBootstrapHandler, GetUserBootstrapHandler],
  controllers: [ThemeController, BootstrapController],
  providers: [ThemeStore],
  touches: [
    touch(ThemeChanged, ({ organizationId }) => [tags.theme(organizationId)]),
    touch(AssetPublished, touchesLogo),
    touch(DocumentRemoved, touchesLogo),
  ],
  exported: {
    tables: [
      { table: 'branding.themes', columns: ['name', 'colors', 'font', 'logo_id', 'version'], key: ['organization_id'] },
    ],
  },
});
