import { commandHandlers, features } from '@innkeep/assembly';
import type { Committed } from '@innkeep/platform/database';
import type { Type } from '@nestjs/common';
import type { CommandBus, ICommand } from '@nestjs/cqrs';

/** The command classes by their names: features show their handlers, and these know what they handle. */
const commands = Object.fromEntries(
  commandHandlers(features).map((handler) => {
    const command = Reflect.getMetadata('__commandHandler__', handler) as Type<ICommand>;
    return [command.name, command];
  }),
);

/** Sends commands by their names. */
export class Commands {
  constructor(private readonly bus: CommandBus) {}

  async send<Result>(name: string, ...values: unknown[]): Promise<Result> {
    const committed: Committed<Result> = await this.bus.execute(new commands[name]!(...values));
    return committed.result!;
  }
}
