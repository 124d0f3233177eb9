import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WholeReport } from './report-content';

/**
 * The report as a workbook or as a PDF. Both take seconds of computing: they are made in a thread of their own, so that the worker
 * goes on keeping its other promises.
 */
export function reportFile(format: 'pdf' | 'xlsx', report: WholeReport): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(join(__dirname, 'report-file.thread.js'), { workerData: { format, ...report } });
    thread.once('message', (bytes: Uint8Array) => resolve(Buffer.from(bytes)));
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the thread that makes files ended with ${code}`)));
  });
}
