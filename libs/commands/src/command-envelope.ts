import { Id, Optional, Text, Time } from './members.js';

/** What every command carries. What a sender leaves out of these, its transport has said. */
export abstract class CommandEnvelope {
  /** Chosen by the sender: within its authorization it is the idempotency key, for ever. */
  @Id() readonly commandId!: string;
  @Id() readonly merchantAccountId!: string;
  @Id() readonly authorizationId!: string;
  @Time() readonly issuedAt!: string;
  /** Who asked: a user, a service. */
  @Optional() @Text() readonly actor?: string;
}
