import { setTimeout as sleep } from 'node:timers/promises';
import { type AppProcess } from '@innkeep/testing';
import { countForgottenPurges } from './asked-purges';
import { untilCaughtUp, untilHeadsReached } from './catching-up';
import { compareWithMemory, readLog, unknownToMemory } from './comparing';
import { Gate } from './gate';
import { projectorProcesses } from './instances';
import { killSchema, points } from './kill.sql';
import { WriteLoad } from './load';
import { MemoryFold } from './memory-fold';
import { type Proof, type Proving, type Verdict, verdictOf } from './proof';
import { type ProofDatabase, openProofDatabase } from './proof-database';
import { countDifferingModels } from './verifying';

const full = { alone: 60, together: 140, freezes: 20, organizations: 60, rate: 50 };
const small = { alone: 1, together: 2, freezes: 1, organizations: 12, rate: 40 };

const planned = Object.keys(points);

/** Kills and freezes projectors, and waits each time until what was written by then is folded all the same. */
class Attack {
  kills = 0;
  atPoints = 0;
  freezes = 0;
  slowestSeconds = 0;
  private readonly firstPoint: number;

  constructor(
    private readonly proving: Proving,
    private readonly database: ProofDatabase,
    private readonly gate: Gate,
  ) {
    this.firstPoint = proving.random.integer(planned.length);
  }

  /** One is killed and started again; the other, if there is one, has to take over meanwhile. */
  async kill(victim: AppProcess, others: readonly AppProcess[]): Promise<void> {
    const { random } = this.proving;
    // Every other time at a planned point, all of which have their turn; else wherever it happens to be.
    if (this.kills % 2 === 0)
      await this.killAt(planned[(this.firstPoint + this.atPoints++) % planned.length]!, [victim, ...others]);
    else {
      await sleep(random.integer(400));
      await victim.kill();
      victim.launch();
    }
    this.kills++;
    // A lease that has ended, only sooner: one time in twenty it is left to end by itself.
    if (random.integer(20) > 0) await this.endLeases();
    await this.folded();
  }

  /** Kills whichever comes to the point first: all of them get there. */
  private async killAt(point: string, processes: readonly AppProcess[]): Promise<void> {
    const name = await this.gate.catchOne(point);
    const victim = processes.find((one) => one.label === name);
    if (!victim) throw new Error(`somebody unknown waits ${point}: ${name}`);
    await victim.kill();
    await this.gate.open();
    victim.launch();
  }

  /**
   * One stands still, anywhere or with a batch that it has read and not folded, until another has folded it; then it wakes and must
   * not write.
   */
  async freeze(processes: readonly AppProcess[]): Promise<void> {
    const isPlanned = this.freezes++ % 2 === 0;
    const frozen = this.proving.random.pick(processes);
    if (isPlanned) await this.gate.catchOne('before the rows of a batch', frozen.label);
    frozen.freeze();
    await this.gate.letOthersPass();
    await this.endLeases();
    await this.folded();
    frozen.wake();
    await this.gate.open();
    await this.folded();
  }

  private async endLeases(): Promise<void> {
    await this.database.asAdmin(`update events.projectors set lease_until = '-infinity'`);
  }

  private async folded(): Promise<void> {
    const started = performance.now();
    await untilHeadsReached(this.database);
    this.slowestSeconds = Math.max(this.slowestSeconds, (performance.now() - started) / 1_000);
  }
}

async function check(database: ProofDatabase, proving: Proving): Promise<Record<string, number>> {
  const modelsDiffering = await countDifferingModels(database, proving);
  proving.say('comparing with a fold in memory');
  const differing = await compareWithMemory(database, new MemoryFold(await readLog(database)));
  for (const [table, [example]] of Object.entries(differing)) proving.say(`${table} ${example}`);
  const count = async (from: string) =>
    Number((await database.asAdmin<{ count: string }>(`select count(*) from ${from}`))[0]!.count);
  return {
    'read models that verify finds different': modelsDiffering,
    'tables other than in memory': Object.keys(differing).length,
    'checkpoints that moved back': await count('proof.moved_back'),
    'organizations parked': await count('events.parked'),
    'purges that were never asked for': await countForgottenPurges(database, proving),
  };
}

async function attack(proving: Proving, attack: Attack, database: ProofDatabase): Promise<void> {
  const size = proving.isSmall ? small : full;
  const [one, other] = (await projectorProcesses(['proof-one', 'proof-other'], proving, database)) as [
    AppProcess,
    AppProcess,
  ];
  const tell = (what: string, n: number, of: number) => {
    if (proving.isSmall || n % 10 === 0) proving.say(`${what}: ${n} of ${of}`);
  };
  await one.start();
  await untilHeadsReached(database);
  for (let n = 1; n <= size.alone; n++) {
    await attack.kill(one, []);
    tell('one instance, kills', n, size.alone);
  }
  await other.start();
  for (let n = 1; n <= size.together; n++) {
    const [victim, survivor] = proving.random.integer(2) === 0 ? [one, other] : [other, one];
    await attack.kill(victim, [survivor]);
    tell('two instances, kills', n, size.together);
  }
  for (let n = 1; n <= size.freezes; n++) {
    await attack.freeze([one, other]);
    tell('two instances, freezes', n, size.freezes);
  }
}

async function prove(proving: Proving): Promise<Verdict> {
  const size = proving.isSmall ? small : full;
  const database = await openProofDatabase(proving, { poolSize: 6 });
  await database.asAdmin(killSchema);
  const load = new WriteLoad(database, proving, { ...size, writers: 6 });
  await load.start();
  const gate = await Gate.open(proving, database);
  const attacks = new Attack(proving, database, gate);
  await attack(proving, attacks, database);
  await load.stop();
  await untilCaughtUp(database);
  const findings = { ...(await check(database, proving)), 'writes that failed': load.failures.length };
  const unknown = unknownToMemory();
  return verdictOf(
    findings,
    `${attacks.kills} kills, ${attacks.atPoints} of them at planned points, and ${attacks.freezes} freezes during ` +
      `${load.events.toLocaleString('en')} events; at most ${attacks.slowestSeconds.toFixed(1)} s until all was folded again` +
      (unknown.length > 0 ? `; no fold in memory knows ${unknown.join(', ')}` : ''),
  );
}

/** A projector may be killed or frozen anywhere: rows and checkpoints stay together. */
export const kill: Proof = {
  claim:
    'projectors may be killed or frozen anywhere, alone or beside another, and the read models stay what the log says',
  prove,
};
