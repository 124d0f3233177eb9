import { join } from 'node:path';
import { z } from 'zod';
import type { FileStorage } from './file-storage';
import { LocalFiles } from './local-files';

/** What processes that keep files read from their environment. */
export const filesEnvironment = z.object({
  /** The folder for files. Processes that are to find each other's files share it. */
  DATA_DIR: z.string().min(1).default('.innkeep'),
  /** Where files are kept: in the folder, or in a bucket that is spoken to as Amazon S3 is. */
  FILE_STORAGE: z.enum(['disk', 's3']).default('disk'),
  /** The address of the bucket's service, for any but Amazon's own. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_BUCKET: z.string().min(3).default('innkeep'),
  /** A bucket of their own for the documents of guests; without it they are in the other one, below `guest-documents/`. */
  S3_GUEST_DOCUMENTS_BUCKET: z.string().min(3).optional(),
  /** Without them the credentials of the machine are used. */
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
});
export type FilesEnvironment = z.infer<typeof filesEnvironment>;

/** The storage that the environment names. What speaks to buckets is loaded only where there is one. */
export async function storageFrom(environment: FilesEnvironment): Promise<FileStorage> {
  if (environment.FILE_STORAGE === 'disk') return new LocalFiles(join(environment.DATA_DIR, 'files'));
  const { S3Files } = await import('./s3-files.js');
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  return new S3Files({
    endpoint: environment.S3_ENDPOINT,
    region: environment.S3_REGION,
    bucket: environment.S3_BUCKET,
    ownBuckets: environment.S3_GUEST_DOCUMENTS_BUCKET
      ? { 'guest-documents': environment.S3_GUEST_DOCUMENTS_BUCKET }
      : {},
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    scratch: join(environment.DATA_DIR, 'scratch'),
  });
}
