import { parentPort, workerData } from 'node:worker_threads';
import { pdfOf } from './pdf-pages';
import type { WholeReport } from './report-content';
import { xlsxOf } from './xlsx-report';

const { format, ...report } = workerData as WholeReport & { readonly format: 'pdf' | 'xlsx' };

void (format === 'pdf' ? pdfOf(report) : xlsxOf(report)).then((bytes) => parentPort!.postMessage(bytes));
