import type { ReportFormat } from '@innkeep/contracts';

/** What somebody asked for, as the row of the export has it. */
export interface ReportAsk {
  readonly report: string;
  readonly format: ReportFormat;
  readonly propertyId: number;
  readonly propertyName: string;
  readonly from: string;
  readonly to: string;
  /** The version of the organization at which it was asked for. */
  readonly askedVersion: number;
}
