import { checkFeatures, commandHandlers } from '@innkeep/assembly';
import { TransactionApproved } from '@innkeep/contracts';
import { AnswerCache, AnswerTiers } from '@innkeep/platform/cache';
import { EdgeHeaders } from '@innkeep/platform/edge';
import { type Feature, touch } from '@innkeep/platform/feature';
import { AccessTokens, Answers, ApiKeys, Revocations, createServer, keptAnswer } from '@innkeep/platform/http';
import { RequestMetrics, createLogger } from '@innkeep/platform/telemetry';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { newSigningKey } from './system/signing-key';

class Greet extends Command<string> {}

@CommandHandler(Greet)
class GreetPolitely {}

@CommandHandler(Greet)
class GreetLoudly {}

class NoHandler {}

describe('the boot fails', () => {
  const handledBy = (...commands: Feature['commands'] & object): Feature[] => [{ name: 'greetings', commands }];

  it('when a command has two handlers, whichever features they come from', () => {
    expect(commandHandlers(handledBy(GreetPolitely))).toEqual([GreetPolitely]);
    expect(() => commandHandlers(handledBy(GreetPolitely, GreetLoudly))).toThrow(/Greet has two handlers/);
    expect(() => commandHandlers([...handledBy(GreetPolitely), ...handledBy(GreetLoudly)])).toThrow(/two handlers/);
  });

  it('when something in the list of handlers is none', () => {
    expect(() => commandHandlers(handledBy(NoHandler))).toThrow(/NoHandler is no command handler/);
  });

  it('when two features have one name, or an event is touched that does not exist', () => {
    expect(() => checkFeatures([{ name: 'a' }, { name: 'a' }])).toThrow(/two features by the name a/);
    const touched = touch(TransactionApproved, () => []);
    expect(() => checkFeatures([{ name: 'a', touches: [touched] }])).not.toThrow();
    expect(() => checkFeatures([{ name: 'a', touches: [{ ...touched, type: 'Nothing' }] }])).toThrow(/Nothing/);
  });

  it('when a route of the API declares no rules', async () => {
    const edge = new EdgeHeaders(['log']);
    const memory = new AnswerCache({ maxBytes: 1_000, maxAgeMs: 1_000 });
    const tiers = new AnswerTiers(memory, undefined, (told) => keptAnswer(edge, told));
    const adapter = createServer({
      logger: createLogger('test', 'silent'),
      tokens: await AccessTokens.fromJson(JSON.stringify([newSigningKey('test')])),
      tiers,
      answers: new Answers(tiers, edge),
      apiKeys: new ApiKeys(),
      revocations: new Revocations(),
      metrics: new RequestMetrics(new Registry()),
    });
    const server = adapter.getInstance() as unknown as FastifyInstance;
    const rules = { allow: 'public', summary: 'Greets' } as const;
    expect(() => server.get('/v1/greetings', () => 'hello')).toThrow(/GET \/v1\/greetings declares no rules/);
    expect(() => server.get('/v1/greeting', { config: { rules } }, () => 'hello')).not.toThrow();
    await server.close();
  });
});
