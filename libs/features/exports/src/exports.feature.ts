import { defineFeature } from '@innkeep/platform/feature';
import { SignedLinks } from '@innkeep/platform/files';
import { DownloadLinks } from './download-links';
import { folderOf } from './export';
import { ExportStore } from './export.store';
import { ExportFilesController, ExportsController } from './exports.controllers';
import { exportsMigrations } from './exports.migrations';
import { GetExportHandler } from './get-export/get-export.query';
import { GetFileHandler } from './get-file/get-file.query';
import { IssueLinkHandler } from './issue-link/issue-link.handler';
import { ListExportsHandler } from './list-exports/list-exports.query';
import { GetReportExportHandler } from './get-report-export/get-report-export.query';
import { IssueReportLinkHandler } from './issue-report-link/issue-report-link.handler';
import { ListReportExportsHandler } from './list-report-exports/list-report-exports.query';
import { ReportExportStore } from './report-export.store';
import { ReportExportsController, ReportFilesController } from './report-exports.controllers';
import { RequestReportHandler } from './request-report/request-report.handler';
import { RequestExportHandler } from './request-export/request-export.handler';

export const exporting = defineFeature({
  name: 'exports',
  migrations: exportsMigrations,
  housekeeping: ['exports.delete_old'],
  commands: [RequestExportHandler, IssueLinkHandler, RequestReportHandler, IssueReportLinkHandler],
  queries: [ListExportsHandler, GetExportHandler, GetFileHandler, ListReportExportsHandler, GetReportExportHandler],
  controllers: [ExportsController, ExportFilesController, ReportExportsController, ReportFilesController],
  providers: [ExportStore, ReportExportStore],
  httpProviders: [
    { provide: DownloadLinks, inject: [SignedLinks], useFactory: (links: SignedLinks) => new DownloadLinks(links) },
  ],
  folders: (organizationId) => [folderOf(organizationId)],
  exported: { tables: [], leftOut: { 'exports.exports': 'tells of exports, this one among them' } },
});
