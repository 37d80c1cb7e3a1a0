import { CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { Type } from '@nestjs/common';
import type { Decided } from './answer.js';
import { commandClasses } from './command-classes.js';
import { Decisions } from './decisions.js';
import type { CommandClass, ParsedCommand } from './parsed-command.js';

/** The CommandBus wants a class for each command. They are all alike: `decide` tells commands apart. */
const handlerOf = (commandClass: CommandClass): Type<ICommandHandler<ParsedCommand>> => {
  @CommandHandler(commandClass)
  class Handler implements ICommandHandler<ParsedCommand> {
    constructor(private readonly decisions: Decisions) {}

    execute(command: ParsedCommand): Promise<Decided> {
      return this.decisions.submit(command);
    }
  }
  return Handler;
};

export const commandHandlers = [...commandClasses.values()].map(handlerOf);
