import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { GATE, findWaiting } from './kill.sql';
import type { Proving } from './proof';
import type { ProofDatabase } from './proof-database';

const PATIENCE_MS = 180_000;

/** Holds whoever comes to a planned point, until it is opened. */
export class Gate {
  private constructor(
    private readonly client: Client,
    private readonly database: ProofDatabase,
  ) {}

  static async open(proving: Proving, database: ProofDatabase): Promise<Gate> {
    const client = new Client({ connectionString: database.database.adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    proving.atEnd(() => client.end());
    return new Gate(client, database);
  }

  /** Closes the gate at a point, for one projector or for all, and answers with the name of the first who waits there. */
  async catchOne(point: string, name?: string): Promise<string> {
    await this.client.query('select pg_advisory_lock($1)', [GATE]);
    await this.database.asAdmin('insert into proof.planned values ($1, $2)', [point, name]);
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(15)) {
      const [waiting] = await this.database.asAdmin<{ name: string }>(findWaiting);
      if (waiting) return waiting.name;
    }
    throw new Error(`nobody came to be stopped ${point}`);
  }

  /** Nobody else is held from here on; who waits goes on waiting, for as long as its patience with locks lasts. */
  async letOthersPass(): Promise<void> {
    await this.database.asAdmin('delete from proof.planned');
  }

  async open(): Promise<void> {
    await this.letOthersPass();
    await this.client.query('select pg_advisory_unlock_all()');
  }
}
