import { randomBytes } from 'node:crypto';
import type { NewEvent } from '@innkeep/contracts';
import { type MasterKeys, concernedSubject, sealEvent } from '@innkeep/platform/privacy';
import type { ShareRows } from './share-rows';

const KEY_BYTES = 32;

/** The keys of those whom an organization's events tell of; each is made with the first event that says something of its subject. */
export class MadeUpKeys {
  private readonly keys = new Map<string, Buffer>();

  constructor(
    private readonly tenant: readonly [bucket: number, organizationId: number],
    private readonly masterKeys: MasterKeys,
    private readonly rows: ShareRows,
  ) {}

  /** The event as the log holds it. */
  seal(event: NewEvent): NewEvent {
    const subject = concernedSubject(event);
    if (subject !== undefined && !this.keys.has(subject)) this.make(subject);
    return sealEvent(event, this.tenant[1], this.keys);
  }

  private make(subject: string): void {
    const key = randomBytes(KEY_BYTES);
    const { wrapped, masterKey } = this.masterKeys.wrap({ organizationId: this.tenant[1], subject }, key);
    this.rows.subjectKeys.add(...this.tenant, subject, wrapped, masterKey);
    this.keys.set(subject, key);
  }
}
